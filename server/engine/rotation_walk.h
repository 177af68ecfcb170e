/* engine/rotation_walk.h - one look at a rotation under way: kept, and ended.
 */
#ifndef ENGINE_ROTATION_WALK_H
#define ENGINE_ROTATION_WALK_H

#include <stdbool.h>

#include "engine/rotation_view.h"
#include "model/rotation.h"
#include "store/operation.h"

struct caller;
struct worker_tools;

struct rotation_walk {
	struct worker_tools *tools;
	struct operation *op; /* borrowed */
	struct rotation r;    /* wipe it */
	struct rotation_view view;
	bool ended;
	const struct caller *canceller; /* until the audit names it; NULL */
};

/* From the journal; -1 when its plan is lost. */
int rotation_walk_open(struct rotation_walk *, struct worker_tools *,
    struct operation *, struct err *);
/* What is known of it now, on disk; text is what it does or waits for. */
int rotation_walk_keep(struct rotation_walk *, enum operation_state,
    const char *phase, const char *text, int64_t due_ms, struct err *);
/* The last row of the audit and the last state of the operation; a drain of
 * ours is led back. return_ms -1: unknown. */
int rotation_walk_end(struct rotation_walk *, bool verified, int64_t return_ms,
    struct err *);

#endif
