/* links: frr/diff frr/step frr/line frr/mask frr/tree frr/tree_parse
 * frr/tree_index frr/section base/buf base/clock base/err base/io base/log
 * base/mem */
/* tests/unit/test_frr_diff.c - plans, their undo, and what is left of them. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/buf.h"
#include "base/compat.h"
#include "base/err.h"
#include "frr/diff.h"
#include "frr/mask.h"
#include "frr/section.h"
#include "frr/tree.h"
#include "shared_file.h"

static const char base[] =
    "ipv6 prefix-list PL seq 5 permit 2001:db8::/32\n!\n"
    "route-map IN permit 10\n match ipv6 address prefix-list PL\n"
    " set local-preference 150\nexit\n!\n"
    "route-map OUT permit 10\n set as-path prepend 65000 65000\nexit\n!\n"
    "router bgp 65000\n no bgp default ipv4-unicast\n"
    " neighbor ::1 remote-as 65001\n neighbor ::1 description Upstream\n"
    " neighbor ::1 password geheim\n !\n address-family ipv6 unicast\n"
    "  network 2001:db8::/32\n  neighbor ::1 activate\n"
    "  neighbor ::1 route-map IN in\n  neighbor ::1 route-map OUT out\n"
    " exit-address-family\nexit\n!\n";

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
check_text(const struct frr_steps *steps, const char *want)
{
	struct buf b = BUF_INIT;

	frr_steps_print(steps, &b);
	assert_string_equal(buf_text(&b), want);
	buf_clear(&b);
}

/* A family is there whenever it is named, and seen while it holds something. */
static struct frr_node *
enter(struct frr_node *node, const char *line)
{
	if (frr_section_starts(node->line, "router bgp") &&
	    frr_section_starts(line, "address-family"))
		return frr_tree_add(node, line);
	return frr_tree_child(node, line);
}

static void
leave(struct frr_node *node)
{
	if (node->n_children == 0 &&
	    frr_section_starts(node->line, "address-family"))
		frr_tree_remove(node);
}

/* Plays a tree's part of FRR: does what the steps say, in their order. */
static void
play(struct frr_node *tree, const struct frr_steps *steps)
{
	size_t i, j;

	for (i = 0; i < steps->n; i++) {
		const struct frr_step *step = &steps->v[i];
		struct frr_node *node = tree, *old;

		for (j = 0; j < step->n_path && node != NULL; j++)
			node = enter(node, step->path[j]);
		assert_non_null(node);
		old =
		    step->old == NULL ? NULL : frr_tree_child(node, step->old);
		assert_true(step->old == NULL || old != NULL);
		if (old != NULL)
			frr_tree_remove(old);
		if (step->new != NULL)
			(void)frr_tree_add(node, step->new);
		leave(node);
	}
}

/* before and after in text; do and undo are what must be printed. */
static void
check_diff(const char *before_text, const char *after_text, const char *redo,
    const char *undo)
{
	struct frr_node *before = parse(before_text), *tree;
	struct frr_node *after = parse(after_text);
	struct frr_steps steps = { 0 }, back = { 0 }, left = { 0 };
	struct err err;

	assert_int_equal(frr_diff(before, after, &steps, &err), 0);
	if (redo != NULL)
		check_text(&steps, redo);
	assert_int_equal(frr_steps_reverse(&steps, &back, &err), 0);
	if (undo != NULL)
		check_text(&back, undo);
	assert_int_equal(frr_steps_verify(&steps, after, &err), 0);
	assert_int_equal(frr_steps_verify(&back, before, &err), 0);
	if (steps.n > 0)
		assert_int_equal(frr_steps_verify(&steps, before, &err), -1);
	assert_int_equal(frr_steps_remaining(&steps, before, &left, &err), 0);
	assert_int_equal(left.n, steps.n);
	frr_steps_clear(&left);
	assert_int_equal(frr_steps_remaining(&steps, after, &left, &err), 0);
	assert_int_equal(left.n, 0);
	tree = frr_tree_copy(before);
	play(tree, &steps);
	assert_true(frr_tree_equal(tree, after));
	play(tree, &back);
	assert_true(frr_tree_equal(tree, before));
	frr_tree_free(&tree);
	frr_tree_free(&before);
	frr_tree_free(&after);
	frr_steps_clear(&steps);
	frr_steps_clear(&back);
	frr_steps_clear(&left);
}

/* base with one piece of text replaced. */
static char *
edited(const char *old, const char *new)
{
	static char text[4096];
	const char *at = strstr(base, old);

	assert_non_null(at);
	(void)snprintf(text, sizeof(text), "%.*s%s%s", (int)(at - base), base,
	    new, at + strlen(old));
	return text;
}

static void
test_values(void **state)
{
	(void)state;
	check_diff(base, base, "", "");
	check_diff(base,
	    edited("set local-preference 150", "set local-preference 250"),
	    "route-map IN permit 10\n set local-preference 250\nexit\n",
	    "route-map IN permit 10\n set local-preference 150\nexit\n");
	check_diff(base, edited(" set local-preference 150\n", ""),
	    "route-map IN permit 10\n no set local-preference\nexit\n",
	    "route-map IN permit 10\n set local-preference 150\nexit\n");
	check_diff(base, edited(" set as-path prepend 65000 65000\n", ""),
	    "route-map OUT permit 10\n no set as-path prepend\nexit\n",
	    "route-map OUT permit 10\n set as-path prepend 65000 65000\n"
	    "exit\n");
	check_diff(base, edited("description Upstream", "description Andere"),
	    "router bgp 65000\n neighbor ::1 description Andere\nexit\n",
	    "router bgp 65000\n neighbor ::1 description Upstream\nexit\n");
	check_diff(base, edited(" neighbor ::1 description Upstream\n", ""),
	    "router bgp 65000\n no neighbor ::1 description\nexit\n",
	    "router bgp 65000\n neighbor ::1 description Upstream\nexit\n");
	check_diff(base, edited(" neighbor ::1 password geheim\n", ""),
	    "router bgp 65000\n no neighbor ::1 password\nexit\n", NULL);
	check_diff(base, edited(" no bgp default ipv4-unicast\n", ""),
	    "router bgp 65000\n bgp default ipv4-unicast\nexit\n",
	    "router bgp 65000\n no bgp default ipv4-unicast\nexit\n");
	check_diff(base, edited(" match ipv6 address prefix-list PL\n", ""),
	    "route-map IN permit 10\n no match ipv6 address prefix-list PL\n"
	    "exit\n",
	    NULL);
	check_diff(base,
	    edited("ipv6 prefix-list PL seq 5 permit",
		"ipv6 "
		"prefix-list PL seq 5 deny"),
	    "ipv6 prefix-list PL seq 5 deny 2001:db8::/32\n",
	    "ipv6 prefix-list PL seq 5 permit 2001:db8::/32\n");
}

static void
test_swap_route_map(void **state)
{
	const char *after = edited("neighbor ::1 route-map OUT out",
	    "neighbor ::1 route-map DRAIN out");
	char text[4096];

	(void)state;
	(void)snprintf(text, sizeof(text),
	    "route-map DRAIN permit 10\n"
	    " set community 65535:0\nexit\n%s",
	    after);
	/* The map first, then attached over the old one, never detached. */
	check_diff(base, text,
	    "route-map DRAIN permit 10\n set community 65535:0\nexit\n"
	    "router bgp 65000\n address-family ipv6 unicast\n"
	    "  neighbor ::1 route-map DRAIN out\n exit-address-family\nexit\n",
	    "router bgp 65000\n address-family ipv6 unicast\n"
	    "  neighbor ::1 route-map OUT out\n exit-address-family\nexit\n"
	    "no route-map DRAIN permit 10\n");
}

static void
test_remove_neighbor(void **state)
{
	const char *after =
	    "route-map IN permit 10\n set local-preference 150"
	    "\nexit\nroute-map OUT permit 10\n"
	    " set as-path prepend 65000 65000\nexit\n"
	    "router bgp 65000\n no bgp default ipv4-unicast\n !\n"
	    " address-family ipv6 unicast\n  network 2001:db8::/32\n"
	    " exit-address-family\nexit\n";

	(void)state;
	/* The neighbor goes as a whole: taking its route map away first would
	 * announce everything to it for a moment. */
	check_diff(base, after,
	    "router bgp 65000\n no neighbor ::1 remote-as 65001\nexit\n"
	    "route-map IN permit 10\n"
	    " no match ipv6 address prefix-list PL\nexit\n"
	    "no ipv6 prefix-list PL seq 5 permit 2001:db8::/32\n",
	    "ipv6 prefix-list PL seq 5 permit 2001:db8::/32\n"
	    "route-map IN permit 10\n match ipv6 address prefix-list PL\n"
	    "exit\nrouter bgp 65000\n neighbor ::1 remote-as 65001\n"
	    " neighbor ::1 description Upstream\n"
	    " neighbor ::1 password geheim\n address-family ipv6 unicast\n"
	    "  neighbor ::1 route-map IN in\n"
	    "  neighbor ::1 route-map OUT out\n  neighbor ::1 activate\n"
	    " exit-address-family\nexit\n");
}

/* Filters hold as long as the family is on; no matter what bgpd's default is.
 */
static void
test_family_on_and_off(void **state)
{
	static const char off[] =
	    "router bgp 1\n neighbor ::1 remote-as 7\n"
	    " address-family ipv6 unicast\n  network ::/0\n"
	    " exit-address-family\nexit\n";
	static const char on[] =
	    "router bgp 1\n neighbor ::1 remote-as 7\n"
	    " address-family ipv6 unicast\n  network ::/0\n"
	    "  neighbor ::1 activate\n  neighbor ::1 route-map A in\n"
	    "  neighbor ::1 prefix-list P out\n exit-address-family\nexit\n";
	static const char no[] =
	    "router bgp 1\n neighbor ::1 remote-as 7\n"
	    " address-family ipv6 unicast\n  network ::/0\n"
	    "  no neighbor ::1 activate\n exit-address-family\nexit\n";
	static const char by_default[] =
	    "router bgp 1\n neighbor ::1 remote-as 7\n"
	    " address-family ipv6 unicast\n  network ::/0\n"
	    "  neighbor ::1 route-map A out\n exit-address-family\nexit\n";

	(void)state;
	check_diff(on, off,
	    "router bgp 1\n address-family ipv6 unicast\n"
	    "  no neighbor ::1 activate\n"
	    "  no neighbor ::1 prefix-list P out\n"
	    "  no neighbor ::1 route-map A in\n exit-address-family\nexit\n",
	    "router bgp 1\n address-family ipv6 unicast\n"
	    "  neighbor ::1 route-map A in\n"
	    "  neighbor ::1 prefix-list P out\n"
	    "  neighbor ::1 activate\n exit-address-family\nexit\n");
	check_diff(off, on,
	    "router bgp 1\n address-family ipv6 unicast\n"
	    "  neighbor ::1 route-map A in\n"
	    "  neighbor ::1 prefix-list P out\n"
	    "  neighbor ::1 activate\n exit-address-family\nexit\n",
	    "router bgp 1\n address-family ipv6 unicast\n"
	    "  no neighbor ::1 activate\n"
	    "  no neighbor ::1 prefix-list P out\n"
	    "  no neighbor ::1 route-map A in\n exit-address-family\nexit\n");
	check_diff(by_default, no,
	    "router bgp 1\n address-family ipv6 unicast\n"
	    "  no neighbor ::1 activate\n  no neighbor ::1 route-map A out\n"
	    " exit-address-family\nexit\n",
	    "router bgp 1\n address-family ipv6 unicast\n"
	    "  neighbor ::1 route-map A out\n  neighbor ::1 activate\n"
	    " exit-address-family\nexit\n");
}

static void
test_whole_sections(void **state)
{
	(void)state;
	check_diff(base, "",
	    "no router bgp 65000\n"
	    "no route-map OUT permit 10\nno route-map IN permit 10\n"
	    "no ipv6 prefix-list PL seq 5 permit 2001:db8::/32\n",
	    NULL);
	check_diff("route-map A permit 10\n set metric 1\nexit\n",
	    "route-map A deny 10\nexit\n",
	    "no route-map A permit 10\nroute-map A deny 10\nexit\n",
	    "no route-map A deny 10\nroute-map A permit 10\n set metric 1\n"
	    "exit\n");
	check_diff("vrf red\n vni 1\nexit-vrf\n", "vrf red\n vni 2\nexit-vrf\n",
	    "vrf red\n vni 2\n no vni 1\nexit-vrf\n", NULL);
	/* A new neighbor below the address family in the tree. */
	check_diff("router bgp 1\n address-family ipv6 unicast\n"
		   "  neighbor ::9 activate\n exit-address-family\nexit\n",
	    "router bgp 1\n address-family ipv6 unicast\n"
	    "  neighbor ::9 activate\n  neighbor ::2 route-map X in\n"
	    "  neighbor ::2 activate\n exit-address-family\n"
	    " neighbor ::2 description new\n neighbor ::2 remote-as 7\nexit\n",
	    "router bgp 1\n neighbor ::2 remote-as 7\n"
	    " neighbor ::2 description new\n address-family ipv6 unicast\n"
	    "  neighbor ::2 route-map X in\n  neighbor ::2 activate\n"
	    " exit-address-family\nexit\n",
	    "router bgp 1\n no neighbor ::2 remote-as 7\nexit\n");
}

static void
test_samples(void **state)
{
	struct buf a = BUF_INIT, b = BUF_INIT;

	(void)state;
	shared_file("frr/samples/8.4.4/hobgp/show_running-config.out", &a);
	shared_file("frr/samples/master/hobgp/show_running-config.out", &b);
	check_diff(buf_text(&a), buf_text(&b), NULL, NULL);
	check_diff(buf_text(&b), buf_text(&a), NULL, NULL);
	check_diff(buf_text(&a), "", NULL, NULL);
	buf_reset(&b);
	shared_file("reference/vtbgp.frr.conf", &b);
	check_diff(buf_text(&a), buf_text(&b), NULL, NULL);
	buf_clear(&a);
	buf_clear(&b);
}

static void
check_bgpd_only(const char *after_text, bool want)
{
	struct frr_node *before = parse(base), *after = parse(after_text);
	struct frr_steps steps = { 0 };
	struct err err;

	assert_int_equal(frr_diff(before, after, &steps, &err), 0);
	assert_int_equal(frr_steps_bgpd_only(&steps, before), want);
	frr_steps_clear(&steps);
	frr_tree_free(&before);
	frr_tree_free(&after);
}

static void
test_bgpd_only(void **state)
{
	(void)state;
	check_bgpd_only(edited("preference 150", "preference 250"), true);
	check_bgpd_only(edited(" set as-path prepend 65000 65000\n", ""), true);
	check_bgpd_only(edited("Upstream", "Other"), true);
	check_bgpd_only(edited("IN in", "OUT in"), true);
	/* Known to zebra or mgmtd too. */
	check_bgpd_only(edited(" set local", " set metric 5\n set local"),
	    false);
	check_bgpd_only(edited(" match ipv6 address prefix-list PL\n", ""),
	    false);
	check_bgpd_only(edited("route-map OUT", "route-map NEW"), false);
	check_bgpd_only(edited("seq 5", "seq 6"), false);
}

static void
test_verify_names_the_line(void **state)
{
	const char *path[] = { "router bgp 65000" };
	struct frr_node *tree = parse(base);
	struct frr_steps steps = { 0 };
	struct err err;

	(void)state;
	assert_int_equal(frr_steps_add(&steps, path, 1,
			     "neighbor ::1 password geheim",
			     "neighbor ::1 password neu", &err),
	    0);
	assert_int_equal(frr_steps_verify(&steps, tree, &err), -1);
	assert_int_equal(err.code, ERR_NOT_APPLIED);
	assert_null(strstr(err.text, "neu"));
	assert_null(strstr(err.text, "geheim"));
	assert_non_null(strstr(err.text, "neighbor ::1 password ***"));
	assert_non_null(strstr(err.text, "router bgp 65000"));
	frr_steps_clear(&steps);
	assert_int_equal(frr_steps_add(&steps, path, 1,
			     "neighbor ::1 description Upstream", NULL, &err),
	    0);
	assert_int_equal(frr_steps_verify(&steps, tree, &err), -1);
	assert_non_null(strstr(err.text, "still shows"));
	frr_steps_clear(&steps);
	frr_tree_free(&tree);
}

static void
test_deep(void **state)
{
	static const char deep[] = "a\n b\n  c\n   d\n    %s\n   exit\n"
				   "  exit\n exit\nexit\nlog %s\n";
	char one[128], two[128];
	struct frr_node *before, *after;
	struct frr_steps steps = { 0 };
	struct err err;

	(void)state;
	(void)snprintf(one, sizeof(one), deep, "x", "stdout");
	(void)snprintf(two, sizeof(two), deep, "x", "syslog");
	check_diff(one, two, NULL, NULL); /* depth alone is no error */
	(void)snprintf(two, sizeof(two), deep, "y", "stdout");
	before = parse(one);
	after = parse(two);
	assert_int_equal(frr_diff(before, after, &steps, &err), -1);
	assert_int_equal(err.code, ERR_UNSUPPORTED);
	frr_steps_clear(&steps);
	frr_tree_free(&before);
	frr_tree_free(&after);
}

static void
test_mask(void **state)
{
	static const char text[] =
	    "% [BGP] Unknown command: neighbor ::1 "
	    "password my pass\nnext line\n key-string abc";
	struct buf b = BUF_INIT;
	char line[64];

	(void)state;
	frr_mask_text(text, strlen(text), &b);
	assert_string_equal(buf_text(&b),
	    "% [BGP] Unknown command: neighbor "
	    "::1 password ***\nnext line\n key-string ***");
	buf_clear(&b);
	assert_string_equal(frr_mask_line("no neighbor ::1 password", line,
				sizeof(line)),
	    "no neighbor ::1 password");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_values),
		cmocka_unit_test(test_swap_route_map),
		cmocka_unit_test(test_remove_neighbor),
		cmocka_unit_test(test_family_on_and_off),
		cmocka_unit_test(test_whole_sections),
		cmocka_unit_test(test_samples),
		cmocka_unit_test(test_bgpd_only),
		cmocka_unit_test(test_verify_names_the_line),
		cmocka_unit_test(test_deep),
		cmocka_unit_test(test_mask),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
