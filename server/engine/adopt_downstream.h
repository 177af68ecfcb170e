/* engine/adopt_downstream.h - downstreams, as the router below FRR has them. */
#ifndef ENGINE_ADOPT_DOWNSTREAM_H
#define ENGINE_ADOPT_DOWNSTREAM_H

#include <stddef.h>

struct downstream;
struct friendly_list;
struct observation;
struct observe_counters;

/* The role under which a downstream's peer is stored (store/friendly.h). */
#define ADOPT_DOWNSTREAM_ROLE "downstream"

/*
 * Every tunnel of o->host that carries no BGP neighbor (o->upstreams as
 * adopt_host() left them) and has routes through its peer, or a peer that names
 * knows as a downstream. One without a name gets one from the interface's
 * description; the caller stores it under the peer's inner address. *list
 * (sorted by name) is the caller's, to free; NULL when there are none.
 */
void adopt_downstreams(const struct observation *,
    const struct friendly_list *names, struct downstream **list, size_t *n);

/* Rates from the counters of two looks, for each that has its interface in
 * both. */
void adopt_downstream_traffic(struct downstream *, size_t n,
    const struct observe_counters *before, const struct observe_counters *now);

#endif
