/* engine/rotation_step.c - a rotation from its time to its end, step by step.
 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/clock.h"
#include "base/crypto.h"
#include "base/err.h"
#include "base/log.h"
#include "base/mem.h"
#include "engine/change.h"
#include "engine/change_settle.h"
#include "engine/confirm.h"
#include "engine/fault.h"
#include "engine/parts.h"
#include "engine/record.h"
#include "engine/rotation.h"
#include "engine/rotation_drain.h"
#include "engine/rotation_view.h"
#include "engine/rotation_walk.h"
#include "engine/rotation_with.h"
#include "engine/watch.h"
#include "engine/worker.h"
#include "store/audit.h"
#include "store/operation.h"

static const struct caller engine = { .actor = "engine" };

enum {
	/* Past the time of the rotation: should nobody look after it any more,
	 * the change still goes back by itself. */
	CHANGE_GRACE_S = 15,
	/* Past the end of that, a first try comes too late; a second one has
	 * an error to tell. */
	MISSED_S = 5,
	JUST_NOW_MS = 5000,
	/* FRR tells since when a session is up in whole seconds. */
	SESSION_CLOCK_MS = 1000,
	/* How long the session is waited for under the old key. */
	RETURN_S = 300
};

static int
keep(struct rotation_walk *w, const char *phase, const char *text,
    int64_t due_ms, struct err *err)
{
	return rotation_walk_keep(w, OPERATION_RUNNING, phase, text, due_ms,
	    err);
}

/* Back to the old key, whatever the reason: until the session is up. */
static int
begin_return(struct rotation_walk *w, struct err *err)
{
	w->r.back_ms = clock_wall_ms();
	return keep(w, "return", "the old key is back; waiting for the session",
	    w->r.back_ms + (int64_t)RETURN_S * 1000, err);
}

/* *changed: false when the key was there already, and nothing was begun. */
static int
run_change(struct rotation_walk *w, bool *changed, struct err *err)
{
	struct change_order *order = mem_calloc(1, sizeof(*order));
	struct order_options *options = &order->key.options;
	struct change_result result;
	int rc;

	order->kind = CHANGE_KEY;
	order->caller = engine;
	/* It is that request which led to this. */
	(void)snprintf(order->caller.request_id,
	    sizeof(order->caller.request_id), "%s", w->op->request_id);
	order->connection = UINT64_MAX; /* none: nobody has to show that he can
					   still reach us */
	order->name = w->r.upstream;
	order->settle = change_settle_nothing;
	order->key.gentle = w->r.gentle;
	memcpy(order->key.key, w->r.key, sizeof(order->key.key));
	options->adopt.flag = w->r.adopt;
	options->allow_reset.flag = true; /* that is what it is for */
	options->revert_in_s.present = true;
	options->revert_in_s.number = w->r.verify_within_s + CHANGE_GRACE_S;
	(void)snprintf(options->confirm_id.text,
	    sizeof(options->confirm_id.text), "%s", w->r.change);
	(void)snprintf(options->reason.text, sizeof(options->reason.text),
	    "rotation %s%s%.200s", w->op->id,
	    w->r.reason[0] == '\0' ? "" : ": ", w->r.reason);
	(void)snprintf(options->ticket.text, sizeof(options->ticket.text), "%s",
	    w->r.ticket);
	rc = change_run(w->tools, order, &result, err);
	*changed = result.changed;
	change_result_clear(&result);
	crypto_wipe(order, sizeof(*order));
	free(order);
	return rc;
}

/* What has to pass before the key can be changed at all. */
static bool
may_pass(const struct err *err)
{
	return err->code == ERR_UNAVAILABLE || err->code == ERR_BUSY ||
	    strcmp(err->reason, "confirm_pending") == 0;
}

static int
end_unchanged(struct rotation_walk *w, const char *why, const char *text,
    struct err *err)
{
	(void)snprintf(w->r.why, sizeof(w->r.why), "%s%.200s", why, text);
	return rotation_with_drop(w, err);
}

/* By hand: perhaps at the other end as well. */
static int
end_set_already(struct rotation_walk *w, struct err *err)
{
	(void)snprintf(w->r.why, sizeof(w->r.why),
	    "the key is set already: somebody else has done it");
	return rotation_walk_end(w, false, -1, err);
}

/* Nobody was here at its time. The session works: the other end has the old key
 * still, or again. */
static int
miss(struct rotation_walk *w, struct err *err)
{
	return end_unchanged(w,
	    "its time passed while multihomed did not run, and the session "
	    "works under the old key: the other end has that too",
	    "", err);
}

/*
 * The change waits for its confirmation. What came in until now says nothing of
 * the new key: it may have been signed with the old one.
 */
static int
begin_verify(struct rotation_walk *w, struct err *err)
{
	struct rotation *r = &w->r;
	struct rotation_view now;

	if (rotation_view(w->tools, r->upstream.s, &now, err) == -1)
		return -1; /* the change is seen waiting in the next step */
	r->messages = now.messages;
	return keep(w, "verify",
	    r->gentle ? "waiting for messages under the new key" :
			"waiting for the session to come up under the new key",
	    r->changed_ms + (int64_t)r->verify_within_s * 1000, err);
}

/* Whether it is still worth to begin with it. */
static bool
is_missed(const struct rotation_walk *w)
{
	return w->view.established &&
	    clock_wall_ms() >
	    w->r.at_ms + ((int64_t)w->r.verify_within_s + MISSED_S) * 1000;
}

/* It is time for what comes before: the change comes when that has ended. */
static int
begin_drain(struct rotation_walk *w, struct err *err)
{
	struct rotation *r = &w->r;

	if (r->at_ms == 0)
		r->at_ms = w->op->due_ms;
	if (is_missed(w))
		return miss(w, err);
	if (rotation_drain_begin(w->tools, r, w->op->resource, err) == 0)
		return keep(w, "drain", "moving the traffic away first", 0,
		    err);
	if (may_pass(err))
		return -1;
	return end_unchanged(w,
	    "the traffic cannot be moved away first: ", err->text, err);
}

/* The other end, which changes at the same time, was a moment quicker. */
static bool
just_lost(const struct rotation_view *v)
{
	return v->down_ms >= 0 && v->down_ms < JUST_NOW_MS;
}

/* It is time. What is known before the change is kept before it is made. */
static int
begin_change(struct rotation_walk *w, struct err *err)
{
	struct rotation *r = &w->r;
	bool changed = false;
	int64_t limit;

	if (r->at_ms == 0)
		r->at_ms = w->op->due_ms;
	limit = r->at_ms + (int64_t)r->verify_within_s * 1000;
	if (is_missed(w))
		return miss(w, err);
	r->was_established = w->view.established || just_lost(&w->view);
	r->ups = w->view.ups;
	r->messages = w->view.messages;
	r->before = w->view.counters;
	r->changed_ms = clock_wall_ms();
	operation_id_new(r->change);
	if (keep(w, "change", "changing the key", limit, err) == -1 ||
	    fault_point(w->tools->parts, "rotation_change", err) == -1)
		return -1;
	if (run_change(w, &changed, err) == 0)
		return changed ? begin_verify(w, err) : end_set_already(w, err);
	if (may_pass(err) && clock_wall_ms() < limit)
		return -1;
	return end_unchanged(w, "the key could not be changed: ", err->text,
	    err);
}

/* Under the new key, that is since the change. */
static bool
is_verified(const struct rotation_walk *w)
{
	const struct rotation *r = &w->r;

	if (!w->view.established)
		return false;
	/* FRR's clock of the session is a second's: one that was quick may seem
	 * to be up since before. One that stayed up shows the key by what still
	 * comes in. */
	return w->view.ups > r->ups ||
	    w->view.established_ms >= r->changed_ms ||
	    (r->gentle && r->was_established && w->view.messages > r->messages);
}

/* Not before the change, whatever FRR's clock says; 0: it is not up. */
static int64_t
up_since(const struct rotation_walk *w)
{
	if (w->view.established && w->view.established_ms < w->r.changed_ms)
		return w->r.changed_ms;
	return w->view.established_ms;
}

static int
verify(struct rotation_walk *w, struct err *err)
{
	struct rotation *r = &w->r;
	const char *change = r->change;

	if (is_verified(w)) {
		r->established_ms = up_since(w);
		if (fault_point(w->tools->parts, "rotation_confirm", err) == -1)
			return -1;
		if (confirm_now(w->tools, change, 0, &engine, err) == -1)
			return -1;
		return fault_point(w->tools->parts, "rotation_confirmed",
			   err) == -1 ?
		    -1 :
		    rotation_walk_end(w, true, -1, err);
	}
	if (clock_wall_ms() < w->op->due_ms)
		return 0;
	rotation_explain(r, &w->view.counters, w->view.established,
	    w->view.state, w->view.error, r->why, sizeof(r->why));
	if (keep(w, "verify", "taking the new key back", w->op->due_ms, err) ==
		-1 ||
	    fault_point(w->tools->parts, "rotation_back", err) == -1 ||
	    confirm_cancel(w->tools, change, 0, &engine, err) == -1)
		return -1;
	return begin_return(w, err);
}

/* The change may have ended without us: confirmed by hand, taken back by hand,
 * or by recovery after a crash or a reboot. */
static int
look_at_change(struct rotation_walk *w, struct err *err)
{
	struct operation change;
	enum operation_state state;

	if (operation_get(w->tools->db, w->r.change, &change, err) == -1) {
		/* We died before it was begun. */
		if (err->code == ERR_NOT_FOUND)
			return begin_change(w, err);
		return -1;
	}
	state = change.state;
	operation_clear(&change);
	if (state == OPERATION_AWAITING_CONFIRM)
		return strcmp(w->op->phase, "change") == 0 ?
		    begin_verify(w, err) :
		    verify(w, err);
	if (state == OPERATION_DONE) {
		w->r.established_ms = up_since(w);
		return rotation_walk_end(w, true, -1, err);
	}
	if (w->r.why[0] == '\0')
		(void)snprintf(w->r.why, sizeof(w->r.why),
		    "multihomed or the machine was interrupted before the new "
		    "key was verified, or somebody took the change back");
	return begin_return(w, err);
}

/* -1: it is not up, or was before the old key came back. */
static int64_t
took_to_return(const struct rotation_walk *w)
{
	int64_t ms = w->view.established_ms - w->r.back_ms;

	if (!w->view.established || ms <= -SESSION_CLOCK_MS)
		return -1;
	return ms < 0 ? 0 : ms;
}

static int
look_at_drain(struct rotation_walk *w, struct err *err)
{
	enum rotation_drain found;
	char why[128] = "";

	if (rotation_drain_look(w->tools, w->op->resource, &found, why,
		sizeof(why), err) == -1)
		return -1;
	switch (found) {
	case ROTATION_DRAIN_WAITS:
		return 0;
	case ROTATION_DRAIN_DONE:
		w->r.at_ms = clock_wall_ms();
		return begin_change(w, err);
	case ROTATION_DRAIN_OVER:
		break;
	}
	/* Kept: in a second try it would be led back because of this one. */
	if (w->r.why[0] == '\0') {
		(void)snprintf(w->r.why, sizeof(w->r.why),
		    "the key was not changed: %s", why);
		if (keep(w, "drain", w->r.why, 0, err) == -1)
			return -1;
	}
	return rotation_walk_end(w, false, -1, err);
}

static int
come_back(struct rotation_walk *w, struct err *err)
{
	const struct rotation *r = &w->r;
	bool up = w->view.established;

	if (!up && r->was_established && clock_wall_ms() < w->op->due_ms)
		return 0;
	return rotation_walk_end(w, false, took_to_return(w), err);
}

static int
take(struct rotation_walk *w, struct err *err)
{
	const char *phase = w->op->phase;
	bool drains = strcmp(phase, "drain") == 0;

	if (drains || strcmp(phase, "staged") == 0) {
		if (!w->view.found) {
			/* A removal may go back yet. */
			if (confirm_check_none(w->tools->parts, err) == -1)
				return -1;
			(void)snprintf(w->r.why, sizeof(w->r.why),
			    "there is no upstream %s any more",
			    w->r.upstream.s);
			return rotation_with_drop(w, err);
		}
		if (drains)
			return look_at_drain(w, err);
		return w->r.drain_first ? begin_drain(w, err) :
					  begin_change(w, err);
	}
	if (strcmp(phase, "return") == 0)
		return come_back(w, err);
	return look_at_change(w, err);
}

/* Its plan is lost: nothing more can be done about it. */
static int
give_up(struct rotation_walk *w, const struct err *why, struct err *err)
{
	memset(&w->r, 0, sizeof(w->r));
	(void)snprintf(w->r.why, sizeof(w->r.why),
	    "it cannot be gone on with: %.200s", why->text);
	return rotation_walk_end(w, false, -1, err);
}

/* The two ends have still to agree on what they do. */
static bool
is_between(const struct operation *op)
{
	return strcmp(op->phase, "ask") == 0 ||
	    strcmp(op->phase, "recall") == 0;
}

int
rotation_step(struct worker_tools *tools, struct operation *op, struct err *err)
{
	struct rotation_walk w = { 0 };
	struct err why;
	int rc;

	err_clear(&why);
	if (rotation_walk_open(&w, tools, op, &why) == -1)
		rc = give_up(&w, &why, err);
	else if (is_between(op))
		rc = rotation_with_step(&w, err);
	else if (rotation_view(tools, w.r.upstream.s, &w.view, err) == -1)
		rc = -1;
	else
		rc = take(&w, err);
	rotation_wipe(&w.r);
	return rc;
}

static bool
is_unchanged(const struct operation *op)
{
	return strcmp(op->phase, "ask") == 0 ||
	    strcmp(op->phase, "staged") == 0 || strcmp(op->phase, "drain") == 0;
}

static int
take_back(struct rotation_walk *w, const struct caller *caller, struct err *err)
{
	if (rotation_with_return(w, err) == -1 ||
	    keep(w, w->op->phase, "taking the new key back", w->op->due_ms,
		err) == -1)
		return -1;
	if (confirm_cancel(w->tools, w->r.change, 0, caller, err) == 0)
		return begin_return(w, err);
	/* Something is still in the way of the change. */
	return err->code == ERR_NOT_FOUND ?
	    rotation_walk_end(w, false, -1, err) :
	    -1;
}

int
rotation_step_cancel(struct worker_tools *tools, struct operation *op,
    const struct caller *caller, struct err *err)
{
	struct rotation_walk w = { 0 };
	int rc = -1;

	if (rotation_walk_open(&w, tools, op, err) == -1)
		goto out;
	if (strcmp(op->phase, "return") == 0) {
		(void)err_set(err, ERR_CONFLICT,
		    "the old key is coming back already");
		(void)err_reason(err, "not_pending");
		goto out;
	}
	w.canceller = caller;
	if (strcmp(op->phase, "recall") == 0) {
		rc = rotation_with_leave(&w, caller, err);
		goto out;
	}
	(void)snprintf(w.r.why, sizeof(w.r.why), "cancelled by %s",
	    caller->actor);
	rc = is_unchanged(op) ? rotation_with_drop(&w, err) :
				take_back(&w, caller, err);
out:
	rotation_wipe(&w.r);
	return rc;
}
