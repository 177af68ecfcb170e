/* engine/converge.h - has bgpd finished with what it was told? */
#ifndef ENGINE_CONVERGE_H
#define ENGINE_CONVERGE_H

#include <stdbool.h>
#include <stdint.h>

struct err;
struct frr;
struct plan;

/*
 * Best paths through the neighbors whose inbound policy the plan changes,
 * summed over its families. false when this bgpd cannot tell.
 */
bool converge_best_paths(struct frr *, const struct plan *, uint64_t *best);

struct converge {
	uint64_t version; /* of the tables when begun */
	int64_t begun_ms;
	bool refresh; /* some routes must be asked for again */
};

/* Before the plan's first command: what "quiet" is compared with. refresh:
 * the sessions keep no copy of what their neighbors sent. */
int converge_begin(struct frr *, const struct plan *, bool refresh,
    struct converge *, struct err *);
/*
 * Waits until the tables of the plan's families are quiet. bgpd looks at
 * routes again 50 ms after it was told, so without a sign of change 120 ms are
 * waited; after one, 30 ms. Both grow by 5 us for each prefix of the table
 * (frr/facts: with 240,000 the first route moves after half a second) and by
 * 500 ms with refresh. At most 30 s: ERR_TIMEOUT then.
 */
int converge_wait(struct frr *, const struct plan *, const struct converge *,
    struct err *);

#endif
