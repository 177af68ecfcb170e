/* engine/transition.h - the router from one state to another, and back. */
#ifndef ENGINE_TRANSITION_H
#define ENGINE_TRANSITION_H

#include <stdbool.h>

#include "engine/host.h"
#include "frr/diff.h"

struct buf;
struct err;
struct frr_node;
struct plan;
struct worker_tools;

/*
 * What one change does below the API: FRR's lines, and what lies under FRR as
 * two reduced values (engine/host_touch.h). Made by a change, or from the
 * journal by transition_load().
 */
struct transition {
	struct frr_steps steps;
	struct host before;
	struct host after;
	const struct plan *plan; /* soft clears, rearms; borrowed */
	bool expect_bgp;         /* an empty configuration is not the truth */
};

void transition_clear(struct transition *);
/* ERR_INTERNAL when the journal's plan cannot be read. The plan is borrowed. */
int transition_load(struct transition *, const struct plan *, struct err *);
/* Into the plan: lines and extras, all that transition_load() needs. */
void transition_store(const struct transition *, struct plan *);

/*
 * Links, routes and firewall come up, FRR is told, then what is to go goes; all
 * of it is looked for in a fresh observation. before is the tree that the steps
 * were planned on. *observed (the caller frees it) is the whole configuration
 * afterwards; NULL on -1. log gets every command and its answer.
 */
int transition_apply(struct worker_tools *, const struct transition *,
    const struct frr_node *before, struct buf *log, struct frr_node **observed,
    struct err *);
/*
 * From whatever there is now back to the state before, verified. Goes on after
 * a failure, so that as much as possible is back; -1 with the first one. May be
 * called again and again. *observed as above.
 */
int transition_undo(struct worker_tools *, const struct transition *,
    struct buf *log, struct frr_node **observed, struct err *);
/* Is the whole change in effect? Then *observed is the configuration. */
int transition_is_done(struct worker_tools *, const struct transition *,
    bool *yes, struct frr_node **observed, struct err *);

/*
 * The boot files as after (or, back, as before) the change, verified: our own
 * first, then FRR's. running as observed. *written (may be NULL) is set
 * before anything is written.
 */
int transition_save(struct worker_tools *, const struct transition *, bool back,
    const struct frr_node *running, struct buf *log, bool *written,
    struct err *);

#endif
