/* wire/op_check.h - the checks that payloads of different kinds share. */
#ifndef WIRE_OP_CHECK_H
#define WIRE_OP_CHECK_H

#include <stdbool.h>
#include <stddef.h>

#include "base/addr.h"

struct err;

/* What an address may be besides an ordinary unicast one. */
enum op_check_may {
	OP_CHECK_MAY_NONE = 1,       /* family 0, all zero */
	OP_CHECK_MAY_LINK_LOCAL = 2, /* fe80::/10 without a zone, 169.254/16 */
	OP_CHECK_MAY_ZONE = 4        /* fe80::/10 with a zone, and 169.254/16 */
};

/* A NUL, and nothing but zeros behind it. */
bool op_check_text(const char *, size_t size);
bool op_check_zero(const void *, size_t size);
/* Each: -1 and ERR_INVALID "WHAT: ...". */
int op_check_tunnel(const char name[16], const char *what, struct err *);
int op_check_interface(const char name[16], const char *what, struct err *);
/* Canonical, and neither unspecified, multicast, loopback, reserved nor an
 * IPv4 address in IPv6 clothes. */
int op_check_unicast(const struct addr *, unsigned may, const char *what,
    struct err *);
/* Canonical; never a default route. */
int op_check_prefix(const struct prefix *, const char *what, struct err *);
/* Both outer addresses of a tunnel. */
int op_check_endpoints(const struct addr *local, const struct addr *remote,
    struct err *);

#endif
