/* engine/way_back.h - what of a change may be taken back. */
#ifndef ENGINE_WAY_BACK_H
#define ENGINE_WAY_BACK_H

#include <stdbool.h>

struct err;
struct parts;
struct plan;
struct transition;
struct worker_tools;

enum {
	WAY_BACK_LEFT_MAX = 300
};

/*
 * Readies t, loaded from plan, for transition_undo(), some time after it was in
 * effect: FRR's lines that somebody has changed by hand meanwhile (the line is
 * neither what it was nor what the change had made it, or its section is gone)
 * are dropped from it, and stay as they are. What lies under FRR is not looked
 * at. An empty bgpd is no surprise where the change made "router bgp". left
 * names the first of them as it was before the change, for people:
 * "" when there were none.
 */
int way_back_open(struct worker_tools *, struct transition *, struct plan *,
    char left[WAY_BACK_LEFT_MAX], struct err *);

/* Into the plan of a change that will wait to be confirmed: which boot file FRR
 * has. Without it way_back_is_saved() is never true. */
void way_back_mark(struct parts *, struct plan *);
/*
 * Once such a change is undone: has somebody else saved FRR's configuration
 * while it was in effect, so that the boot file would bring it back? Only a
 * file that was written since and does not show the state before. false when
 * the file cannot be read.
 */
bool way_back_is_saved(struct worker_tools *, const struct transition *);

#endif
