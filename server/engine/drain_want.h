/* engine/drain_want.h - what all reasons together want of one neighbor. */
#ifndef ENGINE_DRAIN_WANT_H
#define ENGINE_DRAIN_WANT_H

#include <stdbool.h>
#include <stddef.h>

struct addr;
struct drain;
struct drain_change;
struct drain_setting;
struct observation;
struct upstream;

/* Does it hold the neighbor out of service? One that returns has let go of
 * those that are back. */
bool drain_want_covers(const struct drain *, const struct addr *neighbor);
/* An upstream is in service only when nothing covers it. */
void drain_want_of(const struct observation *, const struct addr *neighbor,
    struct drain_setting *);
/* Has FRR what all reasons together want of it, which is put into the setting?
 * Nothing is wanted of one that has no routes. */
bool drain_want_is_met(const struct observation *, const struct upstream *,
    struct drain_setting *);
/*
 * What of this reason's neighbors is not yet as all reasons want it: added to
 * the change.
 */
void drain_want_missing(const struct observation *, const struct drain *,
    struct drain_change *);

#endif
