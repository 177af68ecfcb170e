/* engine/adopt.h - upstreams as the running configuration has them. */
#ifndef ENGINE_ADOPT_H
#define ENGINE_ADOPT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/addr.h"
#include "model/upstream.h"

struct err;
struct friendly_list;
struct frr_node;

struct upstream_list {
	struct upstream *v; /* sorted by address */
	size_t n;
};
void adopt_clear(struct upstream_list *);

enum {
	ADOPT_PREFIXES_MAX = 64
};

/* What the router block says of the router itself. */
struct adopt_router {
	uint32_t local_as; /* 0: no "router bgp" */
	char router_id[ADDR_TEXT_MAX];
	char prefixes[ADOPT_PREFIXES_MAX][PREFIX_TEXT_MAX]; /* network lines */
	size_t n_prefixes;
};

/* The block of the default VRF, or NULL. */
const struct frr_node *adopt_bgp(const struct frr_node *tree);
/* "address-family ipv6 unicast" of it, or NULL. */
const struct frr_node *adopt_family(const struct frr_node *bgp,
    unsigned family);
/*
 * What follows "neighbor ADDRESS WORDS" in a section, looked up in the peer
 * group when the neighbor has no line of its own: "" for a bare flag, NULL
 * when there is none. via_group (may be NULL) tells which.
 */
const char *adopt_value(const struct frr_node *bgp,
    const struct frr_node *section, const char *neighbor, const char *words,
    bool *via_group);
/*
 * The route map of a direction ("in", "out") in one family, "" when none.
 */
void adopt_route_map(const struct frr_node *bgp, unsigned family,
    const char *neighbor, const char *direction, char *out, size_t size);

/* Is the neighbor active in this family? Its own word counts before that of
 * its group, and that before the default. */
bool adopt_is_active(const struct frr_node *bgp, unsigned family,
    const char *neighbor);

/* Does nothing pass an external session without a policy (RFC 8212)? FRR's
 * default but for "frr defaults datacenter"; it prints what is not default. */
bool adopt_requires_policy(const struct frr_node *bgp);

/*
 * Every neighbor of the default VRF that has an address, without live state.
 * names gives the names that are known already; neighbors without one get one
 * from their description (engine/naming.h), the same for the same input.
 * Nothing is written.
 */
void adopt_upstreams(const struct frr_node *tree,
    const struct friendly_list *names, struct upstream_list *);
void adopt_router(const struct frr_node *tree, struct adopt_router *);

/* Is it configured (with an address) in the default VRF? */
bool adopt_has_neighbor(const struct frr_node *tree, const struct addr *);

/* NULL when there is none. */
struct upstream *adopt_find(const struct upstream_list *, const char *name);
struct upstream *adopt_find_neighbor(const struct upstream_list *,
    const struct addr *);

#endif
