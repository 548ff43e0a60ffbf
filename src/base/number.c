/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "base/number.h"

#include <ctype.h>
#include <errno.h>
#include <stdlib.h>

int number_parse(const char *text, int base, uint64_t max, uint64_t *ret)
{
	const char *digits = text;
	while (isspace((unsigned char)*digits))
		digits++;
	if (*digits == '+')
		digits++;
	/* strtoull would skip more space and take a sign here. */
	if (!isxdigit((unsigned char)*digits))
		return -EINVAL;
	char *end = NULL;
	errno = 0;
	unsigned long long value = strtoull(digits, &end, base);
	if (end == digits || *end)
		return -EINVAL;
	if (errno == ERANGE || value > max)
		return -ERANGE;
	*ret = value;
	return 0;
}
