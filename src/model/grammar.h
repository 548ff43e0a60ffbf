/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/*
 * The grammar as tables: a row for each element and each attribute says what may stand there, what becomes of
 * it, and which small function puts it into the model. The tables are walked along the document, so that
 * every finding comes with a position and in document order, and whatever has no row is found too.
 */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/report.h"
#include "model/rules.h"

struct _xmlNode;
struct claims;
struct document;
struct draft;
struct network_draft;
struct tree;

/*
 * ---- fields: where in a struct of the model a row puts its value, and how the value is written again ----
 */

enum field_kind {
	FIELD_NONE, /* the value is kept nowhere */
	FIELD_U8,   /* also bool */
	FIELD_U32,
	FIELD_U64,
	FIELD_TEXT, /* const char * */
	FIELD_NAME, /* char[NAME_SIZE] */
	FIELD_UUID,
	FIELD_MAC,
};

struct field {
	enum field_kind kind;
	uint16_t value;   /* its offset */
	uint16_t present; /* the offset of the bool that says whether it is there, or one of the following */
};

#define PRESENT_BY_VALUE UINT16_MAX     /* zero, NULL and "" say that it is not */
#define PRESENT_ALWAYS (UINT16_MAX - 1) /* it is */

/* NOLINTBEGIN(bugprone-macro-parentheses): members of structs cannot stand in parentheses */

/*
 * The fields that hold MEMBER of struct TYPE: with a flag, one that speaks for itself, and one of the structs
 * of device.h.
 */
#define FIELD_WITH(kind_, type, member, flag) \
	{ \
		.kind = (kind_), .value = offsetof(type, member), .present = offsetof(type, flag) \
	}
#define FIELD_BARE(kind_, type, member, presence) \
	{ \
		.kind = (kind_), .value = offsetof(type, member), .present = (presence) \
	}
#define NUMBER(type, member) FIELD_WITH(FIELD_U64, type, member.value, member.present)
#define TEXT(type, member) FIELD_BARE(FIELD_TEXT, type, member, PRESENT_BY_VALUE)

/* NOLINTEND(bugprone-macro-parentheses) */

/* How numbers are written. */
enum style {
	STYLE_DECIMAL,
	STYLE_HEX, /* 0x1 */
	STYLE_HEX2,
	STYLE_HEX4,
	STYLE_HEX8,
};

/* Longest text of a number, UUID or MAC address. */
#define FIELD_TEXT_SIZE 40
struct field_text {
	char s[FIELD_TEXT_SIZE];
};

/* Whether FIELD of the struct at BASE has a value. */
bool field_is_present(struct field field, const void *base);

/* The number in FIELD of the struct at BASE; 0 for other kinds. */
uint64_t field_number(struct field field, const void *base);

/* The text that FIELD holds, or its number, UUID or MAC address as text in ROOM. */
const char *field_text(struct field field, enum style style, const void *base, struct field_text *room);

/*
 * Puts NUMBER, or TEXT for the other kinds, into FIELD, which has a value then; TEXT itself where it is one.
 * 0, or -EINVAL when TEXT is no value of its kind, or too long: it has no value then.
 */
int field_set(struct field field, void *base, uint64_t number, const char *text);

/* FIELD has no value then. */
void field_clear(struct field field, void *base);

/* ---- rows ---- */

/* One reading of one document. */
struct reader {
	const struct tree *tree;
	struct reports *reports;
	unsigned purpose; /* enum purpose */
	bool strict;
	bool no_memory; /* something could not be kept: the document is incomplete */
	struct document *document;
	struct network_draft *network; /* the network that is being read; NULL outside of one */
	struct draft *draft;           /* the device that is being read; NULL outside of one */
	bool usb;                      /* and it is a USB device */
	void *base; /* the struct that the fields of rows are in: the device, or an item of one of its lists */
	struct claims *claims;
};

/* What becomes of an element or attribute that has a row. */
enum handling {
	HANDLING_READ,
	HANDLING_IGNORED, /* libvirt's own business (its output, or without meaning here): not worth a word */
	HANDLING_NO_EFFECT, /* libvirt keeps it, or drops it, and nothing follows from it for a VF: a warning */
	HANDLING_BROKEN,    /* it breaks the rule of its row */
	HANDLING_LATER,     /* it has an effect, and this version does not know how: an error for what acts */
};

enum {
	ATTRIBUTE_REQUIRED = 1 << 0,
	ATTRIBUTE_EMPTY_IS_ABSENT = 1 << 1,
	ATTRIBUTE_NOT_ZERO = 1 << 2,
	ATTRIBUTE_BAD_IS_ABSENT = 1 << 3, /* libvirt passes over a value that it does not understand */
	ATTRIBUTE_OF_PCI = 1 << 4,        /* only looked at where the source is a PCI device */
	ATTRIBUTE_OF_USB = 1 << 5,        /* only looked at where the source is a USB device */
	ATTRIBUTE_APPLIED = 1 << 6, /* its field is filled by "apply" of its element: it tells how it is written */
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
	enum rule rule;           /* HANDLING_BROKEN */
	enum style style;         /* how its number is written */
	const char *const *words; /* read_word: what it may be, to NULL */
	uint64_t max;             /* read_number, read_decimal: the largest; 0: 32 bits of ones */
	struct field field;       /* where it is kept */
	const char *constant;     /* what is written, always; NULL: what the field has */
};

/* An attribute as it was read, for the functions that put elements into the model. */
struct reading {
	bool given;       /* it stands there */
	bool present;     /* and its value is good */
	uint64_t number;  /* a number; 1 for yes and on; the index of a word */
	const char *text; /* as written, the document's; NULL unless present */
	size_t offset;    /* of its name */
};

/* An element as it was read: one reading for each row of its attributes. */
struct tag {
	const struct _xmlNode *node;
	size_t offset; /* of its '<' */
	bool valid;    /* no attribute is wrong or missing */
	struct reading readings[ATTRIBUTES_MAX];
};

/* An array of the model: its items are elements of the same kind. */
struct list {
	size_t size;    /* of an item; 0: there is no such array */
	uint16_t items; /* offset of the pointer to it */
	uint16_t count; /* offset of the size_t that says how many there are */
};

struct element {
	const char *name; /* NULL ends a table */
	const char *ns;   /* its namespace; NULL: in none, as everything of libvirt */
	enum handling handling;
	enum rule rule;   /* HANDLING_BROKEN */
	bool many;        /* may be repeated; of others, libvirt reads the first and passes over the rest */
	bool open;        /* attributes and children without a row are not ours: not worth a word */
	bool always;      /* written even when there is nothing in it */
	bool paired;      /* written even then, and with an end tag */
	const char *hint; /* HANDLING_NO_EFFECT: what to do instead */
	const struct element *row;          /* the row that the rest of this one stands in; NULL: this */
	const struct attribute *attributes; /* in the order in which they are written; NULL: none */
	const struct attribute *content;    /* the text inside; NULL: none */
	const struct element *children;     /* in the order in which they are written; NULL: none */
	struct field whole;                 /* of text that is the element; "read" puts it there */
	struct list list;                   /* of which it is an item, in which its fields are */
	/* Puts the element into the model; its children are there already. NULL: nothing to do. */
	void (*apply)(struct reader *reader, const struct tag *tag);
	/* Reads the element instead, where its row depends on what it holds. */
	void (*read)(struct reader *reader, const struct _xmlNode *node);
	/* The row to write, where it depends on what the model holds; it returns NULL for nothing. */
	const struct element *(*write)(const void *base);
};

/* Reads NODE, which is what ROW says. */
void grammar_read(struct reader *reader, const struct _xmlNode *node, const struct element *row);

/* Does with NODE what its row in ROWS says. Returns false when it has none. */
bool grammar_read_one_of(struct reader *reader, const struct _xmlNode *node, const struct element *rows);

/*
 * The finding that what stands at OFFSET breaks RULE, with ARGS for its message, if the rule counts for this
 * reading. The result is for report_hint(), holds until the next one, and is NULL only for rules that do not
 * always count.
 */
struct report *reader_tell(struct reader *reader, enum rule rule, size_t offset, const char *const args[]);

#define TELL(reader, rule, offset, ...) \
	reader_tell((reader), (rule), (offset), (const char *const[]){ "", ##__VA_ARGS__, NULL } + 1)

/* NUMBER as text, decimal and with 0x. */
struct field_text number_decimal(uint64_t number);
struct field_text number_hex(uint64_t number);

/* Whether TEXT consists of letters, digits, "_" and "-". */
bool reader_is_name(const char *text);

/*
 * Memory of the document: SIZE bytes, all zero; a copy of TEXT, NULL for NULL; arena_grow(). NULL without
 * memory, which is remembered.
 */
void *reader_alloc(struct reader *reader, size_t size);
char *reader_copy(struct reader *reader, const char *text);
void *reader_grow(struct reader *reader, void *items, size_t count, size_t size);

/* Reports that GIVEN breaks RULE, whose message names attribute, element and value. Returns false. */
bool reader_invalid(struct reader *reader, const struct given *given, enum rule rule);

/* Whether a list of COUNT items has room for NODE; tells when it has not. */
bool reader_has_room(struct reader *reader, size_t count, const struct _xmlNode *node);

extern const char *const no_yes[];
extern const char *const off_on[];

/* How attributes are written: see "read" of struct attribute. */
bool read_word(struct reader *reader, const struct given *given, uint64_t *ret);
bool read_yes(struct reader *reader, const struct given *given, uint64_t *ret);     /* in any case; else no */
bool read_number(struct reader *reader, const struct given *given, uint64_t *ret);  /* 0x1f, 037 or 31 */
bool read_decimal(struct reader *reader, const struct given *given, uint64_t *ret); /* 31 */
bool read_name(struct reader *reader, const struct given *given, uint64_t *ret);    /* [A-Za-z0-9_-]+ */

/* Rows of attributes that are one of two words, kept in FIELD. */
#define YES_NO(name_, ...) \
	{ \
		.name = (name_), .read = read_word, .words = no_yes, .field = __VA_ARGS__ \
	}
#define ON_OFF(name_, ...) \
	{ \
		.name = (name_), .read = read_word, .words = off_on, .field = __VA_ARGS__ \
	}

/* The row of an element that breaks RULE, however often it is there. */
#define BROKEN(name_, rule_) \
	{ \
		.name = (name_), .many = true, .handling = HANDLING_BROKEN, .rule = (rule_) \
	}
