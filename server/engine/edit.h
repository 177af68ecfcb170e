/* engine/edit.h - from what is asked to what the router is to become. */
#ifndef ENGINE_EDIT_H
#define ENGINE_EDIT_H

struct downstream;
struct downstream_order;
struct drain_change;
struct drain_setting;
struct err;
struct name;
struct observation;
struct order_options;
struct router_order;
struct target;
struct upstream;
struct upstream_order;

/*
 * Each changes the target (begun with target_init) as the order asks and
 * nothing else; lines, links and routes that the order does not speak of stay
 * as they are. -1 and ERR_UNPROCESSABLE with JSON pointers, or ERR_CONFLICT
 * with a reason of its own; the target is then of no use.
 */

/* up NULL: a new one called name. order->whole: absent members get their
 * defaults (PUT), else they are kept (PATCH). */
int edit_upstream(const struct observation *, const struct upstream *up,
    const struct name *name, const struct upstream_order *, struct target *,
    struct err *);
int edit_upstream_remove(const struct observation *, const struct upstream *,
    const struct order_options *, struct target *, struct err *);
int edit_router(const struct observation *, const struct router_order *,
    struct target *, struct err *);
int edit_downstream(const struct observation *, const struct downstream *down,
    const struct name *name, const struct downstream_order *, struct target *,
    struct err *);
int edit_downstream_remove(const struct observation *,
    const struct downstream *, const struct order_options *, struct target *,
    struct err *);
/* One neighbor called name; a new upstream of a drained router, too. */
void edit_drain_set(const struct drain_setting *, const char *name,
    struct target *);
int edit_drain(const struct observation *, const struct drain_change *,
    struct target *, struct err *);

#endif
