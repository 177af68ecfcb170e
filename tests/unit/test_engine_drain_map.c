/* tests/unit/test_engine_drain_map.c - copies put in, and seen through. */
/* links: engine/drain_map engine/drain_marks engine/drain_lay engine/drain_worn
 * engine/adopt engine/adopt_view engine/naming engine/route_map
 * engine/route_map_users model/drain model/upstream model/tunnel model/tag
 * model/json frr/family frr/tree frr/tree_parse frr/tree_index frr/section
 * frr/diff frr/step frr/line frr/mask base/addr base/buf base/clock base/crypto
 * base/err base/io base/log base/mem base/name base/number base/rfc3339 */
/* libs: -ljansson -lsodium */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/compat.h"
#include "engine/drain_map.h"
#include "engine/drain_worn.h"
#include "engine_conf.h"
#include "frr/diff.h"
#include "frr/state.h"

static const char plain[] =
    "ip prefix-list PL-FOUR seq 5 permit 203.0.113.0/24\n"
    "ipv6 prefix-list PL-MY-NET seq 5 permit 2001:db8::/32\n"
    "route-map RM-A-IN permit 10\n"
    " match ipv6 address prefix-list PL-BOGONS\n"
    " set local-preference 150\n"
    "exit\n"
    "route-map RM-A-OUT permit 10\n"
    " match ipv6 address prefix-list PL-MY-NET\n"
    " set as-path prepend 65000\n"
    " set community 65000:1 no-export\n"
    "exit\n"
    "route-map RM-A-OUT deny 20\n"
    "exit\n"
    "route-map RM-A-OUT permit 30\n"
    " set community none\n"
    "exit\n"
    "router bgp 65000\n"
    " no bgp default ipv4-unicast\n"
    " neighbor PG peer-group\n"
    " neighbor 2001:db8:1::1 remote-as 65001\n"
    " neighbor 2001:db8:2::1 remote-as 65000\n"
    " neighbor 2001:db8:3::1 remote-as 65003\n"
    " neighbor 2001:db8:3::1 peer-group PG\n"
    " neighbor 2001:db8:4::1 remote-as 65004\n"
    " neighbor 2001:db8:4::1 shutdown\n"
    " !\n"
    " address-family ipv4 unicast\n"
    "  neighbor 2001:db8:1::1 activate\n"
    " exit-address-family\n"
    " !\n"
    " address-family ipv6 unicast\n"
    "  neighbor PG route-map RM-A-IN in\n"
    "  neighbor 2001:db8:1::1 activate\n"
    "  neighbor 2001:db8:1::1 route-map RM-A-IN in\n"
    "  neighbor 2001:db8:1::1 route-map RM-A-OUT out\n"
    "  neighbor 2001:db8:2::1 activate\n"
    "  neighbor 2001:db8:3::1 activate\n"
    "  neighbor 2001:db8:4::1 activate\n"
    " exit-address-family\n"
    "exit\n";

struct both {
	struct frr_node *tree; /* as the operator knows it */
	struct frr_node *raw;
	struct drain_marks marks;
	struct drain_marks found;
};

static void
lay_tree(struct both *b)
{
	frr_tree_free(&b->raw);
	b->raw = frr_tree_copy(b->tree);
	drain_map_lay(b->raw, &b->marks);
}

static void
lay(struct both *b)
{
	b->tree = conf_parse(plain);
	lay_tree(b);
}

static struct frr_node *
section_of(const struct frr_node *tree)
{
	return frr_tree_child(frr_tree_child_prefix(tree, "router bgp", NULL),
	    "address-family ipv6 unicast");
}

static void
end(struct both *b)
{
	frr_tree_free(&b->tree);
	frr_tree_free(&b->raw);
	drain_map_clear(&b->marks);
	drain_map_clear(&b->found);
}

static void
check_added(const struct both *b, const char *wanted)
{
	struct frr_steps steps = { 0 };
	struct buf text = BUF_INIT;
	struct err err;

	assert_int_equal(frr_diff(b->tree, b->raw, &steps, &err), 0);
	frr_steps_print(&steps, &text);
	assert_string_equal(buf_text(&text), wanted);
	buf_clear(&text);
	frr_steps_clear(&steps);
}

/* What was laid is what is found, and nothing else is left. */
static void
check_seen_through(struct both *b)
{
	struct frr_node *copy = frr_tree_copy(b->raw);
	size_t i;

	assert_true(drain_map_is_in(copy));
	drain_map_strip(copy, &b->found);
	assert_false(drain_map_is_in(copy));
	assert_true(frr_tree_equal(copy, b->tree));
	assert_int_equal(b->found.n, b->marks.n);
	for (i = 0; i < b->marks.n; i++)
		assert_true(drain_map_equal(&b->marks.v[i],
		    drain_map_find(&b->found, b->marks.v[i].neighbor)));
	drain_map_lay(copy, &b->found);
	assert_true(frr_tree_equal(copy, b->raw));
	frr_tree_free(&copy);
}

static void
test_external(void **state)
{
	struct both b = { 0 };
	struct drain_mark *m;

	(void)state;
	m = drain_map_add(&b.marks, "2001:db8:1::1", "a-one");
	m->prepend = 2;
	m->shutdown = true;
	(void)snprintf(m->message, sizeof(m->message), "CHG-1 reboot");
	lay(&b);
	check_added(&b,
	    "route-map MH-DRAIN-A-ONE-OUT deny 20\n"
	    "exit\n"
	    "route-map MH-DRAIN-A-ONE-IN4 deny 10\n"
	    " description of - shutdown\n"
	    "exit\n"
	    "route-map MH-DRAIN-A-ONE-OUT4 deny 10\n"
	    " description of - prepend 2 shutdown\n"
	    "exit\n"
	    "route-map MH-DRAIN-A-ONE-IN permit 10\n"
	    " match ipv6 address prefix-list PL-BOGONS\n"
	    " set local-preference 0\n"
	    " set weight 0\n"
	    " description of RM-A-IN shutdown\n"
	    "exit\n"
	    "route-map MH-DRAIN-A-ONE-OUT permit 10\n"
	    " match ipv6 address prefix-list PL-MY-NET\n"
	    " set as-path prepend 65000 65000 65000\n"
	    " set community 65000:1 graceful-shutdown no-export\n"
	    " description of RM-A-OUT prepend 2 shutdown\n"
	    "exit\n"
	    "route-map MH-DRAIN-A-ONE-OUT permit 30\n"
	    " set community graceful-shutdown\n"
	    " set as-path prepend 65000 65000\n"
	    "exit\n"
	    "router bgp 65000\n"
	    " neighbor 2001:db8:1::1 shutdown message CHG-1 reboot\n"
	    " address-family ipv4 unicast\n"
	    "  neighbor 2001:db8:1::1 route-map MH-DRAIN-A-ONE-IN4 in\n"
	    "  neighbor 2001:db8:1::1 route-map MH-DRAIN-A-ONE-OUT4 out\n"
	    " exit-address-family\n"
	    " address-family ipv6 unicast\n"
	    "  neighbor 2001:db8:1::1 route-map MH-DRAIN-A-ONE-IN in\n"
	    "  neighbor 2001:db8:1::1 route-map MH-DRAIN-A-ONE-OUT out\n"
	    " exit-address-family\n"
	    "exit\n");
	check_seen_through(&b);
	end(&b);
}

/* Inside our AS nothing is closed, and preference is all that is said. */
static void
test_internal(void **state)
{
	struct both b = { 0 };

	(void)state;
	(void)drain_map_add(&b.marks, "2001:db8:2::1", "edge");
	lay(&b);
	check_added(&b,
	    "route-map MH-DRAIN-EDGE-IN permit 10\n"
	    " set local-preference 0\n"
	    " set weight 0\n"
	    " description of -\n"
	    "exit\n"
	    "route-map MH-DRAIN-EDGE-OUT permit 10\n"
	    " set local-preference 0\n"
	    " description of -\n"
	    "exit\n"
	    "router bgp 65000\n"
	    " address-family ipv6 unicast\n"
	    "  neighbor 2001:db8:2::1 route-map MH-DRAIN-EDGE-IN in\n"
	    "  neighbor 2001:db8:2::1 route-map MH-DRAIN-EDGE-OUT out\n"
	    " exit-address-family\n"
	    "exit\n");
	check_seen_through(&b);
	end(&b);
}

/* FRR's own word, where it has one: outbound nothing is copied but for a
 * longer path, and both directions of both kinds are seen through alike. */
static void
test_native(void **state)
{
	struct both b = { 0 };
	struct drain_mark *m;

	(void)state;
	m = drain_map_add(&b.marks, "2001:db8:1::1", "a");
	m->native = m->shutdown = true;
	drain_map_add(&b.marks, "2001:db8:2::1", "edge")->native = true;
	lay(&b);
	check_added(&b,
	    "route-map MH-DRAIN-A-IN4 deny 10\n"
	    " description of - graceful-shutdown 2001:db8:1::1 shutdown\n"
	    "exit\n"
	    "route-map MH-DRAIN-A-IN permit 10\n"
	    " match ipv6 address prefix-list PL-BOGONS\n"
	    " set local-preference 0\n"
	    " set weight 0\n"
	    " description of RM-A-IN graceful-shutdown 2001:db8:1::1 shutdown\n"
	    "exit\n"
	    "route-map MH-DRAIN-EDGE-IN permit 10\n"
	    " set local-preference 0\n"
	    " set weight 0\n"
	    " description of - graceful-shutdown 2001:db8:2::1\n"
	    "exit\n"
	    "router bgp 65000\n"
	    " neighbor 2001:db8:1::1 graceful-shutdown\n"
	    " neighbor 2001:db8:1::1 shutdown\n"
	    " neighbor 2001:db8:2::1 graceful-shutdown\n"
	    " address-family ipv4 unicast\n"
	    "  neighbor 2001:db8:1::1 route-map MH-DRAIN-A-IN4 in\n"
	    " exit-address-family\n"
	    " address-family ipv6 unicast\n"
	    "  neighbor 2001:db8:1::1 route-map MH-DRAIN-A-IN in\n"
	    "  neighbor 2001:db8:2::1 route-map MH-DRAIN-EDGE-IN in\n"
	    " exit-address-family\n"
	    "exit\n");
	check_seen_through(&b);
	end(&b);
}

static void
test_native_prepend(void **state)
{
	struct both b = { 0 };
	struct drain_mark *m;
	const struct frr_node *entry;

	(void)state;
	m = drain_map_add(&b.marks, "2001:db8:1::1", "a");
	m->native = true;
	m->prepend = 1;
	m = drain_map_add(&b.marks, "2001:db8:2::1", "edge");
	m->native = true;
	m->prepend = 1;
	lay(&b);
	entry = frr_tree_child(b.raw, "route-map MH-DRAIN-A-OUT permit 10");
	assert_non_null(entry);
	assert_non_null(
	    frr_tree_child(entry, "set as-path prepend 65000 65000"));
	assert_non_null(
	    frr_tree_child(entry, "set community 65000:1 no-export"));
	assert_non_null(frr_tree_child(entry,
	    "description of RM-A-OUT prepend 1 graceful-shutdown 2001:db8:1::1"));
	assert_null(
	    frr_tree_child_prefix(b.raw, "route-map MH-DRAIN-EDGE-OUT", NULL));
	check_seen_through(&b);
	end(&b);
}

/* What its maps and lines say of weight would come before preference. */
static void
test_weight(void **state)
{
	struct both b = { 0 };
	struct frr_node *entry;

	(void)state;
	(void)drain_map_add(&b.marks, "2001:db8:1::1", "a");
	b.tree = conf_parse(plain);
	entry = frr_tree_child(b.tree, "route-map RM-A-IN permit 10");
	(void)frr_tree_add(entry, "set weight 200");
	lay_tree(&b);
	entry = frr_tree_child(b.raw, "route-map MH-DRAIN-A-IN permit 10");
	assert_non_null(frr_tree_child(entry, "set weight 0"));
	assert_null(frr_tree_child(entry, "set weight 200"));
	entry = frr_tree_child(b.raw, "route-map MH-DRAIN-A-OUT permit 10");
	assert_null(frr_tree_child_prefix(entry, "set weight", NULL));
	check_seen_through(&b);
	end(&b);
}

/* Without a policy all passes there, and goes on passing. */
static void
test_datacenter(void **state)
{
	struct both b = { 0 };

	(void)state;
	(void)drain_map_add(&b.marks, "2001:db8:4::1", "d");
	b.tree = conf_parse(plain);
	(void)frr_tree_add(b.tree, "frr defaults datacenter");
	lay_tree(&b);
	assert_non_null(
	    frr_tree_child(b.raw, "route-map MH-DRAIN-D-IN permit 10"));
	assert_non_null(
	    frr_tree_child(b.raw, "route-map MH-DRAIN-D-OUT permit 10"));
	check_seen_through(&b);
	(void)frr_tree_add((struct frr_node *)(uintptr_t)adopt_bgp(b.tree),
	    "bgp ebgp-requires-policy");
	lay_tree(&b);
	assert_non_null(
	    frr_tree_child(b.raw, "route-map MH-DRAIN-D-IN deny 10"));
	end(&b);
}

/* Active in no family: there is no place for a map, so nothing is said. */
static void
test_inactive(void **state)
{
	struct both b = { 0 };
	struct drain_mark *m;

	(void)state;
	m = drain_map_add(&b.marks, "2001:db8:5::1", "e");
	m->native = m->shutdown = true;
	b.tree = conf_parse(plain);
	(void)frr_tree_add((struct frr_node *)(uintptr_t)adopt_bgp(b.tree),
	    "neighbor 2001:db8:5::1 remote-as 65005");
	lay_tree(&b);
	assert_true(frr_tree_equal(b.raw, b.tree));
	end(&b);
}

/* A line of the operator's own is not ours to take away: then it is copies. */
static void
test_native_already(void **state)
{
	static const char line[] = "neighbor 2001:db8:1::1 graceful-shutdown";
	struct both b = { 0 };

	(void)state;
	drain_map_add(&b.marks, "2001:db8:1::1", "a")->native = true;
	b.tree = conf_parse(plain);
	(void)frr_tree_add((struct frr_node *)(uintptr_t)adopt_bgp(b.tree),
	    line);
	lay_tree(&b);
	assert_non_null(
	    frr_tree_child(b.raw, "route-map MH-DRAIN-A-OUT permit 10"));
	b.marks.v[0].native = false;
	check_seen_through(&b);
	end(&b);
}

/* Taken away by hand, or by an FRR that does not know it. */
static void
test_native_gone(void **state)
{
	struct both b = { 0 };

	(void)state;
	drain_map_add(&b.marks, "2001:db8:1::1", "a")->native = true;
	lay(&b);
	frr_tree_remove(frr_tree_child(adopt_bgp(b.raw),
	    "neighbor 2001:db8:1::1 graceful-shutdown"));
	drain_map_strip(b.raw, &b.found);
	assert_true(frr_tree_equal(b.raw, b.tree));
	assert_int_equal(b.found.n, 1);
	assert_false(b.found.v[0].native);
	end(&b);
}

/* Somebody attached another map inbound: the line is still known for ours. */
static void
test_native_detached(void **state)
{
	static const char ours[] =
	    "neighbor 2001:db8:1::1 route-map MH-DRAIN-A-IN";
	struct both b = { 0 };
	struct frr_node *section;

	(void)state;
	drain_map_add(&b.marks, "2001:db8:1::1", "a")->native = true;
	lay(&b);
	section = (struct frr_node *)(uintptr_t)adopt_family(adopt_bgp(b.raw),
	    FAMILY_IPV6_UNICAST);
	frr_tree_set_line(frr_tree_child_prefix(section, ours, NULL),
	    "neighbor 2001:db8:1::1 route-map RM-A-IN in");
	section = (struct frr_node *)(uintptr_t)adopt_family(adopt_bgp(b.raw),
	    FAMILY_IPV4_UNICAST);
	frr_tree_remove(frr_tree_child_prefix(section,
	    "neighbor 2001:db8:1::1 route-map MH-DRAIN-A-IN4", NULL));
	drain_map_strip(b.raw, &b.found);
	assert_true(frr_tree_equal(b.raw, b.tree));
	assert_int_equal(b.found.n, 1);
	assert_true(drain_map_equal(&b.found.v[0], &b.marks.v[0]));
	end(&b);
}

/* The group's map is copied, and comes back by taking our line away. */
static void
test_peer_group(void **state)
{
	struct both b = { 0 };
	const struct frr_node *entry;

	(void)state;
	(void)drain_map_add(&b.marks, "2001:db8:3::1", "c");
	lay(&b);
	entry = frr_tree_child_prefix(b.raw, "route-map MH-DRAIN-C-IN permit",
	    NULL);
	assert_non_null(entry);
	assert_non_null(frr_tree_child(entry, "description of -"));
	assert_non_null(
	    frr_tree_child(entry, "match ipv6 address prefix-list PL-BOGONS"));
	check_seen_through(&b);
	end(&b);
}

/* A shutdown of the operator's own is neither said again nor taken away. */
static void
test_shut_down_already(void **state)
{
	struct both b = { 0 };
	struct drain_mark *m;

	(void)state;
	m = drain_map_add(&b.marks, "2001:db8:4::1", "d");
	m->shutdown = true;
	(void)snprintf(m->message, sizeof(m->message), "ours");
	lay(&b);
	assert_null(frr_tree_child(adopt_bgp(b.raw),
	    "neighbor 2001:db8:4::1 shutdown message ours"));
	drain_map_strip(b.raw, &b.found);
	assert_true(frr_tree_equal(b.raw, b.tree));
	assert_int_equal(b.found.n, 1);
	assert_false(b.found.v[0].shutdown);
	end(&b);
}

static void
test_adopt_sees_through(void **state)
{
	struct upstream_list list;
	struct both b = { 0 };
	const struct upstream *up;
	struct addr a;

	(void)state;
	drain_map_add(&b.marks, "2001:db8:1::1", "a")->prepend = 3;
	lay(&b);
	drain_map_strip(b.raw, &b.found);
	conf_adopt(b.raw, &list);
	assert_int_equal(addr_parse(&a, "2001:db8:1::1", NULL), 0);
	up = adopt_find_neighbor(&list, &a);
	assert_non_null(up);
	assert_string_equal(up->route_map_in, "RM-A-IN");
	assert_string_equal(up->route_map_out, "RM-A-OUT");
	assert_true(up->has_local_preference);
	assert_int_equal(up->local_preference, 150);
	assert_int_equal(up->as_path_prepend, 1);
	adopt_clear(&list);
	end(&b);
}

/* A map whose description is gone cannot be led back: it stays as it is. */
static void
test_made_unreadable(void **state)
{
	struct both b = { 0 };
	struct frr_node *entry;

	(void)state;
	(void)drain_map_add(&b.marks, "2001:db8:2::1", "edge");
	lay(&b);
	entry = frr_tree_child(b.raw, "route-map MH-DRAIN-EDGE-IN permit 10");
	frr_tree_remove(frr_tree_child(entry, "description of -"));
	drain_map_strip(b.raw, &b.found);
	assert_non_null(
	    frr_tree_child(b.raw, "route-map MH-DRAIN-EDGE-IN permit 10"));
	assert_null(
	    frr_tree_child_prefix(b.raw, "route-map MH-DRAIN-EDGE-OUT", NULL));
	end(&b);
}

/* Drains two and looks again, after somebody has been there. */
static void
judge(struct both *b, bool first, bool second)
{
	struct frr_node *tree = frr_tree_copy(b->raw);

	drain_map_strip(tree, &b->found);
	drain_worn_judge(b->raw, tree, &b->found);
	assert_int_equal(b->found.n, 2);
	assert_int_equal(drain_map_find(&b->found, "2001:db8:1::1")->worn,
	    first);
	assert_int_equal(drain_map_find(&b->found, "2001:db8:2::1")->worn,
	    second);
	frr_tree_free(&tree);
	drain_map_clear(&b->found);
	lay_tree(b);
}

static void
test_worn(void **state)
{
	struct both b = { 0 };
	struct frr_node *section, *entry, *tree;

	(void)state;
	(void)drain_map_add(&b.marks, "2001:db8:1::1", "a");
	(void)drain_map_add(&b.marks, "2001:db8:2::1", "a-in");
	lay(&b);
	judge(&b, false, false);
	/* Detached, in one direction. */
	section = section_of(b.raw);
	frr_tree_remove(frr_tree_child(section,
	    "neighbor 2001:db8:1::1 route-map MH-DRAIN-A-OUT out"));
	tree = frr_tree_copy(b.raw);
	drain_map_strip(tree, &b.found);
	assert_true(frr_tree_equal(tree, b.tree)); /* its own is not lost */
	frr_tree_free(&tree);
	drain_map_clear(&b.found);
	judge(&b, true, false);
	/* Another one in its place. */
	section = section_of(b.raw);
	frr_tree_set_line(frr_tree_child(section,
			      "neighbor 2001:db8:2::1 route-map "
			      "MH-DRAIN-A-IN-IN in"),
	    "neighbor 2001:db8:2::1 route-map RM-A-IN in");
	judge(&b, false, true);
	/* A line of a copy; an entry more; one less. */
	entry = frr_tree_child(b.raw, "route-map MH-DRAIN-A-IN permit 10");
	frr_tree_remove(frr_tree_child(entry, "set local-preference 0"));
	judge(&b, true, false);
	(void)frr_tree_add(b.raw, "route-map MH-DRAIN-A-OUT permit 5");
	judge(&b, true, false);
	frr_tree_remove(
	    frr_tree_child(b.raw, "route-map MH-DRAIN-A-OUT deny 20"));
	judge(&b, true, false);
	/* The map that it is a copy of. */
	entry = frr_tree_child(b.raw, "route-map RM-A-OUT permit 10");
	(void)frr_tree_add(entry, "set metric 7");
	judge(&b, true, false);
	end(&b);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_external),
		cmocka_unit_test(test_internal),
		cmocka_unit_test(test_native),
		cmocka_unit_test(test_native_prepend),
		cmocka_unit_test(test_weight),
		cmocka_unit_test(test_datacenter),
		cmocka_unit_test(test_inactive),
		cmocka_unit_test(test_native_already),
		cmocka_unit_test(test_native_gone),
		cmocka_unit_test(test_native_detached),
		cmocka_unit_test(test_peer_group),
		cmocka_unit_test(test_shut_down_already),
		cmocka_unit_test(test_adopt_sees_through),
		cmocka_unit_test(test_made_unreadable),
		cmocka_unit_test(test_worn),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
