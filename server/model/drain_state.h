/* model/drain_state.h - what a drain's next step has to know, kept. */
#ifndef MODEL_DRAIN_STATE_H
#define MODEL_DRAIN_STATE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/addr.h"
#include "model/drain.h"

struct drain_state {
	int64_t deadline_ms; /* wall clock */
	int64_t retry_ms;    /* not before that, after a failure */
	int64_t pause_ms;    /* of the last one */
	bool counted;        /* best paths were, after the tables were quiet */
	int64_t best;        /* what came out, -1: unknown */
	bool cancelled;      /* returning: it ends as undone */
	bool expired;        /* its time is over */
	struct addr back[DRAIN_FACTS_MAX];
	size_t n_back;
};
/* Zeros for NULL or what is damaged. */
void drain_state_load(struct drain_state *, const char *text);
/* New memory. */
char *drain_state_store(const struct drain_state *);
bool drain_state_is_back(const struct drain_state *, const struct addr *);

#endif
