/* engine/drain_before.h - how it was before, for the proof to compare with. */
#ifndef ENGINE_DRAIN_BEFORE_H
#define ENGINE_DRAIN_BEFORE_H

#include <stdbool.h>

struct drain;
struct observation;
struct worker_tools;

/* Does an order of this owner continue the one that it replaces (old; operation
 * "": there is none)? */
bool drain_before_goes_on(const struct drain *old);
/*
 * Facts as JSON, free() them, of every session that a drain which is about to
 * begin reaches. What it does not change is not announced anew: what had been
 * sent is told as it was before the reason that is still at that, or as not
 * known (updates_sent -1) when it was announced long ago.
 */
char *drain_before(struct worker_tools *, const struct observation *,
    const struct drain *wanted, const struct drain *old);

#endif
