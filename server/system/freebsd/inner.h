/* system/freebsd/inner.h - inner addresses as ifconfig writes and reads them.
 */
#ifndef SYSTEM_FREEBSD_INNER_H
#define SYSTEM_FREEBSD_INNER_H

#include <stdbool.h>
#include <stddef.h>

#include "base/addr.h"
#include "wire/op.h"

enum {
	INNER_WORDS = 5
};

/* An address as words of ifconfig: "inet6 A prefixlen 126", "inet6 A P
 * prefixlen 128", "inet A P netmask M". */
struct inner_words {
	const char *v[INNER_WORDS];
	size_t n;
	char address[ADDR_TEXT_MAX];
	char peer[ADDR_TEXT_MAX];
	char length[ADDR_TEXT_MAX];
};

/* -1 and ERR_UNPROCESSABLE: FreeBSD has no IPv4 without the other end's
 * address on a tunnel; it follows from a /30 or /31, from nothing else. */
int inner_print(const struct op_address *, struct inner_words *, struct err *);
/* The same address from the parts that are shown; false when they make none. */
bool inner_make(const struct addr *address, const struct addr *peer,
    uint8_t length, struct op_address *);
bool inner_equal(const struct op_address *, const struct op_address *);
/* 255.255.255.252 or 0xfffffffc; false when it is no mask. */
bool inner_mask(const char *, uint8_t *length);

#endif
