/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/*
 * A model of a host that stands in for src/kernel: linked in its place, it answers every function of its headers from
 * memory. What drivers do besides what they are told is modelled after igb and igbvf, as seen in the lab.
 *
 * The whole host lies in memory that a forked child shares, and everything has a fixed size: a child can be made to die in the
 * middle of a change, and its parent goes on with the host as the child left it.
 *
 * PCI addresses are given as text. A builder that cannot do what it is told aborts the test program.
 */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include "types/address.h"
#include "types/setting.h"
#include "types/uuid.h"

struct fake_host;
struct netdev_use;

/* The exit status of a child that fake_crash_at() ended. */
#define FAKE_CRASH_STATUS 99

/*
 * A host with an IOMMU and no devices. Loaded drivers: igb, igbvf, e1000e, pcieport. Modules that can be loaded:
 * vfio-pci, mlx5_vfio_pci. It becomes the host that kernel_open() opens.
 */
struct fake_host *fake_host_new(void);

/* Frees HOST; NULL is allowed. */
void fake_host_free(struct fake_host *host);

/* Makes HOST the one that kernel_open() opens from now on. */
void fake_use(struct fake_host *host);

/*
 * The running host is the one below the folder ROOT, rather than "/": a context with that root may change it, and keeps its
 * records and locks there.
 */
void fake_set_root(struct fake_host *host, const char *root);

/* ---- what is in the host ---- */

/* A PF on igb with a netdev NAME that is UP or not, room for 8 VFs (82576: offset 128, stride 2), and none yet. */
void fake_add_pf(struct fake_host *host, const char *address, const char *name, bool up);

/*
 * COUNT VFs of PF, each in an IOMMU group of its own, on igbvf, their netdevs down and called PFNAMEv0, PFNAMEv1, … Their
 * addresses follow from offset and stride: those of 0000:01:00.0 are 0000:01:10.0, 0000:01:10.2, … A PF that is up
 * reports the MACs that they chose, one that is down zero, until a VF's netdev goes up.
 */
void fake_add_vfs(struct fake_host *host, const char *pf, unsigned count);

/* An ordinary NIC on e1000e with a netdev NAME that is up. */
void fake_add_nic(struct fake_host *host, const char *address, const char *name);

/* A bridge on pcieport. */
void fake_add_bridge(struct fake_host *host, const char *address);

/* One more netdev of the device at ADDRESS, a port or representor as PHYS_PORT_NAME tells. */
void fake_add_netdev(struct fake_host *host, const char *address, const char *name, const char *phys_port_name);

/* The netdev NAME stands at port ID of its card. */
void fake_set_port_id(struct fake_host *host, const char *name, const char *id);

/* Takes the device away, and its netdevs with it. */
void fake_remove(struct fake_host *host, const char *address);

/* Writes sriov_numvfs 0 and the old number again: the same addresses, other folders, every setting lost. */
void fake_recreate_vfs(struct fake_host *host, const char *pf);

/* A new boot: another boot id, no processes, no holders, VFs re-created, all overrides gone. */
void fake_reboot(struct fake_host *host);

/* There is a module NAME, and a driver of that name in it. */
enum fake_module { FAKE_MODULE_LOADED, FAKE_MODULE_LOADABLE, FAKE_MODULE_BLACKLISTED };
void fake_add_module(struct fake_host *host, const char *name, enum fake_module state);

/* The index of modules knows NAME as a VFIO driver that is meant for the host's VFs more closely than vfio-pci. */
void fake_add_vfio_driver(struct fake_host *host, const char *name);

/*
 * Gives the device at ADDRESS the VALUE of a setting at once, with all that this brings with it, unlogged: drivers bind,
 * netdevs come and go.
 */
void fake_set(struct fake_host *host, const char *address, enum setting which, struct value value);

/* The value of a setting now. The MAC is what the PF reports. */
struct value fake_get(struct fake_host *host, const char *address, enum setting which);

/* Puts the device into IOMMU group GROUP; -1 into none. */
void fake_set_group(struct fake_host *host, const char *address, int group);

/* VFIO made up the group of the device, for want of an IOMMU. */
void fake_set_noiommu(struct fake_host *host, const char *address);

/* VFIO has device nodes only. */
void fake_set_groupless(struct fake_host *host);

/* The IOMMU group of the device. */
int fake_group(struct fake_host *host, const char *address);

/* PF's sriov_drivers_autoprobe. */
void fake_set_autoprobe(struct fake_host *host, const char *pf, bool on);

/*
 * PF's driver is another one than igb, which takes, refuses and reports other settings of its VFs: "ixgbe", "i40e", "ice",
 * "mlx5_core", "mlx4_core", "bnxt_en", "be2net", or "plain". The table of them stands in vf.c.
 */
void fake_set_pf_driver(struct fake_host *host, const char *pf, const char *name);

/* PF's driver has port profiles (802.1Qbh), and its switch agrees to all of them, at once. */
void fake_add_ports(struct fake_host *host, const char *pf);

/* The name that the VF's netdev gets at each probe; "" takes ethN, N from a counter. */
void fake_set_default_name(struct fake_host *host, const char *vf, const char *name);

/* Moves the VF's netdev into another network namespace, for as long as the driver stays. */
void fake_hide_netdev(struct fake_host *host, const char *vf);

/* The host uses the VF's netdev, for as long as the driver stays. */
void fake_use_netdev(struct fake_host *host, const char *vf, const struct netdev_use *use);

/* libvirt has state for the VF. */
void fake_libvirt_state(struct fake_host *host, const char *vf);

/* Process PID lives, started at START, called NAME. */
void fake_add_process(struct fake_host *host, pid_t pid, uint64_t start, const char *name);

/* Process PID ends, and lets go of its VFIO groups. */
void fake_end_process(struct fake_host *host, pid_t pid);

/* Process PID holds VFIO group GROUP; pid 0 is somebody who cannot be seen. */
void fake_hold_group(struct fake_host *host, int group, pid_t pid);

/* Somebody who cannot be seen holds GROUP, until it was tried in vain TRIES times to open it. */
void fake_hold_for(struct fake_host *host, int group, unsigned tries);

/* Nobody holds GROUP any more. */
void fake_drop_group(struct fake_host *host, int group);

/* ---- how the host misbehaves ---- */

/* The VF's next netdev is not there yet for the first READS calls of netdev_list(). */
void fake_delay_netdev(struct fake_host *host, const char *vf, unsigned reads);

/*
 * udev runs. It is done with a new netdev of the VF when it has been asked about READS times, and then gives it the name
 * NAME and the address MAC ("" and NULL: leaves them).
 */
void fake_udev(struct fake_host *host, const char *vf, unsigned reads, const char *name, const struct mac *mac);

/* The VF is missing from its PF's report TIMES times. */
void fake_miss_vf(struct fake_host *host, const char *vf, unsigned times);

/* PF does not report setting WHICH of its VFs. */
void fake_unreported(struct fake_host *host, const char *pf, enum setting which);

/* vf_set() of WHICH through PF is always refused with ERRNUM (positive) and the kernel's WORDS. */
void fake_refuse(struct fake_host *host, const char *pf, enum setting which, int errnum, const char *words);

/*
 * From now on the switch of PF answers RESPONSE to each request, and the PF reports that after READS calls of vf_list(), or
 * FAKE_NEVER: till then it is in progress.
 */
#define FAKE_NEVER 1000000
void fake_answer_port(struct fake_host *host, const char *pf, uint16_t response, unsigned reads);

/* vf_list() of PF fails TIMES times with ERRNUM (positive). */
void fake_fail_list(struct fake_host *host, const char *pf, int errnum, unsigned times);

/*
 * The N-th changing call from now on (1 is the next) fails with ERRNUM (positive), before or after it took EFFECT. ERRNUM 0
 * without effect is a call that claims success and did nothing.
 */
void fake_fail_at(struct fake_host *host, unsigned n, int errnum, bool effect);

/* The same for the next TIMES changing calls whose line in the log starts with TEXT. */
void fake_fail_on(struct fake_host *host, const char *text, int errnum, bool effect, unsigned times);

/* In the N-th changing call from now on the process ends, before or after it takes effect: use it with fake_in_child(). */
void fake_crash_at(struct fake_host *host, unsigned n, bool effect);

/* Runs RUN(DATA) in a child and waits. Its exit status: 0 when RUN returned, FAKE_CRASH_STATUS after a crash, -1 for others. */
int fake_in_child(void (*run)(void *data), void *data);

/*
 * From now on the changing calls are those of SCRIPT (kept by the caller), one a line as in the log, in this order. Any other is
 * a violation, has no effect and fails with EPROTO. NULL: whatever comes, as before.
 */
void fake_expect(struct fake_host *host, const char *script);

/* What is left of the script, "" when all of it has come. */
const char *fake_expected(struct fake_host *host);

/* Forgets all faults above that are tied to changing calls. */
void fake_no_faults(struct fake_host *host);

/* ---- what is to be seen ---- */

/*
 * The changing calls so far, one a line, in order: "load vfio-pci", "vf_set 0000:01:00.0 vf 1 vlan 42", "override
 * 0000:01:10.2 vfio-pci", "unbind 0000:01:10.2", "probe 0000:01:10.2", "netdev_set 0000:01:10.2 netdevMtu 1500"; a failed
 * one has " = ENAME" behind it. netdevs are named by their device: ifindexes change.
 */
const char *fake_log(struct fake_host *host);

/* Empties the log; faults already set keep their place. */
void fake_log_clear(struct fake_host *host);

/* How many changing calls there were since the host was made. */
unsigned fake_changes(struct fake_host *host);

/* How often vf_list() was called for PF. */
unsigned fake_list_reads(struct fake_host *host, const char *pf);

/*
 * Remembers the PF-side settings of all VFs as the host's own: from now on a host driver that probes a VF which carries
 * another MAC, VLAN or trust is a violation.
 */
void fake_mark(struct fake_host *host);

/*
 * What was done that a real host punishes, one a line, "" when nothing was: unbinding a held device (blocks), zeroing an
 * admin MAC under an up netdev (cuts its traffic), changing the netdev of a PF, and see fake_mark().
 */
const char *fake_violations(struct fake_host *host);

/*
 * The state of all devices as stable text in new memory, to compare before and after. Left out is what need not come back:
 * ifindexes, folders' inodes, loaded modules; a zero MAC and the VF's own MAC in the PF's report are both "own".
 */
char *fake_image_text(struct fake_host *host);
