/* engine/drain_back.c - the way back into service. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/clock.h"
#include "base/mem.h"
#include "engine/drain_back.h"
#include "engine/drain_look.h"
#include "engine/drain_proof.h"
#include "engine/drain_record.h"
#include "engine/drain_walk.h"
#include "engine/drain_want.h"
#include "engine/lasting.h"
#include "engine/worker.h"
#include "store/operation.h"

static void
turn(struct drain *d, struct drain_state *state)
{
	d->phase = DRAIN_RETURNING;
	d->automatic = false;
	state->cancelled = true;
	state->retry_ms = state->pause_ms = 0;
	state->deadline_ms = clock_wall_ms() + (int64_t)d->max_wait_s * 1000;
}

int
drain_back_turn(struct drain_walk *w, struct err *err)
{
	turn(&w->d, &w->state);
	drain_walk_say(w, "the time is over: it is led back");
	return drain_walk_go_on(w, err);
}

int
drain_back_if_over(struct drain_walk *w, struct err *err)
{
	if (w->d.on_timeout != DRAIN_REVERT ||
	    clock_wall_ms() < w->state.deadline_ms)
		return 0;
	w->d.end = DRAIN_END_BLOCKED;
	(void)snprintf(w->d.why, sizeof(w->d.why), "not_changed");
	return drain_back_turn(w, err);
}

int
drain_back_begin(struct worker_tools *tools, struct drain *d,
    struct operation *op, const struct caller *caller, struct err *err)
{
	struct drain_progress *p;
	struct drain_state state;
	struct drain_record_now now = { .state = &state, .canceller = caller };
	int rc;

	if (d->phase == DRAIN_RETURNING)
		return 0;
	p = mem_calloc(1, sizeof(*p));
	drain_state_load(&state, d->state);
	turn(d, &state);
	d->end = DRAIN_END_NONE; /* held till now, perhaps */
	d->why[0] = '\0';
	(void)snprintf(p->text, sizeof(p->text), "cancelled: it is led back");
	p->seconds_left = d->max_wait_s;
	now.progress = p;
	rc = drain_record_note(tools, d, op, &now, err);
	free(p);
	if (rc == 0)
		lasting_wake(tools->parts);
	return rc;
}

/* Somebody else's reason keeps it out of service anyway. */
static bool
is_held(const struct drain_walk *w, const struct addr *neighbor)
{
	size_t i;

	for (i = 0; i < w->o.drains.n; i++) {
		const struct drain *d = &w->o.drains.v[i];

		if ((strcmp(d->subject, w->d.subject) != 0 ||
			strcmp(d->owner, w->d.owner) != 0) &&
		    drain_want_covers(d, neighbor))
			return true;
	}
	return false;
}

/* May it come back? Else the gate says why not. */
static bool
may_return(const struct drain_walk *w, const struct upstream *up,
    struct drain_gate *gate)
{
	const struct drain_fact *before =
	    drain_facts_find(&w->before, &up->neighbor);

	memset(gate, 0, sizeof(*gate));
	gate->seconds_left = -1;
	(void)snprintf(gate->upstream, sizeof(gate->upstream), "%s",
	    up->name.s);
	if (before == NULL || !before->established || is_held(w, &up->neighbor))
		return true;
	drain_proof_may_return(before, &up->session,
	    w->d.automatic ? w->d.return_after_s : 0, gate);
	if (gate->why[0] != '\0' && !w->d.automatic &&
	    clock_wall_ms() >= w->state.deadline_ms) {
		(void)snprintf(gate->text, sizeof(gate->text),
		    "back without its gates: the time is over");
		gate->why[0] = '\0';
	}
	return gate->why[0] == '\0';
}

/* Neighbors that were removed since need no place. */
static void
add_back(struct drain_walk *w, const struct addr *neighbor)
{
	struct drain_state *s = &w->state;
	size_t i, n = s->n_back;

	if (n == DRAIN_FACTS_MAX)
		for (i = s->n_back = 0; i < n; i++)
			if (adopt_find_neighbor(&w->o.upstreams, &s->back[i]) !=
			    NULL)
				s->back[s->n_back++] = s->back[i];
	if (s->n_back < DRAIN_FACTS_MAX)
		s->back[s->n_back++] = *neighbor;
}

/* Judges all that are not back yet; true when one has come. */
static bool
judge(struct drain_walk *w, const struct drain_gate **missing)
{
	struct drain_progress *p = &w->progress;
	bool any = false;
	size_t i;

	*missing = NULL;
	for (i = 0; i < w->o.upstreams.n; i++) {
		const struct upstream *up = &w->o.upstreams.v[i];
		struct drain_gate *gate = &p->gates[p->n_gates];

		if (!drain_covers(&w->d, &up->neighbor) ||
		    p->n_gates == DRAIN_FACTS_MAX)
			continue;
		p->n_gates++;
		if (drain_state_is_back(&w->state, &up->neighbor)) {
			memset(gate, 0, sizeof(*gate));
			gate->seconds_left = -1;
			(void)snprintf(gate->upstream, sizeof(gate->upstream),
			    "%s", up->name.s);
		} else if (may_return(w, up, gate)) {
			add_back(w, &up->neighbor);
			any = true;
		} else if (*missing == NULL) {
			*missing = gate;
		}
	}
	return any;
}

static int
end(struct drain_walk *w, struct err *err)
{
	struct drain_record_end how = { .end = "returned",
		.why = "",
		.text = "in service again",
		.removed = true };
	struct buf b = BUF_INIT;

	drain_look(w->tools, &w->o, &w->d, true, &w->now);
	drain_facts_store(&w->now, &b);
	free(w->d.after);
	w->d.after = buf_take(&b);
	if (w->state.cancelled) {
		how.undone = true;
		how.end = w->d.end == DRAIN_END_BLOCKED ?
		    drain_end_name(w->d.end) :
		    "cancelled";
		how.why = w->d.end == DRAIN_END_BLOCKED ? w->d.why : "";
		how.text = w->d.end == DRAIN_END_BLOCKED ?
		    "it could not be proven in time, and was led back" :
		    "cancelled; in service again";
	}
	return drain_record_end(w->tools, &w->d, w->op, &how, err);
}

int
drain_back_step(struct drain_walk *w, struct err *err)
{
	const struct drain_gate *missing;
	int rc = drain_walk_settle(w, "drain_return", err);

	if (rc == -1 || rc == 1)
		return rc;
	/* Also when FRR refuses: what it would not have of the drain is not
	 * wanted any more of what may come back. */
	if (judge(w, &missing)) {
		w->state.retry_ms = w->state.pause_ms = 0;
		drain_walk_say(w, "back into service");
		return drain_walk_go_on(w, err);
	}
	if (rc == 2)
		return 0;
	if (missing == NULL)
		return end(w, err);
	drain_walk_say(w, "%s: %s", missing->upstream, missing->text);
	return drain_walk_go_on(w, err) == -1 ? -1 : 0;
}

/* What has come back by an order before this one stays so. */
static void
keep_back(struct drain *d, const struct drain *old)
{
	struct drain_state state, was;

	if (old->phase != DRAIN_RETURNING)
		return;
	drain_state_load(&state, d->state);
	drain_state_load(&was, old->state);
	memcpy(state.back, was.back, sizeof(state.back));
	state.n_back = was.n_back;
	free(d->state);
	d->state = drain_state_store(&state);
}

int
drain_back_order(struct worker_tools *tools, struct drain *d,
    const struct caller *caller, bool automatic, struct operation *op,
    struct err *err)
{
	struct drain old = *d;
	const struct drain_record_begin how = { .caller = caller,
		.back = true,
		.old = &old,
		.old_end = "cancelled" };
	int rc;

	d->state = NULL; /* is the old one's */
	d->phase = DRAIN_RETURNING;
	d->automatic = automatic;
	drain_record_fresh(d, d->max_wait_s);
	keep_back(d, &old);
	rc = drain_record_begin(tools, &how, d, op, err);
	free(old.state);
	if (rc == 0)
		lasting_wake(tools->parts);
	return rc;
}
