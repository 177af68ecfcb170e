/* engine/rate.h - bits per second out of two byte counts. */
#ifndef ENGINE_RATE_H
#define ENGINE_RATE_H

#include <stdbool.h>
#include <stdint.h>

struct observation;
struct observe_counters;
struct upstream;

/* Of one interface over two looks; false when it is not in both, or there was
 * no first one. A counter that went back belongs to a new interface: 0. */
bool rate_of_interface(const struct observe_counters *before,
    const struct observe_counters *now, const char *interface, uint64_t *rx_bps,
    uint64_t *tx_bps);
/* Does the interface of this session carry nothing else of ours: no other
 * session, and no tunnel inside it? Only then its rate is the upstream's. */
bool rate_is_own(const struct observation *, const struct upstream *);

#endif
