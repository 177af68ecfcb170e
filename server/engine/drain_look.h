/* engine/drain_look.h - the sessions that a drain is about, measured. */
#ifndef ENGINE_DRAIN_LOOK_H
#define ENGINE_DRAIN_LOOK_H

#include <stdbool.h>

#include "model/drain.h"

struct observation;
struct worker_tools;

/*
 * Each upstream that the drain reaches, with its traffic as the watcher saw it
 * last. count: best paths too, which costs bgpd a walk through the neighbor's
 * routes: before and after, no more.
 */
void drain_look(struct worker_tools *, const struct observation *,
    const struct drain *, bool count, struct drain_facts *);

#endif
