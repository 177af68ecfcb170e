/* tests/unit/test_engine_adopt.c - upstreams of a router made by hand. */
/* links: model/tag engine/adopt engine/adopt_view engine/naming
 * engine/route_map engine/route_map_users model/upstream model/tunnel
 * model/json frr/family frr/tree frr/tree_parse frr/tree_index frr/section
 * base/addr base/buf base/clock base/crypto base/err base/io base/log base/mem
 * base/name base/number */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/compat.h"
#include "engine_conf.h"
#include "frr/state.h"

static void
check_neighbor(const struct upstream *up, const char *want)
{
	char text[ADDR_TEXT_MAX];

	assert_string_equal(addr_print(&up->neighbor, text), want);
}

static void
test_reference_hobgp(void **state)
{
	struct frr_node *tree = conf_reference("reference/hobgp.frr.conf");
	struct upstream_list list;
	const struct upstream *up;
	struct adopt_router router;

	(void)state;
	conf_adopt(tree, &list);
	assert_int_equal(list.n, 4);
	up = conf_upstream(&list, "ifog");
	check_neighbor(up, "2001:db8:300::1");
	assert_int_equal(up->remote_as, 209533);
	assert_string_equal(up->description, "Upstream-iFog-Frankfurt");
	assert_string_equal(up->local_address, "2001:db8:300::2");
	assert_false(up->internal || up->tcp_md5 || up->next_hop_self);
	assert_true(up->soft_reconfiguration);
	assert_true(up->family[FAMILY_IPV6_UNICAST]);
	assert_false(up->family[FAMILY_IPV4_UNICAST]);
	assert_int_equal(up->maximum_prefix.limit, 250000);
	assert_int_equal(up->maximum_prefix.warning_percent, 90);
	assert_int_equal(up->maximum_prefix.restart_minutes, 30);
	assert_string_equal(up->route_map_in, "RM-IFOG-BGPTUNNEL-IN");
	assert_string_equal(up->route_map_out, "RM-IFOG-BGPTUNNEL-OUT");
	assert_string_equal(up->import_prefix_list, "PL-BOGONS");
	assert_string_equal(up->export_prefix_list, "PL-MY-NET");
	assert_true(up->has_local_preference);
	assert_int_equal(up->local_preference, 150);
	assert_int_equal(up->as_path_prepend, 0);
	assert_int_equal(up->n_warnings, 0);
	up = conf_upstream(&list, "lagrange");
	assert_false(up->has_local_preference);
	assert_int_equal(up->as_path_prepend, 2);
	assert_int_equal(up->n_warnings, 0);
	up = conf_upstream(&list, "route64");
	assert_false(up->has_local_preference);
	assert_int_equal(up->as_path_prepend, 0);
	up = conf_upstream(&list, "vultr");
	check_neighbor(up, "2a06:9801:1c:fffe::2");
	assert_true(up->internal);
	assert_true(up->has_local_preference);
	assert_int_equal(up->local_preference, 200);
	assert_int_equal(up->maximum_prefix.limit, 0);
	adopt_clear(&list);
	adopt_router(tree, &router);
	assert_int_equal(router.local_as, 201379);
	assert_string_equal(router.router_id, "198.51.100.10");
	assert_int_equal(router.n_prefixes, 1);
	assert_string_equal(router.prefixes[0], "2a06:9801:1c::/48");
	frr_tree_free(&tree);
}

static void
test_reference_vtbgp(void **state)
{
	struct frr_node *tree = conf_reference("reference/vtbgp.frr.conf");
	struct upstream_list list;
	const struct upstream *up;
	struct adopt_router router;

	(void)state;
	conf_adopt(tree, &list);
	assert_int_equal(list.n, 2);
	up = conf_upstream(&list, "vultr");
	check_neighbor(up, "2001:19f0:ffff::1");
	assert_int_equal(up->remote_as, 64515);
	assert_true(up->tcp_md5);
	assert_int_equal(up->ebgp_multihop, 2);
	assert_string_equal(up->local_address, "");
	up = conf_upstream(&list, "hobgp");
	assert_true(up->internal && up->next_hop_self);
	assert_string_equal(up->route_map_in, "");
	assert_string_equal(up->route_map_out, "RM-IBGP-OUT");
	assert_false(up->has_local_preference);
	assert_false(up->soft_reconfiguration);
	assert_string_equal(up->import_prefix_list, "");
	adopt_clear(&list);
	adopt_router(tree, &router);
	assert_int_equal(router.n_prefixes, 0);
	frr_tree_free(&tree);
}

/* Looking changes nothing. */
static void
test_nothing_is_written(void **state)
{
	static const char *const files[] = { "reference/hobgp.frr.conf",
		"reference/vtbgp.frr.conf" };
	struct buf before = BUF_INIT, after = BUF_INIT;
	struct upstream_list list;
	struct frr_node *tree;
	size_t i;

	(void)state;
	for (i = 0; i < NITEMS(files); i++) {
		tree = conf_reference(files[i]);
		buf_reset(&before);
		buf_reset(&after);
		frr_tree_print(tree, &before);
		conf_adopt(tree, &list);
		frr_tree_print(tree, &after);
		assert_string_equal(buf_text(&before), buf_text(&after));
		adopt_clear(&list);
		frr_tree_free(&tree);
	}
	buf_clear(&before);
	buf_clear(&after);
}

static void
test_nothing_there(void **state)
{
	static const char *const texts[] = { "", "hostname x\n!\n",
		"router bgp 65000 vrf red\n neighbor ::1 remote-as 1\nexit\n",
		"router bgp 65000\nexit\n" };
	struct upstream_list list;
	struct adopt_router router;
	struct frr_node *tree;
	size_t i;

	(void)state;
	for (i = 0; i < NITEMS(texts); i++) {
		tree = conf_parse(texts[i]);
		conf_adopt(tree, &list);
		assert_int_equal(list.n, 0);
		adopt_router(tree, &router);
		assert_int_equal(router.local_as, i == 3 ? 65000 : 0);
		assert_string_equal(router.router_id, "");
		adopt_clear(&list);
		frr_tree_free(&tree);
	}
}

static const char two_families[] =
    "router bgp 65000 vrf red\n neighbor 192.0.2.66 remote-as 66\nexit\n!\n"
    "router bgp 65000\n bgp router-id 192.0.2.1\n"
    " neighbor 192.0.2.7 remote-as 65007\n"
    " neighbor 192.0.2.7 description Transit seven\n"
    " neighbor 192.0.2.7 update-source lo0\n"
    " neighbor 192.0.2.7 ebgp-multihop\n"
    " neighbor 192.0.2.7 password geheim\n"
    " neighbor 192.0.2.8 remote-as external\n"
    " neighbor 192.0.2.9 remote-as internal\n"
    " neighbor eth0 interface remote-as 65010\n"
    " neighbor 2001:db8::7 remote-as 65007\n"
    " neighbor 2001:db8::7 ebgp-multihop 7\n !\n"
    " address-family ipv4 unicast\n"
    "  network 192.0.2.0/24\n"
    "  network 198.51.100.0/24 route-map RM-NET\n"
    "  neighbor 192.0.2.7 route-map FOUR-IN in\n"
    "  neighbor 192.0.2.7 maximum-prefix 10 warning-only\n"
    "  no neighbor 192.0.2.8 activate\n"
    "  no neighbor 2001:db8::7 activate\n"
    " exit-address-family\n !\n"
    " address-family ipv6 unicast\n"
    "  network 2001:db8::/32\n"
    "  neighbor 192.0.2.7 activate\n"
    "  neighbor 192.0.2.7 route-map SIX-OUT out\n"
    "  neighbor 192.0.2.7 maximum-prefix 20 restart 5\n"
    "  neighbor 2001:db8::7 activate\n"
    "  neighbor 2001:db8::7 maximum-prefix 30 75\n"
    "  neighbor 2001:db8::7 next-hop-self\n"
    " exit-address-family\nexit\n!\n"
    "route-map FOUR-IN permit 10\n set local-preference 4\nexit\n!\n"
    "route-map SIX-OUT permit 10\n set as-path prepend 65000\nexit\n";

static void
test_two_families(void **state)
{
	struct frr_node *tree = conf_parse(two_families);
	struct upstream_list list;
	struct adopt_router router;
	const struct upstream *up;

	(void)state;
	conf_adopt(tree, &list);
	/* By address, IPv4 first; no VRF, no neighbor without an address. */
	assert_int_equal(list.n, 4);
	up = &list.v[0];
	assert_string_equal(up->name.s, "seven");
	check_neighbor(up, "192.0.2.7");
	assert_true(up->family[0] && up->family[1] && up->tcp_md5);
	assert_int_equal(up->ebgp_multihop, 255);
	assert_string_equal(up->local_address, "lo0");
	/* IPv6 is what is shown where both are active. */
	assert_string_equal(up->route_map_in, "");
	assert_string_equal(up->route_map_out, "SIX-OUT");
	assert_int_equal(up->as_path_prepend, 1);
	assert_false(up->has_local_preference);
	assert_int_equal(up->maximum_prefix.limit, 20);
	assert_int_equal(up->maximum_prefix.warning_percent, 0);
	assert_int_equal(up->maximum_prefix.restart_minutes, 5);
	assert_string_equal(list.v[1].name.s, "n-192-0-2-8");
	assert_false(list.v[1].family[0] || list.v[1].family[1]);
	assert_false(list.v[1].internal);
	assert_int_equal(list.v[2].remote_as, 65000);
	assert_true(list.v[2].internal && list.v[2].family[0]);
	up = &list.v[3];
	assert_false(up->family[0]);
	assert_true(up->family[1] && up->next_hop_self);
	assert_int_equal(up->ebgp_multihop, 7);
	assert_int_equal(up->maximum_prefix.limit, 30);
	assert_int_equal(up->maximum_prefix.warning_percent, 75);
	assert_int_equal(up->maximum_prefix.restart_minutes, 0);
	adopt_router(tree, &router);
	assert_int_equal(router.n_prefixes, 3);
	assert_string_equal(router.prefixes[1], "198.51.100.0/24");
	assert_string_equal(router.prefixes[2], "2001:db8::/32");
	adopt_clear(&list);
	frr_tree_free(&tree);
}

static const char groups[] =
    "router bgp 65000\n no bgp default ipv4-unicast\n"
    " neighbor TRANSIT peer-group\n"
    " neighbor TRANSIT remote-as 65001\n"
    " neighbor TRANSIT description Everybody\n"
    " neighbor TRANSIT password geheim\n"
    " neighbor EMPTY peer-group\n"
    " neighbor 2001:db8::1 peer-group TRANSIT\n"
    " neighbor 2001:db8::2 peer-group TRANSIT\n"
    " neighbor 2001:db8::2 description Own words\n"
    " neighbor 2001:db8::3 remote-as 65003\n"
    " neighbor 2001:db8::3 peer-group EMPTY\n !\n"
    " address-family ipv6 unicast\n"
    "  neighbor TRANSIT activate\n"
    "  neighbor TRANSIT soft-reconfiguration inbound\n"
    "  neighbor TRANSIT route-map GROUP-IN in\n"
    "  neighbor TRANSIT route-map GROUP-OUT out\n"
    "  neighbor 2001:db8::2 route-map OWN-OUT out\n"
    " exit-address-family\nexit\n!\n"
    "route-map GROUP-IN permit 10\n set local-preference 77\nexit\n!\n"
    "route-map GROUP-OUT permit 10\nexit\n!\n"
    "route-map OWN-OUT permit 10\n set as-path prepend 65000 65000 65000\n"
    "exit\n";

static void
test_peer_groups(void **state)
{
	struct frr_node *tree = conf_parse(groups);
	const struct frr_node *bgp = adopt_bgp(tree), *family;
	struct upstream_list list;
	const struct upstream *up;
	bool via_group;

	(void)state;
	conf_adopt(tree, &list);
	assert_int_equal(list.n, 3);
	up = &list.v[0];
	assert_int_equal(up->remote_as, 65001);
	assert_string_equal(up->description, "Everybody");
	assert_true(up->family[1] && up->soft_reconfiguration && up->tcp_md5);
	assert_string_equal(up->route_map_in, "GROUP-IN");
	assert_string_equal(up->route_map_out, "GROUP-OUT");
	assert_int_equal(up->local_preference, 77);
	up = &list.v[1];
	assert_string_equal(up->description, "Own words");
	assert_string_equal(up->route_map_in, "GROUP-IN");
	assert_string_equal(up->route_map_out, "OWN-OUT");
	assert_int_equal(up->as_path_prepend, 3);
	up = &list.v[2];
	assert_int_equal(up->remote_as, 65003);
	assert_false(up->family[0] || up->family[1]);
	family = adopt_family(bgp, FAMILY_IPV6_UNICAST);
	assert_non_null(family);
	assert_null(adopt_family(bgp, FAMILY_IPV4_UNICAST));
	assert_string_equal(adopt_value(bgp, family, "2001:db8::1",
				"soft-reconfiguration inbound", &via_group),
	    "");
	assert_true(via_group);
	assert_string_equal(adopt_value(bgp, bgp, "2001:db8::2", "description",
				&via_group),
	    "Own words");
	assert_false(via_group);
	assert_null(
	    adopt_value(bgp, bgp, "2001:db8::3", "description", &via_group));
	adopt_clear(&list);
	frr_tree_free(&tree);
}

/* A member's own word counts before the group's, and that before FRR's. */
static void
test_activation(void **state)
{
	struct frr_node *tree = conf_parse("router bgp 65000 as-notation dot\n"
					   " neighbor PG peer-group\n"
					   " neighbor PG remote-as 1\n"
					   " neighbor ::1 peer-group PG\n"
					   " neighbor ::2 peer-group PG\n"
					   " neighbor ::3 remote-as 3\n"
					   " address-family ipv4 unicast\n"
					   "  no neighbor PG activate\n"
					   "  neighbor ::2 activate\n"
					   " exit-address-family\n"
					   " address-family ipv6 unicast\n"
					   "  neighbor PG activate\n"
					   "  no neighbor ::2 activate\n"
					   " exit-address-family\nexit\n");
	struct upstream_list list;

	(void)state;
	conf_adopt(tree, &list);
	assert_int_equal(list.n, 3);
	assert_true(!list.v[0].family[0] && list.v[0].family[1]);
	assert_true(list.v[1].family[0] && !list.v[1].family[1]);
	assert_true(list.v[2].family[0] && !list.v[2].family[1]);
	adopt_clear(&list);
	frr_tree_free(&tree);
}

/* "2001:db8::1" is no part of "2001:db8::10", nor "route-map" of a word. */
static void
test_words_are_whole(void **state)
{
	struct frr_node *tree = conf_parse(
	    "router bgp 65000\n no bgp default ipv4-unicast\n"
	    " neighbor 2001:db8::1 remote-as 1\n"
	    " neighbor 2001:db8::10 remote-as 10\n"
	    " neighbor 2001:db8::10 description ten\n !\n"
	    " address-family ipv6 unicast\n"
	    "  neighbor 2001:db8::10 activate\n"
	    "  neighbor 2001:db8::10 route-map X in\n"
	    "  neighbor 2001:db8::10 maximum-prefix-out 5\n"
	    " exit-address-family\nexit\nroute-map X permit 10\nexit\n");
	struct upstream_list list;

	(void)state;
	conf_adopt(tree, &list);
	assert_int_equal(list.n, 2);
	assert_string_equal(list.v[0].description, "");
	assert_string_equal(list.v[0].route_map_in, "");
	assert_false(list.v[0].family[1]);
	assert_string_equal(list.v[1].route_map_in, "X");
	assert_int_equal(list.v[1].maximum_prefix.limit, 0);
	adopt_clear(&list);
	frr_tree_free(&tree);
}

static void
add_friendly(struct friendly *f, const char *address, const char *name)
{
	assert_int_equal(addr_parse(&f->neighbor, address, NULL), 0);
	assert_int_equal(name_parse(&f->name, name, NULL), 0);
}

static void
test_names_that_are_known(void **state)
{
	struct frr_node *tree = conf_parse("router bgp 65000\n"
					   " neighbor ::1 remote-as 1\n"
					   " neighbor ::1 description Edge X\n"
					   " neighbor ::2 remote-as 2\n"
					   " neighbor ::2 description X\n"
					   " neighbor ::3 remote-as 3\n"
					   " neighbor ::3 description X West\n"
					   " neighbor ::4 remote-as 4\n"
					   " neighbor ::4 description X\n"
					   "exit\n");
	struct friendly known[2];
	struct friendly_list names = { known, 2 };
	struct upstream_list list, again;
	struct addr addr;
	size_t i;

	(void)state;
	/* One that is renamed, and one that is gone but keeps its name. */
	memset(known, 0, sizeof(known));
	add_friendly(&known[0], "::2", "mine");
	add_friendly(&known[1], "::9", "x");
	adopt_upstreams(tree, &names, &list);
	assert_int_equal(list.n, 4);
	assert_string_equal(list.v[0].name.s, "x-2");
	assert_string_equal(list.v[1].name.s, "mine");
	assert_string_equal(list.v[2].name.s, "x-west");
	assert_string_equal(list.v[3].name.s, "x-3");
	assert_ptr_equal(adopt_find(&list, "mine"), &list.v[1]);
	assert_null(adopt_find(&list, "x"));
	assert_int_equal(addr_parse(&addr, "::3", NULL), 0);
	assert_ptr_equal(adopt_find_neighbor(&list, &addr), &list.v[2]);
	assert_true(adopt_has_neighbor(tree, &addr));
	assert_int_equal(addr_parse(&addr, "::9", NULL), 0);
	assert_null(adopt_find_neighbor(&list, &addr));
	assert_false(adopt_has_neighbor(tree, &addr));
	/* The same input gives the same names. */
	adopt_upstreams(tree, &names, &again);
	for (i = 0; i < list.n; i++)
		assert_string_equal(list.v[i].name.s, again.v[i].name.s);
	adopt_clear(&list);
	adopt_clear(&again);
	assert_null(list.v);
	frr_tree_free(&tree);
}

#define ONE_NEIGHBOR(maps)                                              \
	"router bgp 65000\n neighbor ::1 remote-as 1\n"                 \
	" address-family ipv6 unicast\n  neighbor ::1 activate\n"       \
	"  neighbor ::1 route-map IN in\n  neighbor ::1 route-map OUT " \
	"out\n exit-address-family\nexit\n" maps

static void
check_policy(const char *text, int64_t local_preference, unsigned prepend,
    const char *warning)
{
	struct frr_node *tree = conf_parse(text);
	struct upstream_list list;
	const struct upstream *up;

	conf_adopt(tree, &list);
	assert_int_equal(list.n, 1);
	up = &list.v[0];
	assert_int_equal(up->has_local_preference, local_preference != -1);
	if (local_preference != -1)
		assert_int_equal(up->local_preference, local_preference);
	assert_int_equal(up->as_path_prepend, prepend);
	if (warning == NULL) {
		assert_int_equal(up->n_warnings, 0);
	} else {
		assert_int_equal(up->n_warnings, 1);
		if (strstr(up->warnings[0], warning) == NULL)
			fail_msg("%s", up->warnings[0]);
	}
	adopt_clear(&list);
	frr_tree_free(&tree);
}

#define OUT "route-map OUT permit 10\nexit\n"
#define IN "route-map IN permit 10\nexit\n"

static void
test_route_maps(void **state)
{
	(void)state;
	check_policy(ONE_NEIGHBOR(IN OUT), -1, 0, NULL);
	check_policy(
	    ONE_NEIGHBOR(
		OUT "route-map IN permit 10\n set local-preference 0\nexit\n"),
	    0, 0, NULL);
	check_policy(ONE_NEIGHBOR(OUT), -1, 0, "IN does not exist");
	check_policy(ONE_NEIGHBOR(IN), -1, 0, "OUT does not exist");
	/* Deny entries do not count, however they come. */
	check_policy(
	    ONE_NEIGHBOR(
		OUT "route-map IN deny 5\n set local-preference 1\nexit\n"
		    "route-map IN permit 10\n set local-preference 9\nexit\n"
		    "route-map IN permit 20\n set local-preference 9\nexit\n"),
	    9, 0, NULL);
	check_policy(ONE_NEIGHBOR(OUT "route-map IN deny 5\nexit\n"), -1, 0,
	    NULL);
	/* Another map whose name starts alike. */
	check_policy(
	    ONE_NEIGHBOR(IN OUT
		"route-map IN-2 permit 10\n set local-preference 1\nexit\n"),
	    -1, 0, NULL);
}

static void
test_route_maps_that_differ(void **state)
{
	(void)state;
	check_policy(
	    ONE_NEIGHBOR(
		OUT "route-map IN permit 10\n set local-preference 120\nexit\n"
		    "route-map IN permit 20\n set local-preference 80\nexit\n"),
	    120, 0, "different local preferences");
	check_policy(
	    ONE_NEIGHBOR(
		OUT "route-map IN permit 10\nexit\n"
		    "route-map IN permit 20\n set local-preference 80\nexit\n"),
	    -1, 0, "different local preferences");
	check_policy(
	    ONE_NEIGHBOR(
		OUT "route-map IN permit 10\n set local-preference 0\nexit\n"
		    "route-map IN permit 20\nexit\n"),
	    0, 0, "different local preferences");
	check_policy(
	    ONE_NEIGHBOR(OUT
		"route-map IN permit 10\n set local-preference +10\nexit\n"),
	    -1, 0, "not a plain number");
	check_policy(
	    ONE_NEIGHBOR(
		IN "route-map OUT permit 10\n set as-path prepend 65000\nexit\n"
		   "route-map OUT permit 20\nexit\n"),
	    -1, 1, "prepend differently");
}

static void
test_prepends(void **state)
{
	(void)state;
	check_policy(ONE_NEIGHBOR(
			 IN "route-map OUT permit 10\n"
			    " set as-path prepend 65000 65000\nexit\n"),
	    -1, 2, NULL);
	check_policy(ONE_NEIGHBOR(IN "route-map OUT permit 10\n"
				     " set as-path prepend 65000 1\nexit\n"),
	    -1, 1, "not ours");
	check_policy(ONE_NEIGHBOR(IN "route-map OUT permit 10\n"
				     " set as-path prepend 1\nexit\n"),
	    -1, 0, "not ours");
	check_policy(ONE_NEIGHBOR(IN "route-map OUT permit 10\n"
				     " set as-path prepend last-as 3\nexit\n"),
	    -1, 0, "not ours");
}

static void
test_prefix_lists_by_family(void **state)
{
	struct frr_node *tree = conf_parse(ONE_NEIGHBOR(
	    "route-map IN permit 10\n match ip address prefix-list FOUR\n"
	    " match ipv6 address prefix-list SIX\nexit\n"
	    "route-map IN permit 20\n match ipv6 address prefix-list TWO\n"
	    "exit\nroute-map OUT permit 10\n match ipv6 address ACL\nexit\n"));
	struct upstream_list list;

	(void)state;
	conf_adopt(tree, &list);
	assert_string_equal(list.v[0].import_prefix_list, "SIX");
	assert_string_equal(list.v[0].export_prefix_list, "");
	adopt_clear(&list);
	frr_tree_free(&tree);
}

/* A full table of neighbors, and words too long for us. */
static void
test_many_and_long(void **state)
{
	struct buf b = BUF_INIT;
	struct upstream_list list;
	struct frr_node *tree;
	unsigned i;

	(void)state;
	buf_puts(&b, "router bgp 65000\n");
	for (i = 0; i < 300; i++)
		buf_printf(&b,
		    " neighbor 2001:db8::%x remote-as %u\n"
		    " neighbor 2001:db8::%x description Upstream same%0400d\n",
		    i, 64512 + i, i, 7);
	buf_puts(&b, " neighbor ");
	for (i = 0; i < 200; i++)
		buf_puts(&b, "x");
	buf_puts(&b, " peer-group\nexit\n");
	tree = conf_parse(buf_text(&b));
	conf_adopt(tree, &list);
	assert_int_equal(list.n, 300);
	assert_int_equal(strlen(list.v[299].description),
	    UPSTREAM_TEXT_MAX - 1);
	for (i = 1; i < 300; i++)
		assert_string_not_equal(list.v[i].name.s, list.v[i - 1].name.s);
	adopt_clear(&list);
	frr_tree_free(&tree);
	buf_clear(&b);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_reference_hobgp),
		cmocka_unit_test(test_reference_vtbgp),
		cmocka_unit_test(test_nothing_is_written),
		cmocka_unit_test(test_nothing_there),
		cmocka_unit_test(test_two_families),
		cmocka_unit_test(test_peer_groups),
		cmocka_unit_test(test_activation),
		cmocka_unit_test(test_words_are_whole),
		cmocka_unit_test(test_names_that_are_known),
		cmocka_unit_test(test_route_maps),
		cmocka_unit_test(test_route_maps_that_differ),
		cmocka_unit_test(test_prepends),
		cmocka_unit_test(test_prefix_lists_by_family),
		cmocka_unit_test(test_many_and_long),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
