/* model/fields.h - a request body is a table: name, kind, range, place. */
#ifndef MODEL_FIELDS_H
#define MODEL_FIELDS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct err;

enum field_kind {
	FIELD_UINT, /* whole number, min to max */
	FIELD_BOOL,
	FIELD_TEXT, /* checked by check(), at most FIELD_TEXT_MAX - 1 bytes */
	FIELD_ENUM, /* one of names */
	FIELD_SET, /* array of some of names, each once: number is a bit mask */
	/* members, read into target + base. A nullable one has a field_value
	 * of its own at offset: present, and null. */
	FIELD_OBJECT,
	/* At most max items, each read as members[0] into target + base +
	 * i * size; the field_value at offset has how many in number. */
	FIELD_ARRAY,
	FIELD_EITHER, /* the first of members whose JSON type fits */
	FIELD_ALSO,   /* no member: more members of this same object, in target
			 + base; its own name is not looked at */
	FIELD_IGNORED /* anything, not read */
};

enum {
	FIELD_TEXT_MAX = 256
};

/* What one member held. Nothing is owned. */
struct field_value {
	bool present;
	bool null;
	bool flag;                 /* FIELD_BOOL */
	uint64_t number;           /* FIELD_UINT; FIELD_ENUM: index in names;
				      FIELD_SET, FIELD_ARRAY: see there */
	char text[FIELD_TEXT_MAX]; /* FIELD_TEXT */
};

struct field {
	const char *name; /* NULL ends the table */
	enum field_kind kind;
	size_t offset; /* of a struct field_value in the target */
	size_t base;   /* see FIELD_OBJECT, FIELD_ARRAY, FIELD_ALSO */
	size_t size;   /* of one item of FIELD_ARRAY */
	bool nullable;
	uint64_t min;
	uint64_t max;
	/* 0, or -1 with a sentence in err that fits behind the pointer. */
	int (*check)(const char *text, struct err *err);
	const char *const *names;
	const struct field *members;
};

/*
 * Reads one JSON object of exactly these members into target, which the caller
 * has zeroed; absent members stay absent. ERR_INVALID when it is not JSON, not
 * an object or has a member twice (the pointer is "" then); ERR_UNPROCESSABLE
 * with a JSON pointer for each unknown name, wrong type, value out of range,
 * or NUL in a string.
 */
int fields_read(const char *json, size_t len, const struct field *,
    void *target, struct err *);

#endif
