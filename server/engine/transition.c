/* engine/transition.c - the router from one state to another, and back. */
#include <string.h>

#include "base/buf.h"
#include "base/err.h"
#include "engine/fault.h"
#include "engine/host_apply.h"
#include "engine/host_diff.h"
#include "engine/host_forget.h"
#include "engine/host_touch.h"
#include "engine/parts.h"
#include "engine/persist.h"
#include "engine/rearm.h"
#include "engine/transition.h"
#include "engine/worker.h"
#include "frr/frr.h"
#include "frr/tree.h"
#include "model/plan.h"

void
transition_clear(struct transition *t)
{
	frr_steps_clear(&t->steps);
	host_clear(&t->before);
	host_clear(&t->after);
}

static int
load_lines(struct frr_steps *steps, const struct plan *plan, struct err *err)
{
	size_t i;

	for (i = 0; i < plan->n_lines; i++) {
		const struct plan_line *line = &plan->lines[i];

		if (frr_steps_add(steps, (const char *const *)line->path,
			line->n_path, line->old, line->new, err) == -1)
			return -1;
	}
	return 0;
}

int
transition_load(struct transition *t, const struct plan *plan, struct err *err)
{
	const char *before = plan_extra(plan, "host_before");
	const char *after = plan_extra(plan, "host_after");

	memset(t, 0, sizeof(*t));
	t->plan = plan;
	if (load_lines(&t->steps, plan, err) == -1 ||
	    (before[0] != '\0' &&
		host_touch_load(&t->before, before, err) == -1) ||
	    (after[0] != '\0' &&
		host_touch_load(&t->after, after, err) == -1)) {
		transition_clear(t);
		return -1;
	}
	return 0;
}

void
transition_store(const struct transition *t, struct plan *plan)
{
	struct buf b = BUF_SECRET;
	size_t i;

	for (i = 0; i < t->steps.n; i++) {
		const struct frr_step *s = &t->steps.v[i];

		plan_add_line(plan, (const char *const *)s->path, s->n_path,
		    s->old, s->new);
	}
	if (host_diff_is_none(&t->before, &t->after))
		return;
	host_touch_store(&t->before, &b);
	plan_set_extra(plan, "host_before", buf_text(&b));
	buf_reset(&b);
	host_touch_store(&t->after, &b);
	plan_set_extra(plan, "host_after", buf_text(&b));
	buf_clear(&b);
}

static bool
touches_host(const struct transition *t)
{
	return !host_diff_is_none(&t->before, &t->after);
}

static int
clear_sessions(struct frr *frr, const struct plan *plan, struct buf *log,
    struct err *err)
{
	size_t i;

	for (i = 0; i < plan->n_clears; i++) {
		const struct plan_clear *c = &plan->clears[i];

		if (c->in &&
		    frr_clear(frr, c->family, &c->neighbor, FRR_CLEAR_SOFT_IN,
			log, err) == -1)
			return -1;
		if (c->out &&
		    frr_clear(frr, c->family, &c->neighbor, FRR_CLEAR_SOFT_OUT,
			log, err) == -1)
			return -1;
	}
	return 0;
}

static int
see_frr(struct worker_tools *tools, const struct transition *t,
    const struct frr_steps *steps, bool back, struct frr_node **observed,
    struct err *err)
{
	if (frr_observe_config(tools->frr, t->expect_bgp, observed, err) ==
	    -1) {
		*observed = NULL;
		return -1;
	}
	if (frr_steps_verify(steps, *observed, err) == 0 &&
	    rearm_verify(t->plan, back, *observed, err) == 0)
		return 0;
	frr_tree_free(observed);
	return -1;
}

/* What is still to be done under FRR: in running, or in the boot files. */
static int
see_host(struct worker_tools *tools, const struct host *wanted,
    const struct host *other, bool boot, struct err *err)
{
	struct host now = { 0 }, goal = { 0 };
	struct host_ops ops = { 0 };
	int rc = 0;

	if (host_observe(tools->parts->supervisor, true, &now, err) == -1)
		return -1;
	host_touch_goal(&now, wanted, other, &goal);
	if (boot) {
		host_diff(&now, &goal, HOST_BOOT, &ops);
	} else {
		host_diff(&now, &goal, HOST_BUILD, &ops);
		host_diff(&now, &goal, HOST_CLEAN, &ops);
	}
	if (ops.n > 0)
		rc = err_set(err, ERR_NOT_APPLIED,
		    "the tools were content, but %s of %s is not in effect",
		    op_name(ops.v[0].kind),
		    host_diff_object(ops.v[0].kind, ops.v[0].payload));
	host_diff_clear(&ops);
	host_clear(&now);
	host_clear(&goal);
	return rc;
}

static int
run_phase(struct worker_tools *tools, const struct host *from,
    const struct host *to, enum host_phase phase, struct buf *log,
    struct err *err)
{
	struct host_ops ops = { 0 };
	int rc;

	host_diff(from, to, phase, &ops);
	rc = host_apply(tools, &ops, log, err);
	host_diff_clear(&ops);
	return rc;
}

int
transition_apply(struct worker_tools *tools, const struct transition *t,
    const struct frr_node *before, struct buf *log, struct frr_node **observed,
    struct err *err)
{
	*observed = NULL;
	if (run_phase(tools, &t->before, &t->after, HOST_BUILD, log, err) ==
		-1 ||
	    fault_point(tools->parts, "after_build", err) == -1 ||
	    (t->steps.n > 0 &&
		rearm_apply(tools, t->plan, &t->steps, false, before, log,
		    err) == -1) ||
	    fault_point(tools->parts, "after_apply", err) == -1 ||
	    clear_sessions(tools->frr, t->plan, log, err) == -1 ||
	    run_phase(tools, &t->before, &t->after, HOST_CLEAN, log, err) ==
		-1 ||
	    fault_point(tools->parts, "before_verify", err) == -1)
		return -1;
	if (touches_host(t) &&
	    see_host(tools, &t->after, &t->before, false, err) == -1)
		return -1;
	return see_frr(tools, t, &t->steps, false, observed, err);
}

/* The first failure counts; the others are lost in favour of it. */
static void
note(int rc, const struct err *why, int *result, struct err *err)
{
	if (rc == -1 && *result == 0) {
		*result = -1;
		if (err != NULL)
			*err = *why;
	}
}

static int
undo_frr(struct worker_tools *tools, const struct transition *t,
    const struct frr_steps *back, struct buf *log, struct err *err)
{
	struct frr_steps todo = { 0 };
	struct frr_node *now = NULL;
	int rc = -1;

	if (frr_observe_config(tools->frr, t->expect_bgp, &now, err) == -1)
		return -1;
	if (frr_steps_remaining(back, now, &todo, err) == -1)
		goto out;
	if (rearm_apply(tools, t->plan, &todo, true, now, log, err) == -1 ||
	    (todo.n > 0 && clear_sessions(tools->frr, t->plan, log, err) == -1))
		goto out;
	rc = 0;
out:
	frr_tree_free(&now);
	frr_steps_clear(&todo);
	return rc;
}

/* Every step by itself: one tool that fails keeps the others from nothing. */
static int
undo_host(struct worker_tools *tools, const struct host *now,
    const struct host *goal, enum host_phase phase, struct buf *log,
    struct err *err)
{
	struct host_ops ops = { 0 }, one = { 0 };
	struct err why;
	size_t i;
	int rc = 0;

	host_diff(now, goal, phase, &ops);
	for (i = 0; i < ops.n; i++) {
		one.v = &ops.v[i];
		one.n = 1;
		err_clear(&why);
		note(host_apply(tools, &one, log, &why), &why, &rc, err);
	}
	host_diff_clear(&ops);
	return rc;
}

int
transition_undo(struct worker_tools *tools, const struct transition *t,
    struct buf *log, struct frr_node **observed, struct err *err)
{
	struct host now = { 0 }, goal = { 0 };
	struct frr_steps back = { 0 };
	struct frr_node *after = NULL;
	bool host = touches_host(t);
	struct err why;
	int rc = 0;

	if (observed != NULL)
		*observed = NULL;
	err_clear(&why);
	if (frr_steps_reverse(&t->steps, &back, err) == -1)
		return -1;
	if (host) {
		if (host_observe(tools->parts->supervisor, true, &now, err) ==
		    -1) {
			frr_steps_clear(&back);
			return -1;
		}
		host_touch_goal(&now, &t->before, &t->after, &goal);
		note(undo_host(tools, &now, &goal, HOST_BUILD, log, &why), &why,
		    &rc, err);
	}
	if (t->steps.n > 0)
		note(undo_frr(tools, t, &back, log, &why), &why, &rc, err);
	if (host) {
		note(undo_host(tools, &now, &goal, HOST_CLEAN, log, &why), &why,
		    &rc, err);
		host_forget(tools, &now, &goal, &t->after, log);
	}
	note(fault_point(tools->parts, "in_undo", &why), &why, &rc, err);
	if (rc == 0 && host)
		rc = see_host(tools, &t->before, &t->after, false, err);
	if (rc == 0)
		rc = see_frr(tools, t, &back, true, &after, err);
	if (observed != NULL)
		*observed = after;
	else
		frr_tree_free(&after);
	host_clear(&now);
	host_clear(&goal);
	frr_steps_clear(&back);
	return rc;
}

int
transition_is_done(struct worker_tools *tools, const struct transition *t,
    bool *yes, struct frr_node **observed, struct err *err)
{
	struct err why;

	*yes = false;
	if (frr_observe_config(tools->frr, t->expect_bgp, observed, err) ==
	    -1) {
		*observed = NULL;
		return -1;
	}
	err_clear(&why);
	*yes = frr_steps_verify(&t->steps, *observed, NULL) == 0 &&
	    rearm_verify(t->plan, false, *observed, NULL) == 0;
	if (*yes && touches_host(t) &&
	    see_host(tools, &t->after, &t->before, false, &why) == -1) {
		*yes = false;
		if (why.code != ERR_NOT_APPLIED) {
			frr_tree_free(observed);
			*err = why;
			return -1;
		}
	}
	return 0;
}

static int
save_host(struct worker_tools *tools, const struct transition *t, bool back,
    struct buf *log, bool *written, struct err *err)
{
	const struct host *wanted = back ? &t->before : &t->after;
	const struct host *other = back ? &t->after : &t->before;
	struct host now = { 0 }, goal = { 0 };
	struct host_ops ops = { 0 };
	int rc = -1;

	if (host_observe(tools->parts->supervisor, true, &now, err) == -1)
		return -1;
	host_touch_goal(&now, wanted, other, &goal);
	host_diff(&now, &goal, HOST_BOOT, &ops);
	if (ops.n > 0) {
		if (written != NULL)
			*written = true;
		if (host_apply(tools, &ops, log, err) == -1 ||
		    see_host(tools, wanted, other, true, err) == -1)
			goto out;
	}
	rc = 0;
out:
	host_diff_clear(&ops);
	host_clear(&now);
	host_clear(&goal);
	return rc;
}

/* The kinds of which one side of the change has a line at the top. */
static unsigned
kinds_that_go(const struct frr_steps *steps, bool back)
{
	static const struct {
		const char *words;
		unsigned bit;
	} kinds[] = { { "ip route ", OP_SAVE_IP_ROUTE },
		{ "ipv6 route ", OP_SAVE_IPV6_ROUTE },
		{ "ip protocol ", OP_SAVE_IP_PROTOCOL },
		{ "ipv6 protocol ", OP_SAVE_IPV6_PROTOCOL } };
	unsigned bits = 0;
	size_t i, j;

	for (i = 0; i < steps->n; i++) {
		const struct frr_step *s = &steps->v[i];
		const char *gone = back ? s->new : s->old;

		for (j = 0; s->n_path == 0 && gone != NULL &&
		     j < sizeof(kinds) / sizeof(kinds[0]);
		     j++)
			if (strncmp(gone, kinds[j].words,
				strlen(kinds[j].words)) == 0)
				bits |= kinds[j].bit;
	}
	return bits;
}

int
transition_save(struct worker_tools *tools, const struct transition *t,
    bool back, const struct frr_node *running, struct buf *log, bool *written,
    struct err *err)
{
	if (touches_host(t) &&
	    save_host(tools, t, back, log, written, err) == -1)
		return -1;
	if (fault_point(tools->parts, "between_saves", err) == -1)
		return -1;
	if (t->steps.n == 0)
		return 0;
	return persist_save(tools, running, kinds_that_go(&t->steps, back), log,
	    written, err);
}
