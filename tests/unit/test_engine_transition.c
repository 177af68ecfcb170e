/* tests/unit/test_engine_transition.c - from one state to another, and back. */
/* links: tests/unit/router_standin engine/transition engine/rearm
 * engine/adopt engine/adopt_view engine/naming engine/route_map
 * engine/route_map_users model/tag model/upstream model/tunnel
 * engine/host_apply engine/host engine/host_key engine/host_diff
 * engine/host_forget engine/host_touch model/plan model/json frr/diff
 * frr/step frr/line frr/family frr/mask frr/tree frr/tree_parse
 * frr/tree_index frr/section wire/op wire/op_check wire/op_link wire/op_key
 * wire/op_route wire/op_firewall base/addr base/buf base/clock base/crypto
 * base/err base/io base/log base/mem base/name base/number base/md5key
 * engine/host_diff_key */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "engine/host_touch.h"
#include "engine/parts.h"
#include "engine/transition.h"
#include "engine/worker.h"
#include "engine_conf.h"
#include "model/plan.h"
#include "router_standin.h"

static const char old_conf[] =
    "ipv6 route 2001:db8::/48 blackhole\n"
    "router bgp 65000\n neighbor ::a remote-as 1\nexit\n";
static const char new_conf[] =
    "router bgp 65000\n neighbor ::b remote-as 2\nexit\n";

struct test {
	struct parts parts;
	struct worker_tools tools;
	struct frr_node *before;
	struct frr_node *after;
	struct host whole[2]; /* before and after */
	struct plan plan;
	struct transition t;
	struct buf log;
	struct frr_node *observed;
	struct err err;
};

static struct addr
address(const char *text)
{
	struct addr a;

	assert_int_equal(addr_parse(&a, text, NULL), 0);
	return a;
}

static void
set_link(struct host *h, const char *name, const char *remote)
{
	struct op_link link;

	memset(&link, 0, sizeof(link));
	memcpy(link.name, name, strlen(name));
	link.kind = OP_LINK_GRE;
	link.inner = 6;
	link.up = 1;
	link.mtu = 1476;
	link.mtu_set = 1;
	link.local = address("198.51.100.10");
	link.remote = address(remote);
	link.n_addresses = 1;
	link.addresses[0].address = address("2001:db8:400::2");
	link.addresses[0].prefix_length = 64;
	host_set_link(h, &link);
}

static void
set_entry(struct host *h, const char *interface)
{
	struct op_firewall_entry e;

	memset(&e, 0, sizeof(e));
	memcpy(e.interface, interface, strlen(interface));
	e.kind = OP_LINK_GRE;
	e.local = address("198.51.100.10");
	e.remote = address("198.51.100.46");
	e.peer = address("2001:db8:400::1");
	assert_int_equal(host_set_firewall_entry(h, &e, NULL), 0);
}

/* gre1 goes; gre2 with its route and rules comes; neighbors likewise. */
static int
set_up(void **state)
{
	struct test *t = calloc(1, sizeof(*t));
	struct plan_clear clear = { .in = true };
	struct op_route route;

	assert_non_null(t);
	t->tools.parts = &t->parts;
	t->before = conf_parse(old_conf);
	t->after = conf_parse(new_conf);
	t->whole[0].firewall_known = t->whole[1].firewall_known = true;
	t->whole[0].firewall_as_set = t->whole[1].firewall_as_set = true;
	set_link(&t->whole[0], "gre1", "198.51.100.45");
	set_link(&t->whole[1], "gre2", "198.51.100.46");
	set_entry(&t->whole[1], "gre2");
	memset(&route, 0, sizeof(route));
	assert_int_equal(prefix_parse(&route.prefix, "2001:db8:9::/48", true,
			     NULL),
	    0);
	route.kind = OP_ROUTE_REJECT;
	host_set_route(&t->whole[1], &route);
	t->whole[1].n_routes = 1; /* not at boot */
	plan_init(&t->plan);
	clear.neighbor = address("::b");
	plan_add_clear(&t->plan, &clear);
	t->t.plan = &t->plan;
	host_copy(&t->t.before, &t->whole[0]);
	host_copy(&t->t.after, &t->whole[1]);
	host_touch_reduce(&t->t.before, &t->t.after);
	assert_int_equal(frr_diff(t->before, t->after, &t->t.steps, &t->err),
	    0);
	router.tree = frr_tree_copy(t->before);
	router.trees[0] = t->before;
	router.trees[1] = t->after;
	host_copy(&router.host, &t->whole[0]);
	*state = t;
	return 0;
}

static int
tear_down(void **state)
{
	struct test *t = *state;

	transition_clear(&t->t);
	plan_clear(&t->plan);
	host_clear(&t->whole[0]);
	host_clear(&t->whole[1]);
	frr_tree_free(&t->before);
	frr_tree_free(&t->after);
	frr_tree_free(&t->observed);
	buf_clear(&t->log);
	router_standin_clear();
	free(t);
	return 0;
}

static void
traced(const char *want)
{
	assert_string_equal(buf_text(&router.trace), want);
	buf_reset(&router.trace);
}

static void
host_is(const struct host *want)
{
	size_t i;

	assert_int_equal(router.host.n_links, want->n_links);
	for (i = 0; i < want->n_links; i++) {
		assert_string_equal(router.host.links[i].name,
		    want->links[i].name);
		assert_int_equal(router.host.links[i].where,
		    want->links[i].where);
	}
	assert_int_equal(router.host.n_routes, want->n_routes);
	assert_memory_equal(&router.host.running, &want->running,
	    sizeof(want->running));
	assert_memory_equal(&router.host.boot, &want->boot, sizeof(want->boot));
}

static int
apply(struct test *t)
{
	frr_tree_free(&t->observed);
	err_clear(&t->err);
	return transition_apply(&t->tools, &t->t, t->before, &t->log,
	    &t->observed, &t->err);
}

static int
undo(struct test *t)
{
	frr_tree_free(&t->observed);
	err_clear(&t->err);
	return transition_undo(&t->tools, &t->t, &t->log, &t->observed,
	    &t->err);
}

/* What is needed comes before FRR is told, what goes goes afterwards. */
static void
test_order(void **state)
{
	struct test *t = *state;
	bool done = true;

	assert_int_equal(transition_is_done(&t->tools, &t->t, &done,
			     &t->observed, &t->err),
	    0);
	assert_false(done);
	if (apply(t) == -1)
		fail_msg("%s", t->err.text);
	traced("link-create gre2\nlink-mtu gre2\nlink-up gre2\n"
	       "address-add gre2\nroute-add 2001:db8:9::/48\n"
	       "firewall-replace the firewall\nfrr\nclear ::b in\n"
	       "link-destroy gre1\n");
	conf_check(t->observed, new_conf);
	frr_tree_free(&t->observed);
	assert_int_equal(transition_is_done(&t->tools, &t->t, &done,
			     &t->observed, &t->err),
	    0);
	assert_true(done);
	/* And back: what had gone comes first. */
	if (undo(t) == -1)
		fail_msg("%s", t->err.text);
	traced("link-create gre1\nlink-mtu gre1\nlink-up gre1\n"
	       "address-add gre1\nfrr\nclear ::b in\n"
	       "firewall-replace the firewall\n"
	       "route-remove 2001:db8:9::/48\nlink-destroy gre2\n");
	conf_check(t->observed, old_conf);
	host_is(&t->whole[0]);
	/* Nothing left to do, but what is gone is not to be on the parent's
	 * list of what is ours. */
	assert_int_equal(undo(t), 0);
	traced("route-disown 2001:db8:9::/48\nlink-disown gre2\n");
}

static void
test_first_failure_ends_it(void **state)
{
	struct test *t = *state;

	router.fails = "frr";
	assert_int_equal(apply(t), -1);
	assert_null(t->observed);
	assert_string_equal(t->err.text, "frr failed");
	/* What should go is still there. */
	assert_non_null(host_link(&router.host, OP_RUNNING, "gre1"));
	router.fails = "link-up gre2";
	assert_int_equal(undo(t), 0);
	host_is(&t->whole[0]);
	buf_reset(&router.trace);
	assert_int_equal(apply(t), -1);
	traced("link-create gre2\nlink-mtu gre2\nlink-up gre2\n");
}

/* Content tools prove nothing. */
static void
test_read_back(void **state)
{
	struct test *t = *state;

	router.does_not = "link-up gre2";
	assert_int_equal(apply(t), -1);
	assert_int_equal(t->err.code, ERR_NOT_APPLIED);
	assert_non_null(strstr(t->err.text, "link-up of gre2"));
	router.does_not = NULL;
	assert_int_equal(undo(t), 0);
	router.does_not = "frr";
	assert_int_equal(apply(t), -1);
	assert_int_equal(t->err.code, ERR_NOT_APPLIED);
	router.does_not = "link-destroy gre2";
	assert_int_equal(undo(t), -1);
	assert_int_equal(t->err.code, ERR_NOT_APPLIED);
	assert_non_null(strstr(t->err.text, "link-destroy of gre2"));
}

/* As much as possible is back; the first failure is told; later it works. */
static void
test_undo_goes_on(void **state)
{
	struct test *t = *state;

	assert_int_equal(apply(t), 0);
	buf_reset(&router.trace);
	router.fails = "link-mtu gre1";
	assert_int_equal(undo(t), -1);
	assert_string_equal(t->err.text, "link-mtu gre1 failed");
	assert_null(t->observed);
	traced("link-create gre1\nlink-mtu gre1\nlink-up gre1\n"
	       "address-add gre1\nfrr\nclear ::b in\n"
	       "firewall-replace the firewall\n"
	       "route-remove 2001:db8:9::/48\nlink-destroy gre2\n");
	router.fails = NULL;
	assert_int_equal(undo(t), 0);
	traced("link-mtu gre1\nroute-disown 2001:db8:9::/48\n"
	       "link-disown gre2\n");
	host_is(&t->whole[0]);
}

/* Our boot files, then FRR's; and never FRR's when ours failed. */
static void
test_save(void **state)
{
	struct test *t = *state;
	bool written = false;

	assert_int_equal(apply(t), 0);
	buf_reset(&router.trace);
	router.fails = "boot-link-remove gre1";
	assert_int_equal(transition_save(&t->tools, &t->t, false, t->observed,
			     &t->log, &written, &t->err),
	    -1);
	assert_true(written);
	traced("boot-link-set gre2\nboot-link-remove gre1\n");
	router.fails = NULL;
	assert_int_equal(transition_save(&t->tools, &t->t, false, t->observed,
			     &t->log, &written, &t->err),
	    0);
	traced("boot-link-remove gre1\nboot-firewall the firewall\n"
	       "write memory\n");
	host_is(&t->whole[1]);
	/* The last static route went with the change. */
	assert_int_equal(router.may_go, OP_SAVE_IPV6_ROUTE);
	assert_int_equal(undo(t), 0);
	buf_reset(&router.trace);
	assert_int_equal(transition_save(&t->tools, &t->t, true, t->observed,
			     &t->log, NULL, &t->err),
	    0);
	traced("boot-link-set gre1\nboot-link-remove gre2\n"
	       "boot-firewall the firewall\nwrite memory\n");
	assert_int_equal(router.may_go, 0);
	host_is(&t->whole[0]);
}

/* A tool that says that it wrote the boot file and did not. */
static void
test_save_read_back(void **state)
{
	struct test *t = *state;

	assert_int_equal(apply(t), 0);
	buf_reset(&router.trace);
	router.does_not = "boot-link-set gre2";
	assert_int_equal(transition_save(&t->tools, &t->t, false, t->observed,
			     &t->log, NULL, &t->err),
	    -1);
	assert_int_equal(t->err.code, ERR_NOT_APPLIED);
	assert_null(strstr(buf_text(&router.trace), "write memory"));
}

/* Recovery, after the engine has died: from the journal alone. */
static void
test_through_the_journal(void **state)
{
	struct test *t = *state;
	struct buf stored = BUF_INIT;
	struct transition back;
	struct plan plan;

	assert_int_equal(apply(t), 0);
	transition_store(&t->t, &t->plan);
	plan_store(&t->plan, &stored);
	assert_int_equal(plan_load(&plan, buf_text(&stored), &t->err), 0);
	assert_int_equal(transition_load(&back, &plan, &t->err), 0);
	assert_int_equal(back.steps.n, t->t.steps.n);
	frr_tree_free(&t->observed);
	assert_int_equal(transition_undo(&t->tools, &back, &t->log,
			     &t->observed, &t->err),
	    0);
	conf_check(t->observed, old_conf);
	host_is(&t->whole[0]);
	transition_clear(&back);
	plan_set_extra(&plan, "host_before", "0x");
	assert_int_equal(transition_load(&back, &plan, &t->err), -1);
	assert_int_equal(t->err.code, ERR_INTERNAL);
	plan_clear(&plan);
	buf_clear(&stored);
}

int
main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
	const struct CMUnitTest tests[] = {
		TEST(test_order),
		TEST(test_first_failure_ends_it),
		TEST(test_read_back),
		TEST(test_undo_goes_on),
		TEST(test_save),
		TEST(test_save_read_back),
		TEST(test_through_the_journal),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
