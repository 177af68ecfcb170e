/* tests/unit/test_engine_route_map.c - editing route maps, or saying why not.
 */
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
#include "engine/route_map.h"
#include "engine_conf.h"

/* Two neighbors of ours in IPv6 only; ::3 is inside our AS. */
#define BGP(lines, family)                                           \
	"router bgp 65000\n no bgp default ipv4-unicast\n"           \
	" neighbor ::1 remote-as 1\n neighbor ::1 description one\n" \
	" neighbor ::2 remote-as 2\n neighbor ::2 description two\n" \
	" neighbor ::3 remote-as 65000\n"                            \
	" neighbor ::3 description three\n" lines                    \
	" address-family ipv6 unicast\n"                             \
	"  neighbor ::1 activate\n  neighbor ::2 activate\n"         \
	"  neighbor ::3 activate\n" family " exit-address-family\nexit\n"
#define MAP(name, lines) "route-map " name " permit 10\n" lines "exit\n"
#define ONE_IN "  neighbor ::1 route-map IN in\n"
#define ONE_OUT "  neighbor ::1 route-map OUT out\n"
#define TWO_IN "  neighbor ::2 route-map IN in\n"

struct ask {
	bool prepend; /* else the local preference */
	bool null;
	uint32_t value;
	bool shared;
};

static int
edit(struct frr_node *tree, const char *name, const struct ask *ask,
    struct err *err)
{
	struct upstream_list list;
	const struct upstream *up;
	int rc;

	conf_adopt(tree, &list);
	up = conf_upstream(&list, name);
	err_clear(err);
	if (ask->prepend)
		rc = route_map_set_prepend(tree, up, ask->value, ask->shared,
		    err);
	else
		rc = route_map_set_local_preference(tree, up, ask->null,
		    ask->value, ask->shared, err);
	adopt_clear(&list);
	return rc;
}

static void
check_edit(const char *before, const char *name, const struct ask *ask,
    const char *after)
{
	struct frr_node *tree = conf_parse(before);
	struct err err;

	if (edit(tree, name, ask, &err) == -1)
		fail_msg("%s", err.text);
	conf_check(tree, after);
	frr_tree_free(&tree);
}

static void
check_refused(const char *before, const char *name, const struct ask *ask,
    const char *reason, const char *words)
{
	struct frr_node *tree = conf_parse(before);
	struct err err;

	if (edit(tree, name, ask, &err) != -1)
		fail_msg("%s was not refused", reason);
	assert_int_equal(err.code, ERR_CONFLICT);
	assert_string_equal(err.reason, reason);
	if (strstr(err.text, words) == NULL)
		fail_msg("%s", err.text);
	frr_tree_free(&tree);
}

static const struct ask lp_250 = { false, false, 250, false };
static const struct ask lp_null = { false, true, 0, false };
static const struct ask lp_250_shared = { false, false, 250, true };
static const struct ask prepend_0 = { true, false, 0, false };
static const struct ask prepend_3 = { true, false, 3, false };

static void
test_set_and_take_away(void **state)
{
	static const char none[] = BGP("", ONE_IN ONE_OUT)
	    MAP("IN", " match ipv6 address prefix-list PL\n")
		MAP("OUT", " match ipv6 address prefix-list NET\n");
	static const char some[] = BGP("", ONE_IN ONE_OUT) MAP("IN",
	    " match ipv6 address prefix-list PL\n"
	    " set local-preference 250\n") MAP("OUT",
	    " match ipv6 address prefix-list NET\n"
	    " set as-path prepend 65000 65000 65000\n");
	struct frr_node *tree = conf_parse(none);
	struct err err;

	(void)state;
	assert_int_equal(edit(tree, "one", &lp_250, &err), 0);
	assert_int_equal(edit(tree, "one", &prepend_3, &err), 0);
	conf_check(tree, some);
	/* Once more is the same. */
	assert_int_equal(edit(tree, "one", &lp_250, &err), 0);
	assert_int_equal(edit(tree, "one", &prepend_3, &err), 0);
	conf_check(tree, some);
	assert_int_equal(edit(tree, "one", &lp_null, &err), 0);
	assert_int_equal(edit(tree, "one", &prepend_0, &err), 0);
	conf_check(tree, none);
	assert_int_equal(edit(tree, "one", &lp_null, &err), 0);
	assert_int_equal(edit(tree, "one", &prepend_0, &err), 0);
	conf_check(tree, none);
	frr_tree_free(&tree);
}

/* Every permit entry, whatever it had; deny entries and other maps stay. */
static void
test_every_permit_entry(void **state)
{
	(void)state;
	check_edit(
	    BGP("",
		ONE_IN) "route-map IN deny 5\n set local-preference 1\nexit\n"
			"route-map IN permit 10\n set local-preference 150\n"
			" set community 1:1\nexit\n"
			"route-map IN permit 20\n match as-path X\nexit\n"
			"route-map IN permit 30\n set local-preference +5\nexit\n"
			"route-map IN-2 permit 10\n set local-preference 2\nexit\n",
	    "one", &lp_250,
	    BGP("",
		ONE_IN) "route-map IN deny 5\n set local-preference 1\nexit\n"
			"route-map IN permit 10\n set local-preference 250\n"
			" set community 1:1\nexit\n"
			"route-map IN permit 20\n match as-path X\n"
			" set local-preference 250\nexit\n"
			"route-map IN permit 30\n set local-preference 250\nexit\n"
			"route-map IN-2 permit 10\n set local-preference 2\nexit\n");
}

static void
test_shared_map(void **state)
{
	static const char shared[] = BGP("", ONE_IN TWO_IN) MAP("IN", "");

	(void)state;
	check_refused(shared, "one", &lp_250, "route_map_shared", "::2");
	check_refused(shared, "two", &lp_250, "route_map_shared", "::1");
	check_edit(shared, "one", &lp_250_shared,
	    BGP("", ONE_IN TWO_IN) MAP("IN", " set local-preference 250\n"));
	/* Others are others even when nothing has to be changed. */
	check_refused(shared, "one", &lp_null, "route_map_shared", "::2");
}

static void
test_everybody_who_refers(void **state)
{
	static const char *const all[][2] = {
		{ BGP("", ONE_IN) MAP("IN", "") MAP("Y", " call IN\n"),
		    "route-map Y permit 10" },
		{ BGP("", ONE_IN "  network 2001:db8::/32 route-map IN\n")
			MAP("IN", ""),
		    "network 2001:db8::/32 route-map IN" },
		{ BGP("", ONE_IN "  redistribute connected route-map IN\n")
			MAP("IN", ""),
		    "redistribute connected route-map IN" },
		{ BGP("", ONE_IN "  table-map IN\n") MAP("IN", ""),
		    "table-map IN" },
		{ BGP("", ONE_IN "  neighbor ::2 unsuppress-map IN\n")
			MAP("IN", ""),
		    "::2" },
		{ BGP("",
		      ONE_IN "  neighbor ::2 advertise-map X exist-map IN\n")
			MAP("IN", ""),
		    "::2" },
		{ BGP("",
		      ONE_IN "  neighbor ::2 default-originate route-map "
			     "IN\n") MAP("IN", ""),
		    "::2" },
		{ BGP("", ONE_IN)
			MAP("IN", "") "ipv6 protocol bgp route-map IN\n",
		    "ipv6 protocol bgp route-map IN" },
		{ BGP("", ONE_IN) MAP("IN", "") "vrf red\n"
						" ip protocol bgp route-map "
						"IN\nexit-vrf\n",
		    "ip protocol bgp route-map IN" },
		{ BGP("", ONE_IN)
			MAP("IN", "") "router bgp 65000 vrf red\n"
				      " neighbor 192.0.2.1 remote-as 9\n"
				      " address-family ipv4 unicast\n"
				      "  neighbor 192.0.2.1 route-map IN in\n"
				      " exit-address-family\nexit\n",
		    "192.0.2.1" },
		/* The same neighbor, the other direction. */
		{ BGP("", ONE_IN "  neighbor ::1 route-map IN out\n")
			MAP("IN", ""),
		    "::1" },
	};
	size_t i;

	(void)state;
	for (i = 0; i < NITEMS(all); i++)
		check_refused(all[i][0], "one", &lp_250, "route_map_shared",
		    all[i][1]);
}

static void
test_all_referrers_are_named(void **state)
{
	struct frr_node *tree =
	    conf_parse(BGP("", ONE_IN TWO_IN "  neighbor ::3 route-map IN in\n")
		    MAP("IN", "") MAP("Y", " call IN\n"));
	struct err err;

	(void)state;
	assert_int_equal(edit(tree, "one", &lp_250, &err), -1);
	assert_non_null(strstr(err.text, "::1"));
	assert_non_null(strstr(err.text, "::2"));
	assert_non_null(strstr(err.text, "::3"));
	assert_non_null(strstr(err.text, "route-map Y permit 10"));
	frr_tree_free(&tree);
}

/* Names that only look alike are no reference. */
static void
test_not_shared(void **state)
{
	static const char others[] = BGP("",
	    ONE_IN "  neighbor ::2 route-map IN-2 in\n"
		   "  neighbor ::2 description IN\n")
	    MAP("IN-2", " call IN-3\n") MAP("IN-3", "");
	struct frr_node *tree;
	struct buf b = BUF_INIT;
	struct err err;

	(void)state;
	buf_printf(&b, "%s%s", others, MAP("IN", " description route-map\n"));
	tree = conf_parse(buf_text(&b));
	if (edit(tree, "one", &lp_250, &err) == -1)
		fail_msg("%s", err.text);
	buf_reset(&b);
	buf_printf(&b, "%s%s", others,
	    MAP("IN", " description route-map\n set local-preference 250\n"));
	conf_check(tree, buf_text(&b));
	frr_tree_free(&tree);
	buf_clear(&b);
}

static void
test_missing_and_empty_maps(void **state)
{
	(void)state;
	check_refused(BGP("", ONE_IN), "one", &lp_250, "route_map_missing",
	    "IN does not exist");
	check_refused(BGP("", ONE_OUT) MAP("OUT-2", ""), "one", &prepend_3,
	    "route_map_missing", "OUT does not exist");
	check_refused(BGP("", ONE_IN) "route-map IN deny 10\nexit\n", "one",
	    &lp_250, "route_map_no_permit", "IN");
}

static void
test_foreign_prepends(void **state)
{
	static const char *const sets[] = { "1", "65000 1", "65000 65000 1",
		"last-as 2", "650000" };
	char text[1024];
	size_t i;

	(void)state;
	for (i = 0; i < NITEMS(sets); i++) {
		(void)snprintf(text, sizeof(text),
		    "%sroute-map OUT permit 10\nexit\n"
		    "route-map OUT permit 20\n set as-path prepend %s\nexit\n",
		    BGP("", ONE_OUT), sets[i]);
		check_refused(text, "one", &prepend_3, "prepend_foreign",
		    "OUT");
		check_refused(text, "one", &prepend_0, "prepend_foreign",
		    "OUT");
	}
}

/* A map of its own appears only where it opens nothing. */
static void
test_new_map_inside_our_as(void **state)
{
	(void)state;
	check_edit(BGP("", ""), "three", &lp_250,
	    BGP("", "  neighbor ::3 route-map RM-THREE-IN in\n")
		MAP("RM-THREE-IN", " set local-preference 250\n"));
	/* The name is taken. */
	check_edit(BGP("", "") MAP("RM-THREE-IN", "") MAP("RM-THREE-IN-2", ""),
	    "three", &lp_250,
	    BGP("", "  neighbor ::3 route-map RM-THREE-IN-3 in\n")
		MAP("RM-THREE-IN", "") MAP("RM-THREE-IN-2", "")
		    MAP("RM-THREE-IN-3", " set local-preference 250\n"));
	/* There is nothing to take away. */
	check_edit(BGP("", ""), "three", &lp_null, BGP("", ""));
	check_edit(BGP("", ""), "one", &lp_null, BGP("", ""));
	check_edit(BGP("", ""), "one", &prepend_0, BGP("", ""));
}

static void
test_new_map_for_another_as(void **state)
{
	static const char before[] = BGP("",
	    "  neighbor ::1 prefix-list PL in\n"
	    "  neighbor ::2 prefix-list PL out\n");

	(void)state;
	check_refused(BGP("", ""), "one", &lp_250, "no_import_policy", "one");
	check_refused(BGP("", ""), "one", &prepend_3, "no_export_policy",
	    "one");
	/* A list of the other direction, or of somebody else, is no help. */
	check_refused(before, "one", &prepend_3, "no_export_policy", "one");
	check_edit(before, "one", &lp_250,
	    BGP("",
		"  neighbor ::1 prefix-list PL in\n"
		"  neighbor ::2 prefix-list PL out\n"
		"  neighbor ::1 route-map RM-ONE-IN in\n")
		MAP("RM-ONE-IN", " set local-preference 250\n"));
	check_edit(BGP("", "  neighbor ::1 prefix-list PL out\n"), "one",
	    &prepend_3,
	    BGP("",
		"  neighbor ::1 prefix-list PL out\n"
		"  neighbor ::1 route-map RM-ONE-OUT out\n")
		MAP("RM-ONE-OUT", " set as-path prepend 65000 65000 65000\n"));
	/* Told to accept everything, it accepts everything; what it announces
	 * is another matter. */
	check_edit(BGP(" no bgp ebgp-requires-policy\n", ""), "one", &lp_250,
	    BGP(" no bgp ebgp-requires-policy\n",
		"  neighbor ::1 route-map RM-ONE-IN in\n")
		MAP("RM-ONE-IN", " set local-preference 250\n"));
	check_refused(BGP(" no bgp ebgp-requires-policy\n", ""), "one",
	    &prepend_3, "no_export_policy", "one");
}

#define BOTH(four, six, maps)                                             \
	"router bgp 65000\n neighbor ::3 remote-as 65000\n"               \
	" neighbor ::3 description three\n address-family ipv4 unicast\n" \
	"  network 192.0.2.0/24\n" four " exit-address-family\n"          \
	" address-family ipv6 unicast\n  neighbor ::3 activate\n" six     \
	" exit-address-family\nexit\n" maps

/* All active families, each with its map; one for both is edited once. */
static void
test_both_families(void **state)
{
	(void)state;
	check_edit(BOTH("  neighbor ::3 route-map F in\n",
		       "  neighbor ::3 route-map S in\n",
		       MAP("F", "") MAP("S", " set local-preference 1\n")),
	    "three", &lp_250,
	    BOTH("  neighbor ::3 route-map F in\n",
		"  neighbor ::3 route-map S in\n",
		MAP("F", " set local-preference 250\n")
		    MAP("S", " set local-preference 250\n")));
	check_edit(BOTH("  neighbor ::3 route-map B in\n",
		       "  neighbor ::3 route-map B in\n", MAP("B", "")),
	    "three", &lp_250,
	    BOTH("  neighbor ::3 route-map B in\n",
		"  neighbor ::3 route-map B in\n",
		MAP("B", " set local-preference 250\n")));
	check_edit(BOTH("", "  neighbor ::3 route-map S in\n", MAP("S", "")),
	    "three", &lp_250,
	    BOTH("  neighbor ::3 route-map RM-THREE-IN in\n",
		"  neighbor ::3 route-map S in\n",
		MAP("RM-THREE-IN", " set local-preference 250\n")
		    MAP("S", " set local-preference 250\n")));
}

#define GROUP(own, maps)                                               \
	"router bgp 65000\n no bgp default ipv4-unicast\n"             \
	" neighbor PG peer-group\n neighbor PG remote-as 1\n"          \
	" neighbor ::1 peer-group PG\n neighbor ::1 description one\n" \
	" neighbor ::2 peer-group PG\n neighbor ::2 description two\n" \
	" address-family ipv6 unicast\n  neighbor PG activate\n"       \
	"  neighbor PG route-map GROUP in\n" own                       \
	" exit-address-family\nexit\n" maps

/* What a group says holds for all its members. */
static void
test_peer_groups(void **state)
{
	(void)state;
	check_refused(GROUP("", MAP("GROUP", "")), "one", &lp_250,
	    "route_map_shared", "PG");
	check_edit(GROUP("", MAP("GROUP", "")), "one", &lp_250_shared,
	    GROUP("", MAP("GROUP", " set local-preference 250\n")));
	/* One that has its own is its own master. */
	check_edit(GROUP(ONE_IN, MAP("GROUP", "") MAP("IN", "")), "one",
	    &lp_250,
	    GROUP(ONE_IN,
		MAP("GROUP", "") MAP("IN", " set local-preference 250\n")));
}

static void
test_reference(void **state)
{
	struct frr_node *tree = conf_reference("reference/hobgp.frr.conf");
	const struct frr_node *entry;
	struct upstream_list list;
	struct err err;

	(void)state;
	assert_int_equal(edit(tree, "ifog", &lp_250, &err), 0);
	assert_int_equal(edit(tree, "lagrange", &prepend_3, &err), 0);
	assert_int_equal(edit(tree, "route64", &lp_250, &err), 0);
	assert_int_equal(edit(tree, "vultr", &lp_null, &err), 0);
	conf_adopt(tree, &list);
	assert_int_equal(conf_upstream(&list, "ifog")->local_preference, 250);
	assert_int_equal(conf_upstream(&list, "lagrange")->as_path_prepend, 3);
	assert_false(conf_upstream(&list, "lagrange")->has_local_preference);
	assert_int_equal(conf_upstream(&list, "route64")->local_preference,
	    250);
	assert_false(conf_upstream(&list, "vultr")->has_local_preference);
	entry = frr_tree_child(tree, "route-map RM-LAGRANGE-OUT permit 10");
	assert_non_null(entry);
	assert_non_null(
	    frr_tree_child(entry, "set as-path prepend 201379 201379 201379"));
	assert_int_equal(entry->n_children, 2);
	adopt_clear(&list);
	frr_tree_free(&tree);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_set_and_take_away),
		cmocka_unit_test(test_every_permit_entry),
		cmocka_unit_test(test_shared_map),
		cmocka_unit_test(test_everybody_who_refers),
		cmocka_unit_test(test_all_referrers_are_named),
		cmocka_unit_test(test_not_shared),
		cmocka_unit_test(test_missing_and_empty_maps),
		cmocka_unit_test(test_foreign_prepends),
		cmocka_unit_test(test_new_map_inside_our_as),
		cmocka_unit_test(test_new_map_for_another_as),
		cmocka_unit_test(test_both_families),
		cmocka_unit_test(test_peer_groups),
		cmocka_unit_test(test_reference),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
