/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* What an interface gets from its network: libvirt's rules. */

#include <errno.h>
#include <inttypes.h>

#include "model/merge.h"
#include "rows.h"

#define UUID_1 "09b11c53-8b5c-4eeb-8f00-d84eaa0aaa4f"
#define UUID_2 "19b11c53-8b5c-4eeb-8f00-d84eaa0aaa4f"

struct merge_row {
	const char *interface; /* attributes and children of <interface type='network'> and its <source> */
	const char *network;   /* children of the <network> */
	const char *merged;    /* or all errors */
};

static void print_rates(FILE *stream, const char *name, const struct rates *rates)
{
	if (rates && (rates->average || rates->floor))
		fprintf(stream, " %s %" PRIu64 "/%" PRIu64 "/%" PRIu64 "/%" PRIu64, name, rates->average,
			rates->peak, rates->floor, rates->burst);
}

static void print_number(FILE *stream, const char *name, struct number number)
{
	if (number.present)
		fprintf(stream, " %s %" PRIu64, name, number.value);
}

static void print_uuid(FILE *stream, const char *name, struct uuid_value value)
{
	if (value.present)
		fprintf(stream, " %s %s", name, uuid_text(value.uuid).s);
}

static void print_merged(FILE *stream, const struct merged *merged)
{
	const struct port_profile *profile = &merged->profile;
	for (size_t i = 0; merged->vlan && i < merged->vlan->count; i++)
		fprintf(stream, " vlan %" PRIu64, merged->vlan->items[i].id.value);
	print_rates(stream, "in", merged->inbound);
	print_rates(stream, "out", merged->outbound);
	print_number(stream, "trust", merged->trust_filters);
	print_number(stream, "isolated", merged->isolated);
	if (merged->virtualport)
		fprintf(stream, " %s", merged->virtualport);
	print_number(stream, "managerid", profile->manager_id);
	print_number(stream, "typeid", profile->type_id);
	print_number(stream, "typeidversion", profile->type_version);
	print_uuid(stream, "instanceid", profile->instance_id);
	print_uuid(stream, "interfaceid", profile->interface_id);
	if (profile->profile_id)
		fprintf(stream, " profileid %s", profile->profile_id);
}

/* What comes of ROW, as text in new memory. */
static char *merged_text(const struct merge_row *row)
{
	char *xml[2] = { NULL }, *text = NULL;
	size_t size = 0;
	assert_true(asprintf(&xml[0], "<interface type='network' %s</interface>", row->interface) > 0);
	assert_true(asprintf(&xml[1], "<network><name>n</name><forward mode='hostdev'/>%s</network>",
			     row->network) > 0);
	struct parsed parsed[2] = { parse_for(xml[0], PURPOSE_DEFINE), parse_for(xml[1], PURPOSE_DEFINE) };
	if (!parsed[0].document || !parsed[1].document)
		print_error("%s\n%s\n", parsed_text(&parsed[0]), parsed_text(&parsed[1]));
	assert_non_null(parsed[0].document);
	assert_non_null(parsed[1].document);
	const struct network *network = parsed[1].document->network;
	const struct interface *interface = parsed[0].document->pool_interfaces;
	struct merge merge = { interface, network, network_portgroup(network, interface->pool.portgroup), "o" };
	struct merged merged = { 0 };
	struct parsed found = { 0 };
	found.result = merge_settings(&merge, &merged, &found.reports);
	assert_int_equal(found.result, found.reports.errors ? -EINVAL : 0);
	FILE *stream = open_memstream(&text, &size);
	assert_non_null(stream);
	print_merged(stream, &merged);
	fclose(stream);
	if (found.reports.errors) {
		assert_string_equal(text, "");
		free(text);
		text = parsed_text(&found);
	}
	parsed_done(&found);
	for (size_t i = 0; i < 2; i++) {
		parsed_done(&parsed[i]);
		free(xml[i]);
	}
	return text;
}

static void check_merged(const struct merge_row *rows, size_t count)
{
	size_t wrong = 0;
	for (size_t i = 0; i < count; i++) {
		char *text = merged_text(&rows[i]);
		wrong += differs(rows[i].interface, rows[i].merged, text);
		free(text);
	}
	assert_int_equal(wrong, 0);
}

#define MERGED(rows) check_merged(rows, sizeof(rows) / sizeof((rows)[0]))

#define OF(x) "><source network='n'/>" x
#define OF_GROUP(x) "><source network='n' portgroup='g'/>" x
#define GROUP(x) "<portgroup name='g'>" x "</portgroup>"
#define TAG(id) "<vlan><tag id='" id "'/></vlan>"
#define PORT(type, parameters) "<virtualport type='" type "'><parameters " parameters "/></virtualport>"
#define LOOSE(parameters) "<virtualport><parameters " parameters "/></virtualport>"

static void test_settings(void **state)
{
	static const struct merge_row rows[] = {
		{ OF(""), "", "" },
		/* The interface's own, its portgroup's, the network's; a portgroup that does not exist is none. */
		{ OF_GROUP(TAG("1")), TAG("3") GROUP(TAG("2")), " vlan 1" },
		{ OF_GROUP(""), TAG("3") GROUP(TAG("2")), " vlan 2" },
		{ OF_GROUP(""), TAG("3") GROUP(""), " vlan 3" },
		{ OF_GROUP(""), TAG("3") "<portgroup name='h'>" TAG("2") "</portgroup>", " vlan 3" },
		{ OF(""), TAG("3") GROUP(TAG("2")), " vlan 3" },
		{ OF(""), TAG("3") "<portgroup name='g' default='yes'>" TAG("2") "</portgroup>", " vlan 2" },
		{ OF_GROUP(""), GROUP(TAG("4")) "<portgroup name='h' default='yes'>" TAG("2") "</portgroup>",
		  " vlan 4" },
		{ "><source network='n' portgroup='x'/>",
		  TAG("3") "<portgroup name='g' default='yes'>" TAG("2") "</portgroup>", " vlan 3" },
		{ OF("<vlan><tag id='7'/><tag id='8'/></vlan>"), TAG("3"), " vlan 7 vlan 8" },
		{ OF(TAG("0")), TAG("3"), " vlan 0" },
		{ OF("<bandwidth><inbound average='1' peak='2' floor='3' burst='4'/></bandwidth>"), "",
		  " in 1/2/3/4" },
		{ OF("<bandwidth><outbound average='5'/></bandwidth>"), "", " out 5/0/0/0" },
		{ " trustGuestRxFilters='no'" OF_GROUP(""), "<portgroup name='g' trustGuestRxFilters='yes'/>",
		  " trust 0" },
		{ OF_GROUP(""), "<portgroup name='g' trustGuestRxFilters='yes'/>", " trust 1" },
		{ OF("<port isolated='no'/>"), "<port isolated='yes'/>", " isolated 0" },
		{ OF(""), "<port isolated='yes'/>", " isolated 1" },
	};
	MERGED(rows);
}

/* The network's own attribute has no place in the rows. */
static void test_trust_of_network(void **state)
{
	static const char interface_xml[] = "<interface type='network'><source network='n'/></interface>";
	static const char network_xml[] =
		"<network trustGuestRxFilters='yes'><name>n</name><forward mode='hostdev'/></network>";
	struct parsed interface = parse_for(interface_xml, PURPOSE_DEFINE);
	struct parsed network = parse_for(network_xml, PURPOSE_DEFINE);
	struct merge merge = { interface.document->pool_interfaces, network.document->network, NULL, "o" };
	struct merged merged;
	assert_int_equal(merge_settings(&merge, &merged, &network.reports), 0);
	assert_true(merged.trust_filters.present && merged.trust_filters.value);
	parsed_done(&interface);
	parsed_done(&network);
}

static void test_virtualport(void **state)
{
	static const struct merge_row rows[] = {
		{ OF(PORT("802.1Qbh", "profileid='a'")), "", " 802.1Qbh profileid a" },
		{ OF("<virtualport/>"), PORT("802.1Qbh", "profileid='a'"), " 802.1Qbh profileid a" },
		{ OF(""), PORT("802.1Qbh", "profileid='a'"), " 802.1Qbh profileid a" },
		{ OF_GROUP(""), GROUP(PORT("802.1Qbh", "profileid='a'")), " 802.1Qbh profileid a" },
		{ OF_GROUP(LOOSE("managerid='1'")),
		  PORT("802.1Qbg", "typeid='2'") GROUP(LOOSE("typeidversion='3'")),
		  " 802.1Qbg managerid 1 typeid 2 typeidversion 3" },
		{ OF(PORT("802.1Qbg", "instanceid='" UUID_1 "'")), PORT("802.1Qbg", "managerid='0'"),
		  " 802.1Qbg managerid 0 instanceid " UUID_1 },
		/* Equal is no contradiction. */
		{ OF_GROUP(PORT("802.1Qbg", "managerid='1' instanceid='" UUID_1 "'")),
		  PORT("802.1Qbg", "managerid='1'") GROUP(PORT("802.1Qbg", "instanceid='" UUID_1 "'")),
		  " 802.1Qbg managerid 1 instanceid " UUID_1 },
		/* What the type does not have is not taken. */
		{ OF_GROUP(PORT("802.1Qbh", "")), GROUP(LOOSE("managerid='1' profileid='a'")),
		  " 802.1Qbh profileid a" },
		{ OF_GROUP(PORT("openvswitch", "")),
		  GROUP(LOOSE("managerid='1' interfaceid='" UUID_1 "' profileid='a'")),
		  " openvswitch interfaceid " UUID_1 " profileid a" },
		{ OF(PORT("midonet", "")), PORT("midonet", "interfaceid='" UUID_1 "'"), " midonet" },
		/* Without any type nothing is merged. */
		{ OF_GROUP(LOOSE("managerid='1'")), GROUP(LOOSE("typeid='2'")), " managerid 1" },
		{ OF_GROUP(""), GROUP(LOOSE("typeid='2'")), "" },
	};
	MERGED(rows);
}

#define MISMATCH "error xml o: attempt to merge virtualports with mismatched "

static void test_mismatch(void **state)
{
	static const struct merge_row rows[] = {
		{ OF(PORT("802.1Qbh", "profileid='a'")), PORT("802.1Qbg", ""),
		  MISMATCH "types (802.1Qbh and 802.1Qbg)" },
		{ OF_GROUP(""), PORT("802.1Qbg", "") GROUP(PORT("802.1Qbh", "")),
		  MISMATCH "types (802.1Qbg and 802.1Qbh)" },
		{ OF(LOOSE("managerid='1'")), PORT("802.1Qbg", "managerid='0x10'"),
		  MISMATCH "managerids (1 and 16)" },
		{ OF(LOOSE("typeid='1'")), PORT("802.1Qbg", "typeid='2'"), MISMATCH "typeids (1 and 2)" },
		{ OF(LOOSE("typeidversion='1'")), PORT("802.1Qbg", "typeidversion='2'"),
		  MISMATCH "typeidversions (1 and 2)" },
		{ OF(LOOSE("instanceid='" UUID_1 "'")), PORT("802.1Qbg", "instanceid='" UUID_2 "'"),
		  MISMATCH "instanceids ('" UUID_1 "' and '" UUID_2 "')" },
		{ OF(LOOSE("interfaceid='" UUID_1 "'")), PORT("openvswitch", "interfaceid='" UUID_2 "'"),
		  MISMATCH "interfaceids ('" UUID_1 "' and '" UUID_2 "')" },
		{ OF_GROUP(""), PORT("802.1Qbh", "profileid='a'") GROUP(LOOSE("profileid='b'")),
		  MISMATCH "profileids ('a' and 'b')" },
		{ OF(LOOSE("managerid='1' typeid='2'")), PORT("802.1Qbg", "managerid='3' typeid='4'"),
		  MISMATCH "managerids (1 and 3)\n" MISMATCH "typeids (2 and 4)" },
	};
	MERGED(rows);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_settings),
		cmocka_unit_test(test_trust_of_network),
		cmocka_unit_test(test_virtualport),
		cmocka_unit_test(test_mismatch),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
