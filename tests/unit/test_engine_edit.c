/* tests/unit/test_engine_edit.c - from what is asked to the plan that does it.
 */
/* links: engine/edit engine/observe engine/adopt engine/naming
 * engine/route_map model/policy model/fields model/plan model/upstream
 * model/json wire/op frr/family frr/tree frr/tree_parse frr/tree_index
 * frr/section frr/diff frr/step frr/line frr/mask frr/state frr/json
 * frr/version frr/prefix_counts frr/frr frr/route frr/vty frr/vty_decode
 * frr/vty_configure frr/vtysh store/friendly store/db store/sql
 * store/migrations store/audit base/addr base/buf base/clock base/crypto
 * base/err base/io base/log base/mem base/name base/number base/run */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/compat.h"
#include "engine/edit.h"
#include "engine/observe.h"
#include "engine_conf.h"
#include "frr/diff.h"
#include "model/plan.h"
#include "model/policy.h"

struct test {
	struct observation o;
	struct frr_steps steps;
	struct plan plan;
	struct err err;
};

static void
begin(struct test *t, struct frr_node *tree)
{
	memset(t, 0, sizeof(*t));
	t->o.tree = tree;
	conf_adopt(tree, &t->o.upstreams);
	adopt_router(tree, &t->o.router);
	plan_init(&t->plan);
}

static void
end(struct test *t)
{
	frr_steps_clear(&t->steps);
	plan_clear(&t->plan);
	observe_clear(&t->o);
}

static int
ask(struct test *t, const char *name, const char *json)
{
	const struct upstream *up = conf_upstream(&t->o.upstreams, name);
	struct policy_order order;

	frr_steps_clear(&t->steps);
	plan_clear(&t->plan);
	if (policy_order_read(&order, json, strlen(json), &t->err) == -1)
		fail_msg("%s", t->err.fields[0].detail);
	return edit_policy(&t->o, up, &order, &t->steps, &t->plan, &t->err);
}

/* subsystem, commands, undo; then the next; NULL ends. */
static void
check_plan(const struct test *t, const char *const *want)
{
	size_t i;

	for (i = 0; i < t->plan.n_steps; i++, want += 3) {
		assert_non_null(*want);
		assert_string_equal(t->plan.steps[i].subsystem, want[0]);
		assert_string_equal(t->plan.steps[i].commands, want[1]);
		assert_string_equal(t->plan.steps[i].undo, want[2]);
	}
	assert_null(*want);
}

static void
test_reference_preference(void **state)
{
	static const char *const want[] = { "frr",
		"route-map RM-IFOG-BGPTUNNEL-IN permit 10\n"
		" set local-preference 250\nexit\n",
		"route-map RM-IFOG-BGPTUNNEL-IN permit 10\n"
		" set local-preference 150\nexit\n",
		"bgp", "clear bgp ipv6 unicast 2001:db8:300::1 soft in\n", "",
		"boot", "write memory\n", "", NULL };
	struct test t;

	(void)state;
	begin(&t, conf_reference("reference/hobgp.frr.conf"));
	assert_int_equal(ask(&t, "ifog",
			     "{\"import\":{\"local_preference\":250}}"),
	    0);
	check_plan(&t, want);
	assert_int_equal(t.steps.n, 1);
	assert_true(frr_steps_bgpd_only(&t.steps, t.o.tree));
	assert_int_equal(t.plan.n_clears, 1);
	assert_true(t.plan.clears[0].in && !t.plan.clears[0].out);
	/* The tree that was observed is as it was. */
	assert_int_equal(ask(&t, "ifog",
			     "{\"import\":{\"local_preference\":150}}"),
	    0);
	assert_int_equal(t.steps.n, 0);
	assert_int_equal(t.plan.n_steps, 0);
	assert_int_equal(t.plan.n_clears, 0);
	end(&t);
}

static void
test_reference_all_at_once(void **state)
{
	/* What is taken away comes last. */
	static const char *const want[] = { "frr",
		"route-map RM-LAGRANGE-IN permit 10\n"
		" set local-preference 0\nexit\n"
		"router bgp 201379\n"
		" neighbor fd00:ca::1 description Lagrange is main now\nexit\n"
		"route-map RM-LAGRANGE-OUT permit 10\n"
		" no set as-path prepend\nexit\n",
		"route-map RM-LAGRANGE-OUT permit 10\n"
		" set as-path prepend 201379 201379\nexit\n"
		"router bgp 201379\n"
		" neighbor fd00:ca::1 description Upstream-Lagrange-UK\nexit\n"
		"route-map RM-LAGRANGE-IN permit 10\n"
		" no set local-preference\nexit\n",
		"bgp",
		"clear bgp ipv6 unicast fd00:ca::1 soft in\n"
		"clear bgp ipv6 unicast fd00:ca::1 soft out\n",
		"", "boot", "write memory\n", "", NULL };
	struct test t;

	(void)state;
	begin(&t, conf_reference("reference/hobgp.frr.conf"));
	assert_int_equal(ask(&t, "lagrange",
			     "{\"import\":{\"local_preference\":0},"
			     "\"export\":{\"as_path_prepend\":null},"
			     "\"description\":\"Lagrange is main now\"}"),
	    0);
	check_plan(&t, want);
	end(&t);
}

static const char two[] =
    "router bgp 65000\n no bgp default ipv4-unicast\n"
    " neighbor ::1 remote-as 1\n neighbor ::1 description one\n"
    " neighbor ::2 remote-as 2\n"
    " neighbor ::3 remote-as 65000\n neighbor ::3 description inside\n"
    " address-family ipv6 unicast\n"
    "  neighbor ::1 activate\n  neighbor ::1 route-map IN in\n"
    "  neighbor ::2 activate\n  neighbor ::2 route-map IN in\n"
    "  neighbor ::3 activate\n"
    " exit-address-family\nexit\nroute-map IN permit 10\nexit\n";

static void
test_description(void **state)
{
	static const char *const first[] = { "frr",
		"router bgp 65000\n neighbor ::2 description Z\xc3\xbcrich\n"
		"exit\n",
		"router bgp 65000\n no neighbor ::2 description\nexit\n",
		"boot", "write memory\n", "", NULL };
	static const char *const away[] = { "frr",
		"router bgp 65000\n no neighbor ::1 description\nexit\n",
		"router bgp 65000\n neighbor ::1 description one\nexit\n",
		"boot", "write memory\n", "", NULL };
	struct test t;

	(void)state;
	begin(&t, conf_parse(two));
	assert_int_equal(ask(&t, "n---2", "{\"description\":\"Z\\u00fcrich\"}"),
	    0);
	check_plan(&t, first);
	assert_int_equal(ask(&t, "one", "{\"description\":null}"), 0);
	check_plan(&t, away);
	assert_int_equal(ask(&t, "n---2", "{\"description\":null}"), 0);
	assert_int_equal(t.plan.n_steps, 0);
	assert_int_equal(ask(&t, "one", "{\"description\":\"one\"}"), 0);
	assert_int_equal(t.plan.n_steps, 0);
	end(&t);
}

/* A shared map: each neighbor that uses it looks at its routes again. */
static void
test_shared(void **state)
{
	struct test t;

	(void)state;
	begin(&t, conf_parse(two));
	assert_int_equal(ask(&t, "one",
			     "{\"import\":{\"local_preference\":5}}"),
	    -1);
	assert_int_equal(t.err.code, ERR_CONFLICT);
	assert_string_equal(t.err.reason, "route_map_shared");
	assert_int_equal(t.steps.n, 0);
	assert_int_equal(t.plan.n_steps, 0);
	assert_int_equal(ask(&t, "one",
			     "{\"import\":{\"local_preference\":5},"
			     "\"shared\":true}"),
	    0);
	assert_int_equal(t.plan.n_clears, 2);
	assert_string_equal(t.plan.steps[1].commands,
	    "clear bgp ipv6 unicast ::1 soft in\n"
	    "clear bgp ipv6 unicast ::2 soft in\n");
	end(&t);
}

static void
test_internal(void **state)
{
	static const char *const want[] = { "frr",
		"route-map RM-INSIDE-IN permit 10\n"
		" set local-preference 9\nexit\n"
		"router bgp 65000\n address-family ipv6 unicast\n"
		"  neighbor ::3 route-map RM-INSIDE-IN in\n"
		" exit-address-family\nexit\n",
		"router bgp 65000\n address-family ipv6 unicast\n"
		"  no neighbor ::3 route-map RM-INSIDE-IN in\n"
		" exit-address-family\nexit\n"
		"no route-map RM-INSIDE-IN permit 10\n",
		"bgp", "clear bgp ipv6 unicast ::3 soft in\n", "", "boot",
		"write memory\n", "", NULL };
	struct test t;

	(void)state;
	begin(&t, conf_parse(two));
	assert_int_equal(ask(&t, "inside",
			     "{\"export\":{\"as_path_prepend\":1}}"),
	    -1);
	assert_int_equal(t.err.code, ERR_UNPROCESSABLE);
	assert_string_equal(t.err.fields[0].pointer, "/export/as_path_prepend");
	assert_int_equal(ask(&t, "inside",
			     "{\"export\":{\"as_path_prepend\":0}}"),
	    0);
	assert_int_equal(t.plan.n_steps, 0);
	assert_int_equal(ask(&t, "inside",
			     "{\"import\":{\"local_preference\":9}}"),
	    0);
	check_plan(&t, want);
	assert_false(frr_steps_bgpd_only(&t.steps, t.o.tree));
	end(&t);
}

/* One part that is refused refuses the whole. */
static void
test_all_or_nothing(void **state)
{
	struct test t;

	(void)state;
	begin(&t, conf_parse(two));
	assert_int_equal(ask(&t, "one",
			     "{\"description\":\"x\",\"shared\":true,"
			     "\"import\":{\"local_preference\":5},"
			     "\"export\":{\"as_path_prepend\":1}}"),
	    -1);
	assert_string_equal(t.err.reason, "no_export_policy");
	assert_int_equal(t.steps.n, 0);
	assert_int_equal(t.plan.n_steps, 0);
	assert_int_equal(t.plan.n_lines, 0);
	/* The tree is as it was. */
	conf_check(t.o.tree, two);
	end(&t);
}

/* What the journal holds is what was planned, step by step, and its undo
 * leads back. */
static void
test_through_the_journal(void **state)
{
	struct frr_steps back = { 0 }, reverse = { 0 };
	struct buf stored = BUF_INIT, a = BUF_INIT, b = BUF_INIT;
	struct plan plan;
	struct test t;

	(void)state;
	begin(&t, conf_parse(two));
	assert_int_equal(ask(&t, "inside",
			     "{\"import\":{\"local_preference\":9},"
			     "\"description\":null}"),
	    0);
	plan_store(&t.plan, &stored);
	assert_int_equal(plan_load(&plan, buf_text(&stored), NULL), 0);
	assert_int_equal(edit_steps_from_plan(&plan, &back, NULL), 0);
	assert_int_equal(back.n, t.steps.n);
	frr_steps_print(&t.steps, &a);
	frr_steps_print(&back, &b);
	assert_string_equal(buf_text(&a), buf_text(&b));
	assert_int_equal(frr_steps_verify(&back, t.o.tree, NULL), -1);
	assert_int_equal(frr_steps_reverse(&back, &reverse, NULL), 0);
	assert_int_equal(frr_steps_verify(&reverse, t.o.tree, NULL), 0);
	frr_steps_clear(&back);
	frr_steps_clear(&reverse);
	plan_clear(&plan);
	buf_clear(&stored);
	buf_clear(&a);
	buf_clear(&b);
	end(&t);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_reference_preference),
		cmocka_unit_test(test_reference_all_at_once),
		cmocka_unit_test(test_description),
		cmocka_unit_test(test_shared),
		cmocka_unit_test(test_internal),
		cmocka_unit_test(test_all_or_nothing),
		cmocka_unit_test(test_through_the_journal),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
