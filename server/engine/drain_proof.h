/* engine/drain_proof.h - has the traffic really gone, and may it come back? */
#ifndef ENGINE_DRAIN_PROOF_H
#define ENGINE_DRAIN_PROOF_H

#include <stdbool.h>
#include <stdint.h>

struct drain_fact;
struct drain_gate;
struct session;

enum {
	DRAIN_PROOF_SAMPLES = 3,
	DRAIN_PROOF_FLOOR_BPS = 100 * 1000,
	DRAIN_PROOF_PERCENT = 10, /* of the rate before */
	DRAIN_PROOF_RATE_MAX = 24
};

struct drain_proof {
	const struct drain_fact *before;
	const struct drain_fact *now;
	bool quiet; /* the routing tables rest */
	bool alone; /* no other transit is there */
};
/*
 * One sample of one upstream: gate->why "" when nothing is missing, else the
 * first that is, with numbers: "session_down", "not_announced", "paths_in_use",
 * "rate_above_floor", "only_path". What was down before has nothing to lose.
 */
void drain_proof_judge(const struct drain_proof *, struct drain_gate *);
/* A table rests when it changes no more than the Internet does anyway. */
bool drain_proof_is_quiet(uint64_t version_before, uint64_t version_now,
    uint64_t routes);
/* Are there so few routes in the table that best paths may be counted? */
bool drain_proof_may_count(uint64_t routes);
/* May this upstream come back? The same for the way back: "session_down",
 * "prefixes_missing", "too_early". min_s counts from when it was established.
 */
void drain_proof_may_return(const struct drain_fact *before,
    const struct session *now, uint32_t min_s, struct drain_gate *);
/* "3.2 Mbit/s" */
const char *drain_proof_rate(int64_t bps, char out[DRAIN_PROOF_RATE_MAX]);

#endif
