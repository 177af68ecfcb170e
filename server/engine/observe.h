/* engine/observe.h - one look at the router: configuration and live state. */
#ifndef ENGINE_OBSERVE_H
#define ENGINE_OBSERVE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "engine/adopt.h"
#include "engine/drain_map.h"
#include "engine/host.h"
#include "frr/state.h"

struct db;
struct downstream;
struct err;
struct frr;
struct frr_node;
struct op_interface;
struct supervisor;
struct target;

struct observation {
	/* As the operator knows it: without what drains add, which the marks
	 * say. raw is what FRR has, NULL when there is no drain. */
	struct frr_node *tree;
	struct frr_node *raw;
	struct drain_marks marks;
	struct drain_list drains; /* reasons, out of the database */
	struct frr_state state;
	struct upstream_list upstreams; /* with their sessions filled in */
	struct adopt_router router;
	/* Only of observe_host(): */
	struct host host;
	struct op_interface *interfaces;
	size_t n_interfaces;
	struct downstream *downstreams; /* by name */
	size_t n_downstreams;
};

void observe_clear(struct observation *);
/* What FRR has. */
static inline const struct frr_node *
observe_raw(const struct observation *o)
{
	return o->raw != NULL ? o->raw : o->tree;
}

enum observe_depth {
	OBSERVE_BGPD,  /* bgpd alone: cheap, for the snapshot */
	OBSERVE_WHOLE, /* every daemon; an empty bgpd is still loading */
	OBSERVE_BARE   /* every daemon; there may be no "router bgp" at all */
};
/*
 * FRR's configuration and live state. New neighbors get their names, which are
 * stored. On -1 nothing is left to clear.
 */
int observe(struct frr *, struct db *, enum observe_depth, struct observation *,
    struct err *);
/*
 * What an observation would be if the target were the truth: configuration
 * without live state. names from the database and from the target.
 */
int observe_target(struct db *, const struct observation *before,
    const struct target *, struct observation *, struct err *);

/*
 * Adds what lies under FRR: links, routes, firewall, interfaces, and with them
 * what the upstreams have below, and the downstreams. Waits for the parent.
 */
int observe_host(struct supervisor *, struct db *, struct observation *,
    struct err *);
/* The same from a host that is there already (o->host). New downstreams get
 * their names, which are stored. */
int observe_below(struct db *, struct observation *, struct err *);

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
