/* tests/unit/test_engine_planner.c - steps, clears, commands and resets. */
/* links: model/tag model/check tests/unit/router_standin engine/planner
 * engine/planner_resets engine/transition engine/host_forget engine/host_apply
 * engine/host_diff engine/host_diff_key engine/host_touch model/plan
 * base/crypto engine/edit_upstream engine/edit_wanted engine/edit_neighbor
 * engine/edit_policy engine/edit_tunnel engine/edit_tunnel_check
 * engine/edit_tunnel_overlap engine/edit_below engine/leak engine/prefix_list
 * engine/adopt engine/adopt_view engine/adopt_host engine/host engine/target
 * engine/naming engine/route_map engine/route_map_users model/upstream
 * model/upstream_order model/tunnel model/tunnel_order model/order_options
 * model/fields model/json model/prefix_rule wire/op wire/op_check wire/op_link
 * wire/op_route wire/op_firewall frr/family frr/tree frr/tree_parse
 * frr/tree_index frr/section frr/diff frr/step frr/line frr/mask frr/version
 * base/addr base/buf base/clock base/err base/io base/log base/mem base/name
 * base/number base/md5key engine/host_key wire/op_key engine/edit_key
 * engine/rearm engine/drain_map engine/drain_marks engine/drain_lay model/drain
 * engine/drain_want engine/edit_drain model/drain_state */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/compat.h"
#include "edit_reference.h"
#include "engine/planner.h"
#include "engine/transition.h"
#include "model/plan.h"

struct test {
	struct edit_test e;
	struct transition t;
	struct plan plan;
};

static void
begin(struct test *t, struct frr_node *tree)
{
	memset(t, 0, sizeof(*t));
	plan_init(&t->plan);
	edit_begin(&t->e, tree);
	edit_ready(&t->e);
}

static void
end(struct test *t)
{
	transition_clear(&t->t);
	plan_clear(&t->plan);
	edit_end(&t->e);
}

/* Of the target as it is. */
static int
plan(struct test *t)
{
	transition_clear(&t->t);
	plan_clear(&t->plan);
	err_clear(&t->e.err);
	if (planner_steps(&t->e.o, &t->e.target, &t->t, &t->plan, &t->e.err) ==
	    -1)
		return -1;
	return planner_commands(NULL, &t->t, &t->plan, &t->e.err);
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
patch(struct test *t, const char *name, const char *json)
{
	edit_done(&t->e, edit_order(&t->e, name, false, json));
	edit_done(&t->e, plan(t));
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
	patch(&t, "ifog", "{\"import\":{\"local_preference\":250}}");
	check_plan(&t, want);
	assert_int_equal(t.plan.n_clears, 1);
	assert_true(t.plan.clears[0].in && !t.plan.clears[0].out);
	patch(&t, "ifog", "{\"import\":{\"local_preference\":150}}");
	assert_int_equal(t.plan.n_clears, 0);
	end(&t);
}

static void
test_reference_both_directions(void **state)
{
	struct test t;

	(void)state;
	begin(&t, conf_reference("reference/hobgp.frr.conf"));
	patch(&t, "lagrange",
	    "{\"import\":{\"local_preference\":0},"
	    "\"export\":{\"as_path_prepend\":null},"
	    "\"description\":\"Lagrange is main now\"}");
	assert_int_equal(t.plan.n_steps, 3);
	/* The undo begins with what was taken away last. */
	assert_ptr_equal(strstr(t.plan.steps[0].undo,
			     "route-map RM-LAGRANGE-OUT permit 10\n"
			     " set as-path prepend 201379 201379\nexit\n"
			     "router bgp 201379\n"),
	    t.plan.steps[0].undo);
	assert_string_equal(t.plan.steps[1].commands,
	    "clear bgp ipv6 unicast fd00:ca::1 soft in\n"
	    "clear bgp ipv6 unicast fd00:ca::1 soft out\n");
	end(&t);
}

#define ROUTER_OF(id, as, more)                                              \
	"ipv6 prefix-list PL seq 5 permit 2001:db8::/32\n"                   \
	"route-map IN permit 10\n match ipv6 address prefix-list PL\nexit\n" \
	"router bgp 65000\n no bgp default ipv4-unicast\n"                   \
	" bgp router-id 192.0.2." id "\n neighbor ::a remote-as " as         \
	"\n neighbor ::b remote-as 2\n" more
#define ROUTER(more) ROUTER_OF("1", "1", more)

#define FAMILY                                                      \
	" address-family ipv6 unicast\n"                            \
	"  neighbor ::a activate\n  neighbor ::a route-map IN in\n" \
	"  neighbor ::b activate\n exit-address-family\nexit\n"

static const char base[] = ROUTER(FAMILY);

/* From base to this text. */
static void
become(struct test *t, const char *text)
{
	target_clear(&t->e.target);
	target_init(&t->e.target, &t->e.o);
	frr_tree_free(&t->e.target.tree);
	t->e.target.tree = conf_parse(text);
	edit_done(&t->e, plan(t));
}

/* What a map matches counts as well; what is attached anew takes effect by
 * itself; who does not use the map is left alone. */
static void
test_clears(void **state)
{
	struct test t;

	(void)state;
	begin(&t, conf_parse(base));
	become(&t, ROUTER(FAMILY) "ipv6 prefix-list PL seq 10 permit ::/0\n");
	assert_int_equal(t.plan.n_clears, 1);
	assert_true(t.plan.clears[0].in && !t.plan.clears[0].out);
	become(&t, ROUTER(FAMILY) "ipv6 prefix-list PLB seq 10 permit ::/0\n");
	assert_int_equal(t.plan.n_clears, 0);
	become(&t, ROUTER(FAMILY) "route-map IN deny 20\nexit\n");
	assert_int_equal(t.plan.n_clears, 1);
	become(&t,
	    ROUTER(" address-family ipv6 unicast\n"
		   "  neighbor ::a activate\n  neighbor ::b activate\n"
		   "  neighbor ::a route-map IN in\n"
		   "  neighbor ::b route-map IN in\n"
		   " exit-address-family\nexit\n"));
	assert_int_equal(t.plan.n_clears, 0);
	become(&t, ROUTER(" neighbor ::a description x\n" FAMILY));
	assert_int_equal(t.plan.n_clears, 0);
	assert_int_equal(t.plan.n_steps, 2);
	end(&t);
}

/* FRR has no way to write such a line again. */
static void
test_not_restorable(void **state)
{
	struct test t;

	(void)state;
	begin(&t, conf_parse(ROUTER(" neighbor ::a description a|b\n" FAMILY)));
	target_init(&t.e.target, &t.e.o);
	frr_tree_free(&t.e.target.tree);
	t.e.target.tree = conf_parse(base);
	assert_int_equal(plan(&t), -1);
	assert_int_equal(t.e.err.code, ERR_CONFLICT);
	assert_string_equal(t.e.err.reason, "not_restorable");
	assert_int_equal(t.t.steps.n, 0);
	end(&t);
}

static unsigned
count_resets(struct test *t)
{
	struct addr *list;
	size_t n;

	planner_resets(&t->e.o, &t->e.target, &t->t, &list, &n);
	free(list);
	return (unsigned)n;
}

static void
establish(struct test *t)
{
	size_t i;

	for (i = 0; i < t->e.o.upstreams.n; i++)
		t->e.o.upstreams.v[i].session.established = true;
}

static void
test_resets(void **state)
{
	static const struct {
		const char *text;
		unsigned resets;
	} cases[] = {
		{ base, 0 },
		{ ROUTER(" neighbor ::a description x\n" FAMILY), 0 },
		{ ROUTER(FAMILY) "route-map IN deny 20\nexit\n", 0 },
		{ ROUTER_OF("1", "3", FAMILY), 1 },
		{ ROUTER(" neighbor ::a password x\n" FAMILY), 1 },
		{ ROUTER(" neighbor ::a update-source lo\n" FAMILY), 1 },
		{ ROUTER(" neighbor ::b ebgp-multihop 2\n" FAMILY), 1 },
		{ ROUTER(" address-family ipv4 unicast\n"
			 "  neighbor ::a activate\n"
			 " exit-address-family\n" FAMILY),
		    1 },
		{ "router bgp 65000\n no bgp default ipv4-unicast\n"
		  " bgp router-id 192.0.2.1\n"
		  " neighbor ::b remote-as 2\n address-family ipv6 unicast\n"
		  "  neighbor ::b activate\n exit-address-family\nexit\n",
		    1 },
		{ ROUTER_OF("2", "1", FAMILY), 2 },
		{ "frr defaults traditional\n", 2 },
	};
	struct test t;
	size_t i;

	(void)state;
	begin(&t, conf_parse(base));
	establish(&t);
	for (i = 0; i < NITEMS(cases); i++) {
		become(&t, cases[i].text);
		if (count_resets(&t) != cases[i].resets)
			fail_msg("%u resets: %s", count_resets(&t),
			    cases[i].text);
	}
	/* A session that is down cannot be reset. */
	t.e.o.upstreams.v[0].session.established = false;
	assert_int_equal(count_resets(&t), 1);
	end(&t);
}

/* gre2 carries route64. */
static struct op_link
begin_reference(struct test *t)
{
	memset(t, 0, sizeof(*t));
	plan_init(&t->plan);
	reference_hobgp(&t->e);
	establish(t);
	target_init(&t->e.target, &t->e.o);
	return *host_link(&t->e.target.host, OP_RUNNING, "gre2");
}

static void
test_resets_of_a_tunnel(void **state)
{
	struct op_link link;
	struct test t;

	(void)state;
	link = begin_reference(&t);
	link.mtu = 1400;
	memcpy(link.description, "other", 6);
	host_set_link(&t.e.target.host, &link);
	edit_done(&t.e, plan(&t));
	assert_int_equal(count_resets(&t), 0);
	link.remote = edit_addr("198.51.100.99");
	host_set_link(&t.e.target.host, &link);
	edit_done(&t.e, plan(&t));
	assert_int_equal(count_resets(&t), 1);
	host_remove_link(&t.e.target.host, "gre2");
	edit_done(&t.e, plan(&t));
	assert_int_equal(count_resets(&t), 1);
	end(&t);
	link = begin_reference(&t);
	link.up = 0;
	host_set_link(&t.e.target.host, &link);
	edit_done(&t.e, plan(&t));
	assert_int_equal(count_resets(&t), 1);
	end(&t);
}

/* As the phases run; each subsystem tells what leads back. */
static void
test_commands_of_a_tunnel(void **state)
{
	static const char *const want[] = { "links",
		"link-endpoints gre2\nlink-mtu gre2\n",
		"link-endpoints gre2\nlink-mtu gre2\n", "boot",
		"boot-link-set gre2\n", "boot-link-set gre2\n", NULL };
	struct op_link link;
	struct test t;

	(void)state;
	link = begin_reference(&t);
	link.remote = edit_addr("198.51.100.99");
	link.mtu = 1400;
	host_set_link(&t.e.target.host, &link);
	edit_done(&t.e, plan(&t));
	check_plan(&t, want);
	end(&t);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_reference_preference),
		cmocka_unit_test(test_reference_both_directions),
		cmocka_unit_test(test_clears),
		cmocka_unit_test(test_not_restorable),
		cmocka_unit_test(test_resets),
		cmocka_unit_test(test_resets_of_a_tunnel),
		cmocka_unit_test(test_commands_of_a_tunnel),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
