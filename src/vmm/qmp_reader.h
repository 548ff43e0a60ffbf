/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/*
 * QMP, the receiving half: bytes in, messages out. Each message is a JSON object in a line of its own. The VMM is not
 * trusted: what it sends may be anything, but only so much of it is kept.
 */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <jansson.h>

/* The longest line, and the most that is kept. */
#define QMP_LINE_MAX ((size_t)1 << 20)

/* How much of a line that is no message is told. */
#define QMP_EXCERPT_SIZE 81

enum qmp_kind { QMP_GREETING, QMP_RETURN, QMP_ERROR, QMP_EVENT, QMP_KIND_COUNT };

struct qmp_message {
	enum qmp_kind kind;
	json_t *json; /* the whole message, an object */
	json_t *value; /* what its kind is about, a part of it: an object; for QMP_RETURN anything, for QMP_EVENT the name */
	size_t size; /* in bytes, as it was sent */
	bool has_id;
	json_int_t id;
};

/* All zero is empty. */
struct qmp_reader {
	char *buffer;
	size_t size;    /* of the buffer */
	size_t start;   /* of the first line that was not taken yet, */
	size_t end;     /* and behind the last byte */
	size_t scanned; /* there is no line feed from start to here */
	char excerpt[QMP_EXCERPT_SIZE];
};

/* Adds SIZE bytes of DATA. 0, -ENOMEM, or -EMSGSIZE when that is more than is kept. */
int qmp_reader_add(struct qmp_reader *reader, const void *data, size_t size);

/*
 * Takes the next message: 1, and *RET, whose json is the caller's; 0 when no line is complete; -EBADMSG when the line is no
 * message of QMP: the reader's excerpt has its beginning then.
 */
int qmp_reader_next(struct qmp_reader *reader, struct qmp_message *ret);

/* Frees what READER holds and leaves it empty. */
void qmp_reader_done(struct qmp_reader *reader);
