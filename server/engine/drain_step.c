/* engine/drain_step.c - the steps of a drain, and of the way back. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/err.h"
#include "base/mem.h"
#include "engine/change.h"
#include "engine/drain_back.h"
#include "engine/drain_boot.h"
#include "engine/drain_check.h"
#include "engine/drain_record.h"
#include "engine/drain_step.h"
#include "engine/drain_walk.h"
#include "engine/fault.h"
#include "engine/parts.h"
#include "engine/watch.h"
#include "engine/worker.h"
#include "store/drain.h"
#include "store/operation.h"

enum {
	WALKS_MAX = 6 /* without waiting for the next second */
};

/* The others are told: maps of our own, all at once. */
static int
signal_step(struct drain_walk *w, struct err *err)
{
	int rc = drain_walk_settle(w, "drain_signal", err);

	if (rc == 2)
		return drain_back_if_over(w, err);
	if (rc != 0)
		return rc;
	w->d.phase = DRAIN_PROOF;
	drain_walk_say(w, "announced; waiting for the traffic to go");
	return drain_walk_go_on(w, err);
}

static int
down_step(struct drain_walk *w, struct err *err)
{
	int rc = drain_walk_settle(w, "drain_shutdown", err);

	if (rc != 0)
		return rc == 2 ? 0 : rc;
	return drain_walk_end(w, err);
}

/* We died while the other router was asked. */
static int
ask_step(struct drain_walk *w, struct err *err)
{
	char answer[DRAIN_CHECK_PEER_MAX];
	const char *peer = drain_check_peer(w->tools->parts,
	    drain_check_families(&w->o), answer);

	if (peer != NULL && peer[0] != '\0')
		return drain_record_refuse(w->tools, &w->d, w->op, peer, err);
	w->d.phase = DRAIN_SIGNAL;
	drain_walk_say(w, "%s carries the traffic", w->tools->parts->drain_ask);
	return drain_walk_go_on(w, err);
}

static int
one_step(struct drain_walk *w, struct err *err)
{
	switch (w->d.phase) {
	case DRAIN_ASKING:
		return ask_step(w, err);
	case DRAIN_SIGNAL:
		return signal_step(w, err);
	case DRAIN_PROOF:
		return drain_walk_prove(w, err);
	case DRAIN_DOWN:
		return down_step(w, err);
	case DRAIN_RETURNING:
		return drain_back_step(w, err);
	case DRAIN_DRAINED:
		break;
	}
	/* It ended, and we died before that was noted. */
	return drain_walk_end(w, err);
}

/* The row is gone, or was taken over: nothing is left to do. */
static int
end_orphan(struct worker_tools *tools, struct operation *op, struct err *err)
{
	const struct drain_record_end end = { .end = "replaced",
		.why = "",
		.text = "another order came before it had begun",
		.undone = true,
		.removed = true };
	struct drain none;

	memset(&none, 0, sizeof(none));
	(void)snprintf(none.subject, sizeof(none.subject), "%s", op->resource);
	(void)snprintf(none.operation, sizeof(none.operation), "%s", op->id);
	return drain_record_end(tools, &none, op, &end, err);
}

/* 1: at once another one; 0: in a second. */
static int
walk(struct worker_tools *tools, struct operation *op, struct err *err)
{
	struct drain_walk *w = mem_calloc(1, sizeof(*w));
	struct err why;
	int rc = -1;

	err_clear(&why);
	w->tools = tools;
	w->op = op;
	if (drain_get_of(tools->db, op->id, &w->d, &why) == -1) {
		if (why.code == ERR_NOT_FOUND)
			rc = end_orphan(tools, op, err);
		else if (err != NULL)
			*err = why;
	} else {
		rc = drain_walk_look(w, err);
		if (rc == 1)
			rc = one_step(w, err);
	}
	drain_walk_clear(w);
	free(w);
	return rc;
}

int
drain_step(struct worker_tools *tools, struct operation *op, struct err *err)
{
	unsigned i;
	int rc = 1;

	/* A router whose FRR is still loading is not looked at. */
	if (watch_is_settled(tools->parts, NULL) == -1 || !drain_boot_is_over())
		return 0;
	for (i = 0; i < WALKS_MAX && rc == 1; i++) {
		(void)fault_point(tools->parts, op->phase, NULL);
		rc = walk(tools, op, err);
	}
	return rc == -1 ? -1 : 0;
}

int
drain_step_cancel(struct worker_tools *tools, struct operation *op,
    const struct caller *caller, struct err *err)
{
	struct drain d;
	int rc;

	if (drain_get_of(tools->db, op->id, &d, err) == -1)
		return -1;
	if (strstr(op->kind, "_undrain") != NULL) {
		(void)err_set(err, ERR_CONFLICT,
		    "it leads back already: to stay out of service, drain %s "
		    "again",
		    d.subject);
		rc = err_reason(err, "returning");
	} else {
		rc = drain_back_begin(tools, &d, op, caller, err);
	}
	drain_clear(&d);
	return rc;
}
