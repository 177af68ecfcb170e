/* engine/confirm.c - which change waits to be confirmed, and until when. */
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/clock.h"
#include "base/err.h"
#include "base/mem.h"
#include "engine/change.h"
#include "engine/confirm.h"
#include "engine/events.h"
#include "engine/parts.h"
#include "engine/supervisor.h"
#include "engine/transition.h"
#include "engine/worker.h"
#include "frr/tree.h"
#include "model/event.h"
#include "store/operation.h"

struct confirm {
	pthread_mutex_t lock;
	bool pending;
	struct confirm_info info;
	atomic_bool asked; /* the writer was told that it is overdue */
	char boot_id[64];
};

void
confirm_init(struct parts *parts)
{
	parts->confirm = mem_calloc(1, sizeof(*parts->confirm));
	(void)pthread_mutex_init(&parts->confirm->lock, NULL);
}

void
confirm_clear(struct parts *parts)
{
	(void)pthread_mutex_destroy(&parts->confirm->lock);
	MEM_FREE(parts->confirm);
}

const char *
confirm_boot_id(struct parts *parts)
{
	static const struct op_none nothing;
	struct confirm *c = parts->confirm;
	const struct op_facts *facts;
	struct buf out = BUF_INIT;
	struct err err;

	if (c->boot_id[0] == '\0') {
		if (supervisor_ask(parts->supervisor, OP_FACTS, 0, &nothing,
			&out, &err) == 0 &&
		    out.len == sizeof(*facts)) {
			facts = (const void *)out.data;
			(void)snprintf(c->boot_id, sizeof(c->boot_id), "%.63s",
			    facts->boot_id);
		}
		buf_clear(&out);
	}
	return c->boot_id;
}

bool
confirm_is_pending(struct parts *parts, struct confirm_info *info)
{
	struct confirm *c = parts->confirm;
	int64_t left;
	bool pending;

	(void)pthread_mutex_lock(&c->lock);
	pending = c->pending;
	*info = c->info;
	(void)pthread_mutex_unlock(&c->lock);
	left = info->reverts_at_ms - clock_wall_ms();
	info->seconds_left = left <= 0 ? 0 : (unsigned)((left + 999) / 1000);
	return pending;
}

bool
confirm_pending_text(struct parts *parts, char *out, size_t size)
{
	struct confirm_info info;

	if (!confirm_is_pending(parts, &info))
		return false;
	(void)snprintf(out, size, "%s; revert-in=%u", info.operation,
	    info.seconds_left);
	return true;
}

int
confirm_check_none(struct parts *parts, struct err *err)
{
	struct confirm_info info;

	if (!confirm_is_pending(parts, &info))
		return 0;
	(void)err_set(err, ERR_CONFLICT,
	    "operation %s waits to be confirmed and goes back in %u s: "
	    "confirm or cancel it first",
	    info.operation, info.seconds_left);
	if (err != NULL)
		err->retry_after_s =
		    info.seconds_left == 0 ? 1 : info.seconds_left;
	return err_reason(err, "confirm_pending");
}

void
confirm_tell(struct parts *parts, const struct operation *op, const char *state,
    int64_t reverts_at_ms, const char *detail)
{
	const struct event_confirm event = { op->id, state, reverts_at_ms,
		detail };

	events_publish_confirm(parts, op->resource, &event);
}

void
confirm_set(struct parts *parts, const struct operation *op,
    int64_t reverts_at_ms)
{
	struct confirm *c = parts->confirm;

	(void)pthread_mutex_lock(&c->lock);
	c->pending = true;
	(void)snprintf(c->info.operation, sizeof(c->info.operation), "%s",
	    op->id);
	c->info.reverts_at_ms = reverts_at_ms;
	(void)pthread_mutex_unlock(&c->lock);
	confirm_tell(parts, op, "pending", reverts_at_ms, NULL);
}

void
confirm_forget(struct parts *parts, const char *operation)
{
	struct confirm *c = parts->confirm;

	(void)pthread_mutex_lock(&c->lock);
	if (strcmp(c->info.operation, operation) == 0) {
		c->pending = false;
		memset(&c->info, 0, sizeof(c->info));
	}
	(void)pthread_mutex_unlock(&c->lock);
}

/* With FRR restarted meanwhile it may be gone. Unknown counts as yes: it goes
 * back when its time has come. */
static bool
is_in_effect(struct worker_tools *tools, const struct plan *plan)
{
	struct frr_node *observed = NULL;
	struct transition t;
	struct err err;
	bool done = true;

	err_clear(&err);
	if (transition_load(&t, plan, &err) == -1)
		return true;
	t.expect_bgp = atomic_load(&tools->parts->bgp_seen);
	if (transition_is_done(tools, &t, &done, &observed, &err) == -1)
		done = true;
	frr_tree_free(&observed);
	transition_clear(&t);
	return done;
}

bool
confirm_goes_on(struct worker_tools *tools, const struct operation *op)
{
	struct plan plan;
	bool same;

	if (op->reverts_at_ms <= clock_wall_ms() || op->plan == NULL ||
	    plan_load(&plan, op->plan, NULL) == -1)
		return false;
	same = strcmp(plan_extra(&plan, "boot_id"),
		   confirm_boot_id(tools->parts)) == 0 &&
	    is_in_effect(tools, &plan);
	plan_clear(&plan);
	return same;
}

static void
revert_job(struct worker_tools *tools, void *unused)
{
	struct confirm_info info;

	(void)unused;
	/* It may have been confirmed or given more time meanwhile. */
	if (confirm_is_pending(tools->parts, &info) && info.seconds_left == 0)
		confirm_revert(tools, info.operation);
	atomic_store(&tools->parts->confirm->asked, false);
}

void
confirm_when_due(struct parts *parts)
{
	struct confirm_info info;

	if (!confirm_is_pending(parts, &info) || info.seconds_left > 0 ||
	    atomic_exchange(&parts->confirm->asked, true))
		return;
	if (worker_submit(parts->writer, revert_job, NULL, NULL) == -1)
		atomic_store(&parts->confirm->asked, false);
}
