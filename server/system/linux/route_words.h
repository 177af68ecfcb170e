/* system/linux/route_words.h - a route in the words of ip(8). */
#ifndef SYSTEM_LINUX_ROUTE_WORDS_H
#define SYSTEM_LINUX_ROUTE_WORDS_H

#include <stddef.h>
#include <stdint.h>

#include "base/addr.h"
#include "wire/op.h"

enum {
	ROUTE_WORDS_LINE_MAX = 256
};

/* The words of one command; borrowed from the texts in here. */
struct route_words {
	const char *v[16];
	size_t n;
	char prefix[PREFIX_TEXT_MAX];
	char gateway[ADDR_TEXT_MAX];
	char interface[16];
	char number[2][16];
};

/* With our protocol number. */
void route_words_add(struct route_words *, const struct op_route *);
/* metric 0: whatever it is. */
void route_words_remove(struct route_words *, const struct op_route *,
    uint8_t protocol, uint32_t metric);
/* As a line of a batch file, with the newline; ROUTE_WORDS_LINE_MAX bytes. */
void route_words_line(const struct route_words *, char *out);

#endif
