/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/*
 * The grammar as tables: a row for each element and each attribute says what may stand there, what becomes of it, and
 * which small function puts it into the model. The tables are walked along the document, so that every finding comes with a
 * position and in document order, and whatever has no row is found too.
 */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/report.h"
#include "model/document.h"

struct _xmlNode;
struct claims;
struct draft;
struct tree;

/* One reading of one document. */
struct reader {
	const struct tree *tree;
	struct reports *reports;
	bool strict;
	bool no_memory; /* something could not be kept: the document is incomplete */
	struct document *document;
	struct draft *draft; /* the interface that is being read; NULL outside of one */
	struct claims *claims;
};

/* What becomes of an element or attribute that has a row. */
enum handling {
	HANDLING_READ,
	HANDLING_IGNORED, /* libvirt's own business (its output, or without meaning here): not worth a word */
	HANDLING_NO_EFFECT, /* libvirt keeps it, and nothing follows from it for a VF: a warning */
	HANDLING_REFUSED,   /* libvirt refuses it, some of it late: an error in its words */
	HANDLING_LATER,     /* it would have an effect, and this version does not know how: an error */
};

enum {
	ATTRIBUTE_REQUIRED = 1 << 0,
	ATTRIBUTE_EMPTY_IS_ABSENT = 1 << 1,
	ATTRIBUTE_NOT_ZERO = 1 << 2,
	ATTRIBUTE_BAD_IS_ABSENT = 1 << 3, /* libvirt passes over a value that it does not understand */
};

/* At most so many attributes have a row in one element. */
#define ATTRIBUTES_MAX 24

/* And so many kinds of children. */
#define CHILDREN_MAX 64

struct attribute;

/* An attribute in the document whose row is known. */
struct given {
	const struct attribute *row;
	const char *element; /* name of its element */
	const char *text;    /* its value */
	size_t offset;       /* of its name in the document */
};

struct attribute {
	const char *name; /* NULL ends a table */
	/* Understands the value and sets *RET, or reports what is wrong and returns false. NULL: any text. */
	bool (*read)(struct reader *reader, const struct given *given, uint64_t *ret);
	unsigned flags;
	enum handling handling;
	const char *const *words; /* read_word: what it may be, to NULL */
	uint64_t max;             /* read_number, read_decimal: the largest; 0: 32 bits of ones */
	const char *text;         /* HANDLING_REFUSED: why */
};

/* An attribute as it was read, for the functions that put elements into the model. */
struct reading {
	bool given;      /* it stands there */
	bool present;    /* and its value is good */
	uint64_t number; /* a number; 1 for yes and on; the index of a word */
	char *text;      /* as written; NULL unless present */
	size_t offset;   /* of its name */
};

/* An element as it was read: one reading for each row of its attributes. */
struct tag {
	const struct _xmlNode *node;
	size_t offset; /* of its '<' */
	bool valid;    /* no attribute is wrong or missing */
	struct reading readings[ATTRIBUTES_MAX];
};

struct element {
	const char *name; /* NULL ends a table */
	const char *ns;   /* its namespace; NULL: in none, as everything of libvirt */
	enum handling handling;
	bool many;        /* may be repeated; of others, libvirt reads the first and passes over the rest */
	bool open;        /* attributes and children without a row are not ours: not worth a word */
	const char *text; /* HANDLING_REFUSED: why */
	const char *hint; /* HANDLING_REFUSED, HANDLING_NO_EFFECT: what to do instead */
	const struct element *row;          /* the row that the rest of this one stands in; NULL: this */
	const struct attribute *attributes; /* NULL: none */
	const struct element *children;     /* NULL: none */
	/* Puts the element into the model; its children are there already. NULL: nothing to do. */
	void (*apply)(struct reader *reader, const struct tag *tag);
	/* Reads the element instead, where its row depends on what it holds. */
	void (*read)(struct reader *reader, const struct _xmlNode *node);
};

/* Reads NODE, which is what ROW says. */
void grammar_read(struct reader *reader, const struct _xmlNode *node, const struct element *row);

/* Does with NODE what its row in ROWS says. Returns false when it has none. */
bool grammar_read_one_of(struct reader *reader, const struct _xmlNode *node, const struct element *rows);

/*
 * Findings at OFFSET: an error; a warning; and what libvirt passes over silently (a warning, an error when strict). The
 * result is for report_hint() and holds until the next one.
 */
struct report *reader_error(struct reader *reader, enum report_class class, size_t offset, const char *format,
			    ...) __attribute__((format(printf, 4, 5)));
struct report *reader_warning(struct reader *reader, size_t offset, const char *format, ...)
	__attribute__((format(printf, 3, 4)));
struct report *reader_unknown(struct reader *reader, size_t offset, const char *format, ...)
	__attribute__((format(printf, 3, 4)));

/* Whether TEXT consists of letters, digits, "_" and "-". */
bool reader_is_name(const char *text);

/* TEXT in new memory; NULL for NULL. Remembers when there is none. */
char *reader_copy(struct reader *reader, const char *text);

/* How attributes are written: see "read" of struct attribute. */
bool read_yes_no(struct reader *reader, const struct given *given, uint64_t *ret);
bool read_on_off(struct reader *reader, const struct given *given, uint64_t *ret);
bool read_word(struct reader *reader, const struct given *given, uint64_t *ret);
bool read_number(struct reader *reader, const struct given *given, uint64_t *ret);  /* 0x1f, 037 or 31 */
bool read_decimal(struct reader *reader, const struct given *given, uint64_t *ret); /* 31 */
bool read_name(struct reader *reader, const struct given *given, uint64_t *ret);    /* [A-Za-z0-9_-]+ */
