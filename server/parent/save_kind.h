/* parent/save_kind.h - did a whole kind of line go from FRR's boot file? */
#ifndef PARENT_SAVE_KIND_H
#define PARENT_SAVE_KIND_H

#include <stdbool.h>

struct buf;

enum {
	SAVE_KIND_NAME_MAX = 48
};

struct save_kind {
	char name[SAVE_KIND_NAME_MAX]; /* "ipv6 route", "interface" */
	const char *owner;             /* who would write it: "staticd" */
};

enum {
	SAVE_KIND_ALLOWED_MAX = 4
};
/* The names of the bits (wire/op.h, OP_SAVE_IP_ROUTE ...) into names, NULL
 * behind the last. */
void save_kind_allowed(unsigned bits,
    const char *names[SAVE_KIND_ALLOWED_MAX + 1]);

/*
 * "write memory" leaves out the lines of a daemon that does not answer and
 * says [OK] all the same. So a kind of line that before has and of which now
 * has not one is suspicious: true, and which. The last route or interface may
 * have been taken away on purpose; only a person knows, so the caller must
 * say what to do then.
 *
 * Not looked at: what vtysh itself writes (hostname, log, service ...), what
 * bgpd owns alone or what goes by ordinary changes and is compared line by
 * line by the engine (bgp ..., route maps and lists), "no ..." (mostly
 * defaults that FRR leaves out), and an interface or VRF without a line of
 * its own, which FRR does not write. Hand-written files need no indentation
 * and may say "ip route ... vrf X" outside of the VRF: where now has the kind
 * inside a section it still has it, sections themselves apart. allowed (ends
 * with NULL): kinds that were taken away on purpose.
 */
bool save_kind_lost(const struct buf *before, const struct buf *now,
    const char *const *allowed, struct save_kind *);

#endif
