/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* How the host misbehaves. */

#include <stdio.h>
#include <string.h>
#include <sys/wait.h>

#include "fake/model.h"

void fake_delay_netdev(struct fake_host *host, const char *vf, unsigned reads)
{
	FAKE_LOCKED(host);
	fake_device(host, vf)->netdev_delay = reads;
}

void fake_udev(struct fake_host *host, const char *vf, unsigned reads, const char *name, const struct mac *mac)
{
	FAKE_LOCKED(host);
	struct fake_device *device = fake_device(host, vf);
	host->udev = true;
	device->udev_reads = reads;
	snprintf(device->udev_name, sizeof(device->udev_name), "%s", name);
	device->udev_mac = mac ? *mac : (struct mac){ 0 };
}

void fake_miss_vf(struct fake_host *host, const char *vf, unsigned times)
{
	FAKE_LOCKED(host);
	fake_device(host, vf)->missing = times;
}

void fake_unreported(struct fake_host *host, const char *pf, enum setting which)
{
	FAKE_LOCKED(host);
	fake_device(host, pf)->unreported[which] = true;
}

void fake_refuse(struct fake_host *host, const char *pf, enum setting which, int errnum, const char *words)
{
	FAKE_LOCKED(host);
	struct fake_device *device = fake_device(host, pf);
	device->refused[which] = errnum;
	snprintf(device->refusal.s, sizeof(device->refusal.s), "%s", words);
}

void fake_fail_list(struct fake_host *host, const char *pf, int errnum, unsigned times)
{
	FAKE_LOCKED(host);
	struct fake_device *device = fake_device(host, pf);
	device->list_errnum = errnum;
	device->list_failures = times;
}

static void add_fault(struct fake_host *host, struct fake_fault fault)
{
	fault.armed = true;
	for (size_t i = 0; i < FAKE_SMALL; i++) {
		if (!host->faults[i].armed) {
			host->faults[i] = fault;
			return;
		}
	}
	fake_fatal("too many faults", fault.text);
}

void fake_fail_at(struct fake_host *host, unsigned n, int errnum, bool effect)
{
	FAKE_LOCKED(host);
	add_fault(host, (struct fake_fault){ .at = host->changes + n, .errnum = errnum, .effect = effect });
}

void fake_fail_on(struct fake_host *host, const char *text, int errnum, bool effect, unsigned times)
{
	FAKE_LOCKED(host);
	struct fake_fault fault = { .times = times, .errnum = errnum, .effect = effect };
	snprintf(fault.text, sizeof(fault.text), "%s", text);
	add_fault(host, fault);
}

void fake_crash_at(struct fake_host *host, unsigned n, bool effect)
{
	FAKE_LOCKED(host);
	add_fault(host, (struct fake_fault){ .at = host->changes + n, .crash = true, .effect = effect });
}

void fake_expect(struct fake_host *host, const char *script)
{
	FAKE_LOCKED(host);
	host->script = script;
}

const char *fake_expected(struct fake_host *host)
{
	FAKE_LOCKED(host);
	return host->script ? host->script : "";
}

void fake_no_faults(struct fake_host *host)
{
	FAKE_LOCKED(host);
	memset(host->faults, 0, sizeof(host->faults));
}

int fake_in_child(void (*run)(void *data), void *data)
{
	fflush(NULL);
	pid_t pid = fork();
	if (pid == 0) {
		run(data);
		_exit(0);
	}
	int status;
	if (pid < 0 || waitpid(pid, &status, 0) != pid)
		fake_fatal("no child", "");
	return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}
