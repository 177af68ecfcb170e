/* system/linux/link_words.h - a tunnel in the words of ip(8), argv and batch.
 */
#ifndef SYSTEM_LINUX_LINK_WORDS_H
#define SYSTEM_LINUX_LINK_WORDS_H

#include "base/addr.h"
#include "wire/op.h"

struct argv;

enum {
	LINK_WORDS_MAX = 24,
	/* The longest command of a tunnel as text, quotes and newline too. */
	LINK_WORDS_LINE_MAX = 320
};

/* What ip calls it: type and, where the type has several, mode. mode NULL:
 * has none. */
struct link_words_kind {
	const char *type;
	const char *mode;
	uint8_t kind;  /* enum op_link_kind */
	uint8_t outer; /* 4 or 6 */
	uint8_t inner; /* 4, 6, 0: both */
};

/* NULL: Linux has no such tunnel. */
const struct link_words_kind *link_words_kind_of(const struct op_link *);
/* By the words; mode NULL matches a type without. */
const struct link_words_kind *link_words_kind_named(const char *type,
    const char *mode);
/* MTU when nobody set one: 1500 without the outer headers. */
uint32_t link_words_default_mtu(const struct link_words_kind *);

/*
 * The words of one command, in the order that ip takes them; borrowed from the
 * texts in here, so it stays where it is.
 */
struct link_words {
	const char *v[LINK_WORDS_MAX];
	size_t n;
	char text[2][ADDR_TEXT_MAX + 4];
	char number[16];
	char description[OP_DESCRIPTION_MAX];
	char name[16];
};

void link_words_create(struct link_words *, const struct op_link *);
void link_words_endpoints(struct link_words *, const struct op_link *);
void link_words_destroy(struct link_words *, const char *name);
void link_words_mtu(struct link_words *, const char *name, uint32_t mtu);
void link_words_description(struct link_words *, const char *name,
    const char *description);
void link_words_up(struct link_words *, const char *name, int up);
/* verb: add, replace or delete. */
void link_words_address(struct link_words *, const char *name,
    const struct op_address *, const char *verb);

/* Into argv behind the program's name. */
void link_words_argv(const struct link_words *, struct argv *);
/* As a line of a batch file, with the newline; LINK_WORDS_LINE_MAX bytes. */
void link_words_line(const struct link_words *, char *out);

#endif
