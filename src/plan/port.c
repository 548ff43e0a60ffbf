/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "plan/port.h"

#include <stddef.h>
#include <string.h>

#include "base/report.h"
#include "facts/facts.h"
#include "model/document.h"
#include "plan/derive.h"
#include "plan/plan.h"
#include "types/port.h"

static void check_instance(const struct prepare_request *request, const struct device_facts *device,
			   struct reports *reports)
{
	struct pci_text name = pci_text(device->address);
	if (request->document->has_uuid || (request->guest && request->machine_id))
		return;
	report_hint(report_error(reports, REPORT_USAGE, name.s,
				 "the switch cannot be told which guest gets %s: the document has no <uuid>, and none "
				 "can be derived: %s",
				 name.s,
				 request->guest ? "this host has no /etc/machine-id" : "the guest has no name"),
		    "give the <domain> a <uuid>");
}

void port_check(const struct prepare_request *request, const struct device_facts *device,
		const struct interface *interface, struct reports *reports)
{
	enum port_kind kind = port_kind_by_name(interface->virtualport);
	if (kind == PORT_KIND_NONE)
		return;
	check_instance(request, device, reports);
	if (kind == PORT_KIND_8021QBG || !device->report || device->settings.of[SETTING_PORT].present)
		return;
	struct pci_text name = pci_text(device->address), pf = pci_text(device->pf->device.address);
	report_hint(report_error(reports, REPORT_CONFIG_UNSUPPORTED, name.s,
				 "driver %s of PF %s cannot ask a switch for port profiles, as <virtualport type='%s'> "
				 "wants for %s",
				 device->pf->device.driver, pf.s, interface->virtualport, name.s),
		    "use a card whose driver can (enic), or remove the <virtualport>");
}

/* Which guest it is: the domain's UUID, or one that its name always gets on this machine. */
static struct uuid guest_id(const struct prepare_request *request)
{
	return request->document->has_uuid ? request->document->uuid :
					     uuid_derive(*request->machine_id, "guest", request->guest);
}

/* Which host it is. The machine id itself is not for others to see. All zero when there is neither id. */
static struct uuid host_id(const struct prepare_request *request)
{
	static const struct uuid none = { { 0 } };
	if (request->firmware_id)
		return *request->firmware_id;
	return request->machine_id ? uuid_derive(*request->machine_id, "host", "") : none;
}

struct value port_wanted(const struct prepare_request *request, const struct interface *interface)
{
	struct port port = { .kind = port_kind_by_name(interface->virtualport) };
	if (port.kind == PORT_KIND_NONE)
		return (struct value){ 0 };
	const char *profile = interface->profile.profile_id;
	port.instance = guest_id(request);
	port.host = host_id(request);
	if (profile && strlen(profile) < sizeof(port.profile))
		memcpy(port.profile, profile, strlen(profile));
	return value_port(port);
}
