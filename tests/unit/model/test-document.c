/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* Documents that are accepted: what they become. */

#include "parse.h"

#include <errno.h>

static struct parsed parse_good(const char *xml)
{
	struct parsed parsed = parse(xml, true);
	char *text = parsed_text(&parsed);
	assert_string_equal(text, "");
	free(text);
	assert_non_null(parsed.document);
	return parsed;
}

static const char full[] =
	"<?xml version='1.0' encoding='utf-8'?>\n"
	"<domain type='kvm' id='7'>\n"
	"  <name>guest &amp; co</name>\n"
	"  <uuid> C7A5FDBD-cdaf-9455-926a-d65c16db1809\n</uuid>\n"
	"  <memory unit='MiB' dumpCore='off'>2048</memory>\n"
	"  <currentMemory>1</currentMemory>\n"
	"  <os firmware='efi'><type arch='x86_64' machine='pc-q35-7.2'>hvm</type></os>\n"
	"  <devices>\n"
	"    <emulator>/usr/bin/qemu-system-x86_64</emulator>\n"
	"    <interface type='hostdev' managed='yes'>\n"
	"      <address type='pci' domain='0x0000' bus='0x00' slot='0x07' function='0x0' multifunction='on'/>\n"
	"      <mac address='00:11:22:33:44:55' type='static' check='no'/>\n"
	"      <driver name='vfio' model='vfio_pci-x'/>\n"
	"      <source>\n"
	"        <address type='pci' domain='65537' bus='0xAf' slot='037' function='7'/>\n"
	"      </source>\n"
	"      <vlan><tag id='42'/></vlan>\n"
	"      <boot order='3'/>\n"
	"      <alias name='ua-net_0-A'/>\n"
	"      <rom enabled='yes' bar='off' file='/roms/&lt;x&gt;.rom'/>\n"
	"    </interface>\n"
	"  </devices>\n"
	"</domain>\n";

static void test_domain(void **state)
{
	struct parsed parsed = parse_good(full);
	const struct document *d = parsed.document;
	assert_string_equal(d->file, "f");
	assert_string_equal(d->name, "guest & co");
	assert_true(d->has_uuid);
	assert_string_equal(uuid_text(d->uuid).s, "c7a5fdbd-cdaf-9455-926a-d65c16db1809");
	assert_true(d->has_memory);
	assert_int_equal(d->memory, UINT64_C(2048) << 20);
	assert_string_equal(d->machine, "pc-q35-7.2");
	assert_int_equal(d->interface_count, 1);
	parsed_done(&parsed);
}

static void test_interface(void **state)
{
	struct parsed parsed = parse_good(full);
	const struct interface *i = &parsed.document->interfaces[0];
	assert_int_equal(i->position.line, 11);
	assert_int_equal(i->position.column, 5);
	assert_int_equal(i->source, SOURCE_PCI);
	assert_string_equal(pci_text(i->host).s, "10001:af:1f.7");
	assert_true(i->managed);
	assert_true(i->settings.of[SETTING_MAC].present);
	assert_string_equal(mac_text(i->settings.of[SETTING_MAC].mac).s, "00:11:22:33:44:55");
	assert_true(i->settings.of[SETTING_VLAN].present);
	assert_int_equal(i->settings.of[SETTING_VLAN].vlan.id, 42);
	assert_int_equal(i->settings.of[SETTING_VLAN].vlan.qos, 0);
	assert_int_equal(i->settings.of[SETTING_VLAN].vlan.proto, VLAN_PROTO_8021Q);
	assert_string_equal(i->driver_model, "vfio_pci-x");
	assert_null(i->virtualport);
	assert_string_equal(i->alias, "ua-net_0-A");
	assert_int_equal(i->boot_order, 3);
	assert_true(i->rom.has_enabled && i->rom.enabled);
	assert_true(i->rom.has_bar && !i->rom.bar);
	assert_string_equal(i->rom.file, "/roms/<x>.rom");
	assert_true(i->address.present);
	assert_string_equal(pci_text(i->address.pci).s, "0000:00:07.0");
	assert_true(i->address.has_multifunction && i->address.multifunction);
	parsed_done(&parsed);
}

/* Nothing that is not mentioned is present. */
static void test_least(void **state)
{
	struct parsed parsed = parse_good(
		"<interface type='hostdev'><source><address type='pci'/></source></interface>");
	const struct document *d = parsed.document;
	const struct interface *i = &d->interfaces[0];
	assert_null(d->name);
	assert_null(d->machine);
	assert_false(d->has_uuid || d->has_memory);
	assert_string_equal(pci_text(i->host).s, "0000:00:00.0");
	assert_false(i->managed);
	for (size_t s = 0; s < SETTING_COUNT; s++)
		assert_false(i->settings.of[s].present);
	assert_string_equal(i->driver_model, "");
	assert_null(i->virtualport);
	assert_null(i->alias);
	assert_int_equal(i->boot_order, 0);
	assert_false(i->rom.has_enabled || i->rom.has_bar);
	assert_null(i->rom.file);
	assert_false(i->address.present || i->address.has_multifunction);
	parsed_done(&parsed);
}

#define ON "<interface type='hostdev'><source><address type='pci'/></source>"
#define VF "<vf xmlns='urn:vfassign:1' "

/* What is asked of a VF, from whatever elements; the rates, which can be asked for one by one, stand apart. */
static void test_wishes(void **state)
{
	static const struct {
		const char *xml;
		const char *settings; /* as texts, with a blank behind each */
		const char *rates;
	} cases[] = {
		{ ON "<link state='down'/></interface>", "linkState=disable ", "" },
		{ ON "<link state='up'/></interface>", "linkState=auto ", "" },
		{ ON "<link state='up'/>" VF "linkState='auto'/></interface>", "linkState=auto ", "" },
		{ ON VF "linkState='enable'/></interface>", "linkState=enable ", "" },
		{ ON VF "spoofchk='off' trust='on' queryRss='on'/></interface>",
		  "spoofchk=off trust=on queryRss=on ", "" },
		{ ON "<bandwidth><outbound average='1'/></bandwidth></interface>", "", "max 1" },
		{ ON "<bandwidth><outbound average='125'/></bandwidth></interface>", "", "max 1" },
		{ ON "<bandwidth><outbound average='126'/></bandwidth></interface>", "", "max 2" },
		{ ON "<bandwidth><outbound average='536870911875'/></bandwidth></interface>", "",
		  "max 4294967295" },
		{ ON VF "minTxRate='7'/></interface>", "", "min 7" },
		{ ON VF "minTxRate='0' maxTxRate='0'/></interface>", "", "min 0 max 0" },
		{ ON "<bandwidth><outbound average='999'/></bandwidth>" VF
		     "minTxRate='8' maxTxRate='8'/></interface>",
		  "", "min 8 max 8" },
		{ ON "<vlan><tag id='42'/></vlan>" VF "vlanQos='3'/></interface>", "vlan=42 qos 3 ", "" },
		{ ON "<vlan><tag id='42'/></vlan>" VF "vlanProto='802.1ad'/></interface>",
		  "vlan=42 qos 0 proto 802.1ad ", "" },
		{ ON VF "vlanQos='3'/></interface>", "vlan=0 qos 3 ", "" },
		{ ON VF "vlanQos='0'/></interface>", "vlan=0 ", "" },
		/* From the metadata, and from both. */
		{ "<domain><metadata>" VF
		  "alias='ua-x' spoofchk='on' vlanQos='5' maxTxRate='10'/></metadata><devices>" ON
		  "<vlan><tag id='7'/></vlan><alias name='ua-x'/>" VF "spoofchk='on' minTxRate='9'/>"
		  "</interface></devices></domain>",
		  "vlan=7 qos 5 spoofchk=on ", "min 9 max 10" },
		{ "<domain><devices>" ON "<mac address='02:00:00:00:00:01'/></interface></devices><metadata>" VF
		  "mac='02:00:00:00:00:01' trust='on'/>" VF "mac='02:00:00:00:00:01' linkState='disable'/>"
		  "</metadata></domain>",
		  "mac=02:00:00:00:00:01 trust=on linkState=disable ", "" },
	};
	for (size_t c = 0; c < sizeof(cases) / sizeof(cases[0]); c++) {
		struct parsed parsed = parse_good(cases[c].xml);
		const struct interface *i = &parsed.document->interfaces[0];
		const struct number *min = &i->wish.min_tx_rate, *max = &i->wish.max_tx_rate;
		char text[256] = "", rates[64] = "";
		for (enum setting s = 0; s < SETTING_COUNT; s++)
			if (i->settings.of[s].present)
				snprintf(text + strlen(text), sizeof(text) - strlen(text), "%s=%s ",
					 setting_key(s), value_text(s, &i->settings.of[s]).s);
		if (min->present)
			snprintf(rates, sizeof(rates), "min %ju%s", (uintmax_t)min->value,
				 max->present ? " " : "");
		if (max->present)
			snprintf(rates + strlen(rates), sizeof(rates) - strlen(rates), "max %ju",
				 (uintmax_t)max->value);
		assert_string_equal(text, cases[c].settings);
		assert_string_equal(rates, cases[c].rates);
		parsed_done(&parsed);
	}
}

static void test_usb(void **state)
{
	static const struct {
		const char *source;
		struct usb_source expected;
	} cases[] = {
		{ "<vendor id='0x0012'/><product id='0x24dd'/>",
		  { .has_id = true, .vendor = 0x12, .product = 0x24dd } },
		{ "<vendor id='10'/><product id='0'/>", { .has_id = true, .vendor = 10 } },
		{ "<address type='usb' bus='3' device='010'/>", { .has_address = true, .bus = 3, .device = 8 } },
		{ "<address bus='3' device='4'/><vendor id='1'/><product id='2'/>",
		  { .has_address = true, .bus = 3, .device = 4, .has_id = true, .vendor = 1, .product = 2 } },
	};
	for (size_t c = 0; c < sizeof(cases) / sizeof(cases[0]); c++) {
		char xml[512];
		snprintf(xml, sizeof(xml),
			 "<interface type='hostdev'><source startupPolicy='optional'>%s</source>"
			 "<address type='usb' bus='0' port='1.2.3.4'/></interface>",
			 cases[c].source);
		struct parsed parsed = parse_good(xml);
		const struct interface *i = &parsed.document->interfaces[0];
		assert_int_equal(i->source, SOURCE_USB);
		struct usb_source expected = cases[c].expected;
		expected.startup_policy = (struct number){ .present = true, .value = 2 };
		assert_memory_equal(&i->usb, &expected, sizeof(i->usb));
		parsed_done(&parsed);
	}
}

static uint64_t memory_of(const char *memory)
{
	char xml[1024];
	snprintf(xml, sizeof(xml), "<domain>%s<devices>%s</devices></domain>", memory, INTERFACE(""));
	struct parsed parsed = parse_good(xml);
	uint64_t bytes = parsed.document->memory;
	assert_int_equal(parsed.document->has_memory, bytes != 0);
	parsed_done(&parsed);
	return bytes;
}

static void test_memory(void **state)
{
	assert_int_equal(memory_of(""), 0);
	assert_int_equal(memory_of("<memory>1</memory>"), 1024);
	assert_int_equal(memory_of("<memory unit=''>1</memory>"), 1024);
	assert_int_equal(memory_of("<memory unit='b'>3</memory>"), 3);
	assert_int_equal(memory_of("<memory unit='bytes'>3</memory>"), 3);
	assert_int_equal(memory_of("<memory unit='KB'>3</memory>"), 3000);
	assert_int_equal(memory_of("<memory unit='k'>3</memory>"), 3072);
	assert_int_equal(memory_of("<memory unit='M'>3</memory>"), 3 << 20);
	assert_int_equal(memory_of("<memory unit='mib'>3</memory>"), 3 << 20);
	assert_int_equal(memory_of("<memory unit='GB'>3</memory>"), UINT64_C(3000000000));
	assert_int_equal(memory_of("<memory unit='TiB'>3</memory>"), UINT64_C(3) << 40);
	assert_int_equal(memory_of("<memory unit='PiB'>3</memory>"), UINT64_C(3) << 50);
	assert_int_equal(memory_of("<memory unit='EiB'>3</memory>"), UINT64_C(3) << 60);
}

/* The XML of an interface that says the same thing as another one. */
static void test_same(void **state)
{
	static const char *const mac[] = {
		"<mac address='2:AB:0:0:0:1'/>",
		"<mac address='02:ab:00:00:00:01 whatever'/>",
		"<mac address=\"&#48;2:ab:00:00:00:01\"/>",
	};
	for (size_t c = 0; c < sizeof(mac) / sizeof(mac[0]); c++) {
		char xml[512];
		snprintf(xml, sizeof(xml), "<interface type='hostdev'>%s%s</interface>", SOURCE, mac[c]);
		struct parsed parsed = parse_good(xml);
		const struct value *value = &parsed.document->interfaces[0].settings.of[SETTING_MAC];
		assert_string_equal(value_text(SETTING_MAC, value).s, "02:ab:00:00:00:01");
		parsed_done(&parsed);
	}
	static const char *const none[] = { "<mac address='00:00:00:00:00:00'/>", "<mac/>",
					    "<mac type='generated'/>" };
	for (size_t c = 0; c < sizeof(none) / sizeof(none[0]); c++) {
		char xml[512];
		snprintf(xml, sizeof(xml), "<interface type='hostdev'>%s%s</interface>", SOURCE, none[c]);
		struct parsed parsed = parse_good(xml);
		assert_false(parsed.document->interfaces[0].settings.of[SETTING_MAC].present);
		parsed_done(&parsed);
	}
}

static void test_vlan(void **state)
{
	static const char *const same[] = {
		"<vlan><tag id='0'/></vlan>",
		"<vlan trunk='no'><tag id='00'/></vlan>",
		"<vlan trunk=''><tag id='0'/></vlan>",
		"<vlan><tag id='0' nativeMode='untagged'/></vlan>",
	};
	for (size_t c = 0; c < sizeof(same) / sizeof(same[0]); c++) {
		char xml[512];
		snprintf(xml, sizeof(xml), "<interface type='hostdev'>%s%s</interface>", SOURCE, same[c]);
		struct parsed parsed = parse_good(xml);
		const struct value *value = &parsed.document->interfaces[0].settings.of[SETTING_VLAN];
		assert_true(value->present);
		assert_int_equal(value->vlan.id, 0);
		parsed_done(&parsed);
	}
}

/* Documents that are fine, whatever stands in them beside our devices. */
static void test_accepted(void **state)
{
	static const char *const documents[] = {
		"\xef\xbb\xbf" INTERFACE(""),
		"<?xml version=\"1.0\"?><!-- <!DOCTYPE --><?php '>' ?>" INTERFACE("<!-- </interface> -->"),
		INTERFACE("<virtualport type='802.1Qbh'><parameters profileid='p'/></virtualport>"),
		INTERFACE("<virtualport type='802.1Qbg'><parameters managerid='11' typeid='1' typeidversion='1' "
			  "instanceid='09b11c53-8b5c-4eeb-8f00-d84eaa0aaa4f'/></virtualport>"),
		INTERFACE("<rom file=''/>"),
		INTERFACE("<rom enabled='no'/>"),
		INTERFACE("<boot order=' +1'/>"),
		INTERFACE("<mtu size='0'/>"),
		INTERFACE("<backend/>"),
		INTERFACE("<alias name=''/>"),
		INTERFACE("<mac address='52:54:00:00:00:01' currentAddress='52:54:00:00:00:02'/>"),
		"<interface type='hostdev' managed='no'>" SOURCE "</interface>",
		DOMAIN(INTERFACE("") "<interface type='bridge'><source bridge='b'/><unknown/></interface>"
				     "<interface><x/></interface>"),
		DOMAIN(INTERFACE("") "<disk><boot order='x'/><address type='pci' bus='999'/></disk><x/>"),
		DOMAIN(INTERFACE("<boot order='1'/>") "<disk><boot order='2'/></disk>"),
		/* Two that are not ours may disagree as they like. */
		DOMAIN(INTERFACE("") "<disk><boot order='2'/><address type='pci' slot='3'/></disk>"
				     "<disk><boot order='2'/><address type='pci' slot='3'/></disk>"),
		"<domain xmlns:q='urn:q'><q:name/><q:devices/><name/><os><boot dev='hd'/></os><devices><q:interface/>" INTERFACE(
			"") "</devices><devices/></domain>",
		/* Duplicate MACs are what teaming is made of. */
		DOMAIN("<interface type='hostdev'><mac address='02:00:00:00:00:01'/><source><address type='pci' bus='1'/>"
		       "</source></interface><interface type='hostdev'><mac address='02:00:00:00:00:01'/><source>"
		       "<address type='pci' bus='2'/></source></interface>"),
		/* By bus and device first: libvirt does not look at the ids then. */
		DOMAIN("<interface type='hostdev'><source><address type='usb' bus='1' device='2'/><vendor id='1'/>"
		       "<product id='1'/></source></interface><interface type='hostdev'><source><vendor id='1'/>"
		       "<product id='1'/></source></interface>"),
	};
	for (size_t c = 0; c < sizeof(documents) / sizeof(documents[0]); c++) {
		struct parsed parsed = parse(documents[c], false);
		char *text = parsed_text(&parsed);
		if (*text)
			print_error("%s\n", documents[c]);
		assert_string_equal(text, "");
		free(text);
		parsed_done(&parsed);
	}
}

static void test_order(void **state)
{
	struct parsed parsed = parse_good(DOMAIN(
		"<interface type='hostdev'><source><address type='pci' bus='9'/></source></interface>\n"
		"<interface type='user'/>\n"
		" <interface type='hostdev'><source><address type='pci' bus='1'/></source></interface>"));
	assert_int_equal(parsed.document->interface_count, 2);
	assert_int_equal(parsed.document->interfaces[0].host.bus, 9);
	assert_int_equal(parsed.document->interfaces[1].host.bus, 1);
	char *where = document_where(parsed.document, parsed.document->interfaces[1].position);
	assert_string_equal(where, "f:5:2");
	free(where);
	parsed_done(&parsed);
}

static void test_stdin(void **state)
{
	struct document_text text = { .file = "-", .data = "<x/>", .length = 4 };
	struct document *document = NULL;
	struct reports reports = { 0 };
	assert_int_equal(document_parse(&text, false, &document, &reports), -EINVAL);
	assert_null(document);
	assert_string_equal(reports.items[0].object, "<stdin>:1:1");
	reports_done(&reports);
	document_free(NULL);
}

static void test_nothing(void **state)
{
	struct document_text text = { .file = "f" };
	struct document *document = NULL;
	struct reports reports = { 0 };
	assert_int_equal(document_parse(&text, false, &document, &reports), -EINVAL);
	assert_string_equal(reports.items[0].message, "the document has no element");
	reports_done(&reports);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_domain),   cmocka_unit_test(test_interface),
		cmocka_unit_test(test_least),    cmocka_unit_test(test_wishes),
		cmocka_unit_test(test_usb),      cmocka_unit_test(test_memory),
		cmocka_unit_test(test_same),     cmocka_unit_test(test_vlan),
		cmocka_unit_test(test_accepted), cmocka_unit_test(test_order),
		cmocka_unit_test(test_stdin),    cmocka_unit_test(test_nothing),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
