/* engine/drain_record.c - a drain's operations: begun, noted, ended. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/err.h"
#include "base/mem.h"
#include "engine/drain_record.h"
#include "engine/drain_tell.h"
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

int
drain_record_begin(struct worker_tools *tools, const struct caller *caller,
    bool back, struct drain *d, struct operation *op, struct err *err)
{
	char *wanted = drain_order_render(d);
	struct record record = { .caller = caller,
		.kind = kind_of(d, back),
		.resource = d->subject,
		.reason = d->reason,
		.ticket = d->ticket,
		.before = back ? wanted : NULL,
		.after = back ? NULL : wanted,
		.stored_plan = wanted,
		.state = OPERATION_RUNNING,
		.phase = drain_phase_name(d->phase) };
	struct drain_state state;
	int rc = -1;

	drain_state_load(&state, d->state);
	record.due_ms = state.deadline_ms;
	if (record_begin(tools->db, &record, op, err) == -1)
		goto out;
	(void)snprintf(d->operation, sizeof(d->operation), "%s", op->id);
	if (drain_put(tools->db, d, err) == -1) {
		operation_clear(op);
		goto out;
	}
	drain_tell(tools, d, "phase", drain_phase_name(d->phase));
	rc = 0;
out:
	free(wanted);
	return rc;
}

static bool
differs(const char *a, const char *b)
{
	return strcmp(a == NULL ? "" : a, b == NULL ? "" : b) != 0;
}

int
drain_record_note(struct worker_tools *tools, struct drain *d,
    const struct drain_state *state, struct operation *op,
    const struct drain_progress *p, struct err *err)
{
	const char *phase = drain_phase_name(d->phase);
	char *text = drain_progress_store(p), *kept = drain_state_store(state);
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
	if (drain_put(tools->db, d, err) == -1 ||
	    operation_progress(tools->db, op->id, OPERATION_RUNNING, phase,
		text, state->deadline_ms, err) == -1 ||
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

int
drain_record_end(struct worker_tools *tools, const struct drain *d,
    const struct operation *op, const struct drain_record_end *end,
    struct err *err)
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
	rc = record_end(tools->db, &record, op, &outcome, settle, &e, err);
	free(e.result);
	if (rc == -1)
		return -1;
	drain_tell(tools, d, "end", end->text);
	lasting_ended(tools, op->id);
	return 0;
}

int
drain_record_replace(struct worker_tools *tools, const struct drain *d,
    const char *end, struct err *err)
{
	const struct drain_record_end how = { .end = end,
		.why = "",
		.text = "another order came before it had ended",
		.undone = true };
	struct operation op = { 0 };
	int rc = 0;

	if (d->operation[0] == '\0' ||
	    operation_get(tools->db, d->operation, &op, NULL) == -1)
		return 0;
	if (op.state == OPERATION_RUNNING)
		rc = drain_record_end(tools, d, &op, &how, err);
	operation_clear(&op);
	return rc;
}
