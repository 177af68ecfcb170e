/* system/route.h - single routes of the running system; never the table. */
#ifndef SYSTEM_ROUTE_H
#define SYSTEM_ROUTE_H

#include <stddef.h>

#include "wire/op.h"

struct err;
struct tool;

/*
 * What is there for exactly this prefix, apart from what BGP put there: 0 or
 * more, where OP_RUNNING. Must not cost more with a full table than without.
 */
int route_find(const struct tool *, const struct prefix *, struct op_route *,
    size_t max, size_t *n, struct err *);
/* ERR_CONFLICT when something is there for the prefix already. Read back. */
int route_add(const struct tool *, const struct op_route *, struct err *);
/* Exactly this one; it is no error when it is gone already. */
int route_remove(const struct tool *, const struct op_route *, struct err *);

#endif
