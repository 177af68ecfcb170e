/* tests/unit/test_engine_edit_policy.c - a PATCH of numbers and words. */
/* links: model/tag model/check engine/edit_upstream engine/edit_wanted
 * engine/edit_neighbor engine/edit_policy engine/edit_tunnel
 * engine/edit_tunnel_check engine/edit_tunnel_overlap engine/edit_below
 * engine/leak engine/prefix_list engine/adopt engine/adopt_view
 * engine/adopt_host engine/host engine/target engine/naming engine/route_map
 * engine/route_map_users model/upstream model/upstream_order model/tunnel
 * model/tunnel_order model/order_options model/fields model/json
 * model/prefix_rule wire/op wire/op_check wire/op_link wire/op_route
 * wire/op_firewall frr/family frr/tree frr/tree_parse frr/tree_index
 * frr/section frr/diff frr/step frr/line frr/mask frr/version base/addr
 * base/buf base/clock base/crypto base/err base/io base/log base/mem base/name
 * base/number base/md5key engine/host_key wire/op_key engine/edit_key
 * engine/drain_map engine/drain_marks engine/drain_lay model/drain
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
#include "edit_conf.h"

static int
patch(struct edit_test *t, const char *name, const char *json)
{
	(void)conf_upstream(&t->o.upstreams, name);
	return edit_order(t, name, false, json);
}

static void
begin(struct edit_test *t, struct frr_node *tree)
{
	edit_begin(t, tree);
	edit_ready(t);
}

static void
test_reference_preference(void **state)
{
	struct edit_test t;

	(void)state;
	begin(&t, conf_reference("reference/hobgp.frr.conf"));
	edit_done(&t,
	    patch(&t, "ifog", "{\"import\":{\"local_preference\":250}}"));
	edit_check_steps(&t,
	    "route-map RM-IFOG-BGPTUNNEL-IN permit 10\n"
	    " set local-preference 250\nexit\n");
	assert_true(frr_steps_bgpd_only(&t.steps, t.o.tree));
	/* The tree that was observed is as it was. */
	edit_done(&t,
	    patch(&t, "ifog", "{\"import\":{\"local_preference\":150}}"));
	edit_check_steps(&t, "");
	edit_end(&t);
}

static void
test_reference_all_at_once(void **state)
{
	struct edit_test t;

	(void)state;
	begin(&t, conf_reference("reference/hobgp.frr.conf"));
	edit_done(&t,
	    patch(&t, "lagrange",
		"{\"import\":{\"local_preference\":0},"
		"\"export\":{\"as_path_prepend\":null},"
		"\"description\":\"Lagrange is main now\"}"));
	/* What is taken away comes last. */
	edit_check_steps(&t,
	    "route-map RM-LAGRANGE-IN permit 10\n"
	    " set local-preference 0\nexit\n"
	    "router bgp 201379\n"
	    " neighbor fd00:ca::1 description Lagrange is main now\nexit\n"
	    "route-map RM-LAGRANGE-OUT permit 10\n"
	    " no set as-path prepend\nexit\n");
	edit_end(&t);
}

static const char two[] =
    "router bgp 65000\n no bgp default ipv4-unicast\n"
    " neighbor ::a remote-as 1\n neighbor ::a description one\n"
    " neighbor ::b remote-as 2\n"
    " neighbor ::c remote-as 65000\n neighbor ::c description inside\n"
    " address-family ipv6 unicast\n"
    "  neighbor ::a activate\n  neighbor ::a route-map IN in\n"
    "  neighbor ::b activate\n  neighbor ::b route-map IN in\n"
    "  neighbor ::c activate\n"
    " exit-address-family\nexit\nroute-map IN permit 10\nexit\n";

static void
test_description(void **state)
{
	struct edit_test t;

	(void)state;
	begin(&t, conf_parse(two));
	edit_done(&t, patch(&t, "n---b", "{\"description\":\"Z\\u00fcrich\"}"));
	edit_check_steps(&t,
	    "router bgp 65000\n neighbor ::b description Z\xc3\xbcrich\n"
	    "exit\n");
	edit_done(&t, patch(&t, "one", "{\"description\":null}"));
	edit_check_steps(&t,
	    "router bgp 65000\n no neighbor ::a description\nexit\n");
	edit_done(&t, patch(&t, "n---b", "{\"description\":null}"));
	edit_check_steps(&t, "");
	edit_done(&t, patch(&t, "one", "{\"description\":\"one\"}"));
	edit_check_steps(&t, "");
	edit_end(&t);
}

static void
test_shared(void **state)
{
	struct edit_test t;

	(void)state;
	begin(&t, conf_parse(two));
	edit_refused(&t,
	    patch(&t, "one", "{\"import\":{\"local_preference\":5}}"),
	    "route_map_shared");
	edit_done(&t,
	    patch(&t, "one",
		"{\"import\":{\"local_preference\":5},\"shared\":true}"));
	edit_check_steps(&t,
	    "route-map IN permit 10\n set local-preference 5\nexit\n");
	edit_end(&t);
}

static void
test_internal(void **state)
{
	struct edit_test t;

	(void)state;
	begin(&t, conf_parse(two));
	edit_refused(&t,
	    patch(&t, "inside", "{\"export\":{\"as_path_prepend\":1}}"),
	    "/export/as_path_prepend");
	edit_done(&t,
	    patch(&t, "inside", "{\"export\":{\"as_path_prepend\":0}}"));
	edit_check_steps(&t, "");
	edit_done(&t,
	    patch(&t, "inside", "{\"import\":{\"local_preference\":9}}"));
	edit_check_steps(&t,
	    "route-map RM-INSIDE-IN permit 10\n"
	    " set local-preference 9\nexit\n"
	    "router bgp 65000\n address-family ipv6 unicast\n"
	    "  neighbor ::c route-map RM-INSIDE-IN in\n"
	    " exit-address-family\nexit\n");
	edit_end(&t);
}

/* One part that is refused refuses the whole. */
static void
test_all_or_nothing(void **state)
{
	struct edit_test t;

	(void)state;
	begin(&t, conf_parse(two));
	edit_refused(&t,
	    patch(&t, "one",
		"{\"description\":\"x\",\"shared\":true,"
		"\"import\":{\"local_preference\":5},"
		"\"export\":{\"as_path_prepend\":1}}"),
	    "no_export_policy");
	assert_int_equal(t.steps.n, 0);
	conf_check(t.o.tree, two);
	edit_end(&t);
}

/* PATCH of a value that the first entry has: the others get it too. */
static void
test_every_entry(void **state)
{
	static const char many[] =
	    "router bgp 65000\n no bgp default ipv4-unicast\n"
	    " neighbor ::a remote-as 1\n neighbor ::a description one\n"
	    " address-family ipv6 unicast\n  neighbor ::a activate\n"
	    "  neighbor ::a route-map IN in\n exit-address-family\nexit\n"
	    "route-map IN permit 10\n set local-preference 5\nexit\n"
	    "route-map IN permit 20\nexit\n";
	struct edit_test t;

	(void)state;
	begin(&t, conf_parse(many));
	edit_done(&t,
	    patch(&t, "one", "{\"import\":{\"local_preference\":5}}"));
	edit_check_steps(&t,
	    "route-map IN permit 20\n set local-preference 5\nexit\n");
	edit_end(&t);
}

/* What is a peer group's is changed there. */
static void
test_peer_group(void **state)
{
	static const char group[] =
	    "router bgp 65000\n no bgp default ipv4-unicast\n"
	    " neighbor PG peer-group\n neighbor PG remote-as 1\n"
	    " neighbor PG update-source ::2\n neighbor PG description all\n"
	    " neighbor ::a peer-group PG\n neighbor ::a description one\n"
	    " address-family ipv6 unicast\n  network 2001:db8::/32\n"
	    "  neighbor PG activate\n"
	    "  neighbor PG soft-reconfiguration inbound\n"
	    " exit-address-family\nexit\n";
	struct edit_test t;

	(void)state;
	begin(&t, conf_parse(group));
	edit_refused(&t, patch(&t, "one", "{\"local_address\":null}"),
	    "peer_group");
	edit_refused(&t,
	    patch(&t, "one", "{\"import\":{\"soft_reconfiguration\":false}}"),
	    "peer_group");
	edit_refused(&t, patch(&t, "one", "{\"description\":null}"),
	    "peer_group");
	edit_done(&t, patch(&t, "one", "{\"next_hop_self\":true}"));
	edit_check_steps(&t,
	    "router bgp 65000\n address-family ipv6 unicast\n"
	    "  neighbor ::a next-hop-self\n exit-address-family\nexit\n");
	edit_end(&t);
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
		cmocka_unit_test(test_every_entry),
		cmocka_unit_test(test_peer_group),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
