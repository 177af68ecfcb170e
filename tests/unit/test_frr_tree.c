/* links: frr/tree frr/tree_parse frr/tree_index frr/section base/buf base/clock
 * base/err base/io base/log base/mem */
/* tests/unit/test_frr_tree.c - running configurations into trees and back. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/compat.h"
#include "base/err.h"
#include "base/mem.h"
#include "frr/tree.h"
#include "shared_file.h"

static struct frr_node *
parse(const char *text)
{
	struct err err;
	struct frr_node *tree = frr_tree_parse(text, strlen(text), &err);

	if (tree == NULL)
		fail_msg("%s", err.text);
	return tree;
}

static void
check_print(const char *in, const char *out)
{
	struct frr_node *tree = parse(in);
	struct buf b = BUF_INIT;

	frr_tree_print(tree, &b);
	assert_string_equal(buf_text(&b), out);
	buf_clear(&b);
	frr_tree_free(&tree);
}

static void
check_round_trip(const struct frr_node *tree)
{
	struct buf b = BUF_INIT, again = BUF_INIT;
	struct frr_node *back;

	frr_tree_print(tree, &b);
	back = parse(buf_text(&b));
	assert_true(frr_tree_equal(tree, back));
	assert_true(frr_tree_equal(back, tree));
	frr_tree_print(back, &again);
	assert_string_equal(buf_text(&b), buf_text(&again));
	buf_clear(&b);
	buf_clear(&again);
	frr_tree_free(&back);
}

/* Lines without comments and structure, in the order of the text, must all be
 * found in the print with the same indentation: nothing lost, nothing moved. */
static void
check_every_line(const char *text, const char *printed)
{
	static const char *const structure[] = { "Building configuration...",
		"Current configuration:", "end" };
	char line[4096];
	size_t i;

	while (*text != '\0') {
		size_t n = strcspn(text, "\n");

		(void)snprintf(line, sizeof(line), "\n%.*s\n", (int)n, text);
		text += n + (text[n] == '\n');
		if (line[1] == '\n' || line[1 + strspn(line + 1, " ")] == '!')
			continue;
		for (i = 0; i < NITEMS(structure); i++)
			if (strncmp(line + 1, structure[i], n) == 0)
				break;
		if (i == NITEMS(structure) && strstr(printed, line) == NULL)
			fail_msg("lost or moved: %s", line);
	}
}

static void
check_sample(const char *name)
{
	struct buf text = BUF_INIT, printed = BUF_INIT;
	struct frr_node *tree;

	shared_file(name, &text);
	tree = parse(buf_text(&text));
	check_round_trip(tree);
	buf_putc(&printed, '\n');
	frr_tree_print(tree, &printed);
	check_every_line(buf_text(&text), buf_text(&printed));
	frr_tree_free(&tree);
	buf_clear(&text);
	buf_clear(&printed);
}

static void
test_samples(void **state)
{
	static const char *const where[] = { "8.4.4/hobgp", "8.4.4/vtbgp",
		"10.5.4/hobgp", "master/hobgp" };
	static const char *const what[] = { "", "_no-header", "_bgpd" };
	char name[256];
	size_t i, j;

	(void)state;
	for (i = 0; i < NITEMS(where); i++)
		for (j = 0; j < NITEMS(what); j++) {
			(void)snprintf(name, sizeof(name),
			    "frr/samples/%s/show_running-config%s.out",
			    where[i], what[j]);
			check_sample(name);
		}
}

static void
test_reference(void **state)
{
	struct buf text = BUF_INIT;
	struct frr_node *tree, *bgp, *family, *map;

	(void)state;
	check_sample("reference/hobgp.frr.conf");
	check_sample("reference/vtbgp.frr.conf");
	shared_file("reference/hobgp.frr.conf", &text);
	tree = parse(buf_text(&text));
	bgp = frr_tree_child(tree, "router bgp 201379");
	assert_non_null(bgp);
	assert_true(bgp->is_section);
	assert_non_null(
	    frr_tree_child(bgp, "neighbor fd00:ca::1 remote-as 209735"));
	family = frr_tree_child(bgp, "address-family ipv6 unicast");
	assert_non_null(family);
	assert_ptr_equal(family->parent, bgp);
	assert_non_null(frr_tree_child(family,
	    "neighbor fd00:ca::1 route-map RM-LAGRANGE-OUT out"));
	map = frr_tree_child(tree, "route-map RM-LAGRANGE-OUT permit 10");
	assert_string_equal(frr_tree_rest(frr_tree_child_prefix(map,
					      "set as-path prepend", NULL),
				"set as-path prepend"),
	    "201379 201379");
	frr_tree_free(&tree);
	buf_clear(&text);
}

static void
test_structure(void **state)
{
	(void)state;
	check_print("", "");
	check_print("!\n\n#x\n  !\nend\nexit\n", "");
	check_print("route-map A permit 10\n set  local-preference\t150 \r\n"
		    "exit\n",
	    "route-map A permit 10\n set local-preference 150\n"
	    "exit\n!\n");
	/* No "exit" at all, as FRR 7 printed. */
	check_print(
	    "router bgp 1\n neighbor ::1 remote-as 2\n !\n"
	    " address-family ipv6 unicast\n  neighbor ::1 activate\n"
	    " exit-address-family\n!\nroute-map A permit 10\n set metric 1\n"
	    "!\nline vty\n!\nend\n",
	    "router bgp 1\n neighbor ::1 remote-as 2\n !\n"
	    " address-family ipv6 unicast\n  neighbor ::1 activate\n"
	    " exit-address-family\nexit\n!\nroute-map A permit 10\n"
	    " set metric 1\nexit\n!\nline vty\nexit\n!\n");
	/* No indentation and no exits: placed by their words. */
	check_print(
	    "router bgp 1\nneighbor ::1 remote-as 2\n"
	    "address-family ipv6 unicast\nneighbor ::1 activate\n"
	    "neighbor ::1 description x\nipv6 prefix-list P seq 5 permit "
	    "::/0\nroute-map A deny 5\nmatch tag 1\nhostname h\n",
	    "router bgp 1\n neighbor ::1 remote-as 2\n !\n"
	    " address-family ipv6 unicast\n  neighbor ::1 activate\n"
	    " exit-address-family\n neighbor ::1 description x\nexit\n!\n"
	    "ipv6 prefix-list P seq 5 permit ::/0\n!\nroute-map A deny 5\n"
	    " match tag 1\nexit\n!\nhostname h\n");
	/* The same section twice is one. */
	check_print("vrf red\n ip route 10.0.0.0/8 blackhole\nexit-vrf\n"
		    "vrf red\n vni 5\nexit-vrf\n",
	    "vrf red\n ip route 10.0.0.0/8 blackhole\n vni 5\nexit-vrf\n!\n");
	check_print("route-map A optimization\nlog stdout\n",
	    "route-map A optimization\nlog stdout\n");
}

static void
test_unknown(void **state)
{
	static const char text[] =
	    "quantum entangle 7\n!\n"
	    "router bgp 1\n frob nicate\n !\n newfangled thing\n  inner one\n"
	    "  deeper\n   x\n  exit\n exit\n neighbor ::1 remote-as 2\n !\n"
	    " address-family ipv9 quantum\n  foo\n exit-address-family\n"
	    "exit\n!\nfuture section\n a\n b c\nexit\n!\n";
	struct frr_node *tree = parse(text), *bgp, *thing;

	(void)state;
	check_round_trip(tree);
	assert_int_equal(tree->n_children, 3);
	bgp = frr_tree_child(tree, "router bgp 1");
	assert_non_null(bgp);
	thing = frr_tree_child(bgp, "newfangled thing");
	assert_non_null(thing);
	assert_true(thing->is_section);
	assert_non_null(frr_tree_child(thing, "inner one"));
	assert_non_null(frr_tree_child(frr_tree_child(thing, "deeper"), "x"));
	assert_non_null(frr_tree_child(bgp, "neighbor ::1 remote-as 2"));
	assert_non_null(
	    frr_tree_child(frr_tree_child(tree, "future section"), "b c"));
	frr_tree_free(&tree);
	/* Indentation alone makes no section of a line that has none. */
	check_print("router bgp 1\n neighbor ::1 remote-as 2\n"
		    "    neighbor ::1 description x\nexit\n",
	    "router bgp 1\n neighbor ::1 remote-as 2\n"
	    " neighbor ::1 description x\nexit\n!\n");
}

static void
test_refused(void **state)
{
	struct buf b = BUF_INIT;
	struct err err;
	int i;

	(void)state;
	assert_null(frr_tree_parse("a\0b", 3, &err));
	assert_int_equal(err.code, ERR_TOOL);
	for (i = 0; i < 4001; i++)
		buf_putc(&b, 'a');
	assert_null(frr_tree_parse(buf_text(&b), b.len, &err));
	assert_int_equal(err.code, ERR_TOOL);
	buf_reset(&b);
	for (i = 0; i < 1000001; i++)
		buf_putc(&b, '\n');
	assert_null(frr_tree_parse(buf_text(&b), b.len, &err));
	assert_int_equal(err.code, ERR_TOOL);
	buf_clear(&b);
}

static void
test_large_list(void **state)
{
	struct buf b = BUF_INIT;
	struct frr_node *tree, *copy;
	int i;

	(void)state;
	for (i = 0; i < 100000; i++)
		buf_printf(&b,
		    "ipv6 prefix-list PL seq %d permit "
		    "2001:db8:%x::/48\n",
		    i, i & 0xffff);
	tree = parse(buf_text(&b));
	assert_int_equal(tree->n_children, 100000);
	copy = frr_tree_copy(tree);
	assert_true(frr_tree_equal(tree, copy));
	frr_tree_merge(copy, tree);
	assert_int_equal(copy->n_children, 100000);
	frr_tree_free(&tree);
	frr_tree_free(&copy);
	buf_clear(&b);
}

static void
test_edit(void **state)
{
	struct frr_node *tree = frr_tree_new(), *map, *set, *copy;

	(void)state;
	map = frr_tree_add(tree, "route-map  A permit 10 ");
	assert_true(map->is_section);
	assert_string_equal(map->line, "route-map A permit 10");
	assert_ptr_equal(frr_tree_add(tree, "route-map A permit 10"), map);
	set = frr_tree_add(map, "set local-preference 100");
	assert_false(set->is_section);
	copy = frr_tree_copy(tree);
	assert_true(frr_tree_equal(tree, copy));
	frr_tree_set_line(set, "set local-preference 200");
	assert_false(frr_tree_equal(tree, copy));
	assert_string_equal(frr_tree_rest(set, "set local-preference"), "200");
	assert_null(frr_tree_rest(set, "set local"));
	assert_string_equal(frr_tree_rest(set, "set local-preference 200"), "");
	frr_tree_add(map, "set metric 5");
	assert_ptr_equal(frr_tree_child_prefix(map, "set", set),
	    map->children[1]);
	assert_null(frr_tree_child_prefix(map, "set", map->children[1]));
	frr_tree_remove(set);
	assert_int_equal(map->n_children, 1);
	frr_tree_free(&copy);
	frr_tree_free(&tree);
	frr_tree_free(&tree);
	assert_null(tree);
}

static void
test_merge(void **state)
{
	struct frr_node *tree = parse(
	    "frr version 8.4.4\nroute-map A permit "
	    "10\n match ipv6 address prefix-list P\n set local-preference 1\n"
	    "exit\nrouter bgp 1\nexit\n");
	struct frr_node *zebra =
	    parse("frr version 8.4.4\nipv6 protocol bgp "
		  "route-map A\nroute-map A permit 10\n match ipv6 address "
		  "prefix-list P\nexit\ninterface lo\n ip address 10.0.0.1/32\n"
		  "exit\n");
	struct frr_node *want = parse(
	    "router bgp 1\nexit\nroute-map A permit "
	    "10\n set local-preference 1\n match ipv6 address prefix-list P\n"
	    "exit\nfrr version 8.4.4\ninterface lo\n ip address 10.0.0.1/32\n"
	    "exit\nipv6 protocol bgp route-map A\n");

	(void)state;
	frr_tree_merge(tree, zebra);
	assert_true(frr_tree_equal(tree, want));
	check_round_trip(tree);
	frr_tree_free(&tree);
	frr_tree_free(&zebra);
	frr_tree_free(&want);
}

/* One line, as FRR 10 prints it and as FRR 8 does. */
static void
test_default_left_out(void **state)
{
	struct frr_node *short_form =
	    parse("router bgp 1\n neighbor ::1 ebgp-multihop\n"
		  " neighbor ::2 ebgp-multihop 3\n neighbor ::3 description "
		  "ebgp-multihop\nexit\nneighbor ::1 ebgp-multihop\n");
	struct frr_node *long_form =
	    parse("router bgp 1\n neighbor ::1 ebgp-multihop 255\n"
		  " neighbor ::2 ebgp-multihop 3\n neighbor ::3 description "
		  "ebgp-multihop\nexit\nneighbor ::1 ebgp-multihop\n");

	(void)state;
	assert_true(frr_tree_equal(short_form, long_form));
	check_round_trip(short_form);
	frr_tree_free(&short_form);
	frr_tree_free(&long_form);
}

static void
test_word(void **state)
{
	char word[8];

	(void)state;
	assert_true(
	    frr_tree_word("neighbor ::1 activate", 1, word, sizeof(word)));
	assert_string_equal(word, "::1");
	assert_false(
	    frr_tree_word("neighbor ::1 activate", 3, word, sizeof(word)));
	assert_false(frr_tree_word("neighbor ::1", 0, word, sizeof(word)));
	assert_false(frr_tree_word("", 0, word, sizeof(word)));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_samples),
		cmocka_unit_test(test_reference),
		cmocka_unit_test(test_structure),
		cmocka_unit_test(test_unknown),
		cmocka_unit_test(test_refused),
		cmocka_unit_test(test_large_list),
		cmocka_unit_test(test_edit),
		cmocka_unit_test(test_merge),
		cmocka_unit_test(test_default_left_out),
		cmocka_unit_test(test_word),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
