/* model/bogons.h - the built-in list of what nobody should announce to us. */
#ifndef MODEL_BOGONS_H
#define MODEL_BOGONS_H

#include <stddef.h>

#include "base/addr.h"
#include "model/prefix_rule.h"

enum {
	BOGONS_MAX = 16 + 64, /* fixed ones and the router's own prefixes */
	BOGONS_PERMIT_SEQ = 100
};

struct bogons_rule {
	struct prefix_rule rule;
	unsigned seq; /* where it stands when the list is made anew */
};

/*
 * The list of one family (4 or 6): denies the router's own prefixes and what
 * is longer, then unallocated and special space, then permits what is globally
 * routed and not too long. Denies may stand in any order, the one permit comes
 * last. own are the prefixes of the router (those of the other family are
 * skipped, ROUTER_PREFIXES_MAX at most). Returns how many were written to out,
 * in the order of seq.
 */
size_t bogons_builtin(unsigned family, const struct prefix *own, size_t n,
    struct bogons_rule out[BOGONS_MAX]);

#endif
