/* model/drain_progress.h - how far a drain is, and how it ended, as JSON. */
#ifndef MODEL_DRAIN_PROGRESS_H
#define MODEL_DRAIN_PROGRESS_H

#include "model/drain.h"

/* What one upstream waits for: "" nothing. */
struct drain_gate {
	char upstream[32];
	char why[32]; /* "rate_above_floor", "session_down" */
	char text[160];
	int64_t seconds_left; /* -1: nobody knows */
};
struct drain_progress {
	char text[512];
	char end[24]; /* "blocked": the time is over, it is held; "" */
	unsigned samples;
	unsigned samples_needed;
	int64_t seconds_left; /* of its time; -1 */
	struct drain_gate gates[DRAIN_FACTS_MAX];
	size_t n_gates;
};
/* New memory. The operation's progress. */
char *drain_progress_store(const struct drain_progress *);
/* Are these its words? */
bool drain_progress_says(const char *stored, const char *text);
/* The operation's result: end, why, before, after and their difference. */
char *drain_progress_result(const struct drain *, const char *end,
    const char *why);

#endif
