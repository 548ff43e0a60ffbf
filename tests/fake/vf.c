/* SPDX-License-Identifier: LGPL-2.1-or-later */

/*
 * What drivers of PFs make of the settings of their VFs. igb is as it was seen in the lab; the others are as their sources
 * have it, and have not been seen on hardware.
 */

#include <errno.h>
#include <string.h>

#include "fake/model.h"

#define BIT(setting) (1U << (setting))
#define BASIC (BIT(SETTING_MAC) | BIT(SETTING_VLAN))
#define COMMON (BASIC | BIT(SETTING_SPOOFCHK) | BIT(SETTING_TRUST) | BIT(SETTING_RATE))
#define ALL_BUT_RSS (COMMON | BIT(SETTING_LINK))
/* What the kernel reports of each VF, whatever its driver says. */
#define ALWAYS (BASIC | BIT(SETTING_LINK) | BIT(SETTING_RATE))

static const struct fake_pf_driver drivers[] = {
	{ .name = "igb", .takes = COMMON, .reports = ALWAYS | COMMON, .zero_mac = true },
	{ .name = "ixgbe",
	  .takes = ALL_BUT_RSS | BIT(SETTING_RSS),
	  .reports = ALL_BUT_RSS | BIT(SETTING_RSS),
	  .zero_mac = true },
	{ .name = "i40e", .takes = ALL_BUT_RSS, .reports = ALL_BUT_RSS, .zero_mac = true, .resets = true },
	{ .name = "ice",
	  .takes = ALL_BUT_RSS,
	  .reports = ALL_BUT_RSS,
	  .zero_mac = true,
	  .service_tags = true,
	  .min_rate = true,
	  .resets = true },
	{ .name = "mlx5_core",
	  .takes = ALL_BUT_RSS,
	  .reports = ALL_BUT_RSS,
	  .zero_mac = true,
	  .min_rate = true,
	  .checks_mac = true },
	{ .name = "mlx4_core",
	  .takes = BASIC | BIT(SETTING_SPOOFCHK) | BIT(SETTING_LINK) | BIT(SETTING_RATE),
	  .reports = ALWAYS | BIT(SETTING_SPOOFCHK),
	  .zero_mac = true,
	  .checks_mac = true,
	  .holds_vlan = true },
	{ .name = "bnxt_en", .takes = ALL_BUT_RSS, .reports = ALL_BUT_RSS, .zero_mac = true, .min_rate = true },
	{ .name = "be2net",
	  .takes = BASIC | BIT(SETTING_SPOOFCHK) | BIT(SETTING_LINK) | BIT(SETTING_RATE),
	  .reports = ALWAYS | BIT(SETTING_SPOOFCHK) },
	/* No driver in particular: one that knows MAC and VLAN and nothing else. */
	{ .name = "plain", .takes = BASIC, .reports = ALWAYS, .zero_mac = true },
};

const struct fake_pf_driver *fake_pf_driver(const char *name)
{
	for (size_t i = 0; i < ARRAY_SIZE(drivers); i++)
		if (strcmp(drivers[i].name, name) == 0)
			return &drivers[i];
	fake_fatal("no such driver of PFs", name);
}

const struct fake_pf_driver *fake_driver_of(const struct fake_host *host, const struct fake_device *vf)
{
	const struct fake_device *pf = fake_find(host, vf->pci.pf);
	return pf && pf->pf_driver ? pf->pf_driver : &drivers[0];
}

void fake_vf_init(struct fake_device *vf)
{
	vf->admin_mac = false;
	vf->resetting = 0;
	vf->reported[SETTING_MAC] = value_mac((struct mac){ 0 });
	vf->reported[SETTING_VLAN] = value_vlan((struct vlan){ .proto = VLAN_PROTO_8021Q });
	vf->reported[SETTING_SPOOFCHK] = value_flag(true);
	vf->reported[SETTING_TRUST] = value_flag(false);
	vf->reported[SETTING_LINK] = value_link(VF_LINK_AUTO);
	vf->reported[SETTING_RATE] = value_rate((struct rate){ 0 });
	vf->reported[SETTING_RSS] = value_flag(false);
}

/* Zero takes the admin MAC back, and an up netdev does not notice until it has been down. */
static int set_mac(struct fake_host *host, struct fake_device *vf, const struct fake_pf_driver *driver,
		   struct mac mac)
{
	const struct fake_netdev *netdev = fake_netdev_of(host, vf);
	bool zero = mac_is_zero(mac);
	if (mac_is_multicast(mac) || (zero && !driver->zero_mac))
		return -EINVAL;
	if (zero && driver->checks_mac && vf->reported[SETTING_SPOOFCHK].flag)
		return -EPERM;
	vf->reported[SETTING_MAC] = value_mac(mac);
	vf->admin_mac = !zero;
	if (zero && netdev && netdev->netdev.up) {
		vf->cut = true;
		fake_violation(host, "its admin MAC is zeroed under an up netdev", vf->pci.address);
	}
	return 0;
}

static int check_vlan(const struct fake_device *vf, const struct fake_pf_driver *driver, struct vlan vlan)
{
	if (vlan.id > VLAN_ID_MAX || vlan.qos > VLAN_QOS_MAX)
		return -EINVAL;
	if (vlan.proto != VLAN_PROTO_8021Q && !driver->service_tags)
		return -EPROTONOSUPPORT;
	return driver->holds_vlan && vf->reported[SETTING_RATE].rate.max ? -EPERM : 0;
}

static int check(const struct fake_device *vf, const struct fake_pf_driver *driver, enum setting which,
		 const struct value *value)
{
	switch (which) {
	case SETTING_VLAN:
		return check_vlan(vf, driver, value->vlan);
	case SETTING_SPOOFCHK:
		return value->flag && driver->checks_mac && !vf->admin_mac ? -EPERM : 0;
	case SETTING_RATE:
		return value->rate.min && !driver->min_rate ? -EINVAL : 0;
	default:
		return 0;
	}
}

/* As enic was read to do it: the end is a request like any other. */
static int set_port(struct fake_host *host, struct fake_device *vf, const struct port *port)
{
	const struct fake_device *pf = fake_find(host, vf->pci.pf);
	struct value *reported = &vf->reported[SETTING_PORT];
	if (!reported->present || port->kind == PORT_KIND_8021QBG)
		return -EOPNOTSUPP;
	if (port->kind == PORT_KIND_8021QBH && !port->profile[0])
		return -EINVAL;
	reported->port = *port;
	vf->port_left = pf ? pf->port_reads : 0;
	reported->port.response = pf && vf->port_left == 0 ? pf->port_answer : PORT_IN_PROGRESS;
	return 0;
}

void fake_port_age(const struct fake_device *pf, struct fake_device *vf)
{
	if (vf->port_left == 0 || vf->port_left == FAKE_NEVER)
		return;
	if (--vf->port_left == 0)
		vf->reported[SETTING_PORT].port.response = pf->port_answer;
}

int fake_vf_set(struct fake_host *host, struct fake_device *vf, enum setting which, const struct value *value)
{
	const struct fake_pf_driver *driver = fake_driver_of(host, vf);
	if (!value->present)
		return -EINVAL;
	if (which == SETTING_PORT)
		return set_port(host, vf, &value->port);
	if (!(driver->takes & BIT(which)))
		return -EOPNOTSUPP;
	if (vf->resetting > 0) {
		vf->resetting--;
		return -EAGAIN;
	}
	int r = which == SETTING_MAC ? set_mac(host, vf, driver, value->mac) : check(vf, driver, which, value);
	if (r < 0)
		return r;
	if (which != SETTING_MAC)
		vf->reported[which] = *value;
	if (driver->resets && setting_is_guarded(which))
		vf->resetting = 2;
	return 0;
}
