/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* The functions of src/kernel/{vf,netdev}.h, answered by the model; and what all changing calls have in common. */

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "fake/port.h"
#include "kernel/vf.h"

/* The fault that hits the changing call TEXT, whose number is NOW; each is used up. */
static struct fake_fault fault_take(struct fake_host *host, const char *text, unsigned now)
{
	for (size_t i = 0; i < FAKE_SMALL; i++) {
		struct fake_fault *fault = &host->faults[i];
		if (!fault->armed ||
		    (fault->at ? fault->at != now : strncmp(text, fault->text, strlen(fault->text))))
			continue;
		struct fake_fault taken = *fault;
		fault->armed = !fault->at && --fault->times > 0;
		return taken;
	}
	return (struct fake_fault){ .effect = true };
}

/* A call, and why it failed. */
#define LINE_SIZE 288

static void log_line(struct fake_host *host, const char *text, int r)
{
	size_t used = strlen(host->log);
	if (used + LINE_SIZE > sizeof(host->log))
		fake_fatal("the log is full", text);
	if (r < 0)
		snprintf(host->log + used, LINE_SIZE, "%s = %s\n", text, strerrorname_np(-r));
	else
		snprintf(host->log + used, LINE_SIZE, "%s\n", text);
}

/* Whether TEXT is what comes next in the script. */
static int expect(struct fake_host *host, const char *text)
{
	if (!host->script)
		return 0;
	size_t length = strlen(text);
	if (strncmp(host->script, text, length) == 0 && host->script[length] == '\n') {
		host->script += length + 1;
		return 0;
	}
	size_t used = strlen(host->violations), next = strcspn(host->script, "\n");
	snprintf(host->violations + used, sizeof(host->violations) - used, "'%s', and not '%.*s'\n", text,
		 (int)next, host->script);
	return -EPROTO;
}

int fake_change(struct kernel *kernel, const struct fake_call *call,
		int (*effect)(struct fake_host *host, const struct fake_call *call))
{
	struct fake_host *host = kernel->host;
	FAKE_LOCKED(host);
	if (!kernel->live)
		return -EROFS;
	struct fake_fault fault = fault_take(host, call->text, ++host->changes);
	int r = expect(host, call->text);
	if (r == 0 && fault.effect)
		r = effect(host, call);
	if (r == 0)
		r = -fault.errnum;
	log_line(host, call->text, r);
	/* The lock is left behind as it is: the parent takes it over. */
	if (fault.crash)
		_exit(FAKE_CRASH_STATUS);
	return r;
}

struct fake_device *fake_vf(struct fake_host *host, struct pci_address pf, uint32_t index)
{
	for (size_t i = 0; i < FAKE_DEVICES; i++) {
		struct fake_device *vf = &host->devices[i];
		if (vf->here && vf->pci.is_vf && vf->index == index && pci_compare(vf->pci.pf, pf) == 0)
			return vf;
	}
	return NULL;
}

/* The device whose netdev is IFINDEX, or NULL. */
static struct fake_device *device_at(struct fake_host *host, int ifindex)
{
	const struct fake_netdev *netdev = fake_netdev_at(host, ifindex);
	return netdev ? fake_find(host, netdev->device) : NULL;
}

/* ---- VFs through their PF ---- */

/* What PF tells about VF. */
static struct vf_report report(const struct fake_host *host, const struct fake_device *pf,
			       const struct fake_device *vf)
{
	struct vf_report report = { .index = vf->index };
	for (enum setting i = 0; i <= SETTING_VF_LAST; i++)
		if (!pf->unreported[i] && (fake_driver_of(host, vf)->reports & 1U << i || i == SETTING_PORT))
			report.settings.of[i] = vf->reported[i];
	return report;
}

int vf_list(struct kernel *kernel, int ifindex, struct vf_report **ret, size_t *ret_count,
	    struct kernel_words *words)
{
	FAKE_LOCKED(kernel->host);
	struct fake_device *pf = device_at(kernel->host, ifindex);
	words->s[0] = '\0';
	if (!pf)
		return -ENODEV;
	pf->list_reads++;
	if (pf->list_failures > 0) {
		pf->list_failures--;
		return -pf->list_errnum;
	}
	struct vf_report *all = calloc(pf->pci.num_vfs + 1, sizeof(*all));
	size_t count = 0;
	if (!all)
		return -ENOMEM;
	for (uint32_t i = 0; i < pf->pci.num_vfs; i++) {
		struct fake_device *vf = fake_vf(kernel->host, pf->pci.address, i);
		if (!vf)
			continue;
		unsigned *missing = vf->missing ? &vf->missing : &vf->resetting;
		if (*missing == 0)
			all[count++] = report(kernel->host, pf, vf);
		else
			--*missing;
		fake_port_age(pf, vf);
	}
	*ret = all;
	*ret_count = count;
	return 0;
}

static int do_vf_set(struct fake_host *host, const struct fake_call *call)
{
	const struct fake_device *pf = device_at(host, call->ifindex);
	if (!pf)
		return -ENODEV;
	if (pf->pci.total_vfs == 0)
		return -EOPNOTSUPP;
	struct fake_device *vf = fake_vf(host, pf->pci.address, call->index);
	if (!vf || call->which > SETTING_VF_LAST)
		return -EINVAL;
	if (pf->refused[call->which]) {
		*call->words = pf->refusal;
		return -pf->refused[call->which];
	}
	return fake_vf_set(host, vf, call->which, call->value);
}

/* The device that a netdev belongs to, as text. */
static struct pci_text owner_text(struct fake_host *host, int ifindex)
{
	const struct fake_device *device = device_at(host, ifindex);
	return device ? pci_text(device->pci.address) : (struct pci_text){ "?" };
}

int vf_set(struct kernel *kernel, struct vf_target target, enum setting which, const struct value *value,
	   struct kernel_words *words)
{
	FAKE_LOCKED(kernel->host);
	struct fake_call call = {
		.ifindex = target.ifindex, .index = target.index, .which = which, .value = value, .words = words
	};
	words->s[0] = '\0';
	snprintf(call.text, sizeof(call.text), "vf_set %s vf %u %s %s",
		 owner_text(kernel->host, target.ifindex).s, target.index, setting_key(which),
		 value_show(which, value).s);
	return fake_change(kernel, &call, do_vf_set);
}

int port_set(struct kernel *kernel, struct vf_target target, enum port_request request,
	     const struct port *port, struct kernel_words *words)
{
	FAKE_LOCKED(kernel->host);
	struct value value = value_port(request == PORT_DISASSOCIATE ? (struct port){ 0 } : *port);
	struct fake_call call = { .ifindex = target.ifindex,
				  .index = target.index,
				  .which = SETTING_PORT,
				  .value = &value,
				  .words = words };
	words->s[0] = '\0';
	snprintf(call.text, sizeof(call.text), "port_set %s vf %u %s",
		 owner_text(kernel->host, target.ifindex).s, target.index, value_show(SETTING_PORT, &value).s);
	return fake_change(kernel, &call, do_vf_set);
}

/* ---- netdevs ---- */

static int compare_netdevs(const void *a, const void *b)
{
	return ((const struct netdev *)a)->ifindex - ((const struct netdev *)b)->ifindex;
}

int netdev_list(struct kernel *kernel, struct pci_address address, struct netdev **ret, size_t *ret_count)
{
	FAKE_LOCKED(kernel->host);
	if (!fake_find(kernel->host, address))
		return -ENOENT;
	struct netdev *all = calloc(FAKE_NETDEVS, sizeof(*all));
	size_t count = 0;
	if (!all)
		return -ENOMEM;
	for (size_t i = 0; i < FAKE_NETDEVS; i++) {
		struct fake_netdev *netdev = &kernel->host->netdevs[i];
		if (!netdev->netdev.ifindex || pci_compare(netdev->device, address) != 0)
			continue;
		if (netdev->delay > 0)
			netdev->delay--;
		else if (!netdev->hidden)
			all[count++] = netdev->netdev;
	}
	qsort(all, count, sizeof(*all), compare_netdevs);
	*ret = all;
	*ret_count = count;
	return 0;
}

struct port_id netdev_port_id(struct kernel *kernel, const struct netdev *netdev)
{
	FAKE_LOCKED(kernel->host);
	const struct fake_netdev *found = fake_netdev_at(kernel->host, netdev->ifindex);
	return found ? found->port_id : (struct port_id){ "" };
}

/* The representors of a PF, and its own port where it has any. */
int netdev_switch_ports(struct kernel *kernel, const struct netdev *netdev, struct switch_port **ret,
			size_t *ret_count)
{
	FAKE_LOCKED(kernel->host);
	const struct fake_netdev *own = fake_netdev_at(kernel->host, netdev->ifindex);
	struct switch_port *all = calloc(FAKE_NETDEVS, sizeof(*all));
	size_t count = 0;
	if (!all)
		return -ENOMEM;
	for (size_t i = 0; own && i < FAKE_NETDEVS; i++) {
		const struct fake_netdev *each = &kernel->host->netdevs[i];
		if (!each->netdev.ifindex || pci_compare(each->device, own->device) != 0 ||
		    !each->netdev.phys_port_name[0])
			continue;
		strcpy(all[count].netdev, each->netdev.name);
		strcpy(all[count++].name, each->netdev.phys_port_name);
	}
	*ret = all;
	*ret_count = count;
	return 0;
}

static int do_netdev_set(struct fake_host *host, const struct fake_call *call)
{
	struct fake_netdev *netdev = fake_netdev_at(host, call->ifindex);
	if (!netdev || netdev->hidden)
		return -ENODEV;
	const struct fake_device *device = fake_find(host, netdev->device);
	if (device && device->pci.total_vfs > 0)
		fake_violation(host, "the netdev of a PF is changed", netdev->device);
	return fake_netdev_set(host, netdev, call->which, call->value);
}

int netdev_set(struct kernel *kernel, int ifindex, enum setting which, const struct value *value,
	       struct kernel_words *words)
{
	FAKE_LOCKED(kernel->host);
	struct fake_call call = { .ifindex = ifindex, .which = which, .value = value };
	words->s[0] = '\0';
	snprintf(call.text, sizeof(call.text), "netdev_set %s %s %s", owner_text(kernel->host, ifindex).s,
		 setting_key(which), value_show(which, value).s);
	return fake_change(kernel, &call, do_netdev_set);
}

int netdev_use(struct kernel *kernel, const struct netdev *netdev, struct netdev_use *ret)
{
	FAKE_LOCKED(kernel->host);
	const struct fake_netdev *found = fake_netdev_at(kernel->host, netdev->ifindex);
	if (!found)
		return -ENODEV;
	*ret = found->use;
	return 0;
}

bool netdev_libvirt_state(struct kernel *kernel, const char *pf, uint32_t index)
{
	FAKE_LOCKED(kernel->host);
	for (size_t i = 0; i < FAKE_NETDEVS; i++) {
		const struct fake_netdev *netdev = &kernel->host->netdevs[i];
		if (!netdev->netdev.ifindex || strcmp(netdev->netdev.name, pf) != 0)
			continue;
		const struct fake_device *vf = fake_vf(kernel->host, netdev->device, index);
		return vf && vf->libvirt;
	}
	return false;
}

/* udev, when it gets to a netdev: its rules name it and give it an address. */
static void udev_run(struct fake_host *host, struct fake_netdev *netdev)
{
	const struct fake_device *device = fake_find(host, netdev->device);
	struct value name = value_name(device->udev_name), mac = value_mac(device->udev_mac);
	netdev->udev_pending = false;
	if (name.name[0])
		fake_netdev_set(host, netdev, SETTING_NETDEV_NAME, &name);
	if (!mac_is_zero(mac.mac))
		fake_netdev_set(host, netdev, SETTING_NETDEV_MAC, &mac);
}

bool netdev_udev_settled(struct kernel *kernel, int ifindex)
{
	FAKE_LOCKED(kernel->host);
	struct fake_netdev *netdev = fake_netdev_at(kernel->host, ifindex);
	if (!netdev || !netdev->udev_pending)
		return netdev || !kernel->host->udev;
	if (netdev->udev_reads > 0) {
		netdev->udev_reads--;
		return false;
	}
	udev_run(kernel->host, netdev);
	return true;
}
