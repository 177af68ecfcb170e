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
#include "store/db.h"

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

/* Once, with the first that comes of it. */
static int
name_canceller(const struct rotation_walk *w, struct err *err)
{
	return w->canceller == NULL ?
	    0 :
	    record_deed(w->tools->db, w->op, w->canceller, "cancel", NULL, err);
}

int
rotation_walk_keep(struct rotation_walk *w, enum operation_state state,
    const char *phase, const char *text, int64_t due_ms, struct err *err)
{
	struct buf plan = BUF_SECRET, progress = BUF_INIT;
	struct db *db = w->tools->db;
	bool own;
	int rc = -1;

	if (db_join(db, &own, err) == -1)
		return -1;
	rotation_store(&w->r, &plan);
	rotation_render_progress(&w->r, text, &progress);
	if (name_canceller(w, err) == 0 &&
	    operation_set_plan(db, w->op->id, buf_text(&plan), err) == 0 &&
	    operation_progress(db, w->op->id, state, phase, buf_text(&progress),
		due_ms, err) == 0)
		rc = 0;
	rc = db_leave(db, own, rc, err);
	if (rc == 0) {
		w->canceller = NULL;
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

static int
end(struct rotation_walk *w, const struct record *record,
    const struct record_end *how, struct buf *result, struct err *err)
{
	struct db *db = w->tools->db;
	bool own;
	int rc;

	if (db_join(db, &own, err) == -1)
		return -1;
	rc = name_canceller(w, err);
	if (rc == 0)
		rc = record_end(db, record, w->op, how, give_result, result,
		    err);
	return db_leave(db, own, rc, err);
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
	rc = end(w, &record, &how, &result, err);
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
