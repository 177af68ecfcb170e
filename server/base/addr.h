/* base/addr.h - IP addresses and prefixes, parsed once. */
#ifndef BASE_ADDR_H
#define BASE_ADDR_H

#include <stdbool.h>
#include <stdint.h>

struct err;

enum {
	ADDR_TEXT_MAX = 64, /* IPv6 text, '%', zone, NUL */
	PREFIX_TEXT_MAX = 68
};

/*
 * family is 4 or 6 (0: unset). zone is the interface of a link-local address
 * ("vtnet0"), else empty. Only the first 4 bytes count for family 4; the rest
 * is zero, so values compare with addr_equal or as whole structs.
 */
struct addr {
	uint8_t family;
	uint8_t bytes[16];
	char zone[16];
};

struct prefix {
	struct addr addr; /* host bits are zero */
	uint8_t len;
};

/*
 * Text per RFC 4291 / dotted quad; an optional %zone of 1-15 [A-Za-z0-9._-]
 * is accepted on link-local IPv6 only. -1 and ERR_INVALID otherwise.
 */
int addr_parse(struct addr *, const char *, struct err *);
/* Canonical text (RFC 5952). Returns out, which holds ADDR_TEXT_MAX. */
const char *addr_print(const struct addr *, char *out);
bool addr_equal(const struct addr *, const struct addr *);
int addr_compare(const struct addr *, const struct addr *);
bool addr_is_link_local(const struct addr *);

/*
 * ADDRESS/LEN, or a lone address (then /32 or /128). strict: host bits set are
 * refused, otherwise they are cleared. No zone.
 */
int prefix_parse(struct prefix *, const char *, bool strict, struct err *);
const char *prefix_print(const struct prefix *, char *out);
bool prefix_contains(const struct prefix *, const struct addr *);
bool prefix_equal(const struct prefix *, const struct prefix *);

#endif
