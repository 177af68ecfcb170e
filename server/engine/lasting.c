/* engine/lasting.c - operations that last: a step now and then until they end
 */
#include <stdatomic.h>
#include <stdio.h>
#include <string.h>

#include "base/clock.h"
#include "base/compat.h"
#include "base/err.h"
#include "base/log.h"
#include "engine/drain_step.h"
#include "engine/lasting.h"
#include "engine/parts.h"
#include "engine/recover.h"
#include "engine/rotation.h"
#include "engine/watch.h"
#include "engine/worker.h"
#include "store/operation.h"

struct lasting_kind {
	const char *kind; /* in the journal */
	lasting_step_fn *step;
	lasting_cancel_fn *cancel;
};

static const struct lasting_kind kinds[] = {
	{ "tcp_md5_rotation", rotation_step, rotation_step_cancel },
	{ "upstream_drain", drain_step, drain_step_cancel },
	{ "router_drain", drain_step, drain_step_cancel },
	{ "upstream_undrain", drain_step, drain_step_cancel },
	{ "router_undrain", drain_step, drain_step_cancel },
};

enum {
	UNKNOWN = -1
};

/* How many there are; UNKNOWN: the journal has to be asked. */
static atomic_int alive = UNKNOWN;
static atomic_bool asked;
/* What was complained of last; only the writer uses it. */
static char complaint[ERR_TEXT_MAX];

static const struct lasting_kind *
find(const struct operation *op)
{
	size_t i;

	for (i = 0; i < NITEMS(kinds); i++)
		if (strcmp(kinds[i].kind, op->kind) == 0)
			return &kinds[i];
	return NULL;
}

int
lasting_cancel(struct worker_tools *tools, struct operation *op,
    const struct caller *caller, struct err *err)
{
	const struct lasting_kind *kind = find(op);

	if (kind == NULL)
		return err_set(err, ERR_INTERNAL,
		    "nobody here knows what a %.31s is", op->kind);
	return kind->cancel(tools, op, caller, err);
}

/* Only the writer's thread uses it. */
static lasting_listener_fn *listener;

void
lasting_listen(lasting_listener_fn *fn)
{
	listener = fn;
}

void
lasting_ended(struct worker_tools *tools, const char *id)
{
	if (listener != NULL)
		listener(tools, id);
	(void)worker_submit(tools->parts->watcher, watch_now, NULL, NULL);
}

static void
take_step(struct worker_tools *tools, struct operation *op)
{
	const struct lasting_kind *kind = find(op);
	struct err err;

	err_clear(&err);
	if (kind == NULL)
		(void)err_set(&err, ERR_INTERNAL, "no such kind: %.31s",
		    op->kind);
	else if (kind->step(tools, op, &err) == 0)
		return;
	if (strcmp(complaint, err.text) != 0)
		log_warning("operation %s (%s): %s", op->id, op->resource,
		    err.text);
	(void)snprintf(complaint, sizeof(complaint), "%s", err.text);
}

static void
step_job(struct worker_tools *tools, void *unused)
{
	struct operation_list list = { 0 };
	int64_t now = clock_wall_ms();
	struct err err;
	size_t i;

	(void)unused;
	/* Before the list is read: one that begins meanwhile asks again. */
	atomic_store(&asked, false);
	err_clear(&err);
	if (recover_now(tools, &err) == -1)
		return; /* recovery complains by itself, and tries again */
	if (operation_list_lasting(tools->db, &list, &err) == -1) {
		log_warning("%s", err.text);
		return;
	}
	atomic_store(&alive, (int)list.n);
	for (i = 0; i < list.n; i++)
		if (list.v[i].state == OPERATION_RUNNING ||
		    list.v[i].due_ms <= now)
			take_step(tools, &list.v[i]);
	operation_list_clear(&list);
}

void
lasting_wake(struct parts *parts)
{
	atomic_store(&alive, UNKNOWN);
	lasting_when_due(parts);
}

void
lasting_when_due(struct parts *parts)
{
	/* Recovery comes first, at its own pace. */
	if (atomic_load(&alive) == 0 || !atomic_load(&parts->recovered) ||
	    atomic_exchange(&asked, true))
		return;
	if (worker_submit(parts->writer, step_job, NULL, NULL) == -1)
		atomic_store(&asked, false);
}
