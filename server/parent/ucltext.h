/* parent/ucltext.h - reads the part of UCL that our configuration needs. */
#ifndef PARENT_UCLTEXT_H
#define PARENT_UCLTEXT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct err;

/*
 * A strict subset of UCL, so that every file we accept means the same to
 * libucl: sections one deep, "key = value;" (or ':' or a blank), lists of
 * plain values, # and nested C comments, an outer pair of braces. Values are
 * strings in double quotes with JSON escapes, bare words, whole numbers
 * without suffix, and true/false/yes/no/on/off. Not understood and refused
 * with the line: macros (.include), variables in bare words, multi-line
 * strings, deeper nesting, and a key or section that is given twice, which
 * libucl would silently turn into a list. Reads no other file, and no heap.
 */
enum {
	UCLTEXT_PATH_MAX = 64,
	UCLTEXT_STRING_MAX = 512,
	UCLTEXT_KEYS_MAX = 128 /* keys and sections in one file */
};

enum ucltext_type {
	UCLTEXT_STRING,
	UCLTEXT_NUMBER,
	UCLTEXT_BOOL,
	UCLTEXT_EMPTY_LIST, /* "key = [];": the only item of its list */
	UCLTEXT_SECTION     /* its '{'; what is in it follows */
};

struct ucltext_item {
	unsigned line;
	char path[UCLTEXT_PATH_MAX]; /* "limits.queue" */
	enum ucltext_type type;
	char string[UCLTEXT_STRING_MAX]; /* the word of any type */
	uint64_t number;
	bool boolean;
	bool in_list;
	unsigned index; /* in its list */
};

typedef int ucltext_fn(void *ctx, const struct ucltext_item *, struct err *);

/*
 * Calls fn for each value in order; stops and returns -1 when fn does. Syntax
 * errors are ERR_INVALID "line 12: ...".
 */
int ucltext_parse(const char *text, size_t len, ucltext_fn *fn, void *ctx,
    struct err *);

#endif
