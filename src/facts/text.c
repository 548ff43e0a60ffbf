/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "facts/facts.h"

static void settings_write(const struct settings *settings, FILE *to)
{
	for (enum setting setting = 0; setting < SETTING_COUNT; setting++)
		if (settings->of[setting].present)
			fprintf(to, "  %s: %s\n", setting_key(setting),
				value_show(setting, &settings->of[setting]).s);
}

static void pf_write(const struct pf_facts *pf, FILE *to)
{
	fprintf(to, "pf %s driver %s netdev %s %s vfs %u of %u%s\n", pci_text(pf->device.address).s,
		pf->device.driver, pf->netdev.ifindex ? pf->netdev.name : "-", pf->netdev.up ? "up" : "down",
		pf->device.num_vfs, pf->device.total_vfs, pf->switchdev ? " switchdev" : "");
}

static void device_write(const struct device_facts *device, FILE *to)
{
	fprintf(to, "device %s", pci_text(device->address).s);
	if (!device->exists) {
		fprintf(to, " missing\n");
		return;
	}
	if (device->pf)
		fprintf(to, " vf %u of %s", device->vf_index, pci_text(device->pf->device.address).s);
	fprintf(to, " class %06x group %d%s%s\n", device->device.class, device->device.iommu_group,
		device->device.noiommu ? " noiommu" :
		device->device.vfio    ? " vfio" :
					 "",
		device->held ? " held" : "");
	settings_write(&device->settings, to);
	if (device->representor)
		fprintf(to, "  representor: %s\n", device->representor);
	for (size_t i = 0; i < device->group_count; i++)
		fprintf(to, "  group member %s driver %s\n", pci_text(device->group[i].address).s,
			device->group[i].driver[0] ? device->group[i].driver : "none");
}

void facts_write(const struct facts *facts, FILE *to)
{
	fprintf(to, "iommu %s%s\n", facts->has_iommu ? "yes" : "no", facts->groupless ? " groupless" : "");
	for (size_t i = 0; i < facts->pf_count; i++)
		pf_write(facts->pfs[i], to);
	for (size_t i = 0; i < facts->device_count; i++)
		device_write(&facts->devices[i], to);
}
