/* tests/unit/test_engine_rearm.c - signing on the socket that FRR listens on,
 * through changes that die anywhere, and through their undo. */
/* links: model/tag engine/rearm engine/target engine/adopt
 * engine/adopt_view engine/host engine/host_key engine/naming
 * engine/route_map engine/route_map_users model/plan model/upstream
 * model/tunnel model/json frr/family frr/tree frr/tree_parse frr/tree_index
 * frr/section frr/diff frr/step frr/line frr/mask wire/op wire/op_check
 * wire/op_link wire/op_key wire/op_route wire/op_firewall base/addr
 * base/buf base/clock base/crypto base/err base/io base/log base/md5key
 * base/mem base/name base/number engine/drain_lay engine/drain_map
 * engine/drain_marks */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/compat.h"
#include "engine/observe.h"
#include "engine/rearm.h"
#include "engine/target.h"
#include "engine/worker.h"
#include "engine_conf.h"
#include "frr/diff.h"
#include "frr/frr.h"
#include "model/plan.h"

#define BGP "router bgp 65000\n"
#define A " neighbor 2001:db8::a remote-as 1\n"
#define A_PW " neighbor 2001:db8::a password key-a\n"
#define B " neighbor 2001:db8::b remote-as 2\n"
#define B_PW " neighbor 2001:db8::b password key-b\n"
#define C " neighbor 2001:db8::c remote-as 3\n"
#define C_PW " neighbor 2001:db8::c password key-c\n"
#define V4 " neighbor 192.0.2.1 remote-as 4\n"
#define V4_PW " neighbor 192.0.2.1 password key-4\n"
#define G " neighbor GROUP peer-group\n neighbor GROUP password key-g\n"
#define IN_G                                  \
	" neighbor 2001:db8::d remote-as 5\n" \
	" neighbor 2001:db8::d peer-group GROUP\n"

/* FRR on FreeBSD, as its source has it. */
static struct {
	struct frr_node *tree;
	bool armed[2]; /* the listener signs; IPv4, IPv6 */
	int left;      /* commands until it dies; -1: never */
	int count;
	struct buf trace;
} frr;

static bool *
armed_of(const char *line)
{
	char word[64];

	assert_true(frr_tree_word(line, 1, word, sizeof(word)));
	return &frr.armed[strchr(word, ':') != NULL];
}

static void
take(struct frr_node *section, const char *line)
{
	struct frr_node *node = frr_tree_child(section, line);

	if (node == NULL)
		return;
	if (strstr(line, " password ") != NULL)
		*armed_of(line) = false;
	frr_tree_remove(node);
}

static void
say(const struct frr_step *s)
{
	struct frr_node *section = frr.tree;
	size_t i;

	for (i = 0; i < s->n_path; i++)
		section = frr_tree_add(section, s->path[i]);
	if (s->new == NULL) {
		take(section, s->old);
		return;
	}
	/* The same once more is not looked at. */
	if (frr_tree_child(section, s->new) != NULL)
		return;
	if (s->old != NULL && frr_tree_child(section, s->old) != NULL)
		frr_tree_remove(frr_tree_child(section, s->old));
	(void)frr_tree_add(section, s->new);
	if (strstr(s->new, " password ") != NULL)
		*armed_of(s->new) = true;
}

int
frr_apply(struct frr *unused, const struct frr_steps *steps,
    const struct frr_node *before, struct buf *log, struct err *err)
{
	size_t i;

	(void)unused;
	(void)log;
	assert_non_null(before);
	assert_true(steps->n > 0);
	frr_steps_print(steps, &frr.trace);
	for (i = 0; i < steps->n; i++) {
		if (frr.left >= 0 && frr.left-- == 0)
			return err_set(err, ERR_UNAVAILABLE, "died");
		say(&steps->v[i]);
		frr.count++;
	}
	return 0;
}

struct test {
	struct observation o;
	struct target target;
	struct frr_steps steps;
	struct plan plan;
	struct worker_tools tools;
	struct err err;
};

/* Everybody is up, but for the one named in down (may be NULL). */
static void
begin(struct test *t, bool kernel_keys, const char *before, const char *after,
    const char *down)
{
	struct upstream *up;
	struct addr addr;
	size_t i;

	memset(t, 0, sizeof(*t));
	t->o.tree = conf_parse(before);
	conf_adopt(t->o.tree, &t->o.upstreams);
	for (i = 0; i < t->o.upstreams.n; i++)
		t->o.upstreams.v[i].session.established = true;
	if (down != NULL) {
		assert_int_equal(addr_parse(&addr, down, NULL), 0);
		up = adopt_find_neighbor(&t->o.upstreams, &addr);
		assert_non_null(up);
		up->session.established = false;
	}
	t->o.host.kernel_keys = kernel_keys;
	t->target.tree = conf_parse(after);
	plan_init(&t->plan);
	assert_int_equal(frr_diff(t->o.tree, t->target.tree, &t->steps,
			     &t->err),
	    0);
	for (i = 0; i < t->steps.n; i++)
		plan_add_line(&t->plan, (const char *const *)t->steps.v[i].path,
		    t->steps.v[i].n_path, t->steps.v[i].old, t->steps.v[i].new);
	rearm_plan(&t->o, &t->target, &t->plan);
}

static void
end(struct test *t)
{
	frr_steps_clear(&t->steps);
	frr_tree_free(&t->o.tree);
	frr_tree_free(&t->target.tree);
	frr_tree_free(&frr.tree);
	adopt_clear(&t->o.upstreams);
	plan_clear(&t->plan);
	buf_clear(&frr.trace);
}

/* "go LINE" or "back LINE" for each. */
static void
check_plan(const struct test *t, const char *want)
{
	struct buf b = BUF_INIT;
	size_t i;

	for (i = 0; i < t->plan.n_rearms; i++) {
		assert_string_equal(t->plan.rearms[i].section,
		    "router bgp 65000");
		buf_printf(&b, "%s %s\n",
		    t->plan.rearms[i].back ? "back" : "go",
		    t->plan.rearms[i].line);
	}
	assert_string_equal(buf_text(&b), want);
	buf_clear(&b);
}

static bool
has_password(unsigned which)
{
	const struct frr_node *bgp = adopt_bgp(frr.tree), *node = NULL;
	char word[64];

	while ((node = frr_tree_child_prefix(bgp, "neighbor", node)) != NULL)
		if (strstr(node->line, " password ") != NULL &&
		    frr_tree_word(node->line, 1, word, sizeof(word)) &&
		    (strchr(word, ':') != NULL) == (which == 1))
			return true;
	return false;
}

/* Where there are passwords, the listener signs. */
static void
check_router(const struct frr_node *want)
{
	struct buf b = BUF_INIT;
	unsigned i;

	if (!frr_tree_equal(frr.tree, want)) {
		frr_tree_print(frr.tree, &b);
		fail_msg("not what was wanted:\n%s", buf_text(&b));
	}
	for (i = 0; i < 2; i++)
		if (has_password(i) && !frr.armed[i])
			fail_msg("the listener does not sign (%u)", i);
}

static void
power_on(const struct test *t)
{
	frr_tree_free(&frr.tree);
	frr.tree = frr_tree_copy(t->o.tree);
	frr.armed[0] = frr.armed[1] = true;
	frr.left = -1;
	frr.count = 0;
	buf_reset(&frr.trace);
}

static int
go(struct test *t)
{
	return rearm_apply(&t->tools, &t->plan, &t->steps, false, t->o.tree,
	    NULL, &t->err);
}

/* As transition_undo() does it. */
static int
undo(struct test *t)
{
	struct frr_steps back = { 0 }, todo = { 0 };
	struct frr_node *now = frr_tree_copy(frr.tree);
	int rc;

	assert_int_equal(frr_steps_reverse(&t->steps, &back, &t->err), 0);
	assert_int_equal(frr_steps_remaining(&back, now, &todo, &t->err), 0);
	rc = rearm_apply(&t->tools, &t->plan, &todo, true, now, NULL, &t->err);
	frr_steps_clear(&back);
	frr_steps_clear(&todo);
	frr_tree_free(&now);
	return rc;
}

/* Whole, and dead after each command there and each command back. */
static void
check_everywhere(struct test *t)
{
	int there, n, back;

	power_on(t);
	if (go(t) == -1)
		fail_msg("%s", t->err.text);
	check_router(t->target.tree);
	assert_int_equal(rearm_verify(&t->plan, false, frr.tree, &t->err), 0);
	n = frr.count;
	assert_true(n > 0);
	for (there = 0; there <= n; there++)
		for (back = 0; back <= 2 * n + 2; back++) {
			power_on(t);
			frr.left = there;
			(void)go(t);
			frr.left = back;
			(void)undo(t);
			frr.left = -1;
			if (undo(t) == -1)
				fail_msg("%s", t->err.text);
			check_router(t->o.tree);
			assert_int_equal(rearm_verify(&t->plan, true, frr.tree,
					     &t->err),
			    0);
			/* And there is nothing left to do. */
			buf_reset(&frr.trace);
			assert_int_equal(undo(t), 0);
			assert_string_equal(buf_text(&frr.trace), "");
		}
}

static void
traced(struct test *t, const char *want)
{
	power_on(t);
	assert_int_equal(go(t), 0);
	assert_string_equal(buf_text(&frr.trace), want);
}

static void
test_removed_neighbor(void **state)
{
	struct test t;

	(void)state;
	begin(&t, true, BGP A A_PW B B_PW "exit\n", BGP B B_PW "exit\n", NULL);
	check_plan(&t, "go neighbor 2001:db8::b password key-b\n");
	traced(&t,
	    BGP " no neighbor 2001:db8::b password\nexit\n" BGP
		" no neighbor 2001:db8::a remote-as 1\nexit\n" BGP B_PW
		"exit\n");
	check_everywhere(&t);
	end(&t);
}

static void
test_removed_password(void **state)
{
	struct addr b, a;
	struct test t;

	(void)state;
	begin(&t, true, BGP A A_PW B B_PW C C_PW "exit\n",
	    BGP A B B_PW C C_PW "exit\n", NULL);
	check_plan(&t, "go neighbor 2001:db8::b password key-b\n");
	assert_int_equal(addr_parse(&b, "2001:db8::b", NULL), 0);
	assert_int_equal(addr_parse(&a, "2001:db8::a", NULL), 0);
	assert_true(rearm_resets(&t.plan, &b));
	assert_false(rearm_resets(&t.plan, &a));
	check_everywhere(&t);
	end(&t);
	/* One that is down has nothing to lose. */
	begin(&t, true, BGP A A_PW B B_PW C C_PW "exit\n",
	    BGP A B B_PW C C_PW "exit\n", "2001:db8::c");
	check_plan(&t, "go neighbor 2001:db8::c password key-c\n");
	check_everywhere(&t);
	end(&t);
}

/* A first key, which does no harm; taken back, it would. */
static void
test_first_key(void **state)
{
	struct addr b;
	struct test t;

	(void)state;
	begin(&t, true, BGP A B B_PW "exit\n", BGP A A_PW B B_PW "exit\n",
	    NULL);
	check_plan(&t, "back neighbor 2001:db8::b password key-b\n");
	assert_int_equal(addr_parse(&b, "2001:db8::b", NULL), 0);
	assert_false(rearm_resets(&t.plan, &b));
	traced(&t, BGP A_PW "exit\n");
	check_everywhere(&t);
	end(&t);
}

/* The neighbor has another address: its own password is the last. */
static void
test_moved(void **state)
{
	struct test t;

	(void)state;
	begin(&t, true, BGP A A_PW "exit\n", BGP B B_PW "exit\n", NULL);
	check_plan(&t,
	    "go neighbor 2001:db8::b password key-b\n"
	    "back neighbor 2001:db8::a password key-a\n");
	check_everywhere(&t);
	end(&t);
	/* Rather than one that is up. */
	begin(&t, true, BGP A A_PW C C_PW "exit\n", BGP B B_PW C C_PW "exit\n",
	    NULL);
	check_plan(&t,
	    "go neighbor 2001:db8::b password key-b\n"
	    "back neighbor 2001:db8::a password key-a\n");
	check_everywhere(&t);
	end(&t);
}

static void
test_both_families(void **state)
{
	struct test t;

	(void)state;
	/* The other family's listener is another socket. */
	begin(&t, true, BGP A A_PW V4 V4_PW "exit\n", BGP A V4 V4_PW "exit\n",
	    NULL);
	check_plan(&t, "");
	check_everywhere(&t);
	end(&t);
	begin(&t, true,
	    BGP A A_PW B B_PW V4 V4_PW
	    " neighbor 192.0.2.2 remote-as 9\n"
	    " neighbor 192.0.2.2 password key-9\nexit\n",
	    BGP B B_PW " neighbor 192.0.2.2 remote-as 9\n"
		       " neighbor 192.0.2.2 password key-9\nexit\n",
	    NULL);
	check_plan(&t,
	    "go neighbor 192.0.2.2 password key-9\n"
	    "go neighbor 2001:db8::b password key-b\n");
	check_everywhere(&t);
	end(&t);
}

static void
test_nothing_to_do(void **state)
{
	struct test t;

	(void)state;
	/* The last one. */
	begin(&t, true, BGP A A_PW B "exit\n", BGP A B "exit\n", NULL);
	check_plan(&t, "");
	check_everywhere(&t);
	end(&t);
	/* Another password is no removal. */
	begin(&t, true, BGP A A_PW B B_PW "exit\n",
	    BGP A " neighbor 2001:db8::a password other\n" B B_PW "exit\n",
	    NULL);
	check_plan(&t, "");
	check_everywhere(&t);
	end(&t);
	/* Linux: each socket has its own. */
	begin(&t, false, BGP A A_PW B B_PW "exit\n", BGP B B_PW "exit\n", NULL);
	check_plan(&t, "");
	end(&t);
	/* Something else. */
	begin(&t, true, BGP A A_PW B B_PW "exit\n",
	    BGP A A_PW B B_PW " neighbor 2001:db8::b description x\nexit\n",
	    NULL);
	check_plan(&t, "");
	check_everywhere(&t);
	end(&t);
}

/* Meanwhile, by hand: gone, or with another password. */
static void
test_by_hand(void **state)
{
	static const char *const hands[] = { BGP A A_PW "exit\n",
		BGP A A_PW B " neighbor 2001:db8::b password hers\nexit\n" };
	struct test t;
	size_t i;

	(void)state;
	begin(&t, true, BGP A A_PW B B_PW "exit\n", BGP A B B_PW "exit\n",
	    NULL);
	for (i = 0; i < NITEMS(hands); i++) {
		power_on(&t);
		frr_tree_free(&frr.tree);
		frr.tree = conf_parse(hands[i]);
		assert_int_equal(undo(&t), 0);
		assert_string_equal(buf_text(&frr.trace), "");
		assert_int_equal(rearm_verify(&t.plan, true, frr.tree, &t.err),
		    0);
	}
	/* Not there although nobody has a reason: not in effect. */
	frr_tree_free(&frr.tree);
	frr.tree = conf_parse(BGP A B "exit\n");
	assert_int_equal(rearm_verify(&t.plan, false, frr.tree, &t.err), -1);
	assert_int_equal(t.err.code, ERR_NOT_APPLIED);
	assert_null(strstr(t.err.text, "key-b"));
	end(&t);
}

/* What the plan shows, without a router to look at. */
static void
test_shown(void **state)
{
	struct rearm_steps s;
	struct buf b = BUF_INIT;
	struct test t;

	(void)state;
	begin(&t, true, BGP A A_PW B B_PW "exit\n", BGP B B_PW "exit\n", NULL);
	assert_int_equal(rearm_split(&t.plan, &t.steps, false, NULL, &s,
			     &t.err),
	    0);
	frr_steps_print(&s.aside, &b);
	assert_string_equal(buf_text(&b),
	    BGP " no neighbor 2001:db8::b password\nexit\n");
	buf_reset(&b);
	frr_steps_print(&s.last, &b);
	assert_string_equal(buf_text(&b), BGP B_PW "exit\n");
	buf_clear(&b);
	rearm_steps_clear(&s);
	end(&t);
	/* A group's password is no neighbor's own. */
	begin(&t, true, BGP G A A_PW IN_G "exit\n", BGP G A IN_G "exit\n",
	    NULL);
	check_plan(&t, "");
	end(&t);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_removed_neighbor),
		cmocka_unit_test(test_removed_password),
		cmocka_unit_test(test_first_key),
		cmocka_unit_test(test_moved),
		cmocka_unit_test(test_both_families),
		cmocka_unit_test(test_nothing_to_do),
		cmocka_unit_test(test_by_hand),
		cmocka_unit_test(test_shown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
