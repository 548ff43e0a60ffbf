/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* What doctor looks at on the host as a whole. */

#include <errno.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/text.h"
#include "facts/facts.h"
#include "kernel/host.h"
#include "kernel/module.h"
#include "lib/doctor.h"

#define DRIVER "vfio-pci"

/* IOMMUs by how the kernel calls them, and how processors with such a one are told to use it. */
static const struct {
	const char *prefix;
	const char *cpu;
	const char *words;
	const char *fix;
} iommus[] = {
	{ "dmar", "GenuineIntel", "VT-d", "enable VT-d in the firmware, and boot with intel_iommu=on" },
	{ "ivhd", "AuthenticAMD", "AMD-Vi",
	  "enable the IOMMU (AMD-Vi) in the firmware, and boot without amd_iommu=off" },
	{ "smmu", "", "SMMU", "" },
};

int doctor_look(struct doctor *doctor, struct kernel *kernel, struct reports *reports)
{
	doctor->kernel = kernel;
	doctor->live = kernel_is_live(kernel);
	doctor->host = calloc(1, sizeof(*doctor->host));
	int r = doctor->host ? facts_read_host(kernel, FACTS_USE | FACTS_SEEN, &doctor->facts) : -ENOMEM;
	if (r == 0)
		host_read(kernel, doctor->host);
	else
		report_cause(report_error(reports, REPORT_HOST, NULL, "cannot read the host's devices"), r,
			     NULL);
	return r;
}

void doctor_done(struct doctor *doctor)
{
	facts_free(doctor->facts);
	free(doctor->host);
	reports_done(&doctor->plan);
}

void doctor_iommu(const struct doctor *doctor, struct reports *reports)
{
	const struct host *host = doctor->host;
	const char *words = host->iommu;
	const char *fix = "enable VT-d or AMD-Vi in the firmware, and boot with intel_iommu=on or amd_iommu=on";
	for (size_t i = 0; i < ARRAY_SIZE(iommus); i++) {
		if (strncmp(host->iommu, iommus[i].prefix, strlen(iommus[i].prefix)) == 0)
			words = iommus[i].words;
		if (host->cpu[0] && strcmp(host->cpu, iommus[i].cpu) == 0)
			fix = iommus[i].fix;
	}
	if (doctor->facts->has_iommu)
		report_note(reports, NULL, "an IOMMU is on%s%s", words[0] ? ": " : "", words);
	else
		report_hint(report_error(reports, REPORT_HOST_UNREADY, NULL,
					 "no IOMMU is on: no device can be isolated from the host's memory"),
			    "%s", fix);
}

void doctor_noiommu(const struct doctor *doctor, struct reports *reports)
{
	if (doctor->host->noiommu)
		report_hint(report_warning(reports, REPORT_HOST_UNREADY, NULL,
					   "VFIO also gives out devices without an IOMMU: their users can reach all memory"),
			    "echo N > /sys/module/vfio/parameters/enable_unsafe_noiommu_mode");
}

/* Whether an earlier device is in the group of device INDEX. */
static bool is_told(const struct facts *facts, size_t index)
{
	for (size_t i = 0; i < index; i++)
		if (facts->devices[i].device.iommu_group == facts->devices[index].device.iommu_group)
			return true;
	return false;
}

void doctor_acs(const struct doctor *doctor, struct reports *reports)
{
	const struct facts *facts = doctor->facts;
	for (size_t i = 0; i < facts->device_count; i++) {
		const struct device_facts *device = &facts->devices[i];
		struct text_list others = { 0 };
		for (size_t k = 0; k < device->group_count; k++)
			if (device->group[k].class >> 16 != PCI_CLASS_BRIDGE)
				text_list_add(&others, "%s", pci_text(device->group[k].address).s);
		cleanup_free char *text = others.text;
		if (others.count == 0 || is_told(facts, i))
			continue;
		report_hint(report_warning(reports, REPORT_HOST_UNREADY, pci_text(device->address).s,
					   "%s is not alone in IOMMU group %d, and can only go to a guest together "
					   "with: %s",
					   pci_text(device->address).s, device->device.iommu_group,
					   text ? text : "others"),
			    "put the card behind a port with ACS (lspci -vv shows which have it)");
	}
}

void doctor_module(const struct doctor *doctor, struct reports *reports)
{
	int r = module_find_driver(doctor->kernel, DRIVER);
	if (r == 0)
		report_note(reports, DRIVER, "driver " DRIVER " is there");
	else if (r > 0)
		report_note(reports, DRIVER, "driver " DRIVER " will be loaded when it is needed");
	else if (r == -EPERM)
		report_hint(report_error(reports, REPORT_DENIED, DRIVER,
					 "module " DRIVER " is on modprobe's blacklist"),
			    "find it with: modprobe -c | grep '^blacklist vfio'; or modprobe " DRIVER);
	else if (r != -EROFS)
		report_hint(report_cause(report_error(reports, REPORT_HOST_UNREADY, DRIVER,
						      "there is no module " DRIVER " for this kernel"),
					 r == -ENOENT ? 0 : r, NULL),
			    "install the kernel's package of modules, or build it with CONFIG_VFIO_PCI");
}

void doctor_node(const struct doctor *doctor, struct reports *reports)
{
	static const char node[] = "/dev/vfio/vfio";
	if (doctor->host->node == HOST_NODE_USABLE)
		report_note(reports, node, "%s can be opened", node);
	else if (doctor->host->node == HOST_NODE_DENIED)
		report_hint(report_warning(reports, REPORT_DENIED, node, "%s cannot be opened by this user",
					   node),
			    "chmod 666 %s: it gives access to no device", node);
}

void doctor_sriov(const struct doctor *doctor, struct reports *reports)
{
	if (doctor->facts->pf_count)
		report_note(reports, NULL, "network cards with SR-IOV: %zu PF(s)", doctor->facts->pf_count);
	else
		report_hint(report_error(reports, REPORT_DEVICE_MISSING, NULL,
					 "there is no network card with SR-IOV that can be seen from here"),
			    "enable SR-IOV in the firmware, and look at: lspci -vv | grep -i 'Single Root'");
}

static bool has_vfs(const struct facts *facts, const struct pf_facts *pf)
{
	for (size_t i = 0; i < facts->device_count; i++)
		if (facts->devices[i].pf == pf)
			return true;
	return false;
}

void doctor_vfs(const struct doctor *doctor, struct reports *reports)
{
	const struct facts *facts = doctor->facts;
	if (facts->device_count)
		report_note(reports, NULL, "there are %zu VF(s)", facts->device_count);
	for (size_t i = 0; i < facts->pf_count; i++) {
		const struct pci_device *pf = &facts->pfs[i]->device;
		struct pci_text name = pci_text(pf->address);
		/* A document needs the VFs that it names; a PF without any is then beside the point. */
		if (has_vfs(facts, facts->pfs[i]) || (doctor->document && facts->device_count))
			continue;
		__typeof__(report_error) *tell = facts->device_count ? report_warning : report_error;
		report_hint(tell(reports, REPORT_DEVICE_MISSING, name.s, "PF %s has no VFs", name.s),
			    "echo %u > /sys/bus/pci/devices/%s/sriov_numvfs", pf->total_vfs, name.s);
	}
}
