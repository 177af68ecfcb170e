/* engine/recover.c - finish or undo what a former life had begun. */
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/clock.h"
#include "base/err.h"
#include "base/log.h"
#include "engine/confirm.h"
#include "engine/drain.h"
#include "engine/drift.h"
#include "engine/host_diff.h"
#include "engine/names.h"
#include "engine/parts.h"
#include "engine/record.h"
#include "engine/recover.h"
#include "engine/transition.h"
#include "engine/watch.h"
#include "engine/way_back.h"
#include "engine/worker.h"
#include "frr/tree.h"
#include "model/plan.h"
#include "store/audit.h"
#include "store/idempotency.h"
#include "store/operation.h"

static const char finished[] = "multihomed was interrupted while saving; the "
			       "change was in effect and is saved now";
static const char undone[] = "multihomed was interrupted; the change was "
			     "undone";
static const char expired[] = "multihomed or the machine was interrupted; the "
			      "change had not been confirmed and was undone";
static const char unknown[] = "multihomed was interrupted; the clear may or "
			      "may not have been sent";

static const char superseded[] = "multihomed was interrupted; what the change "
				 "had touched was changed by hand since, and "
				 "stays so: not put back is";

enum {
	FIRST_WAIT_MS = 1000,
	LONGEST_WAIT_MS = 60 * 1000,
	ATTEMPTS_MAX = 20,
	SUPERSEDED_TIMES = 3
};

/* When the next attempt is due, and how long after a failure that is. */
static atomic_llong due_ms, wait_ms;
static atomic_bool asked;
/* Attempts at the oldest pending operation; only the writer counts. Those that
 * other work makes first, as often as it comes, are not counted. */
static unsigned attempts, superseded_seen;
static bool counts;

struct recovery {
	struct worker_tools *tools;
	struct operation *op;
	struct plan plan;
	struct transition transition;
	struct buf log;
	const char *outcome;
	const char *detail;
	char words[512]; /* of a detail that has a part of its own */
	enum operation_state state;
};

/* A clear leaves nothing that could be looked for. */
static bool
is_nothing(const struct recovery *r)
{
	return r->transition.steps.n == 0 &&
	    plan_extra(&r->plan, "names")[0] == '\0' &&
	    host_diff_is_none(&r->transition.before, &r->transition.after);
}

static int
go_back(struct recovery *r, struct frr_node **observed, struct err *err)
{
	char left[WAY_BACK_LEFT_MAX];
	bool by_hand;

	if (way_back_open(r->tools, &r->transition, &r->plan, left, err) == -1)
		return -1;
	by_hand = left[0] != '\0';
	(void)snprintf(r->words, sizeof(r->words), "%s %s", superseded, left);
	/* A configuration that is still being loaded looks alike. */
	if (by_hand && (!counts || ++superseded_seen < SUPERSEDED_TIMES))
		return err_set(err, ERR_UNAVAILABLE,
		    "FRR's configuration has changed since, or is not "
		    "loaded yet: looking again");
	r->outcome = by_hand ? "failed" : "undone";
	r->detail = by_hand                            ? r->words :
	    r->op->state == OPERATION_AWAITING_CONFIRM ? expired :
							 undone;
	r->state = OPERATION_UNDONE;
	if (transition_undo(r->tools, &r->transition, &r->log, observed, err) ==
	    -1)
		return -1;
	return names_take_back(r->tools->db, &r->plan, err);
}

/* Before persisting the files were not touched: they are the old. One that
 * waits has an error when it could not be saved as confirmed. */
static bool
is_to_save(const struct recovery *r)
{
	switch (r->op->state) {
	case OPERATION_PERSISTING:
	case OPERATION_UNDOING:
		return true;
	case OPERATION_AWAITING_CONFIRM:
		return r->op->error != NULL ||
		    way_back_is_saved(r->tools, &r->transition);
	default:
		return false;
	}
}

static int
settle_state(struct recovery *r, struct err *err)
{
	struct frr_node *observed = NULL;
	enum operation_state state = r->op->state;
	bool yes = false;
	int rc = -1;

	r->transition.expect_bgp = atomic_load(&r->tools->parts->bgp_seen);
	buf_puts(&r->log, plan_extra(&r->plan, "log"));
	if (is_nothing(r)) {
		r->outcome = "failed";
		r->detail = unknown;
		r->state = OPERATION_UNDONE;
		return 0;
	}
	if (state == OPERATION_PERSISTING &&
	    transition_is_done(r->tools, &r->transition, &yes, &observed,
		err) == -1)
		goto out;
	if (yes) {
		r->outcome = "applied";
		r->detail = finished;
		r->state = OPERATION_DONE;
	} else {
		frr_tree_free(&observed);
		if (go_back(r, &observed, err) == -1)
			goto out;
	}
	if (is_to_save(r) &&
	    transition_save(r->tools, &r->transition, !yes, observed, &r->log,
		NULL, err) == -1)
		goto out;
	if (yes) {
		(void)names_forget(r->tools->db, &r->plan, NULL);
		drain_change_done(r->tools, r->op->kind, r->op->resource);
	}
	rc = 0;
out:
	frr_tree_free(&observed);
	return rc;
}

/* Of the answer: what it was about. */
static const char *
member(const struct operation *op)
{
	static const char downstreams[] = "downstreams/";

	if (strcmp(op->resource, "router") == 0)
		return "router";
	return strncmp(op->resource, downstreams, strlen(downstreams)) == 0 ?
	    "downstream" :
	    "upstream";
}

/* The client that waited is gone; its key may be used again when nothing came
 * of the change, and is answered in short when something did. */
static int
settle_key(void *arg, struct db *db, const char **reply, struct err *err)
{
	struct recovery *r = arg;
	struct buf body = BUF_INIT;
	int rc;

	*reply = NULL;
	if (r->op->idempotency_key[0] == '\0')
		return 0;
	if (r->state != OPERATION_DONE)
		return idempotency_forget(db, r->op->idempotency_key, err);
	buf_printf(&body,
	    "{\"changed\":true,\"dry_run\":false,\"operation\":\"%s\","
	    "\"audit_seq\":%lld,\"best_paths_moved\":null,"
	    "\"sessions_reset\":[],\"confirm\":null,"
	    "\"plan\":{\"steps\":[]},\"%s\":null}",
	    r->op->id, (long long)r->op->audit_seq, member(r->op));
	rc = idempotency_finish(db, r->op->idempotency_key, 200,
	    "application/json", "", buf_text(&body), err);
	buf_clear(&body);
	/* Answered already, or forgotten: not worth blocking for. */
	if (rc == -1 &&
	    (err->code == ERR_NOT_FOUND || err->code == ERR_CONFLICT))
		rc = 0;
	return rc;
}

static int
tell(struct recovery *r, struct err *err)
{
	static const struct caller engine = { .actor = "engine" };
	struct audit_list intent = { 0 };
	struct record record;
	struct record_end end = { .outcome = r->outcome,
		.detail = r->detail,
		.log = buf_text(&r->log),
		.state = r->state };
	int rc;

	if (record_of_intent(r->tools->db, r->op, &engine, &record, &intent,
		err) == -1)
		return -1;
	if (r->state == OPERATION_UNDONE)
		end.after = record.before;
	rc = record_end(r->tools->db, &record, r->op, &end, settle_key, r, err);
	audit_list_clear(&intent);
	return rc;
}

/* Ends what cannot be ended well, so that other changes are possible again. */
static int
give_up(struct recovery *r, const struct err *why, struct err *err)
{
	char detail[ERR_TEXT_MAX + 128];
	int rc;

	(void)snprintf(detail, sizeof(detail),
	    "multihomed was interrupted, and the change could neither be "
	    "finished nor undone: %s. Look at the router",
	    why->text);
	log_error("operation %s (%s): %s", r->op->id, r->op->resource, detail);
	r->outcome = "failed";
	r->detail = detail;
	r->state = OPERATION_UNDONE;
	rc = tell(r, err);
	r->detail = NULL;
	return rc;
}

static bool
is_silence(const struct err *err)
{
	return err->code == ERR_UNAVAILABLE || err->code == ERR_TIMEOUT;
}

static int
recover_one(struct worker_tools *tools, struct operation *op, struct err *err)
{
	struct recovery r = { .tools = tools, .op = op };
	const char *plan;
	struct err why;
	int rc;

	err_clear(&why);
	plan = operation_plan(op, &why);
	if (plan == NULL || plan_load(&r.plan, plan, &why) == -1 ||
	    transition_load(&r.transition, &r.plan, &why) == -1) {
		rc = give_up(&r, &why, err);
	} else if (settle_state(&r, &why) == -1) {
		*err = why;
		rc = -1;
		if (!is_silence(&why) && counts && ++attempts >= ATTEMPTS_MAX)
			rc = give_up(&r, &why, err);
	} else {
		rc = tell(&r, err);
		if (rc == 0)
			log_info("operation %s (%s): %s", op->id, op->resource,
			    r.detail);
		if (rc == 0 && op->state == OPERATION_AWAITING_CONFIRM)
			confirm_tell(tools->parts, op, "reverted", 0, r.detail);
	}
	if (rc == 0) {
		attempts = superseded_seen = 0;
		confirm_forget(tools->parts, op->id);
	}
	transition_clear(&r.transition);
	plan_clear(&r.plan);
	buf_clear(&r.log);
	return rc;
}

int
recover_now(struct worker_tools *tools, struct err *err)
{
	struct operation_list pending = { 0 };
	size_t i;
	int rc = -1;

	if (atomic_load(&tools->parts->recovered))
		return 0;
	if (watch_is_settled(tools->parts, err) == -1 ||
	    operation_list_pending(tools->db, &pending, err) == -1)
		goto out;
	for (i = 0; i < pending.n; i++) {
		struct operation *op = &pending.v[i];

		if (op->state == OPERATION_AWAITING_CONFIRM &&
		    confirm_goes_on(tools, op)) {
			confirm_set(tools->parts, op, op->reverts_at_ms);
			continue;
		}
		drift_pause(tools->parts);
		rc = recover_one(tools, op, err);
		drift_resume(tools->parts);
		if (rc == -1)
			goto out;
		rc = -1;
	}
	if (idempotency_recover(tools->db, err) == -1)
		goto out;
	atomic_store(&tools->parts->recovered, true);
	rc = 0;
out:
	operation_list_clear(&pending);
	if (rc == -1) {
		(void)err_prefix(err,
		    "an interrupted change cannot be ended yet");
		if (err->code != ERR_TIMEOUT)
			err->code = ERR_UNAVAILABLE;
		(void)err_reason(err, "recovery_pending");
	}
	return rc;
}

static void
recover_job(struct worker_tools *tools, void *unused)
{
	int64_t now = clock_ms();
	struct err err;
	int rc;

	(void)unused;
	err_clear(&err);
	counts = true;
	rc = recover_now(tools, &err);
	counts = false;
	if (rc == 0) {
		atomic_store(&wait_ms, 0);
		(void)worker_submit(tools->parts->watcher, watch_now, NULL,
		    NULL);
	} else {
		int64_t wait = atomic_load(&wait_ms) * 2;

		wait = wait < FIRST_WAIT_MS ? FIRST_WAIT_MS : wait;
		atomic_store(&wait_ms,
		    wait > LONGEST_WAIT_MS ? LONGEST_WAIT_MS : wait);
		log_warning("%s", err.text);
	}
	atomic_store(&due_ms, now + atomic_load(&wait_ms));
	atomic_store(&asked, false);
}

void
recover_when_due(struct parts *parts)
{
	if (atomic_load(&parts->recovered) || atomic_load(&asked) ||
	    clock_ms() < atomic_load(&due_ms) ||
	    watch_is_settled(parts, NULL) == -1)
		return;
	atomic_store(&asked, true);
	/* A full writer recovers first by itself. */
	if (worker_submit(parts->writer, recover_job, NULL, NULL) == -1)
		atomic_store(&asked, false);
}
