/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "peer.h"

#include <errno.h>

#include "vmm/hotplug.h"

#define PATIENCE_MS 60000
#define IMPATIENCE_MS 300

/* Long enough for QEMU to say that it asked the guest, on a busy machine. */
#define QEMU_MS 5000

/* A connection to a peer that plays STEPS. */
struct talk {
	struct peer peer;
	struct qmp *qmp;
	struct reports reports;
};

static void talk_start(struct talk *talk, const struct peer_step *steps, unsigned timeout_ms)
{
	*talk = (struct talk){ .peer = peer_start(steps) };
	assert_int_equal(qmp_start(talk->peer.fd, "/vm/qmp", PATIENCE_MS, &talk->qmp, &talk->reports), 0);
	qmp_set_timeout(talk->qmp, timeout_ms);
}

static void talk_end(struct talk *talk)
{
	qmp_free(talk->qmp);
	reports_done(&talk->reports);
	peer_end(talk->peer);
}

/* The one report has TEXT in its message, and WORDS of the VMM. */
static void assert_told(const struct talk *talk, const char *text, const char *words)
{
	assert_int_equal(talk->reports.count, 1);
	const struct report *report = &talk->reports.items[0];
	assert_int_equal(report->class, REPORT_VMM);
	if (!strstr(report->message, text))
		fail_msg("'%s' is not in '%s'", text, report->message);
	if (words)
		assert_string_equal(report->kernel, words);
}

/* ---- the guest ---- */

static void test_guest(void **state)
{
	static const struct peer_step steps[] = {
		HELLO,
		HEARS("query-name"),
		SAYS("{\"return\": {\"name\": \"g1\"}, \"id\": @}"),
		HEARS("query-name"),
		DONE,
		HEARS("query-name"),
		SAYS("{\"return\": {\"name\": [1]}, \"id\": @}"),
		HEARS("query-name"),
		FAILS("GenericError", "no"),
		{ 0 },
	};
	struct talk talk;
	char *name = NULL;
	talk_start(&talk, steps, PATIENCE_MS);
	assert_int_equal(hotplug_guest(talk.qmp, &name, &talk.reports), 0);
	assert_string_equal(name, "g1");
	free(name);
	for (size_t i = 0; i < 2; i++) {
		assert_int_equal(hotplug_guest(talk.qmp, &name, &talk.reports), 0);
		assert_null(name);
	}
	assert_int_equal(hotplug_guest(talk.qmp, &name, &talk.reports), -EPROTO);
	assert_told(&talk, "refused query-name", "no");
	talk_end(&talk);
}

/* ---- finding ---- */

#define BRIDGE(id, ...) \
	"{\"qdev_id\": \"" id \
	"\", \"bus\": 0, \"slot\": 1, \"function\": 0, \"pci_bridge\": {\"devices\": [" __VA_ARGS__ "]}}"
#define DEVICE(id, bus, slot, function) \
	"{\"qdev_id\": \"" id "\", \"bus\": " #bus ", \"slot\": " #slot ", \"function\": " #function "}"
#define PCI(...) SAYS("{\"return\": [{\"bus\": 0, \"devices\": [" __VA_ARGS__ "]}], \"id\": @}")
#define OBJECTS(...) \
	HEARS("{\"path\":\"/machine/peripheral\"}"), SAYS("{\"return\": [" __VA_ARGS__ "], \"id\": @}")

static const struct {
	struct peer_step steps[8];
	struct hotplug_device expected;
} finds[] = {
	{ { HELLO, HEARS("query-pci"), PCI(DEVICE("", 0, 0, 0) "," DEVICE("hostdev0", 0, 9, 1)) },
	  { true, true, { 0, 0, 9, 1 } } },
	{ { HELLO, HEARS("query-pci"),
	    PCI(BRIDGE("a", DEVICE("x", 1, 0, 0)) "," BRIDGE("b", BRIDGE("c", DEVICE("hostdev0", 3, 0, 0)))) },
	  { true, true, { 0, 3, 0, 0 } } },
	/* Behind a bridge that the guest has not set up. */
	{ { HELLO, HEARS("query-pci"), PCI("{\"qdev_id\": \"a\", \"pci_bridge\": {}}"),
	    OBJECTS("{\"name\": \"hostdev0\", \"type\": \"child<vfio-pci>\"}") },
	  { .present = true } },
	{ { HELLO, HEARS("query-pci"), PCI(""),
	    OBJECTS("{\"name\": \"type\", \"type\": \"string\"}, {\"name\": \"hostdev1\", \"type\": \"child<vfio-pci>\"}") },
	  { .present = false } },
	/* A part of the path is no device. */
	{ { HELLO, HEARS("query-pci"), PCI(""), OBJECTS("{\"name\": \"hostdev0\", \"type\": \"string\"}") },
	  { .present = false } },
	/* Lies have another form. */
	{ { HELLO, HEARS("query-pci"),
	    SAYS("{\"return\": [1, {}, {\"devices\": {}}, {\"devices\": [1, {\"qdev_id\": 1}]}], \"id\": @}"),
	    OBJECTS("1, {}, {\"name\": 1}, {\"name\": \"hostdev0\"}") },
	  { .present = false } },
};

static void test_find(void **state)
{
	for (size_t i = 0; i < ARRAY_SIZE(finds); i++) {
		struct hotplug_device device, expected = finds[i].expected;
		struct talk talk;
		talk_start(&talk, finds[i].steps, PATIENCE_MS);
		assert_int_equal(hotplug_find(talk.qmp, "hostdev0", &device, &talk.reports), 0);
		assert_int_equal(device.present, expected.present);
		assert_int_equal(device.has_address, expected.has_address);
		assert_int_equal(pci_compare(device.address, expected.address), 0);
		talk_end(&talk);
	}
}

/* ---- adding ---- */

static void test_add(void **state)
{
	static const struct peer_step steps[] = {
		HELLO,
		HEARS("{\"execute\":\"device_add\",\"arguments\":{\"driver\":\"vfio-pci\",\"host\":\"0000:01:10.0\"},\"id\":2}"),
		DONE,
		HEARS("device_add"),
		FAILS("GenericError", "Bus 'pcie.0' does not support hotplugging"),
		{ 0 },
	};
	static const char device[] = "{\"driver\":\"vfio-pci\",\"host\":\"0000:01:10.0\"}";
	struct talk talk;
	talk_start(&talk, steps, PATIENCE_MS);
	assert_int_equal(hotplug_add(talk.qmp, device, &talk.reports), 0);
	assert_int_equal(talk.reports.count, 0);
	assert_int_equal(hotplug_add(talk.qmp, device, &talk.reports), -EPROTO);
	assert_told(&talk, "the VMM at /vm/qmp refused device_add",
		    "Bus 'pcie.0' does not support hotplugging");
	assert_non_null(strstr(talk.reports.items[0].hint, "pcie-root-port"));
	talk_end(&talk);
}

/* ---- removing ---- */

#define EVENT(name, data) SAYS("{\"event\": \"" name "\", \"data\": {" data "}}")
#define DELETED EVENT("DEVICE_DELETED", "\"device\": \"hostdev0\", \"path\": \"/p\"")
#define BUSY FAILS("GenericError", "Hot-unplug failed: guest is busy (power indicator blinking)")
#define ASK HEARS("{\"execute\":\"device_del\",\"arguments\":{\"id\":\"hostdev0\"}")

static const struct {
	struct peer_step steps[16];
	int result;
	const char *text; /* of the report, or NULL */
} removals[] = {
	{ { HELLO, ASK, DONE, DELETED }, HOTPLUG_REMOVED, NULL },
	/* The event is faster than the answer. */
	{ { HELLO, ASK, DELETED, DONE, HANGS }, HOTPLUG_REMOVED, NULL },
	{ { HELLO, ASK, FAILS("DeviceNotFound", "Device 'hostdev0' not found") }, HOTPLUG_REMOVED, NULL },
	/* Others' events, and those of parts, mean nothing. */
	{ { HELLO, ASK, DONE, EVENT("DEVICE_DELETED", "\"device\": \"hostdev1\""),
	    EVENT("DEVICE_DELETED", "\"path\": \"/p\""),
	    EVENT("NIC_RX_FILTER_CHANGED", "\"device\": \"hostdev0\""), HANGS },
	  HOTPLUG_PENDING,
	  NULL },
	/* One of an earlier device of this name. */
	{ { GREETING, HEARS("qmp_capabilities"), DELETED, DONE, ASK, DONE, HANGS }, HOTPLUG_PENDING, NULL },
	/* A guest that is busy is asked again, and again. */
	{ { HELLO, ASK, BUSY, PASSES, ASK, BUSY, PASSES, ASK, DONE, DELETED }, HOTPLUG_REMOVED, NULL },
	{ { HELLO, ASK, BUSY, SLEEPS(50), DELETED, HANGS }, HOTPLUG_REMOVED, NULL },
	{ { HELLO, ASK, FAILS("GenericError", "Device hostdev0 is already in the process of unplug"),
	    SLEEPS(50), DELETED },
	  HOTPLUG_REMOVED,
	  NULL },
	{ { HELLO, ASK, DONE, EVENT("DEVICE_UNPLUG_GUEST_ERROR", "\"device\": \"hostdev0\", \"path\": \"/p\"") },
	  -ECANCELED,
	  "the guest refuses to let go of hostdev0" },
	{ { HELLO, ASK, FAILS("GenericError", "Bus 'pcie.0' does not support hotplugging") },
	  -EPROTO,
	  "the VMM at /vm/qmp refused device_del" },
	/* The VMM ends: whether the device is free, the host knows. */
	{ { HELLO, ASK, DONE }, -ECONNRESET, "closed the connection" },
	{ { HELLO, ASK }, -ECONNRESET, "closed the connection" },
};

static void test_remove(void **state)
{
	for (size_t i = 0; i < ARRAY_SIZE(removals); i++) {
		struct talk talk;
		bool hopeless = removals[i].result == HOTPLUG_PENDING;
		talk_start(&talk, removals[i].steps, hopeless ? IMPATIENCE_MS : PATIENCE_MS);
		assert_int_equal(hotplug_remove(talk.qmp, "hostdev0", &talk.reports), removals[i].result);
		assert_int_equal(talk.reports.count, removals[i].text ? 1 : 0);
		if (removals[i].text)
			assert_told(&talk, removals[i].text, NULL);
		talk_end(&talk);
	}
}

/* A guest that stays busy is not asked for ever. */
static void test_always_busy(void **state)
{
	static const struct peer_step steps[] = { HELLO, ASK, BUSY, PASSES, ASK, BUSY, HANGS, { 0 } };
	struct talk talk;
	talk_start(&talk, steps, IMPATIENCE_MS);
	int64_t start = peer_now_ms();
	assert_int_equal(hotplug_remove(talk.qmp, "hostdev0", &talk.reports), HOTPLUG_PENDING);
	assert_in_range(peer_now_ms() - start, IMPATIENCE_MS - 10, IMPATIENCE_MS + 10);
	talk_end(&talk);
}

/* ---- a real QEMU, without a guest ---- */

static void assert_there(struct qmp *qmp, const char *id, bool expected, struct reports *reports)
{
	struct hotplug_device device;
	assert_int_equal(hotplug_find(qmp, id, &device, reports), 0);
	assert_int_equal(device.present, expected);
}

static void plug(struct qmp *qmp, struct reports *reports)
{
	struct hotplug_device device;
	char *name = NULL;
	assert_int_equal(hotplug_guest(qmp, &name, reports), 0);
	assert_string_equal(name, "g1");
	free(name);
	assert_int_equal(hotplug_find(qmp, "rp0", &device, reports), 0);
	assert_true(device.present && device.has_address && device.address.slot == 5);

	/* Needs no guest to let it go. */
	assert_there(qmp, "ua-u", false, reports);
	assert_int_equal(hotplug_add(qmp, "{\"driver\":\"usb-tablet\",\"id\":\"ua-u\"}", reports), 0);
	assert_there(qmp, "ua-u", true, reports);
	assert_int_equal(hotplug_remove(qmp, "ua-u", reports), HOTPLUG_REMOVED);
	assert_there(qmp, "ua-u", false, reports);
	assert_int_equal(hotplug_remove(qmp, "ua-u", reports), HOTPLUG_REMOVED);

	/* This one does, and there is none. */
	assert_int_equal(hotplug_add(qmp, "{\"driver\":\"e1000e\",\"id\":\"ua-n\",\"bus\":\"rp0\"}", reports),
			 0);
	for (size_t i = 0; i < 2; i++) {
		qmp_set_timeout(qmp, QEMU_MS);
		assert_int_equal(hotplug_remove(qmp, "ua-n", reports), HOTPLUG_PENDING);
		qmp_set_timeout(qmp, PATIENCE_MS);
		assert_there(qmp, "ua-n", true, reports);
	}
	assert_int_equal(reports->count, 0);
	assert_int_equal(hotplug_add(qmp, "{\"driver\":\"e1000e\",\"id\":\"ua-n\",\"bus\":\"rp0\"}", reports),
			 -EPROTO);
	assert_int_equal(hotplug_add(qmp, "{\"driver\":\"e1000e\",\"id\":\"x\",\"bus\":\"pcie.0\"}", reports),
			 -EPROTO);
	assert_int_equal(hotplug_add(qmp, "{\"driver\":\"e1000e\",\"id\":\"x\",\"bus\":\"nobus\"}", reports),
			 -EPROTO);
	assert_int_equal(reports->count, 3);
	for (size_t i = 0; i < reports->count; i++)
		assert_non_null(reports->items[i].hint);
}

static void test_qemu(void **state)
{
	struct reports reports = { 0 };
	struct qmp *qmp = NULL;
	struct qemu qemu;
	qemu_start(&qemu, "q35", "pcie-root-port,id=rp0,chassis=1,addr=5 qemu-xhci");
	int r = qemu_connect(&qemu, PATIENCE_MS, &qmp, &reports);
	if (r == 0)
		plug(qmp, &reports);
	qemu_end(&qemu);
	assert_int_equal(r, 0);
	qmp_free(qmp);
	reports_done(&reports);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_guest),       cmocka_unit_test(test_find),
		cmocka_unit_test(test_add),         cmocka_unit_test(test_remove),
		cmocka_unit_test(test_always_busy), cmocka_unit_test(test_qemu),
	};
	return cmocka_run_group_tests_name("vmm/hotplug", tests, NULL, NULL);
}
