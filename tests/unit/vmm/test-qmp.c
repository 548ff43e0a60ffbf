/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "peer.h"

#include <errno.h>
#include <sys/un.h>

/* Long enough for any answer of a QEMU that means to give one, on a busy machine. */
#define PATIENCE_MS 60000

/* And for one that does not. */
#define IMPATIENCE_MS 150

/* How much later than said a call may end: each piece of what the peer says takes a millisecond, and a flood has many. */
#define LATE_MS 5000

/* A connection with a peer. */
struct talk {
	struct peer peer;
	struct qmp *qmp;
	struct reports reports;
	struct qmp_reply reply;
	int64_t start_ms;
};

static void talk_start(struct talk *talk, const struct peer_step *steps, int expected, unsigned timeout_ms)
{
	*talk = (struct talk){ .peer = peer_start(steps), .start_ms = peer_now_ms() };
	assert_int_equal(qmp_start(talk->peer.fd, "/vm/qmp", timeout_ms, &talk->qmp, &talk->reports), expected);
	assert_int_equal(talk->reports.errors, expected ? 1 : 0);
	assert_true((expected == 0) == (talk->qmp != NULL));
}

static void talk_end(struct talk *talk)
{
	qmp_free(talk->qmp);
	qmp_reply_done(&talk->reply);
	reports_done(&talk->reports);
	peer_end(talk->peer);
}

static int ask(struct talk *talk, const char *name)
{
	qmp_reply_done(&talk->reply);
	return qmp_command(talk->qmp, name, NULL, &talk->reply, &talk->reports);
}

/* The last report is of CLASS, has TEXT in its message, and WORDS of the VMM (NULL: none). */
static void assert_told(const struct talk *talk, enum report_class class, const char *text, const char *words)
{
	assert_true(talk->reports.count > 0);
	const struct report *report = &talk->reports.items[talk->reports.count - 1];
	assert_int_equal(report->class, class);
	assert_string_equal(report->object, "/vm/qmp");
	if (!strstr(report->message, text))
		fail_msg("'%s' is not in '%s'", text, report->message);
	assert_true((words != NULL) == (report->kernel != NULL));
	if (words)
		assert_string_equal(report->kernel, words);
}

/* ---- a peer that behaves ---- */

static void test_commands(void **state)
{
	static const struct peer_step steps[] = {
		HELLO,
		HEARS("{\"execute\":\"query-name\",\"id\":2}"),
		SAYS("{\"return\": {\"name\": \"g1\"}, \"id\": @}\r"),
		HEARS("{\"execute\":\"device_add\",\"arguments\":{\"driver\":\"vfio-pci\"},\"id\":3}"),
		FAILS("GenericError", "Bus 'pci.9' not found"),
		HEARS("query-status"),
		DONE,
		{ 0 },
	};
	struct talk talk;
	talk_start(&talk, steps, 0, PATIENCE_MS);
	assert_int_equal(ask(&talk, "query-name"), 0);
	assert_string_equal(json_string_value(json_object_get(talk.reply.value, "name")), "g1");
	qmp_reply_done(&talk.reply);

	json_t *arguments = json_pack("{s:s}", "driver", "vfio-pci");
	assert_int_equal(qmp_command(talk.qmp, "device_add", arguments, &talk.reply, &talk.reports), 0);
	json_decref(arguments);
	assert_null(talk.reply.value);
	assert_string_equal(talk.reply.class, "GenericError");
	assert_int_equal(talk.reports.count, 0);
	qmp_report_refusal(talk.qmp, "device_add", &talk.reply, &talk.reports);
	assert_told(&talk, REPORT_VMM, "the VMM at /vm/qmp refused device_add", "Bus 'pci.9' not found");

	assert_int_equal(ask(&talk, "query-status"), 0);
	assert_non_null(talk.reply.value);
	assert_int_equal(qmp_peer(talk.qmp), getpid());
	talk_end(&talk);
}

static void test_pieces(void **state)
{
	static const struct peer_step steps[] = {
		BYTES("{\"QMP\""),
		SLEEPS(20),
		BYTES(": {}}"),
		SLEEPS(20),
		BYTES("\n"),
		HEARS("qmp_capabilities"),
		BYTES("{\"return\": {},"),
		SLEEPS(20),
		BYTES("\"id\": @}\n{\"event\": \"A\"}\n{\"ev"),
		SLEEPS(20),
		BYTES("ent\": \"B\"}\n"),
		HEARS("query-name"),
		DONE,
		{ 0 },
	};
	struct talk talk;
	talk_start(&talk, steps, 0, PATIENCE_MS);
	assert_int_equal(ask(&talk, "query-name"), 0);
	talk_end(&talk);
}

/* ---- events ---- */

static bool is_of_device(const struct qmp_match *match, const char *name, const json_t *value)
{
	const char *device = json_string_value(json_object_get(value, "device"));
	return strcmp(name, "DEVICE_DELETED") == 0 && device && strcmp(device, match->data) == 0;
}

static int wait_deleted(struct talk *talk, const char *device)
{
	struct qmp_match match = { is_of_device, device, 0 };
	json_t *event = NULL;
	int r = qmp_wait_event(talk->qmp, &match, &event, &talk->reports);
	assert_true((r == 1) == (event != NULL));
	json_decref(event);
	return r;
}

#define DELETED(device) SAYS("{\"event\": \"DEVICE_DELETED\", \"data\": {\"device\": \"" device "\"}}")

/* Those that came before they were waited for, in the middle of an answer, and late; others do not count. */
static void test_events(void **state)
{
	static const struct peer_step steps[] = {
		GREETING,
		HEARS("qmp_capabilities"),
		DELETED("a"),
		DONE,
		HEARS("device_del"),
		SAYS("{\"event\": \"STOP\"}"),
		DELETED("b"),
		DONE,
		SLEEPS(50),
		SAYS("{\"event\": \"DEVICE_DELETED\", \"data\": {\"path\": \"/x\"}}"),
		SAYS("{\"event\": \"DEVICE_DELETED\", \"data\": [\"c\"]}"),
		SAYS("{\"event\": \"DEVICE_DELETED\"}"),
		DELETED("c"),
		HANGS,
		{ 0 },
	};
	struct talk talk;
	talk_start(&talk, steps, 0, PATIENCE_MS);
	assert_int_equal(ask(&talk, "device_del"), 0);
	assert_int_equal(wait_deleted(&talk, "a"), 1);
	assert_int_equal(wait_deleted(&talk, "b"), 1);
	assert_int_equal(wait_deleted(&talk, "c"), 1);
	qmp_set_timeout(talk.qmp, IMPATIENCE_MS);
	/* Each counts once. */
	assert_int_equal(wait_deleted(&talk, "c"), 0);
	assert_int_equal(talk.reports.count, 0);
	talk_end(&talk);
}

/* Of many events, the last ones are kept; a large one is not. */
static void test_many_events(void **state)
{
	static struct peer_step steps[320 + 8] = { GREETING, HEARS("qmp_capabilities"), DELETED("first") };
	static char large[70000];
	size_t count = 3;
	for (size_t i = 0; i < 300; i++)
		steps[count++] = (struct peer_step)SAYS(
			"{\"event\": \"RTC_CHANGE\", \"data\": {\"offset\": 0}}");
	steps[count++] = (struct peer_step)DELETED("last");
	int length = snprintf(large, sizeof(large),
			      "{\"event\": \"DEVICE_DELETED\", \"data\": {\"device\": \"large\", \"x\": \"");
	memset(large + length, 'x', sizeof(large) - (size_t)length);
	memcpy(large + sizeof(large) - 4, "\"}}", 4);
	steps[count++] = (struct peer_step)SAYS(large);
	steps[count++] = (struct peer_step)DONE;
	steps[count++] = (struct peer_step)HANGS;
	struct talk talk;
	talk_start(&talk, steps, 0, PATIENCE_MS);
	qmp_set_timeout(talk.qmp, IMPATIENCE_MS);
	assert_int_equal(wait_deleted(&talk, "first"), 0);
	qmp_set_timeout(talk.qmp, IMPATIENCE_MS);
	assert_int_equal(wait_deleted(&talk, "large"), 0);
	qmp_set_timeout(talk.qmp, IMPATIENCE_MS);
	assert_int_equal(wait_deleted(&talk, "last"), 1);
	talk_end(&talk);
}

/* ---- answers at the wrong time ---- */

/* One that comes after it was given up is not taken for that of the next command. */
static void test_late_answer(void **state)
{
	static const struct peer_step steps[] = {
		HELLO,
		HEARS("query-name"),
		PASSES,
		HEARS("query-status"),
		SAYS("{\"return\": \"late\", \"id\": 2}"),
		SAYS("{\"return\": \"now\", \"id\": 3}"),
		{ 0 },
	};
	struct talk talk;
	talk_start(&talk, steps, 0, PATIENCE_MS);
	qmp_set_timeout(talk.qmp, IMPATIENCE_MS);
	assert_int_equal(ask(&talk, "query-name"), -ETIMEDOUT);
	assert_told(&talk, REPORT_TIMEOUT, "the VMM at /vm/qmp gave no answer in time (query-name)", NULL);
	qmp_set_timeout(talk.qmp, PATIENCE_MS);
	assert_int_equal(ask(&talk, "query-status"), 0);
	assert_string_equal(json_string_value(talk.reply.value), "now");
	talk_end(&talk);
}

/* The same where the next command is answered first, and the late answer comes in the third. */
static void test_order(void **state)
{
	static const struct peer_step steps[] = {
		HELLO,
		HEARS("query-name"),
		PASSES,
		HEARS("query-status"),
		SAYS("{\"return\": \"second\", \"id\": 3}"),
		HEARS("query-pci"),
		SAYS("{\"error\": {\"class\": \"X\", \"desc\": \"first\"}, \"id\": 2}"),
		SAYS("{\"return\": \"third\", \"id\": 4}"),
		{ 0 },
	};
	struct talk talk;
	talk_start(&talk, steps, 0, PATIENCE_MS);
	qmp_set_timeout(talk.qmp, IMPATIENCE_MS);
	assert_int_equal(ask(&talk, "query-name"), -ETIMEDOUT);
	qmp_set_timeout(talk.qmp, PATIENCE_MS);
	assert_int_equal(ask(&talk, "query-status"), 0);
	assert_string_equal(json_string_value(talk.reply.value), "second");
	assert_int_equal(ask(&talk, "query-pci"), 0);
	assert_string_equal(json_string_value(talk.reply.value), "third");
	talk_end(&talk);
}

/* QEMU does not know what it answers when it did not understand the question. */
static void test_not_understood(void **state)
{
	static const struct peer_step steps[] = {
		HELLO,
		HEARS("query-name"),
		SAYS("{\"error\": {\"class\": \"GenericError\", \"desc\": \"expecting value\"}}"),
		{ 0 },
	};
	struct talk talk;
	talk_start(&talk, steps, 0, PATIENCE_MS);
	assert_int_equal(ask(&talk, "query-name"), 0);
	assert_string_equal(talk.reply.text, "expecting value");
	talk_end(&talk);
}

/* ---- misbehaviour in the answer to a command ---- */

#define EVENT "{\"event\": \"X\"}\n"

static char huge[(3 << 20) + 1];

static const struct {
	struct peer_step steps[8];
	int error;
	enum report_class class;
	const char *text;
	const char *words; /* of the VMM */
} answers[] = {
	/* Silence, and noise instead of an answer. */
	{ { HELLO, HANGS }, -ETIMEDOUT, REPORT_TIMEOUT, "gave no answer in time (query-name)", NULL },
	{ { HELLO, FLOODS(EVENT) }, -ETIMEDOUT, REPORT_TIMEOUT, "gave no answer in time (query-name)", NULL },
	{ { HELLO, HEARS("query-name"), BYTES("{\"return\": {}, "), HANGS },
	  -ETIMEDOUT,
	  REPORT_TIMEOUT,
	  "gave no answer in time (query-name)",
	  NULL },
	/* The end, at once, or in the middle. */
	{ { HELLO, HEARS("query-name") }, -ECONNRESET, REPORT_VMM, "closed the connection (query-name)", NULL },
	{ { HELLO, HEARS("query-name"), BYTES("{\"return\"") },
	  -ECONNRESET,
	  REPORT_VMM,
	  "closed the connection (query-name)",
	  NULL },
	/* Garbage. */
	{ { HELLO, HEARS("query-name"), SAYS("\x01\xff<html>"), HANGS },
	  -EBADMSG,
	  REPORT_VMM,
	  "sent what is not QMP (query-name)",
	  "\x01\xff<html>" },
	{ { HELLO, HEARS("query-name"), FLOODS(huge) },
	  -EMSGSIZE,
	  REPORT_VMM,
	  "sent a message that is too long (query-name)",
	  NULL },
	{ { HELLO, HEARS("query-name"), SAYS(huge), HANGS },
	  -EMSGSIZE,
	  REPORT_VMM,
	  "sent a message that is too long (query-name)",
	  NULL },
	/* Lies: answers to what was not asked, or to nothing; a second greeting. */
	{ { HELLO, HEARS("query-name"), SAYS("{\"return\": {}, \"id\": 3}"), HANGS },
	  -EBADMSG,
	  REPORT_VMM,
	  "sent what is not QMP (query-name)",
	  "an answer to nothing that was asked" },
	{ { HELLO, HEARS("query-name"), SAYS("{\"return\": {}, \"id\": 0}"), HANGS },
	  -EBADMSG,
	  REPORT_VMM,
	  "sent what is not QMP",
	  "an answer to nothing that was asked" },
	{ { HELLO, HEARS("query-name"), SAYS("{\"return\": {}}"), HANGS },
	  -EBADMSG,
	  REPORT_VMM,
	  "sent what is not QMP",
	  "an answer to nothing that was asked" },
	{ { HELLO, HEARS("query-name"), GREETING, HANGS },
	  -EBADMSG,
	  REPORT_VMM,
	  "sent what is not QMP",
	  "an answer to nothing that was asked" },
};

static void test_answers(void **state)
{
	for (size_t i = 0; i < ARRAY_SIZE(answers); i++) {
		bool times_out = answers[i].error == -ETIMEDOUT;
		struct talk talk;
		talk_start(&talk, answers[i].steps, 0, PATIENCE_MS);
		qmp_set_timeout(talk.qmp, times_out ? IMPATIENCE_MS : PATIENCE_MS);
		assert_int_equal(ask(&talk, "query-name"), answers[i].error);
		assert_told(&talk, answers[i].class, answers[i].text, answers[i].words);
		assert_true(peer_now_ms() - talk.start_ms < (times_out ? IMPATIENCE_MS : 0) + LATE_MS);
		/* Nobody trusts it again. */
		if (!times_out) {
			assert_int_equal(ask(&talk, "query-pci"), -ENOTCONN);
			assert_told(&talk, REPORT_VMM, "is no longer connected (query-pci)", NULL);
			assert_int_equal(wait_deleted(&talk, "a"), -ENOTCONN);
		}
		talk_end(&talk);
	}
}

/* A VMM that does not read: the command does not fit into the socket. */
static void test_deaf(void **state)
{
	static const struct peer_step steps[] = { HELLO, DEAF, { 0 } };
	struct talk talk;
	talk_start(&talk, steps, 0, PATIENCE_MS);
	json_t *arguments = json_pack("{s:s}", "x", huge);
	qmp_set_timeout(talk.qmp, IMPATIENCE_MS);
	assert_int_equal(qmp_command(talk.qmp, "device_add", arguments, &talk.reply, &talk.reports),
			 -ETIMEDOUT);
	json_decref(arguments);
	/* Half a command would spoil the next one. */
	assert_int_equal(ask(&talk, "query-name"), -ENOTCONN);
	talk_end(&talk);
}

static void test_end_while_waiting(void **state)
{
	static const struct peer_step steps[] = { HELLO, SLEEPS(50), { 0 } };
	struct talk talk;
	talk_start(&talk, steps, 0, PATIENCE_MS);
	assert_int_equal(wait_deleted(&talk, "a"), -ECONNRESET);
	assert_told(&talk, REPORT_VMM, "closed the connection (waiting for an event)", NULL);
	talk_end(&talk);
}

/* ---- misbehaviour in the greeting ---- */

static const struct {
	struct peer_step steps[4];
	int error;
	enum report_class class;
	const char *text;
	const char *words;
} greetings[] = {
	{ { HANGS }, -ETIMEDOUT, REPORT_TIMEOUT, "the VMM at /vm/qmp says nothing", NULL },
	{ { BYTES("{\"QMP\": "), HANGS }, -ETIMEDOUT, REPORT_TIMEOUT, "the VMM at /vm/qmp says nothing", NULL },
	{ { { 0 } }, -ECONNRESET, REPORT_VMM, "closed the connection (greeting)", NULL },
	{ { SAYS("SSH-2.0-x"), HANGS },
	  -EBADMSG,
	  REPORT_VMM,
	  "what listens at /vm/qmp does not speak QMP",
	  "SSH-2.0-x" },
	{ { FLOODS(huge), HANGS }, -EMSGSIZE, REPORT_VMM, "what listens at /vm/qmp does not speak QMP", NULL },
	{ { SAYS("{\"return\": {}}"), HANGS },
	  -EBADMSG,
	  REPORT_VMM,
	  "what listens at /vm/qmp does not speak QMP",
	  NULL },
	{ { GREETING, HANGS }, -ETIMEDOUT, REPORT_TIMEOUT, "gave no answer in time (qmp_capabilities)", NULL },
	{ { GREETING, HEARS("qmp_capabilities"), FAILS("CommandNotFound", "no") },
	  -EPROTO,
	  REPORT_VMM,
	  "the VMM at /vm/qmp refused qmp_capabilities",
	  "no" },
};

static void test_greetings(void **state)
{
	for (size_t i = 0; i < ARRAY_SIZE(greetings); i++) {
		bool times_out = greetings[i].error == -ETIMEDOUT;
		struct talk talk;
		talk_start(&talk, greetings[i].steps, greetings[i].error,
			   times_out ? IMPATIENCE_MS : PATIENCE_MS);
		assert_told(&talk, greetings[i].class, greetings[i].text, greetings[i].words);
		assert_true(peer_now_ms() - talk.start_ms < (times_out ? IMPATIENCE_MS : 0) + LATE_MS);
		talk_end(&talk);
	}
}

/* ---- sockets ---- */

static struct report *connect_fails(struct reports *reports, const char *path, int error)
{
	struct qmp *qmp = NULL;
	reports_done(reports);
	assert_int_equal(qmp_connect(path, IMPATIENCE_MS, &qmp, reports), error);
	assert_null(qmp);
	assert_int_equal(reports->errors, 1);
	return &reports->items[0];
}

static void test_connect(void **state)
{
	char folder[] = "/tmp/vfassign-qmp-XXXXXX", path[64], long_path[200];
	struct sockaddr_un address = { .sun_family = AF_UNIX };
	struct reports reports = { 0 };
	assert_non_null(mkdtemp(folder));
	snprintf(path, sizeof(path), "%s/qmp", folder);
	snprintf(address.sun_path, sizeof(address.sun_path), "%s", path);
	memset(long_path, 'x', sizeof(long_path));
	long_path[sizeof(long_path) - 1] = '\0';
	assert_int_equal(connect_fails(&reports, path, -ENOENT)->errnum, ENOENT);
	assert_string_equal(reports.items[0].object, path);
	assert_non_null(strstr(reports.items[0].hint, "-qmp unix:PATH"));
	connect_fails(&reports, long_path, -ENAMETOOLONG);
	connect_fails(&reports, folder, -ECONNREFUSED);

	cleanup_close int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
	assert_int_equal(bind(fd, (struct sockaddr *)&address, sizeof(address)), 0);
	connect_fails(&reports, path, -ECONNREFUSED);
	/* Nobody serves us: first in the queue, and then because it is full. */
	assert_int_equal(listen(fd, 0), 0);
	assert_int_equal(connect_fails(&reports, path, -ETIMEDOUT)->class, REPORT_TIMEOUT);
	cleanup_close int first = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	while (connect(first, (struct sockaddr *)&address, sizeof(address)) == 0) {
		close(first);
		first = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	}
	assert_int_equal(errno, EAGAIN);
	connect_fails(&reports, path, -ETIMEDOUT);
	reports_done(&reports);
	unlink(path);
	rmdir(folder);
}

/* ---- a real QEMU ---- */

static void converse(struct qmp *qmp, pid_t pid, struct talk *talk)
{
	talk->qmp = qmp;
	assert_int_equal(qmp_peer(qmp), pid);
	assert_int_equal(ask(talk, "query-version"), 0);
	assert_true(json_is_object(json_object_get(talk->reply.value, "qemu")));
	assert_int_equal(ask(talk, "query-status"), 0);
	assert_non_null(json_string_value(json_object_get(talk->reply.value, "status")));
	assert_int_equal(ask(talk, "query-name"), 0);
	assert_string_equal(json_string_value(json_object_get(talk->reply.value, "name")), "g1");
	/* The largest of all answers. */
	assert_int_equal(ask(talk, "query-qmp-schema"), 0);
	assert_true(json_array_size(talk->reply.value) > 100);
	qmp_reply_done(&talk->reply);
	json_t *arguments = json_pack("{s:s}", "id", "nobody");
	assert_int_equal(qmp_command(qmp, "device_del", arguments, &talk->reply, &talk->reports), 0);
	json_decref(arguments);
	assert_null(talk->reply.value);
	assert_string_equal(talk->reply.class, "DeviceNotFound");
	assert_int_equal(ask(talk, "quit"), 0);
	assert_int_equal(wait_deleted(talk, "a"), -ECONNRESET);
	assert_int_equal(talk->reports.count, 1);
}

static void test_qemu(void **state)
{
	struct talk talk = { 0 };
	struct qmp *qmp = NULL;
	struct qemu qemu;
	qemu_start(&qemu, "none", NULL);
	int r = qemu_connect(&qemu, PATIENCE_MS, &qmp, &talk.reports);
	if (r == 0)
		converse(qmp, qemu.pid, &talk);
	qemu_end(&qemu);
	assert_int_equal(r, 0);
	qmp_reply_done(&talk.reply);
	reports_done(&talk.reports);
	qmp_free(qmp);
}

int main(void)
{
	memset(huge, ' ', sizeof(huge) - 1);
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_commands),       cmocka_unit_test(test_pieces),
		cmocka_unit_test(test_events),         cmocka_unit_test(test_many_events),
		cmocka_unit_test(test_late_answer),    cmocka_unit_test(test_order),
		cmocka_unit_test(test_not_understood), cmocka_unit_test(test_answers),
		cmocka_unit_test(test_deaf),           cmocka_unit_test(test_end_while_waiting),
		cmocka_unit_test(test_greetings),      cmocka_unit_test(test_connect),
		cmocka_unit_test(test_qemu),
	};
	return cmocka_run_group_tests_name("vmm/qmp", tests, NULL, NULL);
}
