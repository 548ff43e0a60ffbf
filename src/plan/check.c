/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "plan/check.h"

#include <errno.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/report.h"
#include "facts/facts.h"
#include "model/document.h"
#include "plan/plan.h"
#include "plan/port.h"
#include "plan/record.h"

/* One device under examination. */
struct check {
	const struct prepare_request *request;
	const struct facts *facts;
	const struct interface *interface;
	const struct device_facts *device;
	struct pci_text name;
	struct reports *reports;
};

/* Setting a MAC on anything but a VF is pointless: the reset on assignment puts the burnt-in address back. */
static void refuse_not_a_vf(const struct check *check)
{
	const struct pci_device *device = &check->device->device;
	const char *what = device->total_vfs ? "a Physical Function" : "not an SR-IOV Virtual Function";
	report_hint(report_error(check->reports, REPORT_CONFIG_UNSUPPORTED, check->name.s,
				 "%s is %s; <interface type='hostdev'> works with SR-IOV Virtual Functions only",
				 check->name.s, what),
		    "use a plain <hostdev mode='subsystem' type='pci'> entry for it");
}

struct report *plan_unreadable(struct report *report, const struct pf_facts *pf)
{
	report_cause(report, pf->vfs_error, pf->words.s);
	if (pf->vfs_error == -EOVERFLOW || pf->vfs_error == -EMSGSIZE)
		report_hint(report,
			    "the kernel cannot list %u VFs at once (64 KiB): create fewer; first write 0, then the number, to "
			    "/sys/bus/pci/devices/%s/sriov_numvfs",
			    pf->device.num_vfs, pci_text(pf->device.address).s);
	return report;
}

static void check_pf(const struct check *check)
{
	const struct pf_facts *pf = check->device->pf;
	struct pci_text name = pci_text(pf->device.address);
	if (pf->netdev.ifindex == 0) {
		report_hint(report_error(check->reports, REPORT_HOST_UNREADY, name.s,
					 "PF %s of %s has no network interface in this network namespace",
					 name.s, check->name.s),
			    "load the PF's driver, or run vfassign in the network namespace that has its interface");
	} else if (!pf->netdev.up) {
		report_hint(report_error(check->reports, REPORT_HOST_UNREADY, name.s,
					 "PF %s (%s) of %s is down: settings of its VFs would not take effect",
					 name.s, pf->netdev.name, check->name.s),
			    "ip link set %s up", pf->netdev.name);
	}
	if (check->device->other_port)
		report_hint(report_error(check->reports, REPORT_CONFIG_UNSUPPORTED, check->name.s,
					 "%s stands at another port of its card than %s, through which the VFs of PF %s are set",
					 check->name.s, pf->netdev.name, name.s),
			    "choose a VF whose network interface has the phys_port_id of %s: grep . "
			    "/sys/class/net/*/phys_port_id",
			    pf->netdev.name);
	if (pf->vfs_error)
		plan_unreadable(report_error(check->reports, REPORT_HOST, name.s,
					     "cannot read the VFs of PF %s (%s)", name.s, pf->netdev.name),
				pf);
	else if (pf->netdev.ifindex && !check->device->report && !check->device->other_port)
		report_hint(report_error(check->reports, REPORT_HOST_UNREADY, check->name.s,
					 "PF %s does not report %s among its VFs", name.s, check->name.s),
			    "wait until its driver is out of reset, and look at: ip link show %s",
			    pf->netdev.name);
}

/* There the host's switch, not the VF, decides of VLANs: drivers refuse one, or take it and do nothing. */
static void check_switchdev(const struct check *check)
{
	const struct pf_facts *pf = check->device->pf;
	const struct value *vlan = &check->interface->settings.of[SETTING_VLAN];
	if (!pf->switchdev || !vlan->present || (vlan->vlan.id == 0 && vlan->vlan.qos == 0))
		return;
	const char *representor = check->device->representor;
	report_hint(report_error(check->reports, REPORT_CONFIG_UNSUPPORTED, check->name.s,
				 "%s cannot have VLAN %u: PF %s (%s) is in switchdev mode, where the host's switch tags",
				 check->name.s, vlan->vlan.id, pci_text(pf->device.address).s, pf->netdev.name),
		    "leave <vlan> out, and tag at its representor: bridge vlan add dev %s vid %u pvid untagged",
		    representor ? representor : "REPRESENTOR", vlan->vlan.id);
}

/* Whether the document takes the device at ADDRESS from its host driver anyway. */
static bool is_requested(const struct check *check, struct pci_address address)
{
	const struct document *document = check->request->document;
	for (size_t i = 0; i < document->interface_count; i++) {
		const struct interface *interface = &document->interfaces[i];
		if (interface->source == SOURCE_PCI && interface->managed &&
		    pci_compare(interface->host, address) == 0)
			return true;
	}
	return false;
}

/* Bridges, unbound devices and those on VFIO do not stand in the way of a group; nor does the stub driver. */
static bool blocks_group(const struct pci_device *member)
{
	return member->driver[0] && !member->vfio && member->class >> 16 != PCI_CLASS_BRIDGE &&
	       strcmp(member->driver, "pci-stub") != 0;
}

/*
 * The members of the device's IOMMU group that are on host drivers, as text in new memory; NULL when there
 * are none.
 */
static char *blockers(const struct check *check)
{
	char *text = NULL;
	size_t size = 0;
	FILE *stream = NULL;
	for (size_t i = 0; i < check->device->group_count; i++) {
		const struct pci_device *member = &check->device->group[i];
		if (!blocks_group(member) || is_requested(check, member->address))
			continue;
		const char *comma = stream ? ", " : "";
		if (!stream)
			stream = open_memstream(&text, &size);
		if (!stream)
			return NULL;
		fprintf(stream, "%s%s (%s)", comma, pci_text(member->address).s, member->driver);
	}
	if (stream)
		fclose(stream);
	return text;
}

/* Opening its group is the only proof that nobody uses a device (docs/ARCHITECTURE.md). */
static void check_groupless(const struct check *check)
{
	if (check->facts->groupless)
		report_hint(report_error(check->reports, REPORT_HOST_UNREADY, check->name.s,
					 "VFIO of this kernel has no group nodes (/dev/vfio/GROUP), only device nodes: "
					 "it could not be proven that nobody uses %s",
					 check->name.s),
			    "boot a kernel that was built with CONFIG_VFIO_GROUP");
}

/* Why the device of CHECK could not be isolated from the host's memory; NULL when it can. */
static const char *lacks_iommu(const struct check *check)
{
	const struct pci_device *device = &check->device->device;
	if (device->noiommu)
		return "is on VFIO without an IOMMU (noiommu): its guest could reach the host's memory";
	if (device->iommu_group >= 0)
		return NULL;
	return check->facts->has_iommu ? "is in no IOMMU group" : "cannot be isolated: no IOMMU is on";
}

static void check_iommu(const struct check *check)
{
	const char *why = lacks_iommu(check);
	if (why)
		report_hint(report_error(check->reports, REPORT_HOST_UNREADY, check->name.s, "%s %s",
					 check->name.s, why),
			    "enable VT-d or AMD-Vi in the firmware and boot with intel_iommu=on or amd_iommu=on");
}

static void check_group(const struct check *check)
{
	const struct device_facts *device = check->device;
	cleanup_free char *others = lacks_iommu(check) ? NULL : blockers(check);
	if (others)
		report_hint(report_error(check->reports, REPORT_HOST_UNREADY, check->name.s,
					 "IOMMU group %d of %s is shared with devices on host drivers: %s",
					 device->device.iommu_group, check->name.s, others),
			    "put the card behind a port with ACS, or unbind those devices from their drivers");
}

/* Says who has the device, and what gives it back. */
static void refuse_recorded(const struct check *check, const struct record *record)
{
	const char *state = record_state(record);
	struct report *report;
	if (record->owner.pid)
		report = report_error(check->reports, REPORT_BUSY, check->name.s,
				      "%s is %s for guest %s (process %d)", check->name.s, state,
				      record->guest, record->owner.pid);
	else
		report = report_error(check->reports, REPORT_BUSY, check->name.s, "%s is %s for guest %s",
				      check->name.s, state, record->guest);
	if (!record->committed || (record->dirty && !record->owner.pid))
		report_hint(report, "vfassign recover");
	else if (record->owner.pid)
		report_hint(report, "vfassign recover, once that process has ended");
	else
		report_hint(report, "vfassign release --device %s", check->name.s);
}

static void check_record(const struct check *check)
{
	const struct record *record = record_list_find(check->request->records, check->device->address);
	if (record)
		refuse_recorded(check, record);
}

/* The holder of a device on record is its guest. */
static void check_held(const struct check *check)
{
	const struct device_facts *device = check->device;
	if (!device->held || record_list_find(check->request->records, device->address))
		return;
	if (device->holder.pid)
		report_hint(report_error(check->reports, REPORT_BUSY, check->name.s,
					 "%s is in use by process %d (%s)", check->name.s, device->holder.pid,
					 device->holder.name),
			    "stop that process first");
	else
		report_hint(report_error(check->reports, REPORT_BUSY, check->name.s,
					 "%s is in use by a process that is not visible from here",
					 check->name.s),
			    "look for it in the host's PID namespace: fuser /dev/vfio/%d",
			    device->device.iommu_group);
}

/*
 * What is in the way, but only until somebody who knows better says --force. None of it is in the before-image: what the
 * host does with a VF would be lost without a word.
 */
static __typeof__(report_error) *unless_forced(const struct check *check)
{
	return check->request->force ? report_warning : report_error;
}

/* Hints at what frees the device of REPORT, printf style, and at the other way. */
__attribute__((format(printf, 3, 4))) static void hint_or_force(const struct check *check,
								struct report *report, const char *format, ...)
{
	va_list args;
	cleanup_free char *fix = NULL;
	va_start(args, format);
	if (vasprintf(&fix, format, args) < 0)
		fix = NULL;
	va_end(args);
	report_hint(report, "%s%s", fix ? fix : "free it",
		    check->request->force ? "" : "; or --force, to take it all the same");
}

/*
 * A VF on a network driver without a netdev here: it was moved into another network namespace, or it serves
 * something else than a netdev (RDMA, vDPA). Binding VFIO would take it away there without a word.
 */
static void check_elsewhere(const struct check *check)
{
	const struct device_facts *device = check->device;
	if (!check->interface->managed || !device->device.driver[0] || device->device.vfio ||
	    device->netdev.ifindex)
		return;
	hint_or_force(check,
		      unless_forced(check)(check->reports, REPORT_BUSY, check->name.s,
					   "%s is on driver %s, but its network interface is not in this network "
					   "namespace",
					   check->name.s, device->device.driver),
		      "look for it with: ip -all netns exec ip link; then, in that namespace, ip link set NAME netns 1");
}

static void check_upper(const struct check *check)
{
	const struct netdev_use *use = &check->device->use;
	const char *netdev = check->device->netdev.name;
	if (!check->interface->managed || !use->upper[0])
		return;
	struct report *report = unless_forced(check)(check->reports, REPORT_BUSY, check->name.s,
						     "%s is in use by the host as %s: %s stands on it",
						     check->name.s, netdev, use->upper);
	if (use->has_master)
		hint_or_force(check, report, "ip link set %s nomaster", netdev);
	else
		hint_or_force(check, report, "ip link delete %s", use->upper);
}

static void check_address(const struct check *check)
{
	const char *address = check->device->use.address, *netdev = check->device->netdev.name;
	if (!check->interface->managed || !address[0])
		return;
	hint_or_force(check,
		      unless_forced(check)(check->reports, REPORT_BUSY, check->name.s,
					   "%s is in use by the host as %s: it has the address %s",
					   check->name.s, netdev, address),
		      "ip addr flush dev %s", netdev);
}

static void check_route(const struct check *check)
{
	const struct netdev_use *use = &check->device->use;
	const char *netdev = check->device->netdev.name;
	if (!check->interface->managed || !use->route[0])
		return;
	hint_or_force(check,
		      unless_forced(check)(check->reports, REPORT_BUSY, check->name.s,
					   "%s is in use by the host as %s: it has a route to %s",
					   check->name.s, netdev, use->route),
		      "ip %sroute del %s dev %s table %u", use->route_ipv6 ? "-6 " : "", use->route, netdev,
		      use->route_table);
}

/* Two who set the same VF would undo each other's work. */
static void check_libvirt(const struct check *check)
{
	const struct device_facts *device = check->device;
	if (!device->libvirt)
		return;
	hint_or_force(check,
		      unless_forced(check)(check->reports, REPORT_BUSY, check->name.s,
					   "libvirt has state for %s: /run/libvirt/hostdevmgr/%s_vf%u",
					   check->name.s, device->pf->netdev.name, device->vf_index),
		      "virsh shutdown GUEST, or virsh detach-device, where a guest of libvirt has it, else remove that "
		      "file");
}

static void check_unmanaged(const struct check *check)
{
	const struct pci_device *device = &check->device->device;
	if (check->interface->managed || device->vfio)
		return;
	report_hint(report_error(check->reports, REPORT_HOST_UNREADY, check->name.s,
				 "%s is on %s%s, and managed='no' means that it must be on a VFIO driver already",
				 check->name.s, device->driver[0] ? "driver " : "no driver", device->driver),
		    "bind it to vfio-pci, or write managed='yes'");
}

static void check_mac(const struct check *check)
{
	const struct prepare_request *request = check->request;
	if (check->interface->settings.of[SETTING_MAC].present || (request->guest && request->machine_id))
		return;
	const char *lacking = request->guest ? "this host has no /etc/machine-id" : "the guest has no name";
	report_hint(report_error(check->reports, REPORT_USAGE, check->name.s,
				 "no MAC address is given for %s, and none can be derived: %s", check->name.s,
				 lacking),
		    "add <mac address='…'/>%s", request->guest ? "" : ", or name the guest with --guest");
}

/* What could not be put back must not be taken away. */
static void check_restorable(const struct check *check)
{
	const struct value *override = &check->device->settings.of[SETTING_OVERRIDE];
	if (!check->interface->managed || !override->name[0] || driver_name_valid(override->name))
		return;
	report_hint(report_error(check->reports, REPORT_HOST_UNREADY, check->name.s,
				 "%s has a driver_override that is not the name of a driver ('%s')",
				 check->name.s, override->name),
		    "clear it: echo > /sys/bus/pci/devices/%s/driver_override", check->name.s);
}

/*
 * Whether MODEL is a VFIO driver: the host's index of modules says so, or its name, as that of all of Linux' own. Any other would
 * meet a VF that carries a guest's MAC.
 */
static bool is_vfio_driver(const struct check *check, const char *model)
{
	const struct pf_facts *pf = check->device->pf;
	for (size_t i = 0; i < pf->driver_count; i++)
		if (strcmp(pf->drivers[i].name, model) == 0)
			return true;
	return driver_name_valid(model) && strstr(model, "vfio");
}

static void check_model(const struct check *check)
{
	const char *model = check->interface->driver_model;
	if (!check->interface->managed || !model[0] || is_vfio_driver(check, model))
		return;
	report_hint(report_error(check->reports, REPORT_CONFIG_UNSUPPORTED, check->name.s,
				 "driver model '%s' for %s is not the name of a VFIO driver", model,
				 check->name.s),
		    "leave <driver model> out: the best driver for it is %s",
		    check->device->pf->driver_count ? check->device->pf->drivers[0].name : "vfio-pci");
}

/* Says that MAC, given for the device of CHECK, is also that of OTHER. Pairs may be meant (failover). */
static void warn_of_same_mac(const struct check *check, struct mac mac, const char *other)
{
	report_hint(report_warning(check->reports, REPORT_CONFIG_UNSUPPORTED, check->name.s,
				   "MAC %s for %s is also that of %s", mac_text(mac).s, check->name.s, other),
		    "give each its own <mac>, unless the two are a pair on purpose");
}

/* Of two VFs with one MAC, the switch in the card sends each frame to one only. */
static void check_same_mac(const struct check *check)
{
	const struct document *document = check->request->document;
	const struct value *mac = &check->interface->settings.of[SETTING_MAC];
	for (size_t i = 0; mac->present && i < check->facts->pf_count; i++) {
		const struct pf_facts *pf = check->facts->pfs[i];
		for (size_t k = 0; k < pf->vf_count; k++) {
			const struct value *other = &pf->vfs[k].settings.of[SETTING_MAC];
			char name[64];
			snprintf(name, sizeof(name), "VF %u of PF %s", pf->vfs[k].index,
				 pci_text(pf->device.address).s);
			if (&pf->vfs[k] != check->device->report && other->present &&
			    mac_equal(other->mac, mac->mac))
				warn_of_same_mac(check, mac->mac, name);
		}
	}
	for (size_t i = 0; mac->present && i < document->interface_count; i++) {
		const struct interface *other = &document->interfaces[i];
		/* The second of two says it. */
		if (other == check->interface)
			return;
		if (other->settings.of[SETTING_MAC].present &&
		    mac_equal(other->settings.of[SETTING_MAC].mac, mac->mac))
			warn_of_same_mac(check, mac->mac, pci_text(other->host).s);
	}
}

/* What is asked of SETTING: absent where nothing is. */
static struct value asked(const struct check *check, enum setting setting)
{
	const struct vf_element *wish = &check->interface->wish;
	if (setting == SETTING_RATE)
		return (struct value){ .present = wish->min_tx_rate.present || wish->max_tx_rate.present };
	return check->interface->settings.of[setting];
}

/* What is not reported could not be read back, nor put back. */
static void check_reported(const struct check *check)
{
	const struct device_facts *device = check->device;
	for (enum setting setting = 0; device->report && setting <= SETTING_VF_LAST; setting++) {
		if (!asked(check, setting).present || device->report->settings.of[setting].present)
			continue;
		report_hint(report_error(check->reports, REPORT_CONFIG_UNSUPPORTED, check->name.s,
					 "the driver of PF %s (%s) does not report the %s of %s, so that it could not be put "
					 "back",
					 pci_text(device->pf->device.address).s, device->pf->device.driver,
					 setting_word(setting), check->name.s),
			    "leave it out of the document, or take a VF of another card");
	}
}

/* The largest rate that is asked for, and the smallest that the VF has, or the other way round. */
static void check_rates(const struct check *check)
{
	const struct number *min = &check->interface->wish.min_tx_rate,
			    *max = &check->interface->wish.max_tx_rate;
	const struct value *is = &check->device->settings.of[SETTING_RATE];
	if (!is->present || min->present == max->present)
		return;
	uint64_t smallest = min->present ? min->value : is->rate.min;
	uint64_t largest = max->present ? max->value : is->rate.max;
	if (largest == 0 || smallest <= largest)
		return;
	report_hint(report_error(check->reports, REPORT_CONFIG_UNSUPPORTED, check->name.s,
				 "%s is promised %ju Mbit/s and limited to %ju: one is asked for, and it has the other already",
				 check->name.s, (uintmax_t)smallest, (uintmax_t)largest),
		    "give both, minTxRate and maxTxRate");
}

static void check_port(const struct check *check)
{
	port_check(check->request, check->device, check->interface, check->reports);
}

/* All that is looked at, under the names that doctor shows. */
static const struct {
	const char *name;
	void (*function)(const struct check *check);
} checks[] = {
	{ "pf", check_pf },
	{ "switchdev", check_switchdev },
	{ "iommu", check_iommu },
	{ "group", check_group },
	{ "vfio", check_groupless },
	{ "record", check_record },
	{ "held", check_held },
	{ "namespace", check_elsewhere },
	{ "host-use", check_upper },
	{ "host-use", check_address },
	{ "host-use", check_route },
	{ "libvirt", check_libvirt },
	{ "managed", check_unmanaged },
	{ "override", check_restorable },
	{ "model", check_model },
	{ "mac", check_mac },
	{ "mac", check_same_mac },
	{ "settings", check_reported },
	{ "settings", check_rates },
	{ "settings", check_port },
};

/* Marks the reports from FIRST on as those of check NAME. */
static void mark(struct reports *reports, size_t first, const char *name)
{
	for (size_t i = first; i < reports->count; i++)
		reports->items[i].rule = name;
}

static void check_vf(const struct check *check)
{
	for (size_t i = 0; i < ARRAY_SIZE(checks); i++) {
		size_t first = check->reports->count;
		checks[i].function(check);
		mark(check->reports, first, checks[i].name);
	}
}

int check_interface(const struct prepare_request *request, const struct facts *facts,
		    const struct interface *interface, struct reports *reports)
{
	size_t errors = reports->errors, first = reports->count;
	struct check check = {
		request, facts, interface, facts_find(facts, interface->host), pci_text(interface->host),
		reports
	};
	if (!check.device || !check.device->exists)
		report_hint(report_error(reports, REPORT_DEVICE_MISSING, check.name.s,
					 "there is no PCI device %s on this host", check.name.s),
			    "vfassign list shows the VFs there are");
	else if (!check.device->device.is_vf)
		refuse_not_a_vf(&check);
	mark(reports, first, "device");
	if (reports->count == first)
		check_vf(&check);
	return reports->errors > errors ? -EINVAL : 0;
}

void check_for_anybody(const struct facts *facts, const struct device_facts *device,
		       const struct record_list *records, struct reports *reports)
{
	static const struct document document = { 0 };
	const struct prepare_request request = { .document = &document, .guest = "", .records = records };
	struct interface interface = { .source = SOURCE_PCI, .host = device->address, .managed = true };
	/* One that nobody has. */
	interface.settings.of[SETTING_MAC] = value_mac((struct mac){ { 0xff } });
	const struct check check = { &request, facts, &interface, device, pci_text(device->address), reports };
	check_vf(&check);
}
