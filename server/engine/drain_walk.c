/* engine/drain_walk.c - one look at a drain under way, and what follows. */
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/clock.h"
#include "base/err.h"
#include "base/log.h"
#include "base/mem.h"
#include "engine/change.h"
#include "engine/change_settle.h"
#include "engine/confirm.h"
#include "engine/drain.h"
#include "engine/drain_look.h"
#include "engine/drain_proof.h"
#include "engine/drain_record.h"
#include "engine/drain_samples.h"
#include "engine/drain_walk.h"
#include "engine/drain_want.h"
#include "engine/worker.h"
#include "store/operation.h"

enum {
	PAUSE_MIN_MS = 1000,
	PAUSE_MAX_MS = 60 * 1000
};

void
drain_walk_say(struct drain_walk *w, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	(void)vsnprintf(w->progress.text, sizeof(w->progress.text), fmt, ap);
	va_end(ap);
}

void
drain_walk_clear(struct drain_walk *w)
{
	observe_clear(&w->o);
	drain_clear(&w->d);
}

static void
begin_progress(struct drain_walk *w)
{
	int64_t left = w->state.deadline_ms - clock_wall_ms();

	w->progress.seconds_left = left <= 0 ? 0 : (left + 999) / 1000;
	w->progress.samples_needed = DRAIN_PROOF_SAMPLES;
	/* What is led back is held no longer, and who follows it goes on. */
	(void)snprintf(w->progress.end, sizeof(w->progress.end), "%s",
	    w->d.phase == DRAIN_RETURNING ? "" : drain_end_name(w->d.end));
}

/* A removal that is not confirmed yet may go back, and then the neighbor is
 * there again, with the maps that it had. */
static int
lose_neighbor(struct drain_walk *w, struct err *err)
{
	struct confirm_info info;

	if (!confirm_is_pending(w->tools->parts, &info)) {
		drain_forget(w->tools, w->d.subject);
		return 0;
	}
	drain_walk_say(w,
	    "its neighbor was removed: operation %s waits to be confirmed",
	    info.operation);
	return drain_walk_go_on(w, err) == -1 ? -1 : 0;
}

int
drain_walk_look(struct drain_walk *w, struct err *err)
{
	drain_state_load(&w->state, w->d.state);
	drain_facts_load(&w->before, w->d.before);
	begin_progress(w);
	if (observe(w->tools->frr, w->tools->db, OBSERVE_WHOLE, &w->o, err) ==
	    -1)
		return -1;
	if (!drain_is_router(&w->d) &&
	    adopt_find_neighbor(&w->o.upstreams, &w->d.neighbor) == NULL)
		return lose_neighbor(w, err);
	drain_look(w->tools, &w->o, &w->d, false, &w->now);
	return 1;
}

int
drain_walk_go_on(struct drain_walk *w, struct err *err)
{
	const struct drain_record_now now = { .state = &w->state,
		.progress = &w->progress };

	if (drain_record_note(w->tools, &w->d, w->op, &now, err) == -1)
		return -1;
	return 1;
}

/* The list of all reasons shows ours as it was stored: as it is now. */
static void
show_present(struct drain_walk *w)
{
	size_t i;

	for (i = 0; i < w->o.drains.n; i++) {
		struct drain *d = &w->o.drains.v[i];

		if (strcmp(d->subject, w->d.subject) != 0 ||
		    strcmp(d->owner, w->d.owner) != 0)
			continue;
		d->phase = w->d.phase;
		free(d->state);
		d->state = drain_state_store(&w->state);
	}
}

static int
run(struct drain_walk *w, const struct drain_change *change, struct err *err)
{
	struct change_order *order = mem_calloc(1, sizeof(*order));
	struct change_result result;
	int rc;

	order->kind = CHANGE_DRAIN;
	order->drain = change;
	order->settle = change_settle_nothing;
	drain_record_caller(w->op, &order->caller);
	(void)snprintf(order->remove.reason.text,
	    sizeof(order->remove.reason.text), "%s", w->d.reason);
	(void)snprintf(order->remove.ticket.text,
	    sizeof(order->remove.ticket.text), "%s", w->d.ticket);
	rc = change_run(w->tools, order, &result, err);
	/* Else it would be tried again and again. */
	if (rc == 0 && !result.changed)
		rc = err_set(err, ERR_CONFLICT,
		    "no change of FRR's configuration makes it as the drain "
		    "needs it");
	change_result_clear(&result);
	free(order);
	return rc;
}

/* Later again, ever more rarely. */
static int
put_off(struct drain_walk *w, const struct err *why, struct err *err)
{
	w->state.pause_ms *= 2;
	if (w->state.pause_ms < PAUSE_MIN_MS)
		w->state.pause_ms = PAUSE_MIN_MS;
	if (w->state.pause_ms > PAUSE_MAX_MS)
		w->state.pause_ms = PAUSE_MAX_MS;
	w->state.retry_ms = clock_wall_ms() + w->state.pause_ms;
	log_warning("operation %s (%s): %s", w->op->id, w->d.subject,
	    why->text);
	drain_walk_say(w,
	    "the router could not be changed, tried again in "
	    "%lld s: %.300s",
	    (long long)w->state.pause_ms / 1000, why->text);
	return drain_walk_go_on(w, err) == -1 ? -1 : 0;
}

int
drain_walk_settle(struct drain_walk *w, const char *kind, struct err *err)
{
	struct drain_change *change;
	struct err why;
	int rc;

	if (clock_wall_ms() < w->state.retry_ms)
		return 2;
	change = mem_calloc(1, sizeof(*change));
	change->kind = kind;
	change->resource = w->d.subject;
	show_present(w);
	drain_want_missing(&w->o, &w->d, change);
	if (change->n == 0) {
		free(change);
		return 0;
	}
	err_clear(&why);
	rc = run(w, change, &why);
	free(change);
	if (rc == -1)
		return put_off(w, &why, err) == -1 ? -1 : 2;
	w->state.retry_ms = w->state.pause_ms = 0;
	return 1;
}

/* Drained. What was counted when the tables were quiet is kept. */
static void
look_after(struct drain_walk *w)
{
	struct drain_facts *counted = mem_calloc(1, sizeof(*counted));
	struct buf b = BUF_INIT;
	const struct drain_fact *f;
	size_t i;

	drain_facts_load(counted, w->d.after);
	for (i = 0; i < w->now.n; i++) {
		f = drain_facts_find(counted, &w->now.v[i].neighbor);
		if (f != NULL)
			w->now.v[i].best_paths = f->best_paths;
	}
	free(counted);
	drain_facts_store(&w->now, &b);
	free(w->d.after);
	w->d.after = buf_take(&b);
}

int
drain_walk_end(struct drain_walk *w, struct err *err)
{
	struct drain_record_end end = { .text = "drained" };

	w->d.phase = DRAIN_DRAINED;
	w->d.end = w->state.expired ? DRAIN_END_TIMEOUT : DRAIN_END_DRAINED;
	if (w->state.expired)
		end.text = "drained, though it could not be proven in time";
	else
		w->d.why[0] = '\0';
	look_after(w);
	end.end = drain_end_name(w->d.end);
	end.why = w->d.why;
	return drain_record_end(w->tools, &w->d, w->op, &end, err);
}
