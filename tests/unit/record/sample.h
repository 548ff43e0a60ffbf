/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/* Records to write and to compare. */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "plan/record.h"

static inline struct pci_address address(const char *text)
{
	struct pci_address parsed;
	assert_int_equal(pci_parse(text, &parsed), 0);
	return parsed;
}

/* A record with a value for each setting; its guest is GUEST. */
static inline struct record sample(const char *at, char *guest)
{
	struct record record = {
		.address = address(at),
		.inode = 0xfedcba9876543210,
		.boot_id = { { 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16 } },
		.assignment = { { 0xaa, [15] = 0x55 } },
		.leader = address("0000:01:10.0"),
		.guest = guest,
		.pf = address("10000:e1:00.1"),
		.vf_index = 255,
		.iommu_group = 47,
	};
	struct value *before = record.before.of, *after = record.after.of;
	before[SETTING_MAC] = value_mac((struct mac){ { 0x02, 0, 0, 0, 0, 9 } });
	before[SETTING_VLAN] = value_vlan((struct vlan){ 4094, 7, VLAN_PROTO_8021AD });
	before[SETTING_OVERRIDE] = value_name("");
	before[SETTING_DRIVER] = value_name("mlx5_core-2");
	before[SETTING_NETDEV_MAC] = value_mac((struct mac){ { 0x02, 0, 0, 0, 0, 8 } });
	before[SETTING_NETDEV_MTU] = value_number(9000);
	before[SETTING_NETDEV_NAME] = value_name("a\"b\\c/\xc3\xa9");
	before[SETTING_NETDEV_UP] = value_flag(true);
	after[SETTING_MAC] = value_mac((struct mac){ { 0x52, 0x54, 0, 0, 0, 1 } });
	after[SETTING_VLAN] = value_vlan((struct vlan){ 0, 0, VLAN_PROTO_8021Q });
	after[SETTING_DRIVER] = value_name("vfio-pci");
	return record;
}

static inline void assert_settings_equal(const struct settings *a, const struct settings *b)
{
	for (enum setting setting = 0; setting < SETTING_COUNT; setting++)
		if (!value_equal(setting, &a->of[setting], &b->of[setting]))
			fail_msg("%s is %s, not %s", setting_key(setting),
				 value_show(setting, &a->of[setting]).s,
				 value_show(setting, &b->of[setting]).s);
}

/* All but what happened to them. */
static inline void assert_same_head(const struct record *a, const struct record *b)
{
	assert_int_equal(pci_compare(a->address, b->address), 0);
	assert_int_equal(pci_compare(a->leader, b->leader), 0);
	assert_int_equal(pci_compare(a->pf, b->pf), 0);
	assert_true(a->inode == b->inode);
	assert_true(uuid_equal(a->boot_id, b->boot_id));
	assert_true(uuid_equal(a->assignment, b->assignment));
	assert_string_equal(a->guest, b->guest);
	assert_int_equal(a->vf_index, b->vf_index);
	assert_int_equal(a->iommu_group, b->iommu_group);
	assert_settings_equal(&a->before, &b->before);
	assert_settings_equal(&a->after, &b->after);
}
