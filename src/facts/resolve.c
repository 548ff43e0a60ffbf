/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "facts/resolve.h"

#include <errno.h>
#include <string.h>

#include "kernel/pci.h"

/* The requester id. VFs may reach into the next bus numbers of the same domain. */
static uint32_t routing_id(struct pci_address address)
{
	return (uint32_t)address.bus << 8 | (uint32_t)address.slot << 3 | address.function;
}

static bool link_leads_to(struct kernel *kernel, struct pci_address pf, uint32_t index, struct pci_address vf)
{
	struct pci_address found;
	return pci_virtfn(kernel, pf, index, &found) == 0 && pci_compare(found, vf) == 0;
}

int resolve_vf_index(struct kernel *kernel, const struct pci_device *pf, struct pci_address vf, uint32_t *ret)
{
	uint32_t distance = routing_id(vf) - routing_id(pf->address) - pf->vf_offset;
	uint32_t index = pf->vf_stride ? distance / pf->vf_stride : distance;
	bool found = index < pf->num_vfs && link_leads_to(kernel, pf->address, index, vf);
	for (uint32_t i = 0; !found && i < pf->num_vfs; i++) {
		index = i;
		found = link_leads_to(kernel, pf->address, i, vf);
	}
	if (!found)
		return -ENOENT;
	*ret = index;
	return 0;
}

/* The end of PREFIX and a number behind it at the start of TEXT; NULL when they are not there. */
static const char *skip_numbered(const char *text, char prefix)
{
	if (text[0] != prefix)
		return NULL;
	size_t digits = strspn(text + 1, "0123456789");
	return digits ? text + 1 + digits : NULL;
}

/* "p0" and "p0s1" name ports; "pf0vf1", "c1pf0" and the like name representors. */
static bool is_port(const char *name)
{
	const char *end = skip_numbered(name, 'p');
	if (end && *end == 's')
		end = skip_numbered(end, 's');
	return name[0] == '\0' || (end && *end == '\0');
}

const struct netdev *resolve_uplink(const struct netdev *netdevs, size_t count)
{
	const struct netdev *uplink = NULL;
	for (size_t i = 0; i < count; i++)
		if (is_port(netdevs[i].phys_port_name) && (!uplink || netdevs[i].dev_port < uplink->dev_port))
			uplink = &netdevs[i];
	return uplink;
}

bool resolve_is_network(const struct pci_device *device)
{
	return device->class >> 16 == PCI_CLASS_NETWORK;
}
