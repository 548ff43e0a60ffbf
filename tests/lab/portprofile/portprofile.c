/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Lends a network driver port profiles (802.1Qbh), which of all drivers in Linux only enic has: so that the real
 * rtnetlink can be spoken with in the virtual host, whose card has none. It behaves as enic was read to behave: a port
 * that was never asked for anything is not reported; the end takes the profile away, and is reported as the last request.
 */
#include <linux/if_link.h>
#include <linux/jiffies.h>
#include <linux/module.h>
#include <linux/netdevice.h>
#include <linux/rtnetlink.h>
#include <net/netlink.h>

#define PORTS 64

static char *pf = "pf0";
module_param(pf, charp, 0444);
MODULE_PARM_DESC(pf, "the network device that gets port profiles");

static ushort answer = PORT_PROFILE_RESPONSE_SUCCESS;
module_param(answer, ushort, 0644);
MODULE_PARM_DESC(answer, "response to an association, once it is there");

static uint delay;
module_param(delay, uint, 0644);
MODULE_PARM_DESC(delay, "milliseconds for which an association is in progress");

static ushort end_answer = PORT_PROFILE_RESPONSE_SUCCESS;
module_param(end_answer, ushort, 0644);
MODULE_PARM_DESC(end_answer, "response to the end of an association, once it is there");

static uint end_delay;
module_param(end_delay, uint, 0644);
MODULE_PARM_DESC(end_delay, "milliseconds for which the end is in progress");

static int error;
module_param(error, int, 0644);
MODULE_PARM_DESC(error, "errno with which requests are refused, 0: they are taken");

static struct {
	bool asked;
	u8 request;
	char profile[PORT_PROFILE_MAX];
	u8 instance[PORT_UUID_MAX];
	u8 host[PORT_UUID_MAX];
	u16 answer;
	unsigned long ready; /* in jiffies */
} ports[PORTS];

static int set_vf_port(struct net_device *dev, int vf, struct nlattr *port[])
{
	bool end;

	if (vf < 0 || vf >= PORTS || !port[IFLA_PORT_REQUEST])
		return -EINVAL;
	end = nla_get_u8(port[IFLA_PORT_REQUEST]) == PORT_REQUEST_DISASSOCIATE;
	/* As enic has it: exactly as long as a profile can be. */
	if (port[IFLA_PORT_PROFILE] && nla_len(port[IFLA_PORT_PROFILE]) != PORT_PROFILE_MAX)
		return -EINVAL;
	if (!end && (!port[IFLA_PORT_PROFILE] || !port[IFLA_PORT_INSTANCE_UUID]))
		return -EINVAL;
	if (error && !end)
		return -error;
	memset(&ports[vf], 0, sizeof(ports[vf]));
	ports[vf].asked = true;
	ports[vf].request = nla_get_u8(port[IFLA_PORT_REQUEST]);
	if (port[IFLA_PORT_PROFILE])
		memcpy(ports[vf].profile, nla_data(port[IFLA_PORT_PROFILE]), PORT_PROFILE_MAX);
	if (port[IFLA_PORT_INSTANCE_UUID])
		memcpy(ports[vf].instance, nla_data(port[IFLA_PORT_INSTANCE_UUID]), PORT_UUID_MAX);
	if (port[IFLA_PORT_HOST_UUID])
		memcpy(ports[vf].host, nla_data(port[IFLA_PORT_HOST_UUID]), PORT_UUID_MAX);
	ports[vf].answer = end ? end_answer : answer;
	ports[vf].ready = jiffies + msecs_to_jiffies(end ? end_delay : delay);
	pr_info("portprofile: vf %d request %u profile %.40s instance %pUb host %pUb\n", vf,
		ports[vf].request, ports[vf].profile, ports[vf].instance, ports[vf].host);
	return 0;
}

static int get_vf_port(struct net_device *dev, int vf, struct sk_buff *skb)
{
	u16 response;

	if (vf < 0 || vf >= PORTS || !ports[vf].asked)
		return -ENODATA;
	response = time_before(jiffies, ports[vf].ready) ? PORT_PROFILE_RESPONSE_INPROGRESS : ports[vf].answer;
	/* The request in two bytes, as enic has it. */
	if (nla_put_u16(skb, IFLA_PORT_REQUEST, ports[vf].request) ||
	    nla_put_u16(skb, IFLA_PORT_RESPONSE, response))
		return -EMSGSIZE;
	if (!ports[vf].profile[0])
		return 0;
	if (nla_put(skb, IFLA_PORT_PROFILE, PORT_PROFILE_MAX, ports[vf].profile) ||
	    nla_put(skb, IFLA_PORT_INSTANCE_UUID, PORT_UUID_MAX, ports[vf].instance) ||
	    nla_put(skb, IFLA_PORT_HOST_UUID, PORT_UUID_MAX, ports[vf].host))
		return -EMSGSIZE;
	return 0;
}

static struct net_device *device;
static const struct net_device_ops *own_ops;
static struct net_device_ops lent_ops;

static int __init portprofile_init(void)
{
	device = dev_get_by_name(&init_net, pf);
	if (!device)
		return -ENODEV;
	rtnl_lock();
	own_ops = device->netdev_ops;
	lent_ops = *own_ops;
	lent_ops.ndo_set_vf_port = set_vf_port;
	lent_ops.ndo_get_vf_port = get_vf_port;
	device->netdev_ops = &lent_ops;
	rtnl_unlock();
	return 0;
}

static void __exit portprofile_exit(void)
{
	rtnl_lock();
	device->netdev_ops = own_ops;
	rtnl_unlock();
	dev_put(device);
}

module_init(portprofile_init);
module_exit(portprofile_exit);
MODULE_DESCRIPTION("Port profiles for a network device without them: for tests");
MODULE_LICENSE("GPL");
