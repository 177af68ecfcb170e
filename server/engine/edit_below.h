/* engine/edit_below.h - host route and firewall entry of an upstream. */
#ifndef ENGINE_EDIT_BELOW_H
#define ENGINE_EDIT_BELOW_H

#include <stdbool.h>

struct err;
struct observation;
struct target;
struct upstream;
struct upstream_order;

/*
 * After edit_tunnel(): want has its neighbor and tunnel. The route to the
 * neighbor by a gateway of its own, for a neighbor that is not on a link;
 * want's host route is filled. -1: ERR_UNPROCESSABLE below "/host_route",
 * ERR_CONFLICT "route_not_ours".
 */
int edit_below_route(const struct observation *, const struct upstream *have,
    struct upstream *want, const struct upstream_order *, struct target *,
    struct err *);
/*
 * What the firewall lets through for the upstream, and NAT of what the router
 * itself sends there. One that was made by hand and never adopted gets no entry
 * before NAT is asked for. want->nat is filled. -1: ERR_UNPROCESSABLE at
 * "/firewall/nat".
 */
int edit_below_firewall(const struct upstream *have, struct upstream *want,
    const struct upstream_order *, struct target *, struct err *);

/* Both go. ERR_CONFLICT "route_not_ours" when the route was made by hand and
 * adopt is false. */
int edit_below_remove(const struct upstream *, bool adopt, struct target *,
    struct err *);

#endif
