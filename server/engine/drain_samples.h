/* engine/drain_samples.h - samples of drains under way, between two steps. */
#ifndef ENGINE_DRAIN_SAMPLES_H
#define ENGINE_DRAIN_SAMPLES_H

#include <stdbool.h>
#include <stdint.h>

/*
 * Only of the writer's thread, and lost when we die: the three samples are
 * simply taken again then.
 */
struct drain_samples {
	char operation[24];
	int64_t at_ms; /* of the last one; clock_ms() */
	unsigned good; /* one after the other */
	bool seen;     /* version holds something */
	uint64_t version;
};
struct drain_samples *drain_samples_of(const char *operation);

#endif
