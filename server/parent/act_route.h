/* parent/act_route.h - operations on routes, as far as those are ours. */
#ifndef PARENT_ACT_ROUTE_H
#define PARENT_ACT_ROUTE_H

#include <stddef.h>
#include <stdint.h>

#include "wire/op.h"

struct err;
struct tool;

/* What runs for the prefixes that are ours or in the boot files, then what is
 * in the boot files; owned is filled in. */
int act_route_list(const struct tool *, struct op_route *, size_t max,
    size_t *n, struct err *);
/* What runs for exactly this prefix; owned is filled in. */
int act_route_find(const struct tool *, const struct prefix *,
    struct op_route *, size_t max, size_t *n, struct err *);
/* Every operation that changes and has struct op_route, under the rules of
 * act_run. */
int act_route_change(const struct tool *, uint32_t kind,
    const struct op_route *, struct err *);

#endif
