/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* What is to be seen of the host. */

#include <stdio.h>
#include <string.h>

#include "fake/model.h"

const char *fake_log(struct fake_host *host)
{
	return host->log;
}

void fake_log_clear(struct fake_host *host)
{
	FAKE_LOCKED(host);
	host->log[0] = '\0';
}

unsigned fake_changes(struct fake_host *host)
{
	FAKE_LOCKED(host);
	return host->changes;
}

unsigned fake_list_reads(struct fake_host *host, const char *pf)
{
	FAKE_LOCKED(host);
	return fake_device(host, pf)->list_reads;
}

void fake_mark(struct fake_host *host)
{
	FAKE_LOCKED(host);
	for (size_t i = 0; i < FAKE_DEVICES; i++) {
		struct fake_device *device = &host->devices[i];
		memcpy(device->marked, device->reported, sizeof(device->marked));
		device->mark_admin = device->admin_mac;
		const struct fake_netdev *netdev = device->here ? fake_netdev_of(host, device) : NULL;
		device->mark_netdev_mac = netdev ? netdev->netdev.mac : (struct mac){ 0 };
	}
}

const char *fake_violations(struct fake_host *host)
{
	return host->violations;
}

static const char *or_none(const char *name)
{
	return name[0] ? name : "none";
}

static void print_vf(FILE *out, const struct fake_device *vf)
{
	for (enum setting i = 0; i <= SETTING_VF_LAST; i++) {
		if (i == SETTING_PORT && !vf->reported[i].present)
			continue;
		bool own = i == SETTING_MAC && !vf->admin_mac;
		fprintf(out, " %s %s", setting_key(i), own ? "own" : value_show(i, &vf->reported[i]).s);
	}
	fputs(vf->cut ? " traffic cut" : "", out);
}

static void print_netdevs(FILE *out, const struct fake_host *host, const struct fake_device *device)
{
	for (size_t i = 0; i < FAKE_NETDEVS; i++) {
		const struct netdev *netdev = &host->netdevs[i].netdev;
		if (netdev->ifindex && pci_compare(host->netdevs[i].device, device->pci.address) == 0)
			fprintf(out, "  netdev %s mac %s mtu %u %s%s\n", netdev->name,
				mac_text(netdev->mac).s, netdev->mtu, netdev->up ? "up" : "down",
				host->netdevs[i].hidden ? " hidden" : "");
	}
}

static int compare_devices(const void *a, const void *b)
{
	return pci_compare((*(struct fake_device *const *)a)->pci.address,
			   (*(struct fake_device *const *)b)->pci.address);
}

char *fake_image_text(struct fake_host *host)
{
	FAKE_LOCKED(host);
	struct fake_device *sorted[FAKE_DEVICES];
	size_t count = 0, size;
	char *text = NULL;
	for (size_t i = 0; i < FAKE_DEVICES; i++)
		if (host->devices[i].here)
			sorted[count++] = &host->devices[i];
	if (count > 0)
		qsort(sorted, count, sizeof(sorted[0]), compare_devices);
	FILE *out = open_memstream(&text, &size);
	if (!out)
		fake_fatal("no memory", "");
	for (size_t i = 0; i < count; i++) {
		const struct pci_device *pci = &sorted[i]->pci;
		fprintf(out, "%s driver %s override %s", pci_text(pci->address).s, or_none(pci->driver),
			or_none(pci->override));
		if (pci->is_vf)
			print_vf(out, sorted[i]);
		fputc('\n', out);
		print_netdevs(out, host, sorted[i]);
	}
	fclose(out);
	return text;
}
