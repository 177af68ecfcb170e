/* engine/change.c - the one way in which anything is changed. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/clock.h"
#include "base/err.h"
#include "base/log.h"
#include "base/mem.h"
#include "engine/change.h"
#include "engine/change_clear.h"
#include "engine/confirm.h"
#include "engine/converge.h"
#include "engine/drain.h"
#include "engine/drift.h"
#include "engine/fault.h"
#include "engine/host_diff.h"
#include "engine/names.h"
#include "engine/observe.h"
#include "engine/parts.h"
#include "engine/planner.h"
#include "engine/record.h"
#include "engine/subject.h"
#include "engine/target.h"
#include "engine/transition.h"
#include "engine/watch.h"
#include "engine/way_back.h"
#include "engine/worker.h"
#include "frr/tree.h"
#include "store/db.h"
#include "store/key_age.h"

/* One change on its way. */
struct change {
	struct worker_tools *tools;
	const struct change_order *order;
	const struct order_options *options;
	struct change_result *result;
	struct observation before;
	struct subject subject;
	struct target target;
	struct transition transition;
	struct frr_node *running; /* as observed after the change */
	struct record record;
	struct operation op;
	struct buf log;
	struct buf before_json;
	struct buf after_json;
	struct buf stored_plan;
	bool written; /* the boot files are no longer the old ones */
	struct err failure;
};

void
change_result_clear(struct change_result *r)
{
	plan_clear(&r->plan);
	MEM_FREE(r->body);
	MEM_FREE(r->resets);
}

/* Of whatever the kind takes them from; all absent for a clear. */
static const struct order_options *
options_of(const struct change_order *order)
{
	static const struct order_options none;

	switch (order->kind) {
	case CHANGE_CLEAR:
		break;
	case CHANGE_UPSTREAM:
		return &order->upstream.options;
	case CHANGE_ROUTER:
		return &order->router.options;
	case CHANGE_DOWNSTREAM:
		return &order->downstream.options;
	case CHANGE_UPSTREAM_REMOVE:
	case CHANGE_DOWNSTREAM_REMOVE:
	case CHANGE_DRAIN:
		return &order->remove;
	case CHANGE_KEY:
		return &order->key.options;
	}
	return &none;
}

static void
clear_change(struct change *c)
{
	transition_clear(&c->transition);
	target_clear(&c->target);
	observe_clear(&c->before);
	frr_tree_free(&c->running);
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

/* Where there was a "router bgp", an empty bgpd is one that still loads. */
static enum observe_depth
depth(const struct worker_tools *tools)
{
	return atomic_load(&tools->parts->bgp_seen) ? OBSERVE_WHOLE :
						      OBSERVE_BARE;
}

static bool
is_removal(const struct change *c)
{
	return c->order->kind == CHANGE_UPSTREAM_REMOVE ||
	    c->order->kind == CHANGE_DOWNSTREAM_REMOVE;
}

/* Sessions that go down with it, apart from the one that is to go. */
static int
check_resets(const struct change *c, struct err *err)
{
	const struct change_result *r = c->result;
	char text[ADDR_TEXT_MAX], list[256] = "";
	size_t i, len = 0, others = 0;

	for (i = 0; i < r->n_resets; i++) {
		if (is_removal(c) && c->subject.up != NULL &&
		    addr_equal(&r->resets[i], &c->subject.up->neighbor))
			continue;
		others++;
		if (len < sizeof(list))
			len += (size_t)snprintf(list + len, sizeof(list) - len,
			    "%s%s", len == 0 ? "" : ", ",
			    addr_print(&r->resets[i], text));
	}
	if (others == 0 || c->options->allow_reset.flag || c->order->dry_run)
		return 0;
	(void)err_set(err, ERR_CONFLICT,
	    "this resets established sessions (%s): say \"allow_reset\": true "
	    "if that is meant",
	    list);
	return err_reason(err, "reset_needed");
}

static int
make_plan(struct change *c, struct err *err)
{
	struct change_result *r = c->result;

	if (c->order->kind == CHANGE_CLEAR) {
		r->changed = true;
		return change_clear_plan(c->order, c->subject.up, r, err);
	}
	target_init(&c->target, &c->before);
	if (subject_edit(&c->subject, &c->before, &c->target, err) == -1 ||
	    planner_steps(&c->before, &c->target, &c->transition, &r->plan,
		err) == -1)
		return -1;
	c->transition.expect_bgp = c->before.router.local_as != 0;
	r->changed = c->transition.steps.n > 0 || names_change(&c->target) ||
	    !host_diff_is_none(&c->transition.before, &c->transition.after);
	if (!r->changed)
		return 0;
	planner_resets(&c->before, &c->target, &c->transition, &r->resets,
	    &r->n_resets);
	if (check_resets(c, err) == -1)
		return -1;
	return planner_commands(c->tools->parts->supervisor, &c->transition,
	    &r->plan, err);
}

/* What it would look like: the intent row tells what is wanted. */
static void
render_wanted(struct change *c)
{
	struct observation wanted = { 0 };
	struct err err;

	if (is_removal(c) || c->order->kind == CHANGE_CLEAR)
		return;
	if (observe_target(c->tools->db, &c->before, &c->target, &wanted,
		&err) == 0)
		subject_render_config(&c->subject, &wanted, &c->after_json);
	observe_clear(&wanted);
}

static int
begin(struct change *c, struct err *err)
{
	const struct change_order *order = c->order;
	struct change_result *r = c->result;
	bool clear = order->kind == CHANGE_CLEAR;
	char text[24];

	if (!clear) {
		transition_store(&c->transition, &r->plan);
		if (names_store(c->tools->db, &c->target, &r->plan, err) == -1)
			return -1;
		subject_render_config(&c->subject, &c->before, &c->before_json);
		render_wanted(c);
	}
	if (c->options->revert_in_s.present) {
		(void)snprintf(text, sizeof(text), "%llu",
		    (unsigned long long)order->connection);
		plan_set_extra(&r->plan, "connection", text);
		plan_set_extra(&r->plan, "boot_id",
		    confirm_boot_id(c->tools->parts));
		way_back_mark(c->tools->parts, &r->plan);
	}
	plan_store(&r->plan, &c->stored_plan);
	c->record = (struct record) { .caller = &order->caller,
		.kind = c->subject.kind,
		.resource = c->subject.resource,
		.reason =
		    clear ? order->clear.reason.text : c->options->reason.text,
		.ticket =
		    clear ? order->clear.ticket.text : c->options->ticket.text,
		.before =
		    c->before_json.len == 0 ? NULL : buf_text(&c->before_json),
		.after =
		    c->after_json.len == 0 ? NULL : buf_text(&c->after_json),
		.operation = c->options->confirm_id.text,
		.stored_plan = buf_text(&c->stored_plan) };
	if (record_begin(c->tools->db, &c->record, &c->op, err) == -1)
		return -1;
	r->touched = true;
	(void)snprintf(r->operation, sizeof(r->operation), "%s", c->op.id);
	r->audit_seq = c->op.audit_seq;
	if (order->begun != NULL)
		order->begun(order->arg, &c->op);
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

/* Some of the neighbors to clear keep no copy of what was sent to them. */
static bool
needs_refresh(const struct change *c)
{
	const struct upstream *up;
	size_t i;

	for (i = 0; i < c->result->plan.n_clears; i++) {
		up = adopt_find_neighbor(&c->before.upstreams,
		    &c->result->plan.clears[i].neighbor);
		if (up == NULL || !up->soft_reconfiguration)
			return true;
	}
	return false;
}

static int
save(struct change *c, struct err *err)
{
	struct worker_tools *tools = c->tools;

	if (operation_set(tools->db, c->op.id, OPERATION_PERSISTING, NULL, NULL,
		err) == -1 ||
	    fault_point(tools->parts, "before_save", err) == -1 ||
	    transition_save(tools, &c->transition, false, c->running, &c->log,
		&c->written, err) == -1)
		return -1;
	return fault_point(tools->parts, "after_save", err);
}

/* As it is now, for the answer and the outcome. */
static void
render_after(struct change *c)
{
	struct observation now = { 0 };
	struct worker_tools *tools = c->tools;
	struct err err;

	err_clear(&err);
	if (observe(tools->frr, tools->db, depth(tools), &now, &err) == 0 &&
	    observe_host(tools->parts->supervisor, tools->db, &now, &err) ==
		0) {
		buf_reset(&c->after_json);
		subject_render_config(&c->subject, &now, &c->after_json);
		free(c->result->body);
		c->result->body =
		    subject_render(&c->subject, &now, c->result->etag);
	} else {
		log_warning("operation %s: %s", c->op.id, err.text);
	}
	observe_clear(&now);
}

/* Since when a key is in use; what comes of the change shows in which one is
 * seen from then on. */
static void
remember_key(const struct change *c)
{
	const struct change_order *order = c->order;
	const struct upstream *up = c->subject.up;
	const struct field_value *given = &order->upstream.tcp_md5_key;
	struct addr neighbor;
	struct err err;
	const char *key;

	if (order->kind == CHANGE_KEY)
		key = order->key.key;
	else if (order->kind == CHANGE_UPSTREAM && given->present)
		key = given->text;
	else
		return;
	if (order->kind == CHANGE_KEY || !order->upstream.neighbor.present)
		neighbor = up->neighbor;
	else if (addr_parse(&neighbor, order->upstream.neighbor.text, NULL) ==
	    -1)
		return;
	err_clear(&err);
	if (key_age_set(c->tools->db, &neighbor, key, clock_wall_ms(), &err) ==
	    -1)
		log_warning("operation %s: %s", c->op.id, err.text);
}

static int
execute(struct change *c, struct err *err)
{
	struct worker_tools *tools = c->tools;
	const struct plan *plan = &c->result->plan;
	bool counts = plan->n_clears > 0, counted = false;
	struct converge begun;
	uint64_t best = 0;

	if (names_give(tools->db, plan, err) == -1)
		return -1;
	remember_key(c);
	if (counts) {
		counted = converge_best_paths(tools->frr, plan, &best);
		if (converge_begin(tools->frr, plan, needs_refresh(c), &begun,
			err) == -1)
			return -1;
	}
	if (transition_apply(tools, &c->transition, observe_raw(&c->before),
		&c->log, &c->running, err) == -1 ||
	    fault_point(tools->parts, "after_verify", err) == -1)
		return -1;
	if (!c->options->revert_in_s.present && save(c, err) == -1)
		return -1;
	/* bgpd looked at its routes while the file was written. */
	if (counted)
		count_moved(c, &begun, best);
	render_after(c);
	return 0;
}

/* Back to how it was, running and on disk; c->failure tells why. */
static int
undo(struct change *c, struct err *err)
{
	struct worker_tools *tools = c->tools;
	struct frr_node *observed = NULL;
	int rc = -1;

	if (c->order->kind == CHANGE_CLEAR)
		return 0; /* nothing that stays */
	/* Should we die now: applying is undone without saving, undoing is
	 * saved too. The undo itself does not hang on this mark. */
	(void)operation_set(tools->db, c->op.id,
	    c->written ? OPERATION_UNDOING : OPERATION_APPLYING, NULL, NULL,
	    NULL);
	if (transition_undo(tools, &c->transition, &c->log, &observed, err) ==
		-1 ||
	    (c->written &&
		transition_save(tools, &c->transition, true, observed, &c->log,
		    NULL, err) == -1) ||
	    names_take_back(tools->db, &c->result->plan, err) == -1)
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

/* Applied, and waiting for its confirmation: the answer is stored, the outcome
 * is not known yet. Whoever writes that has to name the commands so far. */
static int
await(struct change *c, struct err *err)
{
	struct db *db = c->tools->db;
	struct change_result *r = c->result;
	const char *reply = NULL;

	r->confirm_pending = true;
	r->revert_in_s = (unsigned)c->options->revert_in_s.number;
	r->reverts_at_ms = clock_wall_ms() + (int64_t)r->revert_in_s * 1000;
	plan_set_extra(&r->plan, "log", buf_text(&c->log));
	buf_reset(&c->stored_plan);
	plan_store(&r->plan, &c->stored_plan);
	if (db_begin(db, err) == -1)
		return -1;
	if (settle_recorded(c, db, &reply, err) == -1 ||
	    operation_set_plan(db, c->op.id, buf_text(&c->stored_plan), err) ==
		-1 ||
	    operation_await(db, c->op.id, r->reverts_at_ms, reply, err) == -1 ||
	    db_commit(db, err) == -1) {
		db_abort(db);
		return -1;
	}
	confirm_set(c->tools->parts, &c->op, r->reverts_at_ms);
	return 0;
}

static int
conclude(struct change *c, struct err *err)
{
	bool clear = c->order->kind == CHANGE_CLEAR;
	struct buf detail = BUF_INIT;
	int rc = -1;
	struct record_end end = { .outcome = "applied",
		.state = OPERATION_DONE };
	struct err why;

	if (c->failure.code == ERR_NONE && c->options->revert_in_s.present)
		return await(c, err);
	if (c->failure.code != ERR_NONE) {
		c->result->changed = false;
		end.outcome = "failed";
		end.state = OPERATION_UNDONE;
		err_clear(&why);
		if (undo(c, &why) == -1) {
			explain_failed_undo(c, &why);
			end.state =
			    c->written ? OPERATION_UNDOING : OPERATION_APPLYING;
		} else if (!clear) {
			end.outcome = "undone";
			end.after = c->record.before;
		}
		describe_failure(c, &detail);
		end.detail = buf_text(&detail);
	} else if (c->after_json.len > 0) {
		end.after = buf_text(&c->after_json);
	}
	end.log = buf_text(&c->log);
	(void)fault_point(c->tools->parts, "before_outcome", NULL);
	rc = record_end(c->tools->db, &c->record, &c->op, &end, settle_recorded,
	    c, err);
	if (rc == 0 && c->failure.code == ERR_NONE) {
		(void)fault_point(c->tools->parts, "before_forget", NULL);
		(void)names_forget(c->tools->db, &c->result->plan, NULL);
		drain_change_done(c->tools, c->op.kind, c->op.resource);
	}
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

	err_clear(&unstored);
	if (fault_point(c->tools->parts, "after_intent", &c->failure) == 0)
		rc = c->order->kind == CHANGE_CLEAR ?
		    change_clear_run(c->tools, c->order, c->subject.up, &c->log,
			&c->failure) :
		    execute(c, &c->failure);
	else
		rc = -1;
	/* Who does not answer in time is unavailable, in the answer as well. */
	if (c->failure.code == ERR_TIMEOUT && c->failure.tool[0] == '\0')
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

/* Up to the plan: nothing is touched. */
static int
prepare(struct change *c, struct err *err)
{
	struct worker_tools *tools = c->tools;
	unsigned mark;

	if (watch_is_settled(tools->parts, err) == -1 ||
	    (!c->order->dry_run && c->order->kind != CHANGE_CLEAR &&
		confirm_check_none(tools->parts, err) == -1))
		return -1;
	mark = drift_mark(tools->parts);
	if (observe(tools->frr, tools->db, depth(tools), &c->before, err) ==
		-1 ||
	    observe_host(tools->parts->supervisor, tools->db, &c->before,
		err) == -1)
		return -1;
	drift_check(tools, observe_raw(&c->before), &c->before.host, mark);
	if (subject_observe(c->order, tools->parts->supervisor, &c->before,
		err) == -1 ||
	    subject_find(&c->subject, c->order, &c->before, err) == -1)
		return -1;
	c->result->member = c->subject.member;
	c->result->created = subject_is_new(&c->subject);
	/* One of that name that was removed by hand, say, was drained. */
	if (c->order->kind == CHANGE_UPSTREAM && c->result->created &&
	    !c->order->dry_run)
		drain_forget(tools, c->subject.resource);
	return make_plan(c, err);
}

int
change_run(struct worker_tools *tools, const struct change_order *order,
    struct change_result *result, struct err *err)
{
	struct change c = { .tools = tools,
		.order = order,
		.options = options_of(order),
		.result = result,
		/* It may hold a password. */
		.stored_plan = BUF_SECRET };
	int rc = -1;

	memset(result, 0, sizeof(*result));
	plan_init(&result->plan);
	err_clear(err);
	if (prepare(&c, &c.failure) == -1) {
		/* Nothing was begun: whoever did not answer is unavailable. */
		if (c.failure.code == ERR_TIMEOUT)
			c.failure.code = ERR_UNAVAILABLE;
		*err = c.failure;
		(void)settle_plain(&c, NULL);
		goto out;
	}
	if (!result->changed || order->dry_run) {
		result->body =
		    subject_render(&c.subject, &c.before, result->etag);
		rc = settle_plain(&c, err);
		goto out;
	}
	if (begin(&c, &c.failure) == -1) {
		*err = c.failure;
		(void)err_prefix(err, "nothing was changed");
		(void)settle_plain(&c, NULL);
		goto out;
	}
	drift_pause(tools->parts);
	rc = run_recorded(&c, err);
	drift_resume(tools->parts);
out:
	clear_change(&c);
	return rc;
}
