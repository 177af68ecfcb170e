/* engine/router_want.h - from a request to what the router shall be. */
#ifndef ENGINE_ROUTER_WANT_H
#define ENGINE_ROUTER_WANT_H

struct err;
struct observation;
struct router_config;
struct router_order;

/*
 * Lays the order over now and checks the result against this router. -1:
 * ERR_UNPROCESSABLE with a pointer for each member that is missing or wrong,
 * or ERR_CONFLICT, reason "prefix_in_use" (a downstream has a part of it).
 */
int router_want(const struct observation *, const struct router_order *,
    const struct router_config *now, struct router_config *want, struct err *);

#endif
