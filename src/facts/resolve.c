/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "facts/resolve.h"

#include <errno.h>
#include <string.h>

#include "facts/facts.h"
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

/* Reads PREFIX and the number behind it at the start of TEXT. What follows them; NULL when they are not there. */
static const char *read_numbered(const char *text, const char *prefix, uint32_t *ret)
{
	if (!text || strncmp(text, prefix, strlen(prefix)) != 0)
		return NULL;
	text += strlen(prefix);
	uint64_t number = 0;
	size_t digits = strspn(text, "0123456789");
	for (size_t i = 0; i < digits && number <= UINT32_MAX; i++)
		number = 10 * number + (uint64_t)(text[i] - '0');
	*ret = (uint32_t)number;
	return digits && number <= UINT32_MAX ? text + digits : NULL;
}

/* Reads "p0" and "p0s1", which name ports; "pf0vf1", "c1pf0" and the like name representors. */
static bool parse_port(const char *name, uint32_t *ret)
{
	uint32_t split;
	const char *end = read_numbered(name, "p", ret);
	if (end && *end == 's')
		end = read_numbered(end, "s", &split);
	return end && *end == '\0';
}

static bool is_port(const char *name)
{
	uint32_t number;
	return name[0] == '\0' || parse_port(name, &number);
}

const struct netdev *resolve_uplink(const struct netdev *netdevs, size_t count)
{
	const struct netdev *uplink = NULL;
	for (size_t i = 0; i < count; i++)
		if (is_port(netdevs[i].phys_port_name) && (!uplink || netdevs[i].dev_port < uplink->dev_port))
			uplink = &netdevs[i];
	return uplink;
}

size_t resolve_port_count(const struct netdev *netdevs, size_t count)
{
	size_t ports = 0;
	for (size_t i = 0; i < count; i++)
		ports += is_port(netdevs[i].phys_port_name);
	return ports;
}

/* Reads NAME as that of the representor of a VF on this host; another host's starts with its controller, "c1pf0vf1". */
static bool parse_representor(const char *name, uint32_t *ret_pf, uint32_t *ret_vf)
{
	const char *end = read_numbered(read_numbered(name, "pf", ret_pf), "vf", ret_vf);
	return end && *end == '\0';
}

const char *resolve_representor(const struct pf_facts *pf, uint32_t index)
{
	uint32_t own;
	/* Where the port has no number, drivers go by the PF's own. */
	if (!parse_port(pf->netdev.phys_port_name, &own))
		own = pf->device.address.function;
	for (size_t i = 0; i < pf->port_count; i++) {
		uint32_t number, vf;
		if (parse_representor(pf->ports[i].name, &number, &vf) && number == own &&
		    (index == RESOLVE_ANY_VF || vf == index))
			return pf->ports[i].netdev;
	}
	return NULL;
}

bool resolve_is_network(const struct pci_device *device)
{
	return device->class >> 16 == PCI_CLASS_NETWORK;
}
