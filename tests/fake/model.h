/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/* The model itself, shared by the files of this folder. */

#include <pthread.h>

#include "base/cleanup.h"
#include "fake/kernel.h"
#include "kernel/kernel.h"
#include "kernel/netdev.h"
#include "kernel/pci.h"
#include "types/address.h"

#define FAKE_DEVICES 600
#define FAKE_NETDEVS 700
#define FAKE_SMALL 32
#define IFNAME_SIZE 16
#define FAKE_LOG_SIZE 262144

/* What the driver of a PF makes of the settings of its VFs. */
struct fake_pf_driver {
	const char *name;
	unsigned takes;    /* 1 << setting; others are refused with EOPNOTSUPP */
	unsigned reports;  /* 1 << setting, and each takes also what it reports */
	bool zero_mac;     /* an all-zero MAC takes the administrator's away; others refuse it with EINVAL */
	bool service_tags; /* 802.1ad; others refuse it with EPROTONOSUPPORT */
	bool min_rate;     /* others refuse a smallest rate with EINVAL */
	bool checks_mac; /* refuses to check a VF without a MAC, and to take the MAC from one that is checked: EPERM */
	bool holds_vlan; /* refuses another VLAN as long as there is a rate: EPERM */
	bool resets;     /* MAC, VLAN and trust reset the VF: EAGAIN, and it is missing from the list */
};

struct fake_device {
	bool here;
	struct pci_device pci; /* what pci_read() tells */
	char default_driver[NAME_SIZE];
	/* Of a PF. */
	bool autoprobe;
	const struct fake_pf_driver *pf_driver;
	bool unreported[SETTING_VF_LAST + 1];
	int refused[SETTING_VF_LAST + 1]; /* errno, 0: not refused */
	struct kernel_words refusal;
	int list_errnum;
	unsigned list_failures;
	unsigned list_reads;
	uint16_t port_answer; /* what its switch says, */
	unsigned port_reads;  /* after so many calls of vf_list(); FAKE_NEVER */
	/* Of a VF. */
	uint32_t index;
	bool admin_mac;                             /* set through the PF: the VF cannot change it */
	struct value reported[SETTING_VF_LAST + 1]; /* by the PF */
	struct value marked[SETTING_VF_LAST + 1];   /* fake_mark() */
	bool mark_admin;
	struct mac mark_netdev_mac;
	unsigned resetting; /* so many questions and commands still find it in reset */
	bool cut;           /* its traffic does not pass until its netdev has been down */
	bool libvirt;       /* has state for it */
	unsigned port_left; /* calls of vf_list() until the switch has answered */
	unsigned missing;
	unsigned netdev_delay;
	char default_name[NAME_SIZE];
	unsigned udev_reads;
	char udev_name[NAME_SIZE];
	struct mac udev_mac;
};

struct fake_netdev {
	struct netdev netdev; /* ifindex 0: free entry */
	struct port_id port_id;
	struct mac permanent; /* what it started with */
	struct pci_address device;
	bool hidden;
	struct netdev_use use;
	unsigned delay;      /* calls of netdev_list() that do not see it yet */
	unsigned udev_reads; /* questions until udev has finished */
	bool udev_pending;
};

struct fake_fault {
	bool armed;
	bool crash;
	bool effect;
	unsigned at;    /* this changing call, or 0: */
	unsigned times; /* so many */
	char text[96];  /* whose line starts so */
	int errnum;
};

struct fake_driver {
	char name[NAME_SIZE];
	enum fake_module state;
};

struct fake_process {
	pid_t pid;
	uint64_t start;
	char name[NAME_SIZE];
};

struct fake_holder {
	bool held;
	int group;
	pid_t pid;
	unsigned tries; /* until it lets go; 0: it does not by itself */
};

struct fake_host {
	pthread_mutex_t lock;
	char root[128]; /* fake_set_root() */
	int locks;      /* a memory file; byte GROUP is locked by whoever has the group open */
	struct uuid boot_id;
	bool udev;
	bool groupless;
	char vfio_driver[NAME_SIZE]; /* fake_add_vfio_driver() */
	uint64_t next_inode;
	int next_group;
	int next_ifindex;
	unsigned next_mac;
	unsigned next_name;
	unsigned changes;
	struct fake_device devices[FAKE_DEVICES];
	struct fake_netdev netdevs[FAKE_NETDEVS];
	struct fake_driver drivers[FAKE_SMALL];
	struct fake_process processes[FAKE_SMALL];
	struct fake_holder holders[FAKE_SMALL];
	struct fake_fault faults[FAKE_SMALL];
	const char *script; /* what is left of fake_expect(); NULL: nothing is expected */
	char log[FAKE_LOG_SIZE];
	char violations[8192];
};

/* Locks HOST and returns it; cleanup(fake_unlock_at) undoes that. The lock can be taken again by its holder. */
struct fake_host *fake_lock(struct fake_host *host);
void fake_unlock_at(struct fake_host **host);
#define FAKE_LOCKED(host) \
	cleanup(fake_unlock_at) __attribute__((unused)) struct fake_host *locked_ = fake_lock(host)

/* The host that kernel_open() opens. */
struct fake_host *fake_current(void);

/* Ends the test program with MESSAGE. */
_Noreturn void fake_fatal(const char *message, const char *what);

/* The device at ADDRESS, or NULL. */
struct fake_device *fake_find(const struct fake_host *host, struct pci_address address);

/* The device at ADDRESS, which must be there. */
struct fake_device *fake_device(struct fake_host *host, const char *address);

/* The first netdev of DEVICE, or NULL. */
struct fake_netdev *fake_netdev_of(struct fake_host *host, const struct fake_device *device);

/* The netdev IFINDEX, or NULL. */
struct fake_netdev *fake_netdev_at(struct fake_host *host, int ifindex);

/* The module called NAME, "-" and "_" being the same, or NULL. */
struct fake_driver *fake_driver(struct fake_host *host, const char *name);

/* Whether driver NAME gives its devices to user space. */
bool fake_driver_is_vfio(const char *name);

/* Adds a netdev to DEVICE. */
struct fake_netdev *fake_netdev_new(struct fake_host *host, const struct fake_device *device,
				    const char *name, struct mac mac);

/* Another MAC at each call. */
struct mac fake_random_mac(struct fake_host *host);

/* Takes DEVICE from its driver, with its netdevs. */
void fake_drop_driver(struct fake_host *host, struct fake_device *device);

/* Binds driver NAME to DEVICE, which has none: what its probe function does. */
void fake_give_driver(struct fake_host *host, struct fake_device *device, const char *name);

/* The driver of the PF of VF. */
const struct fake_pf_driver *fake_driver_of(const struct fake_host *host, const struct fake_device *vf);

/* The driver of that NAME; the first one is igb. */
const struct fake_pf_driver *fake_pf_driver(const char *name);

/* The settings of VF as its PF makes them. */
void fake_vf_init(struct fake_device *vf);

/* The PF gives its VF the VALUE of setting WHICH, as its driver does. 0 or a negative errno. */
int fake_vf_set(struct fake_host *host, struct fake_device *vf, enum setting which, const struct value *value);

/* The switch of PF answers for VF when it is time. */
void fake_port_age(const struct fake_device *pf, struct fake_device *vf);

/* Changes a netdev, as the networking core and igbvf do. 0 or a negative errno. */
int fake_netdev_set(struct fake_host *host, struct fake_netdev *netdev, enum setting which,
		    const struct value *value);

/* Adds a line to the violations. */
void fake_violation(struct fake_host *host, const char *what, struct pci_address address);
