/* engine/router_read.h - the router's own configuration, as it is found. */
#ifndef ENGINE_ROUTER_READ_H
#define ENGINE_ROUTER_READ_H

#include <stdbool.h>

#include "model/router.h"

struct frr_node;
struct host;
struct upstream_list;

/* Names of ours in FRR (design.md; the reference routers use them too). */
#define ROUTER_READ_MY_NET "PL-MY-NET"
#define ROUTER_READ_KERNEL_MAP "RM-KERNEL-DENY"
#define ROUTER_READ_BOGONS "PL-BOGONS"

/*
 * Prefixes: what PL-MY-NET permits and what the network lines announce, so
 * that a hand-written router with lists of other names shows its own. A route
 * is blackhole when FRR has such a static one, else what the system has.
 * tree must be the whole configuration (routes are staticd's); host may lack
 * its routes and firewall: no address and no system routes then. router_id is
 * what is written there, "" when FRR chooses it.
 */
void router_read(const struct frr_node *tree, const struct host *,
    struct router_config *);

/* Does the route map permit nothing? So does one that does not exist. */
bool router_read_denies(const struct frr_node *tree, const char *map);
/* "ip[v6] protocol bgp route-map X" of a family (4, 6), or NULL. *deny_all:
 * X permits nothing. */
const struct frr_node *router_read_kernel_map(const struct frr_node *tree,
    unsigned family, bool *deny_all);
/* A static route of FRR's that ends here: blackhole, Null0, reject. */
const struct frr_node *router_read_static(const struct frr_node *tree,
    const struct prefix *);
/* By address, then length: IPv4 first. */
int router_read_compare(const struct prefix *, const struct prefix *);

#endif
