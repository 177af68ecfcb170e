/* engine/change.c - the one way in which anything is changed. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/buf.h"
#include "base/clock.h"
#include "base/err.h"
#include "base/log.h"
#include "base/mem.h"
#include "engine/apply.h"
#include "engine/change.h"
#include "engine/converge.h"
#include "engine/edit.h"
#include "engine/etag.h"
#include "engine/fault.h"
#include "engine/observe.h"
#include "engine/parts.h"
#include "engine/persist.h"
#include "engine/record.h"
#include "engine/watch.h"
#include "engine/worker.h"
#include "frr/diff.h"
#include "frr/tree.h"
#include "store/db.h"
#include "store/friendly.h"

/* One change on its way. */
struct change {
	struct worker_tools *tools;
	const struct change_order *order;
	struct change_result *result;
	struct observation before;
	const struct upstream *up; /* in before */
	struct frr_steps steps;
	struct record record;
	struct operation op;
	struct buf log;
	struct buf before_json;
	struct buf after_json;
	struct buf stored_plan;
	char resource[96];
	bool written; /* the saved file is no longer the old one */
	struct err failure;
};

void
change_result_clear(struct change_result *r)
{
	plan_clear(&r->plan);
	MEM_FREE(r->upstream);
}

static void
clear_change(struct change *c)
{
	observe_clear(&c->before);
	frr_steps_clear(&c->steps);
	operation_clear(&c->op);
	buf_clear(&c->log);
	buf_clear(&c->before_json);
	buf_clear(&c->after_json);
	buf_clear(&c->stored_plan);
}

/* The settle hook as record_end wants it. */
static int
settle_recorded(void *arg, struct db *db, const char **reply, struct err *err)
{
	struct change *c = arg;

	return c->order->settle(c->order->arg, db, c->result,
	    c->failure.code == ERR_NONE ? NULL : &c->failure, reply, err);
}

/* Ends that have no journal: refused, or nothing to do. */
static int
settle_plain(struct change *c, struct err *err)
{
	const char *reply;

	if (c->order->dry_run)
		return 0;
	return c->order->settle(c->order->arg, c->tools->db, c->result,
	    c->failure.code == ERR_NONE ? NULL : &c->failure, &reply, err);
}

static int
find_upstream(struct change *c, struct err *err)
{
	const struct change_order *order = c->order;
	char text[ADDR_TEXT_MAX];

	if (order->kind == CHANGE_CLEAR) {
		c->up =
		    adopt_find_neighbor(&c->before.upstreams, &order->session);
		if (c->up == NULL)
			return err_set(err, ERR_NOT_FOUND,
			    "there is no session with %s",
			    addr_print(&order->session, text));
		(void)snprintf(c->resource, sizeof(c->resource), "sessions/%s",
		    addr_print(&order->session, text));
		return 0;
	}
	c->up = adopt_find(&c->before.upstreams, order->upstream.s);
	if (c->up == NULL)
		return err_set(err, ERR_NOT_FOUND, "there is no upstream %s",
		    order->upstream.s);
	(void)snprintf(c->resource, sizeof(c->resource), "upstreams/%s",
	    order->upstream.s);
	return 0;
}

static int
check_if_match(struct change *c, struct err *err)
{
	char version[17];

	if (c->order->if_match[0] == '\0')
		return 0;
	upstream_version(c->up, version);
	if (etag_matches_version(c->order->if_match, version))
		return 0;
	return err_set(err, ERR_PRECONDITION,
	    "%s has changed since you read it: read it again", c->up->name.s);
}

static int
plan_session_clear(struct change *c, struct err *err)
{
	enum policy_soft soft = policy_clear_soft(&c->order->clear);
	char text[ADDR_TEXT_MAX], command[128];
	unsigned i;
	bool any = false;

	for (i = 0; i < UPSTREAM_FAMILIES; i++) {
		if (!c->up->family[i])
			continue;
		any = true;
		(void)snprintf(command, sizeof(command),
		    "clear bgp %s %s%s%s\n", family_frr_words(i),
		    addr_print(&c->up->neighbor, text),
		    soft == POLICY_SOFT_NONE ? "" : " soft",
		    soft == POLICY_SOFT_NONE || soft == POLICY_SOFT_BOTH ? "" :
			soft == POLICY_SOFT_IN ? " in" :
						 " out");
		plan_add_step(&c->result->plan, "bgp", command, "");
		if (soft == POLICY_SOFT_NONE)
			break; /* one reset is enough for all families */
	}
	if (!any)
		return err_set(err, ERR_CONFLICT,
		    "%s is active in no address family", c->up->name.s);
	return 0;
}

static int
make_plan(struct change *c, struct err *err)
{
	if (check_if_match(c, err) == -1)
		return -1;
	if (c->order->kind == CHANGE_CLEAR) {
		c->result->changed = true;
		return plan_session_clear(c, err);
	}
	if (edit_policy(&c->before, c->up, &c->order->policy, &c->steps,
		&c->result->plan, err) == -1)
		return -1;
	c->result->changed = c->steps.n > 0;
	return 0;
}

/* What the upstream looks like in a tree, as the answer and the audit tell. */
static void
render_after(struct change *c, const struct frr_node *tree)
{
	struct observation after = { 0 };
	struct buf body = BUF_INIT;
	struct upstream *up;

	if (c->order->kind == CHANGE_CLEAR)
		return;
	if (tree == NULL)
		tree = c->before.tree;
	adopt_upstreams(tree, &(const struct friendly_list) { 0 },
	    &after.upstreams);
	up = adopt_find_neighbor(&after.upstreams, &c->up->neighbor);
	if (up != NULL) {
		up->name = c->up->name;
		up->session = c->up->session;
		buf_reset(&c->after_json);
		upstream_render_policy(up, &c->after_json);
		upstream_render(up, &body, c->result->etag);
		free(c->result->upstream);
		c->result->upstream = buf_take(&body);
	}
	adopt_clear(&after.upstreams);
}

/* What is asked for, laid over what is: the intent row tells both. */
static void
render_wanted(struct change *c)
{
	const struct policy_order *policy = &c->order->policy;
	struct upstream wanted = *c->up;

	if (policy->description.present)
		(void)snprintf(wanted.description, sizeof(wanted.description),
		    "%s", policy->description.text);
	if (policy->local_preference.present) {
		wanted.has_local_preference = !policy->local_preference.null;
		wanted.local_preference =
		    (uint32_t)policy->local_preference.number;
	}
	if (policy->as_path_prepend.present)
		wanted.as_path_prepend =
		    (unsigned)policy->as_path_prepend.number;
	upstream_render_policy(&wanted, &c->after_json);
}

static int
begin(struct change *c, struct err *err)
{
	const struct change_order *order = c->order;
	bool clear = order->kind == CHANGE_CLEAR;

	plan_store(&c->result->plan, &c->stored_plan);
	if (!clear) {
		upstream_render_policy(c->up, &c->before_json);
		render_wanted(c);
	}
	c->record = (struct record) { .caller = &order->caller,
		.kind = clear ? "session_clear" : "upstream_policy",
		.resource = c->resource,
		.reason = clear ? order->clear.reason.text :
				  order->policy.reason.text,
		.ticket = clear ? order->clear.ticket.text :
				  order->policy.ticket.text,
		.before = clear ? NULL : buf_text(&c->before_json),
		.after = clear ? NULL : buf_text(&c->after_json),
		.stored_plan = buf_text(&c->stored_plan) };
	if (record_begin(c->tools->db, &c->record, &c->op, err) == -1)
		return -1;
	c->result->touched = true;
	(void)snprintf(c->result->operation, sizeof(c->result->operation), "%s",
	    c->op.id);
	c->result->audit_seq = c->op.audit_seq;
	if (order->begun != NULL)
		order->begun(order->arg, &c->op);
	return 0;
}

/* A hard clear is seen in the counter of drops, or a state that is not
 * established any more. */
static int
see_reset(struct change *c, struct err *err)
{
	static const struct timespec pause = { 0, 20000000 };
	int64_t deadline = clock_ms() + 5000;
	struct observation now;
	const struct upstream *up;
	bool reset;

	if (!c->up->session.established)
		return 0;
	do {
		if (observe(c->tools->frr, c->tools->db, false, &now, err) ==
		    -1)
			return -1;
		up = adopt_find_neighbor(&now.upstreams, &c->up->neighbor);
		reset = up == NULL || !up->session.established ||
		    up->session.dropped_count > c->up->session.dropped_count;
		observe_clear(&now);
		if (reset)
			return 0;
		(void)nanosleep(&pause, NULL);
	} while (clock_ms() < deadline);
	return err_set(err, ERR_NOT_APPLIED,
	    "bgpd took the clear, but the session was not reset");
}

static int
execute_clear(struct change *c, struct err *err)
{
	static const enum frr_clear kinds[] = {
		[POLICY_SOFT_IN] = FRR_CLEAR_SOFT_IN,
		[POLICY_SOFT_OUT] = FRR_CLEAR_SOFT_OUT,
		[POLICY_SOFT_BOTH] = FRR_CLEAR_SOFT_BOTH,
		[POLICY_SOFT_NONE] = FRR_CLEAR_HARD,
	};
	enum policy_soft soft = policy_clear_soft(&c->order->clear);
	unsigned i;

	for (i = 0; i < UPSTREAM_FAMILIES; i++) {
		if (!c->up->family[i])
			continue;
		if (frr_clear(c->tools->frr, i, &c->up->neighbor, kinds[soft],
			&c->log, err) == -1)
			return -1;
		if (soft == POLICY_SOFT_NONE)
			return see_reset(c, err);
	}
	return 0;
}

/* How many best paths the change has moved. Told, never a reason to fail: the
 * configuration was seen and saved by now. */
static void
count_moved(struct change *c, const struct converge *begun, uint64_t before)
{
	struct change_result *r = c->result;
	struct frr *frr = c->tools->frr;
	uint64_t after;
	struct err err;

	if (converge_wait(frr, &r->plan, begun, &err) == -1) {
		log_warning("operation %s: %s", c->op.id, err.text);
		/* A table that never rests is counted as it is. */
		if (err.code != ERR_TIMEOUT)
			return;
	}
	if (!converge_best_paths(frr, &r->plan, &after))
		return;
	r->has_best_paths_moved = true;
	r->best_paths_moved = after > before ? after - before : before - after;
}

static int
execute_policy(struct change *c, struct err *err)
{
	struct worker_tools *tools = c->tools;
	const struct plan *plan = &c->result->plan;
	struct frr_node *observed = NULL;
	struct converge begun;
	uint64_t best = 0;
	bool counted;
	int rc = -1;

	counted = converge_best_paths(tools->frr, plan, &best);
	if (converge_begin(tools->frr, plan, !c->up->soft_reconfiguration,
		&begun, err) == -1 ||
	    apply_steps(tools, &c->steps, c->before.tree, plan, &c->log,
		&observed, err) == -1 ||
	    fault_point(tools->parts, "after_verify", err) == -1 ||
	    operation_set(tools->db, c->op.id, OPERATION_PERSISTING, NULL, NULL,
		err) == -1 ||
	    fault_point(tools->parts, "before_save", err) == -1 ||
	    persist_save(tools, observed, &c->log, &c->written, err) == -1 ||
	    fault_point(tools->parts, "after_save", err) == -1)
		goto out;
	/* bgpd looked at its routes while the file was written. */
	if (counted)
		count_moved(c, &begun, best);
	render_after(c, observed);
	rc = 0;
out:
	frr_tree_free(&observed);
	return rc;
}

/* Back to how it was, running and on disk; c->failure tells why. */
static int
undo(struct change *c, struct err *err)
{
	struct frr_node *observed = NULL;
	int rc = -1;

	if (c->order->kind == CHANGE_CLEAR)
		return 0; /* nothing that stays */
	/* Should we die now: applying is undone without saving, undoing is
	 * saved too. The undo itself does not hang on this mark. */
	(void)operation_set(c->tools->db, c->op.id,
	    c->written ? OPERATION_UNDOING : OPERATION_APPLYING, NULL, NULL,
	    NULL);
	if (apply_undo(c->tools, &c->steps, &c->result->plan, &c->log,
		&observed, err) == -1 ||
	    (c->written &&
		persist_save(c->tools, observed, &c->log, NULL, err) == -1))
		goto out;
	c->result->undone = true;
	rc = 0;
out:
	frr_tree_free(&observed);
	return rc;
}

/* Appends why the undo did not work either. */
static void
explain_failed_undo(struct change *c, const struct err *why)
{
	char old[ERR_TEXT_MAX];

	memcpy(old, c->failure.text, sizeof(old));
	(void)snprintf(c->failure.text, sizeof(c->failure.text),
	    "%.250s; and undoing it failed too (%.150s): it is tried again "
	    "until it works",
	    old, why->text);
	atomic_store(&c->tools->parts->recovered, false);
}

/* The error and, where a tool failed, its own words: the audit keeps both. */
static void
describe_failure(const struct change *c, struct buf *b)
{
	buf_puts(b, c->failure.text);
	if (c->failure.tool[0] != '\0' && c->failure.output[0] != '\0')
		buf_printf(b, "; %s said: %s", c->failure.tool,
		    c->failure.output);
}

static int
conclude(struct change *c, struct err *err)
{
	struct buf detail = BUF_INIT;
	int rc = -1;
	struct record_end end = { .outcome = "applied",
		.after = c->order->kind == CHANGE_CLEAR ?
		    NULL :
		    buf_text(&c->after_json),
		.log = buf_text(&c->log),
		.state = OPERATION_DONE };
	struct err why;

	if (c->failure.code != ERR_NONE) {
		c->result->changed = false;
		end.outcome = "failed";
		end.state = OPERATION_UNDONE;
		end.after = NULL;
		err_clear(&why);
		if (undo(c, &why) == -1) {
			explain_failed_undo(c, &why);
			end.state =
			    c->written ? OPERATION_UNDOING : OPERATION_APPLYING;
		} else if (c->order->kind != CHANGE_CLEAR) {
			end.outcome = "undone";
			end.after = buf_text(&c->before_json);
		}
		end.log = buf_text(&c->log);
		describe_failure(c, &detail);
		end.detail = buf_text(&detail);
	}
	(void)fault_point(c->tools->parts, "before_outcome", NULL);
	rc = record_end(c->tools->db, &c->record, &c->op, &end, settle_recorded,
	    c, err);
	if (rc == 0)
		(void)fault_point(c->tools->parts, "after_outcome", NULL);
	buf_clear(&detail);
	return rc;
}

static int
run_recorded(struct change *c, struct err *err)
{
	struct err unstored;
	int rc;

	if (fault_point(c->tools->parts, "after_intent", &c->failure) == 0)
		rc = c->order->kind == CHANGE_CLEAR ?
		    execute_clear(c, &c->failure) :
		    execute_policy(c, &c->failure);
	else
		rc = -1;
	/* Who does not answer in time is unavailable, in the answer as well. */
	if (c->failure.code == ERR_TIMEOUT)
		c->failure.code = ERR_UNAVAILABLE;
	if (conclude(c, &unstored) == -1) {
		/* Done or undone, but not told: the journal still says that it
		 * is pending, and recovery ends it the same way. */
		atomic_store(&c->tools->parts->recovered, false);
		log_error("operation %s: its outcome cannot be stored: %s",
		    c->op.id, unstored.text);
		*err = unstored;
		err->code = ERR_UNAVAILABLE;
		(void)err_prefix(err, "the outcome cannot be stored");
		return -1;
	}
	*err = c->failure;
	return rc;
}

int
change_run(struct worker_tools *tools, const struct change_order *order,
    struct change_result *result, struct err *err)
{
	struct change c = { .tools = tools, .order = order, .result = result };
	int rc = -1;

	memset(result, 0, sizeof(*result));
	plan_init(&result->plan);
	err_clear(err);
	if (watch_is_settled(tools->parts, &c.failure) == -1 ||
	    observe(tools->frr, tools->db, true, &c.before, &c.failure) == -1 ||
	    find_upstream(&c, &c.failure) == -1 ||
	    make_plan(&c, &c.failure) == -1) {
		/* Nothing was begun: whoever did not answer is unavailable. */
		if (c.failure.code == ERR_TIMEOUT)
			c.failure.code = ERR_UNAVAILABLE;
		*err = c.failure;
		(void)settle_plain(&c, NULL);
		goto out;
	}
	if (!result->changed || order->dry_run) {
		render_after(&c, NULL);
		rc = settle_plain(&c, err);
		goto out;
	}
	if (begin(&c, &c.failure) == -1) {
		*err = c.failure;
		(void)err_prefix(err, "nothing was changed");
		(void)settle_plain(&c, NULL);
		goto out;
	}
	rc = run_recorded(&c, err);
out:
	clear_change(&c);
	return rc;
}
