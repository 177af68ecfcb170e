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
#include "engine/rotation_peer.h"
#include "engine/rotation_view.h"
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

struct step {
	struct worker_tools *tools;
	struct operation *op;
	struct rotation r;
	struct rotation_view view;
};

static int
keep(struct step *s, const char *phase, const char *text, int64_t due_ms,
    struct err *err)
{
	struct buf plan = BUF_SECRET, progress = BUF_INIT;
	int rc = -1;

	rotation_store(&s->r, &plan);
	rotation_render_progress(&s->r, text, &progress);
	if (operation_set_plan(s->tools->db, s->op->id, buf_text(&plan), err) ==
		0 &&
	    operation_progress(s->tools->db, s->op->id, OPERATION_RUNNING,
		phase, buf_text(&progress), due_ms, err) == 0)
		rc = 0;
	(void)snprintf(s->op->phase, sizeof(s->op->phase), "%s", phase);
	s->op->due_ms = due_ms;
	buf_clear(&plan);
	buf_clear(&progress);
	return rc;
}

static int
give_result(void *arg, struct db *db, const char **reply, struct err *err)
{
	const struct buf *result = arg;

	(void)db;
	(void)err;
	*reply = buf_text(result);
	return 0;
}

/* The last row of the audit and the last state of the operation. */
static int
end(struct step *s, bool verified, int64_t return_ms, struct err *err)
{
	struct buf before = BUF_INIT, after = BUF_INIT, result = BUF_INIT;
	struct rotation *r = &s->r;
	int rc;
	struct record record = { .caller = &engine,
		.kind = s->op->kind,
		.resource = s->op->resource,
		.reason = r->reason,
		.ticket = r->ticket };
	struct record_end how = { .outcome = verified ? "applied" : "undone",
		.detail = verified ? NULL : r->why,
		.log = "",
		.state = verified ? OPERATION_DONE : OPERATION_UNDONE };

	/* Of one whose plan is lost nobody knows whether it drained. */
	if ((r->drain_first || r->upstream.s[0] == '\0') &&
	    rotation_drain_release(s->tools, s->op->resource, err) == -1)
		return -1;
	rotation_render_audit(r, false, &before);
	rotation_render_audit(r, verified, &after);
	rotation_render_result(r, verified, return_ms, &result);
	record.before = buf_text(&before);
	how.after = buf_text(&after);
	rc = record_end(s->tools->db, &record, s->op, &how, give_result,
	    &result, err);
	buf_clear(&before);
	buf_clear(&after);
	buf_clear(&result);
	if (rc == 0) {
		log_info("operation %s (%s): %s", s->op->id, s->op->resource,
		    verified ? "the new key is verified" : r->why);
		(void)worker_submit(s->tools->parts->watcher, watch_now, NULL,
		    NULL);
	}
	return rc;
}

/* Back to the old key, whatever the reason: until the session is up. */
static int
begin_return(struct step *s, struct err *err)
{
	s->r.back_ms = clock_wall_ms();
	return keep(s, "return", "the old key is back; waiting for the session",
	    s->r.back_ms + (int64_t)RETURN_S * 1000, err);
}

/* *changed: false when the key was there already, and nothing was begun. */
static int
run_change(struct step *s, bool *changed, struct err *err)
{
	struct change_order *order = mem_calloc(1, sizeof(*order));
	struct order_options *options = &order->key.options;
	struct change_result result;
	int rc;

	order->kind = CHANGE_KEY;
	order->caller = engine;
	/* It is that request which led to this. */
	(void)snprintf(order->caller.request_id,
	    sizeof(order->caller.request_id), "%s", s->op->request_id);
	order->connection = UINT64_MAX; /* none: nobody has to show that he can
					   still reach us */
	order->name = s->r.upstream;
	order->settle = change_settle_nothing;
	order->key.gentle = s->r.gentle;
	memcpy(order->key.key, s->r.key, sizeof(order->key.key));
	options->adopt.flag = s->r.adopt;
	options->allow_reset.flag = true; /* that is what it is for */
	options->revert_in_s.present = true;
	options->revert_in_s.number = s->r.verify_within_s + CHANGE_GRACE_S;
	(void)snprintf(options->confirm_id.text,
	    sizeof(options->confirm_id.text), "%s", s->r.change);
	(void)snprintf(options->reason.text, sizeof(options->reason.text),
	    "rotation %s%s%.200s", s->op->id,
	    s->r.reason[0] == '\0' ? "" : ": ", s->r.reason);
	(void)snprintf(options->ticket.text, sizeof(options->ticket.text), "%s",
	    s->r.ticket);
	rc = change_run(s->tools, order, &result, err);
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
end_unchanged(struct step *s, const char *why, const char *text,
    struct err *err)
{
	(void)snprintf(s->r.why, sizeof(s->r.why), "%s%.200s", why, text);
	return end(s, false, -1, err);
}

/* Nobody was here at its time. The session works: the other end has the old key
 * still, or again. */
static int
miss(struct step *s, struct err *err)
{
	return end_unchanged(s,
	    "its time passed while multihomed did not run, and the session "
	    "works under the old key: the other end has that too",
	    "", err);
}

/*
 * The change waits for its confirmation. What came in until now says nothing of
 * the new key: it may have been signed with the old one.
 */
static int
begin_verify(struct step *s, struct err *err)
{
	struct rotation *r = &s->r;
	struct rotation_view now;

	if (rotation_view(s->tools, r->upstream.s, &now, err) == -1)
		return -1; /* the change is seen waiting in the next step */
	r->messages = now.messages;
	return keep(s, "verify",
	    r->gentle ? "waiting for messages under the new key" :
			"waiting for the session to come up under the new key",
	    r->changed_ms + (int64_t)r->verify_within_s * 1000, err);
}

/* Whether it is still worth to begin with it. */
static bool
is_missed(const struct step *s)
{
	return s->view.established &&
	    clock_wall_ms() >
	    s->r.at_ms + ((int64_t)s->r.verify_within_s + MISSED_S) * 1000;
}

/* It is time for what comes before: the change comes when that has ended. */
static int
begin_drain(struct step *s, struct err *err)
{
	struct rotation *r = &s->r;

	if (r->at_ms == 0)
		r->at_ms = s->op->due_ms;
	if (is_missed(s))
		return miss(s, err);
	if (rotation_drain_begin(s->tools, r, s->op->resource, err) == 0)
		return keep(s, "drain", "moving the traffic away first", 0,
		    err);
	if (may_pass(err))
		return -1;
	return end_unchanged(s,
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
begin_change(struct step *s, struct err *err)
{
	struct rotation *r = &s->r;
	bool changed = false;
	int64_t limit;

	if (r->at_ms == 0)
		r->at_ms = s->op->due_ms;
	limit = r->at_ms + (int64_t)r->verify_within_s * 1000;
	if (is_missed(s))
		return miss(s, err);
	r->was_established = s->view.established || just_lost(&s->view);
	r->ups = s->view.ups;
	r->messages = s->view.messages;
	r->before = s->view.counters;
	r->changed_ms = clock_wall_ms();
	operation_id_new(r->change);
	if (keep(s, "change", "changing the key", limit, err) == -1 ||
	    fault_point(s->tools->parts, "rotation_change", err) == -1)
		return -1;
	if (run_change(s, &changed, err) == 0)
		return changed ?
		    begin_verify(s, err) :
		    end_unchanged(s,
			"the key is set already: somebody else has done it", "",
			err);
	if (may_pass(err) && clock_wall_ms() < limit)
		return -1;
	return end_unchanged(s, "the key could not be changed: ", err->text,
	    err);
}

/* Under the new key, that is since the change. */
static bool
is_verified(const struct step *s)
{
	const struct rotation *r = &s->r;

	if (!s->view.established)
		return false;
	/* FRR's clock of the session is a second's: one that was quick may seem
	 * to be up since before. One that stayed up shows the key by what still
	 * comes in. */
	return s->view.ups > r->ups ||
	    s->view.established_ms >= r->changed_ms ||
	    (r->gentle && r->was_established && s->view.messages > r->messages);
}

/* Not before the change, whatever FRR's clock says; 0: it is not up. */
static int64_t
up_since(const struct step *s)
{
	if (s->view.established && s->view.established_ms < s->r.changed_ms)
		return s->r.changed_ms;
	return s->view.established_ms;
}

static int
verify(struct step *s, struct err *err)
{
	struct rotation *r = &s->r;
	const char *change = r->change;

	if (is_verified(s)) {
		r->established_ms = up_since(s);
		if (fault_point(s->tools->parts, "rotation_confirm", err) == -1)
			return -1;
		if (confirm_now(s->tools, change, 0, &engine, err) == -1)
			return -1;
		return fault_point(s->tools->parts, "rotation_confirmed",
			   err) == -1 ?
		    -1 :
		    end(s, true, -1, err);
	}
	if (clock_wall_ms() < s->op->due_ms)
		return 0;
	rotation_explain(r, &s->view.counters, s->view.established,
	    s->view.state, s->view.error, r->why, sizeof(r->why));
	if (keep(s, "verify", "taking the new key back", s->op->due_ms, err) ==
		-1 ||
	    fault_point(s->tools->parts, "rotation_back", err) == -1 ||
	    confirm_cancel(s->tools, change, 0, &engine, err) == -1)
		return -1;
	return begin_return(s, err);
}

/* The change may have ended without us: confirmed by hand, taken back by hand,
 * or by recovery after a crash or a reboot. */
static int
look_at_change(struct step *s, struct err *err)
{
	struct operation change;
	enum operation_state state;

	if (operation_get(s->tools->db, s->r.change, &change, err) == -1) {
		/* We died before it was begun. */
		if (err->code == ERR_NOT_FOUND)
			return begin_change(s, err);
		return -1;
	}
	state = change.state;
	operation_clear(&change);
	if (state == OPERATION_AWAITING_CONFIRM)
		return strcmp(s->op->phase, "change") == 0 ?
		    begin_verify(s, err) :
		    verify(s, err);
	if (state == OPERATION_DONE) {
		s->r.established_ms = up_since(s);
		return end(s, true, -1, err);
	}
	if (s->r.why[0] == '\0')
		(void)snprintf(s->r.why, sizeof(s->r.why),
		    "multihomed or the machine was interrupted before the new "
		    "key was verified, or somebody took the change back");
	return begin_return(s, err);
}

/* -1: it is not up, or was before the old key came back. */
static int64_t
took_to_return(const struct step *s)
{
	int64_t ms = s->view.established_ms - s->r.back_ms;

	if (!s->view.established || ms <= -SESSION_CLOCK_MS)
		return -1;
	return ms < 0 ? 0 : ms;
}

static int
look_at_drain(struct step *s, struct err *err)
{
	enum rotation_drain found;
	char why[128] = "";

	if (rotation_drain_look(s->tools, s->op->resource, &found, why,
		sizeof(why), err) == -1)
		return -1;
	switch (found) {
	case ROTATION_DRAIN_WAITS:
		return 0;
	case ROTATION_DRAIN_DONE:
		s->r.at_ms = clock_wall_ms();
		return begin_change(s, err);
	case ROTATION_DRAIN_OVER:
		break;
	}
	/* Kept: in a second try it would be led back because of this one. */
	if (s->r.why[0] == '\0') {
		(void)snprintf(s->r.why, sizeof(s->r.why),
		    "the key was not changed: %s", why);
		if (keep(s, "drain", s->r.why, 0, err) == -1)
			return -1;
	}
	return end(s, false, -1, err);
}

static int
come_back(struct step *s, struct err *err)
{
	const struct rotation *r = &s->r;
	bool up = s->view.established;

	if (!up && r->was_established && clock_wall_ms() < s->op->due_ms)
		return 0;
	return end(s, false, took_to_return(s), err);
}

static int
take(struct step *s, struct err *err)
{
	const char *phase = s->op->phase;
	bool drains = strcmp(phase, "drain") == 0;

	if (drains || strcmp(phase, "staged") == 0) {
		if (!s->view.found) {
			(void)snprintf(s->r.why, sizeof(s->r.why),
			    "there is no upstream %s any more",
			    s->r.upstream.s);
			return end(s, false, -1, err);
		}
		if (drains)
			return look_at_drain(s, err);
		return s->r.drain_first ? begin_drain(s, err) :
					  begin_change(s, err);
	}
	if (strcmp(phase, "return") == 0)
		return come_back(s, err);
	return look_at_change(s, err);
}

static int
open_step(struct step *s, struct worker_tools *tools, struct operation *op,
    struct err *err)
{
	const char *plan = operation_plan(op, err);

	s->tools = tools;
	s->op = op;
	return plan == NULL ? -1 : rotation_load(&s->r, plan, err);
}

/* Its plan is lost: nothing more can be done about it. */
static int
give_up(struct step *s, const struct err *why, struct err *err)
{
	memset(&s->r, 0, sizeof(s->r));
	(void)snprintf(s->r.why, sizeof(s->r.why),
	    "it cannot be gone on with: %.200s", why->text);
	return end(s, false, -1, err);
}

int
rotation_step(struct worker_tools *tools, struct operation *op, struct err *err)
{
	struct step s = { 0 };
	struct err why;
	int rc;

	err_clear(&why);
	if (open_step(&s, tools, op, &why) == -1)
		rc = give_up(&s, &why, err);
	else if (rotation_view(tools, s.r.upstream.s, &s.view, err) == -1)
		rc = -1;
	else
		rc = take(&s, err);
	rotation_wipe(&s.r);
	return rc;
}

int
rotation_step_cancel(struct worker_tools *tools, struct operation *op,
    const struct caller *caller, struct err *err)
{
	struct step s = { 0 };
	int rc = -1;

	if (open_step(&s, tools, op, err) == -1)
		goto out;
	if (strcmp(op->phase, "return") == 0) {
		(void)err_set(err, ERR_CONFLICT,
		    "the old key is coming back already");
		(void)err_reason(err, "not_pending");
		goto out;
	}
	(void)snprintf(s.r.why, sizeof(s.r.why), "cancelled by %s",
	    caller->actor);
	if (strcmp(op->phase, "staged") == 0 ||
	    strcmp(op->phase, "drain") == 0) {
		rotation_peer_cancel(tools->parts, &s.r);
		rc = end(&s, false, -1, err);
	} else if (keep(&s, op->phase, "taking the new key back", op->due_ms,
		       err) == 0) {
		if (confirm_cancel(tools, s.r.change, 0, caller, err) == 0)
			rc = begin_return(&s, err);
		else if (err->code == ERR_NOT_FOUND)
			/* Something is still in the way of the change. */
			rc = end(&s, false, -1, err);
	}
out:
	rotation_wipe(&s.r);
	return rc;
}
