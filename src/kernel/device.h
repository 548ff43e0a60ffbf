/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/* What the kernel tells of a device: the plain structs that the functions of this folder fill. */

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

#include "types/address.h"
#include "types/setting.h"

/* What the kernel said beside an errno: its extended-ack text, empty when there is none. */
struct kernel_words {
	char s[256];
};

/* Class codes, upper 16 bits of the "class" file. */
#define PCI_CLASS_NETWORK 0x02 /* upper 8 bits: any network controller */
#define PCI_CLASS_BRIDGE \
	0x06 /* upper 8 bits: bridges are never given out and never stand in the way of a group */

struct pci_device {
	struct pci_address address;
	uint64_t inode; /* of the device's folder: new when VFs are re-created, kept when they are re-bound */
	uint32_t class; /* 24 bits */
	char driver[NAME_SIZE];   /* "" when none is bound */
	char override[NAME_SIZE]; /* driver_override, "" when none (the kernel shows "(null)") */
	bool vfio;       /* the driver is vfio-pci, or one that made a vfio-dev folder (a variant driver) */
	int iommu_group; /* -1 when the device is in none */
	bool noiommu;    /* VFIO made that group up: no IOMMU stands behind it */
	bool is_vf;      /* it has a physfn link */
	struct pci_address pf; /* then: the PF */
	uint32_t total_vfs;    /* sriov_totalvfs; 0 when the device is not a PF */
	uint32_t num_vfs;      /* how many it has now */
	uint32_t vf_offset;    /* sriov_offset: routing id of VF 0 minus that of the PF */
	uint32_t vf_stride;    /* sriov_stride: between neighbouring VFs */
};

/* A network interface of the host. */
struct netdev {
	int ifindex; /* 0: there is none */
	char name[NAME_SIZE];
	struct mac mac;
	uint32_t mtu;
	bool up;                  /* IFF_UP; carrier does not matter */
	uint8_t addr_assign_type; /* NET_ADDR_PERM 0, RANDOM 1, STOLEN 2, SET 3 */
	char phys_port_name[NAME_SIZE]; /* "" when the driver has none; "p0" for a port, "pf0vf1" for a representor */
	uint16_t dev_port;
};

/* A driver that gives PCI devices to user space. */
struct vfio_driver {
	char name[NAME_SIZE];
	unsigned wildcards; /* the fewer, the closer it is meant for the device; UINT_MAX for vfio-pci, which takes any */
};

/* A port of the switch in a network card: the netdev that stands for it on the host. */
struct switch_port {
	char netdev[NAME_SIZE];
	char name[NAME_SIZE]; /* its phys_port_name: "p0" is the way out, "pf0vf1" the representor of a VF */
};

/* Which port of a card a netdev stands at, in hex; "" where its driver does not tell. */
struct port_id {
	char s[72]; /* MAX_PHYS_ITEM_ID_LEN of the kernel is 32 bytes; with a line end */
};

/* How the host uses a netdev: one of each kind, "" where there is none. */
struct netdev_use {
	char upper[NAME_SIZE]; /* the netdev that stands on it: a bridge, a bond, a VLAN */
	bool has_master;       /* that is its master (bridge, bond): it can be taken out of it */
	char address[48];      /* not a link-local one */
	char route[64];        /* where it goes: "10.1.0.0/16", "default" */
	bool route_ipv6;
	bool route_by_kernel; /* nobody asked for it: it came with an address or an announcement */
	uint32_t route_table;
};

/* A VF as rtnetlink addresses it. */
struct vf_target {
	int ifindex;    /* of its PF's netdev */
	uint32_t index; /* of the VF within its PF */
};

/* One VF as its PF reports it. */
struct vf_report {
	uint32_t index;
	struct settings settings; /* up to SETTING_VF_LAST; what the driver does not report is absent */
};

/* A process that has a VFIO group open. */
struct vfio_holder {
	pid_t pid;            /* 0: held, but by nobody visible from here */
	char name[NAME_SIZE]; /* its comm */
};
