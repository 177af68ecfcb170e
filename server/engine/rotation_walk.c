/* engine/rotation_walk.c - one look at a rotation under way: kept, and ended.
 */
#include <stdio.h>
#include <string.h>

#include "base/buf.h"
#include "base/err.h"
#include "base/log.h"
#include "engine/change.h"
#include "engine/parts.h"
#include "engine/record.h"
#include "engine/rotation_drain.h"
#include "engine/rotation_walk.h"
#include "engine/watch.h"
#include "engine/worker.h"

int
rotation_walk_open(struct rotation_walk *w, struct worker_tools *tools,
    struct operation *op, struct err *err)
{
	const char *plan = operation_plan(op, err);

	memset(w, 0, sizeof(*w));
	w->tools = tools;
	w->op = op;
	return plan == NULL ? -1 : rotation_load(&w->r, plan, err);
}

int
rotation_walk_keep(struct rotation_walk *w, enum operation_state state,
    const char *phase, const char *text, int64_t due_ms, struct err *err)
{
	struct buf plan = BUF_SECRET, progress = BUF_INIT;
	int rc = -1;

	rotation_store(&w->r, &plan);
	rotation_render_progress(&w->r, text, &progress);
	if (operation_set_plan(w->tools->db, w->op->id, buf_text(&plan), err) ==
		0 &&
	    operation_progress(w->tools->db, w->op->id, state, phase,
		buf_text(&progress), due_ms, err) == 0)
		rc = 0;
	if (rc == 0) {
		if (phase != w->op->phase)
			(void)snprintf(w->op->phase, sizeof(w->op->phase), "%s",
			    phase);
		w->op->state = state;
		w->op->due_ms = due_ms;
	}
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

int
rotation_walk_end(struct rotation_walk *w, bool verified, int64_t return_ms,
    struct err *err)
{
	static const struct caller engine = { .actor = "engine" };
	struct buf before = BUF_INIT, after = BUF_INIT, result = BUF_INIT;
	struct rotation *r = &w->r;
	int rc;
	struct record record = { .caller = &engine,
		.kind = w->op->kind,
		.resource = w->op->resource,
		.reason = r->reason,
		.ticket = r->ticket };
	struct record_end how = { .outcome = verified ? "applied" : "undone",
		.detail = verified ? NULL : r->why,
		.log = "",
		.state = verified ? OPERATION_DONE : OPERATION_UNDONE };

	/* Of one whose plan is lost nobody knows whether it drained. */
	if ((r->drain_first || r->upstream.s[0] == '\0') &&
	    rotation_drain_release(w->tools, w->op->resource, err) == -1)
		return -1;
	rotation_render_audit(r, false, &before);
	rotation_render_audit(r, verified, &after);
	rotation_render_result(r, verified, return_ms, &result);
	record.before = buf_text(&before);
	how.after = buf_text(&after);
	rc = record_end(w->tools->db, &record, w->op, &how, give_result,
	    &result, err);
	buf_clear(&before);
	buf_clear(&after);
	buf_clear(&result);
	if (rc == 0) {
		w->ended = true;
		log_info("operation %s (%s): %s", w->op->id, w->op->resource,
		    verified ? "the new key is verified" : r->why);
		(void)worker_submit(w->tools->parts->watcher, watch_now, NULL,
		    NULL);
	}
	return rc;
}
