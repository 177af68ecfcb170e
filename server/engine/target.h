/* engine/target.h - what the router is to become, as the edits leave it. */
#ifndef ENGINE_TARGET_H
#define ENGINE_TARGET_H

#include <stdbool.h>
#include <stddef.h>

#include "engine/drain_map.h"
#include "engine/host.h"
#include "store/friendly.h"

struct frr_node;
struct observation;

/*
 * Begun as a copy of what was observed. An edit changes it and nothing else:
 * the change (engine/change.c) makes the steps from the difference, the plan,
 * the clears, the list of sessions that reset, and the undo.
 */
struct target {
	struct frr_node *tree;
	struct drain_marks marks; /* what is drained then */
	struct host host;
	/* Ours alone, stored with the outcome when the change is done. */
	struct friendly set[2]; /* neighbors that get this name and extras */
	size_t n_set;
	struct addr forget[2]; /* neighbors whose name goes */
	size_t n_forget;
};

void target_init(struct target *, const struct observation *);
void target_clear(struct target *);
/* What FRR is to have: the tree with what drains add. The caller's. */
struct frr_node *target_raw(const struct target *);

#endif
