/* engine/drain_record.c - a drain's operations: begun, noted, ended. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/err.h"
#include "base/mem.h"
#include "engine/drain_record.h"
#include "engine/drain_tell.h"
#include "engine/fault.h"
#include "engine/lasting.h"
#include "engine/record.h"
#include "engine/worker.h"
#include "model/drain_order.h"
#include "model/drain_progress.h"
#include "model/drain_state.h"
#include "store/db.h"
#include "store/drain.h"

static const char *
kind_of(const struct drain *d, bool back)
{
	if (drain_is_router(d))
		return back ? "router_undrain" : "router_drain";
	return back ? "upstream_undrain" : "upstream_drain";
}

void
drain_record_caller(const struct operation *op, struct caller *caller)
{
	memset(caller, 0, sizeof(*caller));
	(void)snprintf(caller->actor, sizeof(caller->actor), "%s", op->actor);
	(void)snprintf(caller->token_id, sizeof(caller->token_id), "%s",
	    op->token_id);
	(void)snprintf(caller->request_id, sizeof(caller->request_id), "%s",
	    op->request_id);
}

static bool
differs(const char *a, const char *b)
{
	return strcmp(a == NULL ? "" : a, b == NULL ? "" : b) != 0;
}

int
drain_record_note(struct worker_tools *tools, struct drain *d,
    struct operation *op, const struct drain_record_now *now, struct err *err)
{
	const struct drain_progress *p = now->progress;
	const char *phase = drain_phase_name(d->phase);
	char *text = drain_progress_store(p);
	char *kept = drain_state_store(now->state);
	bool moved = strcmp(op->phase, phase) != 0;
	int rc = 0;

	if (!moved && !differs(op->progress, text) && !differs(d->state, kept))
		goto out;
	free(d->state);
	d->state = kept;
	kept = NULL;
	rc = -1;
	if (db_begin(tools->db, err) == -1)
		goto out;
	if ((now->canceller != NULL &&
		record_deed(tools->db, op, now->canceller, "cancel", NULL,
		    err) == -1) ||
	    drain_put(tools->db, d, err) == -1 ||
	    operation_progress(tools->db, op->id, OPERATION_RUNNING, phase,
		text, now->state->deadline_ms, err) == -1 ||
	    db_commit(tools->db, err) == -1) {
		db_abort(tools->db);
		goto out;
	}
	if (moved || !drain_progress_says(op->progress, p->text))
		drain_tell(tools, d, moved ? "phase" : "progress", p->text);
	(void)snprintf(op->phase, sizeof(op->phase), "%s", phase);
	free(op->progress);
	op->progress = text;
	text = NULL;
	rc = 0;
out:
	free(text);
	free(kept);
	return rc;
}

struct ending {
	const struct drain *d;
	const struct drain_record_end *end;
	char *result;
};

static int
settle(void *arg, struct db *db, const char **reply, struct err *err)
{
	struct ending *e = arg;

	*reply = e->result;
	if (e->end->removed)
		return drain_remove(db, e->d->subject, e->d->owner, err);
	return drain_put(db, e->d, err);
}

static int
store_end(struct db *db, const struct drain *d, const struct operation *op,
    const struct drain_record_end *end, struct err *err)
{
	struct ending e = { d, end,
		drain_progress_result(d, end->end, end->why) };
	struct record record = { .kind = op->kind,
		.resource = d->subject,
		.reason = d->reason,
		.ticket = d->ticket };
	struct record_end outcome = { .outcome =
					  end->undone ? "undone" : "applied",
		.detail = end->text,
		.after = e.result,
		.log = "",
		.state = end->undone ? OPERATION_UNDONE : OPERATION_DONE };
	struct caller caller;
	int rc;

	drain_record_caller(op, &caller);
	record.caller = &caller;
	rc = record_end(db, &record, op, &outcome, settle, &e, err);
	free(e.result);
	return rc;
}

static void
tell_end(struct worker_tools *tools, const struct drain *d,
    const struct operation *op, const struct drain_record_end *end)
{
	drain_tell(tools, d, "end", end->text);
	lasting_ended(tools, op->id);
}

int
drain_record_end(struct worker_tools *tools, const struct drain *d,
    const struct operation *op, const struct drain_record_end *end,
    struct err *err)
{
	if (store_end(tools->db, d, op, end, err) == -1)
		return -1;
	tell_end(tools, d, op, end);
	return 0;
}

int
drain_record_refuse(struct worker_tools *tools, const struct drain *d,
    const struct operation *op, const char *text, struct err *err)
{
	const struct drain_record_end how = { .end = "refused",
		.why = "other_router",
		.text = text,
		.undone = true,
		.removed = true };

	return drain_record_end(tools, d, op, &how, err);
}

void
drain_record_fresh(struct drain *d, uint32_t seconds)
{
	struct drain_state state = { .best = -1 };

	state.deadline_ms = clock_wall_ms() + (int64_t)seconds * 1000;
	free(d->state);
	d->state = drain_state_store(&state);
}

static int
store_begin(struct db *db, const struct drain_record_begin *how,
    struct drain *d, struct operation *op, struct err *err)
{
	char *wanted = drain_order_render(d);
	struct record record = { .caller = how->caller,
		.kind = kind_of(d, how->back),
		.resource = d->subject,
		.reason = d->reason,
		.ticket = d->ticket,
		.before = how->back ? wanted : NULL,
		.after = how->back ? NULL : wanted,
		.stored_plan = wanted,
		.state = OPERATION_RUNNING,
		.phase = drain_phase_name(d->phase) };
	struct drain_state state;
	int rc;

	drain_state_load(&state, d->state);
	record.due_ms = state.deadline_ms;
	rc = record_begin(db, &record, op, err);
	free(wanted);
	if (rc == -1)
		return -1;
	(void)snprintf(d->operation, sizeof(d->operation), "%s", op->id);
	return drain_put(db, d, err);
}

/* *running: the old row's operation, if that still runs; its id is "" else. */
static void
find_running(struct db *db, const struct drain *old, struct operation *running)
{
	memset(running, 0, sizeof(*running));
	if (old == NULL || old->operation[0] == '\0' ||
	    operation_get(db, old->operation, running, NULL) == -1 ||
	    running->state == OPERATION_RUNNING)
		return;
	operation_clear(running);
	running->id[0] = '\0';
}

int
drain_record_begin(struct worker_tools *tools,
    const struct drain_record_begin *how, struct drain *d, struct operation *op,
    struct err *err)
{
	const struct drain_record_end gone = { .end = how->old_end,
		.why = "",
		.text = "another order came before it had ended",
		.undone = true };
	struct operation old;
	bool own;
	int rc = 0;

	if (db_join(tools->db, &own, err) == -1)
		return -1;
	memset(op, 0, sizeof(*op));
	find_running(tools->db, how->old, &old);
	if (old.id[0] != '\0')
		rc = store_end(tools->db, how->old, &old, &gone, err);
	(void)fault_point(tools->parts, "drain_begin", NULL);
	if (rc == 0)
		rc = store_begin(tools->db, how, d, op, err);
	rc = db_leave(tools->db, own, rc, err);
	if (rc == 0 && old.id[0] != '\0')
		tell_end(tools, how->old, &old, &gone);
	if (rc == 0)
		drain_tell(tools, d, "phase", drain_phase_name(d->phase));
	else
		operation_clear(op);
	operation_clear(&old);
	return rc;
}
