/* engine/observe.h - one look at the router: configuration and live state. */
#ifndef ENGINE_OBSERVE_H
#define ENGINE_OBSERVE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "engine/adopt.h"
#include "frr/state.h"

struct db;
struct err;
struct frr;
struct frr_node;
struct op_interface;

struct observation {
	struct frr_node *tree;
	struct frr_state state;
	struct upstream_list upstreams; /* with their sessions filled in */
	struct adopt_router router;
};

void observe_clear(struct observation *);
/*
 * Reads bgpd alone (whole false: cheap, for the snapshot) or every daemon
 * (whole true: for a change). New neighbors get their names, which are stored.
 * On -1 nothing is left to clear.
 */
int observe(struct frr *, struct db *, bool whole, struct observation *,
    struct err *);

/* Byte counts of interfaces a moment ago, to make rates from. */
struct observe_counters {
	struct op_interface *v;
	size_t n;
	int64_t at_us; /* clock_us(); 0: none yet */
};
void observe_counters_clear(struct observe_counters *);
/*
 * Finds each session's interface by its local address (or the interface named
 * as update-source) and fills in its traffic. now takes the place of before.
 */
void observe_traffic(struct upstream_list *, struct observe_counters *before,
    struct observe_counters *now);

#endif
