/* engine/drain_prove.c - sample after sample until the traffic is gone. */
/* names: walk */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/clock.h"
#include "engine/drain_back.h"
#include "engine/drain_look.h"
#include "engine/drain_proof.h"
#include "engine/drain_samples.h"
#include "engine/drain_walk.h"
#include "engine/drain_want.h"
#include "engine/worker.h"
#include "store/operation.h"

enum {
	BETWEEN_MS = 950
};

/* Is there no other transit that is in service? */
static bool
is_alone(const struct drain_walk *w)
{
	size_t i, j;

	for (i = 0; i < w->o.upstreams.n; i++) {
		const struct upstream *up = &w->o.upstreams.v[i];
		bool covered = false;

		for (j = 0; j < w->o.drains.n; j++)
			covered = covered ||
			    drain_want_covers(&w->o.drains.v[j], &up->neighbor);
		if (!covered && up->role == UPSTREAM_TRANSIT &&
		    up->session.established)
			return false;
	}
	return true;
}

static bool
tables_are_quiet(const struct drain_walk *w, struct drain_samples *s)
{
	uint64_t version = 0, routes = 0;
	bool quiet;
	unsigned i;

	for (i = 0; i < FAMILIES; i++) {
		version += w->o.state.table[i].table_version;
		routes += w->o.state.table[i].rib_count;
	}
	quiet = s->seen && drain_proof_is_quiet(s->version, version, routes);
	s->version = version;
	s->seen = true;
	return quiet;
}

/* Another reason, or the operator, had it shut down meanwhile. */
static bool
is_shut(const struct drain_walk *w, const struct addr *neighbor)
{
	const struct upstream *up =
	    adopt_find_neighbor(&w->o.upstreams, neighbor);

	return up != NULL && up->session.admin_shutdown;
}

/* All upstreams of it; the first thing that is missing, or NULL. */
static const struct drain_gate *
judge(struct drain_walk *w, bool quiet)
{
	struct drain_progress *p = &w->progress;
	const struct drain_gate *first = NULL;
	struct drain_proof proof = { .quiet = quiet, .alone = is_alone(w) };
	size_t i;

	for (i = 0; i < w->now.n; i++) {
		struct drain_gate *gate = &p->gates[p->n_gates];

		proof.now = &w->now.v[i];
		proof.before =
		    drain_facts_find(&w->before, &proof.now->neighbor);
		if (proof.before == NULL)
			continue; /* made meanwhile, and drained from birth */
		drain_proof_judge(&proof, gate);
		if (is_shut(w, &proof.now->neighbor))
			gate->why[0] = gate->text[0] = '\0';
		p->n_gates++;
		if (first == NULL && gate->why[0] != '\0')
			first = gate;
	}
	return first;
}

/* Once, when nothing else is missing: best paths that are left have no other
 * way, since their preference is the lowest there is. */
static void
count_paths(struct drain_walk *w)
{
	struct buf b = BUF_INIT;
	size_t i;

	drain_look(w->tools, &w->o, &w->d, true, &w->now);
	w->state.counted = true;
	w->state.best = 0;
	for (i = 0; i < w->now.n; i++)
		if (w->now.v[i].best_paths > 0)
			w->state.best += w->now.v[i].best_paths;
	drain_facts_store(&w->now, &b);
	free(w->d.after);
	w->d.after = buf_take(&b);
}

static void
say_missing(struct drain_walk *w, const struct drain_gate *missing,
    const struct drain_samples *s)
{
	bool several = w->now.n > 1;
	char left[96] = "";

	if (missing != NULL) {
		drain_walk_say(w, "%s%s%s (%u of %d samples)",
		    several ? missing->upstream : "", several ? ": " : "",
		    missing->text, s->good, DRAIN_PROOF_SAMPLES);
		return;
	}
	if (w->state.best > 0)
		(void)snprintf(left, sizeof(left),
		    "; %lld prefixes have no other path",
		    (long long)w->state.best);
	drain_walk_say(w, "no traffic is left%s (%u of %d samples)", left,
	    s->good, DRAIN_PROOF_SAMPLES);
}

/* Proven, or to be treated as if. */
static int
leave(struct drain_walk *w, struct err *err)
{
	if (w->d.mode == DRAIN_SHIFT)
		return drain_walk_end(w, err);
	w->d.phase = DRAIN_DOWN;
	drain_walk_say(w, "the sessions are shut down");
	return drain_walk_go_on(w, err);
}

/* Said too: who listens is told of other words alone. */
static void
say_held(struct drain_progress *p)
{
	size_t len = strlen(p->text);

	(void)snprintf(p->text + len, sizeof(p->text) - len,
	    "; the time is over, and it is held");
	(void)snprintf(p->end, sizeof(p->end), "%s",
	    drain_end_name(DRAIN_END_BLOCKED));
}

/* The time is over, and something is missing. */
static int
time_out(struct drain_walk *w, const struct drain_gate *missing,
    struct err *err)
{
	(void)snprintf(w->d.why, sizeof(w->d.why), "%s", missing->why);
	switch (w->d.on_timeout) {
	case DRAIN_HOLD:
		break;
	case DRAIN_PROCEED:
		w->state.expired = true;
		return leave(w, err);
	case DRAIN_REVERT:
		w->d.end = DRAIN_END_BLOCKED;
		return drain_back_turn(w, err);
	}
	w->d.end = DRAIN_END_BLOCKED;
	say_held(&w->progress);
	return drain_walk_go_on(w, err) == -1 ? -1 : 0;
}

int
drain_walk_prove(struct drain_walk *w, struct err *err)
{
	struct drain_samples *s = drain_samples_of(w->op->id);
	const struct drain_gate *missing;
	int rc;

	if (clock_ms() - s->at_ms < BETWEEN_MS)
		return 0;
	/* Taken away by hand meanwhile? It is put there again. */
	rc = drain_walk_settle(w, "drain_signal", err);
	if (rc == 2)
		return drain_back_if_over(w, err);
	if (rc == 1)
		s->good = 0; /* what was seen was seen without it */
	if (rc != 0)
		return rc;
	s->at_ms = clock_ms();
	missing = judge(w, tables_are_quiet(w, s));
	s->good = missing == NULL ? s->good + 1 : 0;
	if (missing == NULL && !w->state.counted)
		count_paths(w);
	w->progress.samples = s->good;
	say_missing(w, missing, s);
	if (s->good >= DRAIN_PROOF_SAMPLES)
		return leave(w, err);
	if (missing != NULL && clock_wall_ms() >= w->state.deadline_ms)
		return time_out(w, missing, err);
	return drain_walk_go_on(w, err) == -1 ? -1 : 0;
}
