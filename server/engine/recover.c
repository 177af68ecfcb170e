/* engine/recover.c - finish or undo what a former life had begun. */
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/err.h"
#include "base/log.h"
#include "engine/apply.h"
#include "engine/edit.h"
#include "engine/parts.h"
#include "engine/persist.h"
#include "engine/record.h"
#include "engine/recover.h"
#include "engine/watch.h"
#include "engine/worker.h"
#include "frr/diff.h"
#include "frr/frr.h"
#include "frr/tree.h"
#include "model/plan.h"
#include "store/audit.h"
#include "store/idempotency.h"
#include "store/operation.h"

static const char finished[] = "multihomed was interrupted while saving; the "
			       "change was in effect and is saved now";
static const char undone[] = "multihomed was interrupted; the change was "
			     "undone";
static const char unknown[] = "multihomed was interrupted; the clear may or "
			      "may not have been sent";

struct recovery {
	struct worker_tools *tools;
	struct operation *op;
	struct plan plan;
	struct frr_steps steps;
	struct buf log;
	const char *outcome;
	const char *detail;
	enum operation_state state;
};

/* Is the whole change in effect? Then *observed is the configuration. */
static int
is_in_effect(struct recovery *r, bool *yes, struct frr_node **observed,
    struct err *err)
{
	*yes = false;
	if (frr_observe_config(r->tools->frr, true, observed, err) == -1) {
		*observed = NULL;
		return -1;
	}
	*yes = frr_steps_verify(&r->steps, *observed, NULL) == 0;
	return 0;
}

static int
settle_state(struct recovery *r, struct err *err)
{
	struct frr_node *observed = NULL;
	bool yes = false, saved = r->op->state != OPERATION_APPLYING;
	int rc = -1;

	if (r->steps.n == 0) {
		r->outcome = "failed";
		r->detail = unknown;
		r->state = OPERATION_UNDONE;
		return 0;
	}
	if (r->op->state == OPERATION_PERSISTING &&
	    is_in_effect(r, &yes, &observed, err) == -1)
		goto out;
	if (yes) {
		r->outcome = "applied";
		r->detail = finished;
		r->state = OPERATION_DONE;
	} else {
		frr_tree_free(&observed);
		r->outcome = "undone";
		r->detail = undone;
		r->state = OPERATION_UNDONE;
		if (apply_undo(r->tools, &r->steps, &r->plan, &r->log,
			&observed, err) == -1)
			goto out;
	}
	/* Before persisting the file was not touched: it is the old one. */
	if (saved && persist_save(r->tools, observed, &r->log, NULL, err) == -1)
		goto out;
	rc = 0;
out:
	frr_tree_free(&observed);
	return rc;
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
	    "\"sessions_reset\":[],\"plan\":{\"steps\":[]},"
	    "\"upstream\":null}",
	    r->op->id, (long long)r->op->audit_seq);
	rc = idempotency_finish(db, r->op->idempotency_key, 200,
	    "application/json", "", buf_text(&body), err);
	buf_clear(&body);
	return rc;
}

static int
tell(struct recovery *r, struct err *err)
{
	static const struct caller engine = { .actor = "engine" };
	struct audit_list intent = { 0 };
	struct record record = { .caller = &engine,
		.kind = r->op->kind,
		.resource = r->op->resource };
	struct record_end end = { .outcome = r->outcome,
		.detail = r->detail,
		.log = buf_text(&r->log),
		.state = r->state };
	int rc;

	if (audit_get(r->tools->db, r->op->audit_seq, &intent, err) == -1)
		return -1;
	if (intent.n > 0) {
		record.before = intent.rows[0].before;
		record.reason = intent.rows[0].reason;
		record.ticket = intent.rows[0].ticket;
		if (r->state == OPERATION_UNDONE)
			end.after = intent.rows[0].before;
	}
	rc = record_end(r->tools->db, &record, r->op, &end, settle_key, r, err);
	audit_list_clear(&intent);
	return rc;
}

static int
recover_one(struct worker_tools *tools, struct operation *op, struct err *err)
{
	struct recovery r = { .tools = tools, .op = op };
	int rc = -1;

	if (plan_load(&r.plan, op->plan == NULL ? "" : op->plan, err) == -1 ||
	    edit_steps_from_plan(&r.plan, &r.steps, err) == -1)
		goto out;
	if (settle_state(&r, err) == -1 || tell(&r, err) == -1)
		goto out;
	log_info("operation %s (%s): %s", op->id, op->resource, r.detail);
	rc = 0;
out:
	plan_clear(&r.plan);
	frr_steps_clear(&r.steps);
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
	if (operation_list_pending(tools->db, &pending, err) == -1)
		goto out;
	for (i = 0; i < pending.n; i++)
		if (recover_one(tools, &pending.v[i], err) == -1)
			goto out;
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

void
recover_job(struct worker_tools *tools, void *unused)
{
	struct err err;

	(void)unused;
	if (atomic_load(&tools->parts->recovered))
		return;
	err_clear(&err);
	if (recover_now(tools, &err) == -1)
		log_warning("%s", err.text);
	else
		(void)worker_submit(tools->parts->watcher, watch_now, NULL,
		    NULL);
}
