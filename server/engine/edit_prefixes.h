/* engine/edit_prefixes.h - the router's prefixes: lists, networks, routes. */
#ifndef ENGINE_EDIT_PREFIXES_H
#define ENGINE_EDIT_PREFIXES_H

#include <stdbool.h>

struct err;
struct frr_node;
struct router_config;
struct target;

/*
 * Changes the target from now to want in prefixes alone: PL-MY-NET, network
 * lines (the router block exists where some are wanted), and routes. Prefixes
 * that are the same in both stay as they are. A list that others refer to is
 * never left empty: FRR would let everything pass. adopt: routes of the system
 * that were made by hand may be taken over. -1: ERR_CONFLICT, reason
 * "route_not_ours" or "prefix_list_order".
 */
int edit_prefixes(struct target *, const struct router_config *now,
    const struct router_config *want, bool adopt, struct err *);

/* Are there prefixes of this family (4, 6)? */
bool edit_prefixes_has(const struct router_config *, unsigned family);

#endif
