/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "vmm/qmp.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <time.h>

#include "base/cleanup.h"
#include "base/report.h"
#include "vmm/qmp_reader.h"

/* Of events that nobody waits for yet, so many are kept, of so many bytes in all: the last ones. */
#define EVENTS_MAX 256
#define EVENTS_SIZE_MAX ((size_t)64 << 10)

#define CHUNK_SIZE 16384
#define RETRY_NS 20000000

struct event {
	json_t *json;
	size_t size;
};

struct qmp {
	int fd; /* -1: closed after a failure */
	char *path;
	int64_t deadline_ms;
	unsigned timeout_ms;
	json_int_t last_id;
	struct qmp_reader reader;
	struct event events[EVENTS_MAX]; /* the oldest first */
	size_t event_count;
	size_t events_size;
};

/* ---- time ---- */

static int64_t now_ms(void)
{
	struct timespec now;
	clock_gettime(CLOCK_MONOTONIC, &now);
	return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

void qmp_set_timeout(struct qmp *qmp, unsigned timeout_ms)
{
	qmp->timeout_ms = timeout_ms;
	qmp->deadline_ms = now_ms() + timeout_ms;
}

bool qmp_has_time(const struct qmp *qmp)
{
	return qmp->deadline_ms > now_ms();
}

/* Waits until something in EVENTS can be done: 0, -ETIMEDOUT when the time is up, or another negative errno. */
static int wait_for(const struct qmp *qmp, short events)
{
	struct pollfd poll_fd = { .fd = qmp->fd, .events = events };
	for (;;) {
		int64_t left = qmp->deadline_ms - now_ms();
		int n = left > 0 ? poll(&poll_fd, 1, left < INT32_MAX ? (int)left : INT32_MAX) : 0;
		if (left <= 0)
			return -ETIMEDOUT;
		if (n > 0)
			return 0;
		if (n < 0 && errno != EINTR)
			return -errno;
	}
}

/* ---- events ---- */

/* Takes the first COUNT events out of the queue, and frees them. */
static void drop_events(struct qmp *qmp, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		json_decref(qmp->events[i].json);
		qmp->events_size -= qmp->events[i].size;
	}
	qmp->event_count -= count;
	memmove(qmp->events, qmp->events + count, qmp->event_count * sizeof(qmp->events[0]));
}

/* Puts the event of MESSAGE into the queue. */
static void keep_event(struct qmp *qmp, const struct qmp_message *message)
{
	if (message->size > EVENTS_SIZE_MAX) {
		json_decref(message->json);
		return;
	}
	while (qmp->event_count == EVENTS_MAX || qmp->events_size > EVENTS_SIZE_MAX - message->size)
		drop_events(qmp, 1);
	qmp->events[qmp->event_count++] = (struct event){ message->json, message->size };
	qmp->events_size += message->size;
}

void qmp_forget_events(struct qmp *qmp)
{
	drop_events(qmp, qmp->event_count);
}

/* ---- messages ---- */

/* Closes the connection: from here on, nobody knows what an answer answers. */
static void give_up(struct qmp *qmp)
{
	if (qmp->fd >= 0)
		close(qmp->fd);
	qmp->fd = -1;
}

/* Reports that the connection failed with ERROR during WHAT. Returns ERROR. */
static int report_failure(const struct qmp *qmp, const char *what, int error, struct reports *reports)
{
	static const struct {
		int error;
		enum report_class class;
		const char *text;
	} rows[] = {
		{ -ETIMEDOUT, REPORT_TIMEOUT, "gave no answer in time" },
		{ -EBADMSG, REPORT_VMM, "sent what is not QMP" },
		{ -EMSGSIZE, REPORT_VMM, "sent a message that is too long" },
		{ -ECONNRESET, REPORT_VMM, "closed the connection" },
		{ -EPIPE, REPORT_VMM, "closed the connection" },
		{ -ENOTCONN, REPORT_VMM, "is no longer connected" },
	};
	enum report_class class = REPORT_VMM;
	const char *text = "cannot be spoken with";
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		if (rows[i].error != error)
			continue;
		class = rows[i].class;
		text = rows[i].text;
	}
	report_cause(report_error(reports, class, qmp->path, "the VMM at %s %s (%s)", qmp->path, text, what),
		     error, error == -EBADMSG ? qmp->reader.excerpt : NULL);
	return error;
}

/* Reads what has come. 0 or a negative errno: -ECONNRESET when there will be nothing more. */
static int receive(struct qmp *qmp)
{
	char chunk[CHUNK_SIZE];
	ssize_t n = recv(qmp->fd, chunk, sizeof(chunk), 0);
	if (n < 0)
		return errno == EAGAIN || errno == EINTR ? 0 : -errno;
	return n == 0 ? -ECONNRESET : qmp_reader_add(&qmp->reader, chunk, (size_t)n);
}

/*
 * The next message, in *RET. The time is looked at once for each, or a VMM that never pauses would never be left. 0 or a
 * negative errno; the connection is closed then, unless only the time is up.
 */
static int next_message(struct qmp *qmp, struct qmp_message *ret)
{
	int r = 0;
	while (r == 0) {
		r = qmp_has_time(qmp) ? qmp_reader_next(&qmp->reader, ret) : -ETIMEDOUT;
		if (r == 0)
			r = wait_for(qmp, POLLIN);
		else if (r > 0)
			return 0;
		if (r == 0)
			r = receive(qmp);
	}
	if (r != -ETIMEDOUT)
		give_up(qmp);
	return r;
}

/* ---- commands ---- */

/* A command as a line, in new memory. NULL without memory. */
static char *command_line(const char *name, json_t *arguments, json_int_t id)
{
	json_t *command = json_pack("{s:s, s:O*, s:I}", "execute", name, "arguments", arguments, "id", id);
	cleanup_free char *text = command ? json_dumps(command, JSON_COMPACT) : NULL;
	char *line = NULL;
	json_decref(command);
	return text && asprintf(&line, "%s\n", text) >= 0 ? line : NULL;
}

/* Sends LINE. A part of it would spoil whatever follows, so that the connection is closed after a failure. */
static int send_line(struct qmp *qmp, const char *line)
{
	size_t left = strlen(line);
	int r = 0;
	while (r == 0 && left > 0) {
		ssize_t n = send(qmp->fd, line, left, MSG_NOSIGNAL);
		if (n >= 0) {
			line += n;
			left -= (size_t)n;
		} else if (errno == EAGAIN) {
			r = wait_for(qmp, POLLOUT);
		} else if (errno != EINTR) {
			r = -errno;
		}
	}
	if (r < 0)
		give_up(qmp);
	return r;
}

/* Puts MESSAGE, which answers, into *RET. */
static int take_reply(const struct qmp_message *message, struct qmp_reply *ret)
{
	if (message->kind == QMP_RETURN) {
		ret->value = json_incref(message->value);
		return 0;
	}
	ret->class = strdup(json_string_value(json_object_get(message->value, "class")));
	ret->text = strdup(json_string_value(json_object_get(message->value, "desc")));
	return ret->class && ret->text ? 0 : -ENOMEM;
}

/*
 * Waits for the answer to the command with ID. Those to earlier commands, which were given up, are dropped. An error
 * without id is about what the VMM did not understand, and so about our last words.
 */
static int wait_reply(struct qmp *qmp, json_int_t id, struct qmp_reply *ret)
{
	for (;;) {
		struct qmp_message message;
		int r = next_message(qmp, &message);
		if (r < 0)
			return r;
		if (message.kind == QMP_EVENT) {
			keep_event(qmp, &message);
			continue;
		}
		bool answers = message.has_id ? message.id == id : message.kind == QMP_ERROR;
		bool late = message.has_id && message.id > 0 && message.id < id;
		if (message.kind != QMP_GREETING && answers)
			r = take_reply(&message, ret);
		else if (message.kind == QMP_GREETING || !late)
			r = -EBADMSG;
		if (r == -EBADMSG) {
			snprintf(qmp->reader.excerpt, sizeof(qmp->reader.excerpt),
				 "an answer to nothing that was asked");
			give_up(qmp);
		}
		json_decref(message.json);
		if (r < 0 || answers)
			return r;
	}
}

int qmp_command(struct qmp *qmp, const char *name, json_t *arguments, struct qmp_reply *ret,
		struct reports *reports)
{
	json_int_t id = ++qmp->last_id;
	cleanup_free char *line = command_line(name, arguments, id);
	int r = line ? 0 : -ENOMEM;
	*ret = (struct qmp_reply){ 0 };
	if (r == 0 && qmp->fd < 0)
		r = -ENOTCONN;
	if (r == 0)
		r = send_line(qmp, line);
	if (r == 0)
		r = wait_reply(qmp, id, ret);
	if (r == 0)
		return 0;
	qmp_reply_done(ret);
	return report_failure(qmp, name, r, reports);
}

void qmp_reply_done(struct qmp_reply *reply)
{
	json_decref(reply->value);
	free(reply->class);
	free(reply->text);
	*reply = (struct qmp_reply){ 0 };
}

void qmp_report_refusal(const struct qmp *qmp, const char *name, const struct qmp_reply *reply,
			struct reports *reports)
{
	report_cause(report_error(reports, REPORT_VMM, qmp->path, "the VMM at %s refused %s", qmp->path, name),
		     0, reply->text);
}

/* ---- waiting for events ---- */

/* Takes the first event in the queue that MATCH accepts, and drops the earlier ones; NULL when there is none. */
static json_t *take_event(struct qmp *qmp, const struct qmp_match *match)
{
	for (size_t i = 0; i < qmp->event_count; i++) {
		json_t *event = qmp->events[i].json;
		const char *name = json_string_value(json_object_get(event, "event"));
		if (!match->function(match, name, json_object_get(event, "data")))
			continue;
		json_incref(event);
		drop_events(qmp, i + 1);
		return event;
	}
	return NULL;
}

/* The same as qmp_wait_event() until the time is up, whatever MATCH says of it. */
static int wait_event(struct qmp *qmp, const struct qmp_match *match, json_t **ret, struct reports *reports)
{
	for (;;) {
		struct qmp_message message;
		*ret = take_event(qmp, match);
		if (*ret)
			return 1;
		int r = qmp->fd < 0 ? -ENOTCONN : next_message(qmp, &message);
		if (r == -ETIMEDOUT)
			return 0;
		if (r < 0)
			return report_failure(qmp, "waiting for an event", r, reports);
		if (message.kind == QMP_EVENT)
			keep_event(qmp, &message);
		else
			json_decref(message.json);
	}
}

int qmp_wait_event(struct qmp *qmp, const struct qmp_match *match, json_t **ret, struct reports *reports)
{
	int64_t deadline = qmp->deadline_ms, sooner = now_ms() + match->within_ms;
	if (match->within_ms && sooner < deadline)
		qmp->deadline_ms = sooner;
	int r = wait_event(qmp, match, ret, reports);
	qmp->deadline_ms = deadline;
	return r;
}

/* ---- connecting ---- */

static struct qmp *qmp_new(int fd, const char *path, unsigned timeout_ms)
{
	struct qmp *qmp = calloc(1, sizeof(*qmp));
	char *copy = strdup(path);
	if (!qmp || !copy) {
		free(qmp);
		free(copy);
		return NULL;
	}
	qmp->fd = fd;
	qmp->path = copy;
	qmp_set_timeout(qmp, timeout_ms);
	return qmp;
}

void qmp_free(struct qmp *qmp)
{
	if (!qmp)
		return;
	give_up(qmp);
	drop_events(qmp, qmp->event_count);
	qmp_reader_done(&qmp->reader);
	free(qmp->path);
	free(qmp);
}

pid_t qmp_peer(const struct qmp *qmp)
{
	struct ucred peer = { 0 };
	socklen_t size = sizeof(peer);
	return getsockopt(qmp->fd, SOL_SOCKET, SO_PEERCRED, &peer, &size) == 0 ? peer.pid : 0;
}

#define WHICH_SOCKET "name the socket of QEMU's -qmp unix:PATH,server=on,wait=off"

/* Whoever speaks QMP says so first, to one client at a time. */
static int wait_greeting(struct qmp *qmp, struct reports *reports)
{
	struct qmp_message message = { 0 };
	int r = next_message(qmp, &message);
	if (r == 0 && message.kind != QMP_GREETING)
		r = -EBADMSG;
	if (r == -ETIMEDOUT)
		report_hint(report_error(reports, REPORT_TIMEOUT, qmp->path, "the VMM at %s says nothing",
					 qmp->path),
			    "its socket serves one client at a time: see who else is connected to it");
	else if (r == -EBADMSG || r == -EMSGSIZE)
		report_hint(report_cause(report_error(reports, REPORT_VMM, qmp->path,
						      "what listens at %s does not speak QMP", qmp->path),
					 r, qmp->reader.excerpt),
			    WHICH_SOCKET);
	else if (r < 0)
		report_failure(qmp, "greeting", r, reports);
	json_decref(message.json);
	return r;
}

static int negotiate(struct qmp *qmp, struct reports *reports)
{
	struct qmp_reply reply = { 0 };
	int r = wait_greeting(qmp, reports);
	if (r == 0)
		r = qmp_command(qmp, "qmp_capabilities", NULL, &reply, reports);
	if (r == 0 && !reply.value) {
		qmp_report_refusal(qmp, "qmp_capabilities", &reply, reports);
		r = -EPROTO;
	}
	qmp_reply_done(&reply);
	return r;
}

static int report_connect(const char *path, int error, struct reports *reports)
{
	bool denied = error == -EACCES || error == -EPERM;
	report_hint(report_cause(report_error(reports, denied ? REPORT_DENIED : REPORT_VMM, path,
					      "cannot connect to the VMM at %s", path),
				 error, NULL),
		    WHICH_SOCKET);
	return error;
}

/* Where more clients wait than the VMM allows for, there is nothing to poll for. */
static int connect_socket(struct qmp *qmp)
{
	struct sockaddr_un address = { .sun_family = AF_UNIX };
	if (strlen(qmp->path) >= sizeof(address.sun_path))
		return -ENAMETOOLONG;
	memcpy(address.sun_path, qmp->path, strlen(qmp->path));
	qmp->fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	if (qmp->fd < 0)
		return -errno;
	while (connect(qmp->fd, (const struct sockaddr *)&address, sizeof(address)) < 0) {
		const struct timespec pause = { .tv_nsec = RETRY_NS };
		if (errno != EAGAIN && errno != EINTR)
			return -errno;
		if (!qmp_has_time(qmp))
			return -ETIMEDOUT;
		nanosleep(&pause, NULL);
	}
	return 0;
}

static void qmp_free_at(struct qmp **qmp)
{
	qmp_free(*qmp);
}

int qmp_start(int fd, const char *path, unsigned timeout_ms, struct qmp **ret, struct reports *reports)
{
	cleanup(qmp_free_at) struct qmp *qmp = qmp_new(fd, path, timeout_ms);
	if (!qmp)
		close(fd);
	if (!qmp || fcntl(fd, F_SETFL, O_NONBLOCK) < 0)
		return report_connect(path, qmp ? -errno : -ENOMEM, reports);
	int r = negotiate(qmp, reports);
	if (r == 0)
		*ret = TAKE(qmp);
	return r;
}

int qmp_connect(const char *path, unsigned timeout_ms, struct qmp **ret, struct reports *reports)
{
	cleanup(qmp_free_at) struct qmp *qmp = qmp_new(-1, path, timeout_ms);
	int r = qmp ? connect_socket(qmp) : -ENOMEM;
	if (r < 0)
		return report_connect(path, r, reports);
	r = negotiate(qmp, reports);
	if (r == 0)
		*ret = TAKE(qmp);
	return r;
}
