/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "kernel/internal.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>

#include "base/file.h"
#include "base/number.h"

int kernel_may_change(const struct kernel *kernel)
{
	return kernel->live ? 0 : -EROFS;
}

struct kernel_path kernel_pci_path(struct pci_address address, const char *suffix)
{
	struct kernel_path path;
	snprintf(path.s, sizeof(path.s), "sys/bus/pci/devices/%s%s", pci_text(address).s, suffix);
	return path;
}

int kernel_read_number(int dir, const char *name, int base, uint64_t max, uint64_t *ret)
{
	char text[32];
	uint64_t number = 0;
	ssize_t n = file_read(dir, name, text, sizeof(text));
	if (n < 0 && n != -ENOENT)
		return (int)n;
	if (n >= 0 && number_parse(text, base, max, &number) < 0)
		return -EBADMSG;
	*ret = number;
	return 0;
}
