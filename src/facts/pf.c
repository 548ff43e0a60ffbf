/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "facts/pf.h"

#include <errno.h>
#include <stdlib.h>

#include "base/cleanup.h"
#include "facts/facts.h"
#include "facts/resolve.h"
#include "kernel/netdev.h"
#include "kernel/pci.h"
#include "kernel/vf.h"

void pf_facts_free(struct pf_facts *pf)
{
	if (pf) {
		free(pf->vfs);
		free(pf->ports);
		free(pf->drivers);
	}
	free(pf);
}

/* Reads the uplink netdev of PF and, through it, all of its VFs. */
static int pf_read_vfs(struct kernel *kernel, struct pf_facts *pf)
{
	cleanup_free struct netdev *netdevs = NULL;
	size_t count = 0;
	int r = netdev_list(kernel, pf->device.address, &netdevs, &count);
	if (r < 0)
		return r == -ENOENT ? 0 : r;
	const struct netdev *uplink = resolve_uplink(netdevs, count);
	if (!uplink)
		return 0;
	pf->netdev = *uplink;
	if (resolve_port_count(netdevs, count) > 1)
		pf->port_id = netdev_port_id(kernel, uplink);
	r = netdev_switch_ports(kernel, uplink, &pf->ports, &pf->port_count);
	if (r < 0)
		return r;
	pf->switchdev = resolve_representor(pf, RESOLVE_ANY_VF) != NULL;
	pf->vfs_error = vf_list(kernel, uplink->ifindex, &pf->vfs, &pf->vf_count, &pf->words);
	return 0;
}

int pf_facts_get(struct kernel *kernel, struct facts *facts, struct pci_address address, struct pf_facts **ret)
{
	for (size_t i = 0; i < facts->pf_count; i++) {
		if (pci_compare(facts->pfs[i]->device.address, address) == 0) {
			*ret = facts->pfs[i];
			return 0;
		}
	}
	struct pf_facts **pfs = reallocarray(facts->pfs, facts->pf_count + 1, sizeof(struct pf_facts *));
	if (!pfs)
		return -ENOMEM;
	facts->pfs = pfs;
	struct pf_facts *pf = calloc(1, sizeof(*pf));
	if (!pf)
		return -ENOMEM;
	pfs[facts->pf_count++] = pf;
	int r = pci_read(kernel, address, &pf->device);
	if (r == 0)
		r = pf_read_vfs(kernel, pf);
	*ret = pf;
	return r;
}
