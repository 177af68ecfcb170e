/* engine/confirm_end.c - how one that waits ends: confirmed, or taken back. */
/* names: confirm */
#include <stdatomic.h>
#include <stdio.h>
#include <string.h>

#include "base/buf.h"
#include "base/clock.h"
#include "base/err.h"
#include "base/log.h"
#include "engine/change.h"
#include "engine/confirm.h"
#include "engine/drain.h"
#include "engine/drift.h"
#include "engine/fault.h"
#include "engine/names.h"
#include "engine/parts.h"
#include "engine/record.h"
#include "engine/recover.h"
#include "engine/transition.h"
#include "engine/watch.h"
#include "engine/way_back.h"
#include "engine/worker.h"
#include "frr/tree.h"
#include "store/audit.h"
#include "store/db.h"
#include "store/operation.h"

/* One that waits, out of the journal. */
struct waiting {
	struct operation op;
	struct plan plan;
	struct transition transition;
	struct buf log;
};

static void
clear_waiting(struct waiting *w)
{
	transition_clear(&w->transition);
	plan_clear(&w->plan);
	operation_clear(&w->op);
	buf_clear(&w->log);
}

static int
load_waiting(struct worker_tools *tools, const char *operation,
    struct waiting *w, struct err *err)
{
	const char *plan;

	memset(w, 0, sizeof(*w));
	plan_init(&w->plan);
	if (recover_now(tools, err) == -1 ||
	    operation_get(tools->db, operation, &w->op, err) == -1)
		return -1;
	if (w->op.state != OPERATION_AWAITING_CONFIRM) {
		(void)err_set(err, ERR_CONFLICT,
		    "operation %s does not wait to be confirmed: it is %s",
		    operation, operation_state_name(w->op.state));
		return err_reason(err, "not_pending");
	}
	plan = operation_plan(&w->op, err);
	if (plan == NULL || plan_load(&w->plan, plan, err) == -1 ||
	    transition_load(&w->transition, &w->plan, err) == -1)
		return -1;
	w->transition.expect_bgp = atomic_load(&tools->parts->bgp_seen);
	buf_puts(&w->log, plan_extra(&w->plan, "log"));
	return 0;
}

/* The outcome of a change that waited: what the intent row began. */
static int
tell(struct worker_tools *tools, struct waiting *w, const struct caller *caller,
    struct record_end *end, struct err *err)
{
	struct audit_list intent = { 0 };
	struct record record;
	int rc;

	if (record_of_intent(tools->db, &w->op, caller, &record, &intent,
		err) == -1)
		return -1;
	if (end->state == OPERATION_DONE)
		end->after = record.after;
	else if (strcmp(end->outcome, "undone") == 0)
		end->after = record.before;
	end->log = buf_text(&w->log);
	rc = record_end(tools->db, &record, &w->op, end, NULL, NULL, err);
	audit_list_clear(&intent);
	return rc;
}

static int
check_connection(const struct waiting *w, uint64_t connection, struct err *err)
{
	char text[24];

	(void)snprintf(text, sizeof(text), "%llu",
	    (unsigned long long)connection);
	if (strcmp(plan_extra(&w->plan, "connection"), text) != 0)
		return 0;
	(void)err_set(err, ERR_CONFLICT,
	    "this is the connection that the change was made over: only a new "
	    "one shows that the router can still be reached");
	return err_reason(err, "same_connection");
}

/* Not saved: it goes back in the end. Its error tells then, whoever takes it
 * back, that the boot files may be new ones. */
static void
wait_on(struct worker_tools *tools, const struct waiting *w,
    const struct err *why)
{
	if (operation_set(tools->db, w->op.id, OPERATION_PERSISTING, NULL,
		why->text, NULL) == -1 ||
	    operation_await(tools->db, w->op.id, w->op.reverts_at_ms, NULL,
		NULL) == -1)
		atomic_store(&tools->parts->recovered, false);
}

static int
save(struct worker_tools *tools, struct waiting *w, struct err *err)
{
	struct frr_node *running = NULL;
	bool done = false;
	int rc = -1;

	if (transition_is_done(tools, &w->transition, &done, &running, err) ==
	    -1)
		return -1;
	if (!done) {
		(void)err_set(err, ERR_CONFLICT,
		    "what the change did is not in effect any more: cancel "
		    "it, or let it go back");
		(void)err_reason(err, "changed_by_hand");
	} else if (operation_set(tools->db, w->op.id, OPERATION_PERSISTING,
		       NULL, NULL, err) == 0) {
		if (fault_point(tools->parts, "before_save", err) == -1 ||
		    transition_save(tools, &w->transition, false, running,
			&w->log, NULL, err) == -1)
			wait_on(tools, w, err);
		else
			rc = 0;
	}
	frr_tree_free(&running);
	return rc;
}

int
confirm_now(struct worker_tools *tools, const char *operation,
    uint64_t connection, const struct caller *caller, struct err *err)
{
	struct record_end end = { .outcome = "applied",
		.detail = "confirmed",
		.state = OPERATION_DONE };
	struct waiting w;
	int rc = -1;

	if (load_waiting(tools, operation, &w, err) == -1 ||
	    check_connection(&w, connection, err) == -1)
		goto out;
	drift_pause(tools->parts);
	rc = save(tools, &w, err);
	if (rc == 0) {
		rc = tell(tools, &w, caller, &end, err);
		if (rc == 0) {
			(void)names_forget(tools->db, &w.plan, NULL);
			drain_change_done(tools, w.op.kind, w.op.resource);
			confirm_forget(tools->parts, w.op.id);
			confirm_tell(tools->parts, &w.op, "confirmed", 0, NULL);
		} else {
			atomic_store(&tools->parts->recovered, false);
		}
	}
	drift_resume(tools->parts);
out:
	clear_waiting(&w);
	return rc;
}

/*
 * Back in running and, where a confirmation has failed half way or somebody
 * else has saved it, in the boot files too. What somebody has changed by hand
 * meanwhile stays; FRR that still loads its configuration looks alike.
 */
static int
go_back(struct worker_tools *tools, struct waiting *w, struct record_end *end,
    char *words, size_t size, struct err *err)
{
	struct frr_node *observed = NULL;
	char left[WAY_BACK_LEFT_MAX];
	int rc = -1;

	if (way_back_open(tools, &w->transition, &w->plan, left, err) == -1)
		return -1;
	if (left[0] != '\0') {
		if (watch_is_settled(tools->parts, err) == -1)
			return -1;
		(void)snprintf(words, size,
		    "%s; %s was not put back: that was changed by hand "
		    "meanwhile, and stays so",
		    end->detail, left);
		end->outcome = "failed";
		end->detail = words;
	}
	if (transition_undo(tools, &w->transition, &w->log, &observed, err) ==
		0 &&
	    ((w->op.error == NULL &&
		 !way_back_is_saved(tools, &w->transition)) ||
		transition_save(tools, &w->transition, true, observed, &w->log,
		    NULL, err) == 0))
		rc = names_take_back(tools->db, &w->plan, err);
	frr_tree_free(&observed);
	return rc;
}

static int
take_back(struct worker_tools *tools, struct waiting *w,
    const struct caller *caller, const char *detail, struct err *err)
{
	struct record_end end = { .outcome = "undone",
		.detail = detail,
		.state = OPERATION_UNDONE };
	char words[512];
	int rc = -1;

	drift_pause(tools->parts);
	if (operation_set(tools->db, w->op.id, OPERATION_UNDOING, NULL, NULL,
		err) == -1)
		goto out;
	if (fault_point(tools->parts, "before_revert", err) == -1 ||
	    go_back(tools, w, &end, words, sizeof(words), err) == -1 ||
	    tell(tools, w, caller, &end, err) == -1) {
		/* Recovery goes on with it until it is done. */
		atomic_store(&tools->parts->recovered, false);
		(void)err_prefix(err,
		    "the change could not be taken back yet; it is tried again "
		    "until it works");
	} else {
		confirm_tell(tools->parts, &w->op, "reverted", 0, end.detail);
		rc = 0;
	}
	confirm_forget(tools->parts, w->op.id);
out:
	drift_resume(tools->parts);
	return rc;
}

int
confirm_cancel(struct worker_tools *tools, const char *operation,
    uint64_t connection, const struct caller *caller, struct err *err)
{
	struct waiting w;
	int rc = -1;

	(void)connection; /* to go back is safe over any */
	if (load_waiting(tools, operation, &w, err) == 0)
		rc = take_back(tools, &w, caller, "cancelled", err);
	clear_waiting(&w);
	return rc;
}

/* A change that is never confirmed goes on for as long as somebody does this:
 * the audit tells who. */
static int
store_extended(struct db *db, const struct operation *op, int64_t at,
    unsigned revert_in_s, const struct caller *caller, struct err *err)
{
	char text[48];
	bool own;
	int rc;

	(void)snprintf(text, sizeof(text), "%u s left", revert_in_s);
	if (db_join(db, &own, err) == -1)
		return -1;
	rc = record_deed(db, op, caller, "extend", text, err);
	if (rc == 0)
		rc = operation_await(db, op->id, at, NULL, err);
	return db_leave(db, own, rc, err);
}

int
confirm_extend(struct worker_tools *tools, const char *operation,
    unsigned revert_in_s, const struct caller *caller, struct err *err)
{
	int64_t at = clock_wall_ms() + (int64_t)revert_in_s * 1000;
	struct waiting w;
	int rc = -1;

	if (load_waiting(tools, operation, &w, err) == 0) {
		rc = store_extended(tools->db, &w.op, at, revert_in_s, caller,
		    err);
		if (rc == 0) {
			confirm_set(tools->parts, &w.op, at);
			log_info("operation %s: %s gives it %u s more",
			    operation, caller->actor, revert_in_s);
		}
	}
	clear_waiting(&w);
	return rc;
}

void
confirm_revert(struct worker_tools *tools, const char *operation)
{
	static const struct caller engine = { .actor = "engine" };
	struct waiting w;
	struct err err;

	err_clear(&err);
	if (load_waiting(tools, operation, &w, &err) == -1 ||
	    take_back(tools, &w, &engine, "not confirmed in time", &err) == -1)
		log_error("operation %s: %s", operation, err.text);
	else
		log_warning(
		    "operation %s was not confirmed in time and was taken back",
		    operation);
	clear_waiting(&w);
	(void)worker_submit(tools->parts->watcher, watch_now, NULL, NULL);
}
