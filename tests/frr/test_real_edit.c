/* tests/frr/test_real_edit.c - edited upstreams against a real FRR (run.sh).
 */
/* links: model/tag model/check engine/edit_upstream engine/edit_wanted
 * engine/edit_neighbor engine/edit_policy engine/edit_tunnel
 * engine/edit_tunnel_check engine/edit_tunnel_overlap engine/edit_below
 * engine/leak engine/prefix_list engine/adopt engine/adopt_view
 * engine/adopt_host engine/host engine/target engine/naming engine/route_map
 * engine/route_map_users model/upstream model/upstream_order model/tunnel
 * model/tunnel_order model/order_options model/fields model/json
 * model/prefix_rule wire/op wire/op_check wire/op_link wire/op_route
 * wire/op_firewall frr/frr frr/lock frr/vty frr/vty_configure frr/vty_decode
 * frr/vtysh frr/diff frr/step frr/line frr/mask frr/tree frr/tree_parse
 * frr/tree_index frr/section frr/state frr/family frr/version frr/prefix_counts
 * frr/route frr/json base/addr base/buf base/clock base/crypto base/err base/io
 * base/log base/mem base/name base/number base/run base/compat base/md5key
 * model/rotation engine/host_key wire/op_key engine/edit_key engine/drain_map
 * engine/drain_marks engine/drain_lay model/drain engine/drain_want
 * engine/edit_drain model/drain_state */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/compat.h"
#include "base/run.h"
#include "frr/frr.h"
#include "unit/edit_conf.h"

#define ANNOUNCED "2a06:9801:1c::/48"
#define HELD_BACK "2a06:9801:1c:bad::/64"

static struct frr_settings settings;
static struct frr *frr;

static struct frr_node *
look(void)
{
	struct frr_node *tree;
	struct err err;

	if (frr_observe_config(frr, true, &tree, &err) == -1)
		fail_msg("%s", err.text);
	return tree;
}

static void
begin(struct edit_test *t)
{
	edit_begin(t, look());
	edit_interface(t, "gre0", "2001:db8:300::2");
	edit_ready(t);
}

static void
apply(const struct frr_steps *steps, const struct frr_node *before,
    const struct frr_node *after, const char *what)
{
	struct buf log = BUF_INIT, a = BUF_INIT, b = BUF_INIT;
	struct frr_node *now;
	struct err err;

	if (frr_apply(frr, steps, before, &log, &err) == -1)
		fail_msg("%s: %s %s\n%s", what, err.text, err.output,
		    buf_text(&log));
	now = look();
	if (!frr_tree_equal(now, after)) {
		frr_tree_print(now, &a);
		frr_tree_print(after, &b);
		fail_msg("%s\n-- sent\n%s\n-- FRR has\n%s\n-- wanted\n%s", what,
		    buf_text(&log), buf_text(&a), buf_text(&b));
	}
	frr_tree_free(&now);
	buf_clear(&log);
}

/* There and back; FRR shows exactly what the edit says, both times. */
static void
there(struct edit_test *t, int rc, const char *what)
{
	edit_done(t, rc);
	if (t->steps.n == 0)
		fail_msg("%s changes nothing", what);
	apply(&t->steps, t->o.tree, t->target.tree, what);
}

static void
back(struct edit_test *t, const char *what)
{
	struct frr_steps reverse = { 0 };
	struct err err;

	assert_int_equal(frr_steps_reverse(&t->steps, &reverse, &err), 0);
	apply(&reverse, t->target.tree, t->o.tree, what);
	frr_steps_clear(&reverse);
}

struct one {
	const char *name;
	bool whole;
	const char *json; /* NULL: removed */
};

static void
there_and_back(const struct one *one)
{
	const char *what = one->json == NULL ? one->name : one->json;
	struct edit_test t;
	int rc;

	begin(&t);
	if (one->json == NULL)
		rc = edit_remove(&t, one->name, true);
	else
		rc = edit_order(&t, one->name, one->whole, one->json);
	there(&t, rc, what);
	back(&t, what);
	edit_end(&t);
}

#define N6 "\"remote_as\":64500,\"neighbor\":\"2001:db8:ee::1\""
#define N4 "\"remote_as\":64500,\"neighbor\":\"203.0.113.9\""
#define MY ",\"export\":{\"prefix_list\":\"PL-MY-NET\"}"
#define BOTH ",\"families\":[\"ipv4-unicast\",\"ipv6-unicast\"]"

static const struct one all[] = {
	{ "acme", true, "{" N6 "}" },
	{ "acme", true,
	    "{" N6 ",\"description\":\"Acme, Transit\",\"ebgp_multihop\":2,"
	    "\"next_hop_self\":true,\"local_address\":\"2001:db8:1c19::1\","
	    "\"import\":{\"local_preference\":120,\"maximum_prefix\":{"
	    "\"limit\":1000}},\"export\":{\"as_path_prepend\":3}}" },
	{ "acme", true,
	    "{" N6 ",\"ebgp_multihop\":1,\"import\":{\"prefix_list\":null,"
	    "\"soft_reconfiguration\":false,\"maximum_prefix\":{"
	    "\"limit\":1000,\"warning_percent\":75,\"restart_minutes\":5}}}" },
	{ "acme", true,
	    "{" N6 ",\"import\":{\"maximum_prefix\":{\"limit\":1000,"
	    "\"warning_percent\":80}}}" },
	{ "acme", true, "{" N4 MY "}" },
	{ "acme", true,
	    "{" N4 BOTH MY ",\"import\":{\"local_preference\":7}}" },
	{ "acme", true, "{" N6 BOTH MY ",\"ebgp_multihop\":255}" },
	{ "inside", true,
	    "{\"remote_as\":201379,\"neighbor\":\"2001:db8:ee::2\","
	    "\"next_hop_self\":true}" },
	{ "inside", true,
	    "{\"remote_as\":201379,\"neighbor\":\"203.0.113.10\"" BOTH
	    ",\"import\":{\"local_preference\":7}}" },
	{ "ifog", false, "{\"remote_as\":64501}" },
	{ "ifog", false, "{\"neighbor\":\"2001:db8:ee::1\"}" },
	{ "ifog", false, "{\"local_address\":null,\"ebgp_multihop\":3}" },
	{ "ifog", false, "{\"families\":[\"ipv4-unicast\",\"ipv6-unicast\"]}" },
	{ "ifog", false, "{\"families\":[\"ipv4-unicast\"]}" },
	{ "ifog", false,
	    "{\"import\":{\"maximum_prefix\":null,"
	    "\"soft_reconfiguration\":false,\"prefix_list\":null}}" },
	{ "ifog", false,
	    "{\"import\":{\"maximum_prefix\":{\"limit\":5,"
	    "\"warning_percent\":null}}}" },
	{ "lagrange", false,
	    "{\"import\":{\"local_preference\":9},"
	    "\"export\":{\"as_path_prepend\":0}}" },
	{ "ifog", false, NULL },
	{ "lagrange", false, NULL },
	{ "route64", false, NULL },
	{ "vultr", false, NULL },
};

static void
run_all(void)
{
	size_t i;

	for (i = 0; i < NITEMS(all); i++)
		there_and_back(&all[i]);
}

static void
vtysh_run(struct argv *argv, struct run_result *result)
{
	struct run_limits limits = { .timeout_ms = 5000,
		.max_output = 1 << 20 };
	struct err err;

	if (run(argv, NULL, &limits, result, &err) == -1)
		fail_msg("%s", err.text);
}

static void
vtysh(const char *command)
{
	struct run_result result = RUN_RESULT_INIT;
	struct argv argv;

	argv_init(&argv, settings.vtysh);
	argv_opt(&argv, "-c", "configure terminal");
	argv_opt(&argv, "-c", "router bgp 201379");
	argv_opt(&argv, "-c", command);
	vtysh_run(&argv, &result);
	assert_string_equal(buf_text(&result.out), "");
	run_result_clear(&result);
}

/* Has the provider been told of the prefix? */
static bool
is_told(const char *prefix)
{
	struct run_result result = RUN_RESULT_INIT;
	struct argv argv;
	bool told;

	argv_init(&argv, settings.vtysh);
	argv_opt(&argv, "-c",
	    "show bgp ipv6 unicast neighbors 2001:db8:300::1 "
	    "advertised-routes");
	vtysh_run(&argv, &result);
	told = strstr(buf_text(&result.out), prefix) != NULL;
	run_result_clear(&result);
	return told;
}

/* Takes both. */
static void
make(struct frr_node *before, struct frr_node *after, const char *what)
{
	struct frr_steps steps = { 0 };
	struct err err;

	assert_int_equal(frr_diff(before, after, &steps, &err), 0);
	apply(&steps, before, after, what);
	frr_steps_clear(&steps);
	frr_tree_free(&before);
	frr_tree_free(&after);
}

/* IPv4 lists of the same names. */
static void
add_lists(void)
{
	struct frr_node *before = look(), *after = frr_tree_copy(before);

	(void)frr_tree_add(after,
	    "ip prefix-list PL-MY-NET seq 5 permit 192.0.2.0/24");
	(void)frr_tree_add(after,
	    "ip prefix-list PL-BOGONS seq 5 permit 0.0.0.0/0 le 24");
	make(before, after, "lists");
}

static void
test_edits(void **state)
{
	(void)state;
	add_lists();
	run_all();
}

/* bgpd's own default: IPv4 is on for everybody. */
static void
test_ipv4_by_default(void **state)
{
	(void)state;
	vtysh("bgp default ipv4-unicast");
	run_all();
	vtysh("no bgp default ipv4-unicast");
	vtysh("bgp default ipv6-unicast");
	run_all();
	vtysh("no bgp default ipv6-unicast");
}

/* A key that goes, and comes back with the undo. */
static void
test_key(void **state)
{
	static const struct one none = { "ifog", false, "{\"tcp_md5\":null}" };
	static const struct one moved = { "ifog", false,
		"{\"neighbor\":\"2001:db8:ee::1\"}" };

	(void)state;
	vtysh("neighbor 2001:db8:300::1 password your-shared-secret");
	there_and_back(&none);
	there_and_back(&moved);
	vtysh("no neighbor 2001:db8:300::1 password");
}

/* One more prefix, which no export filter lets out. */
static void
originate(void)
{
	struct frr_node *before = look(), *after = frr_tree_copy(before);
	struct frr_node *bgp = frr_tree_child_prefix(after, "router bgp", NULL);

	(void)frr_tree_add(frr_tree_child(bgp, "address-family ipv6 unicast"),
	    "network " HELD_BACK);
	make(before, after, "one more prefix");
}

static void
wait_until_told(const char *prefix)
{
	unsigned i;

	for (i = 0; !is_told(prefix); i++) {
		if (i == 150)
			fail_msg("the provider is never told of %s", prefix);
		(void)usleep(200000);
	}
}

/* Each step alone, with more than the 100 ms after it that bgpd gathers its
 * changes for: however slowly they come, nothing gets by the filter. */
static void
apply_slowly(const struct frr_steps *steps, const struct frr_node *before)
{
	size_t i;

	for (i = 0; i < steps->n; i++) {
		const struct frr_steps one = { &steps->v[i], 1, 1 };
		struct buf log = BUF_INIT;
		struct err err;

		if (frr_apply(frr, &one, before, &log, &err) == -1)
			fail_msg("%s\n%s", err.text, buf_text(&log));
		(void)usleep(400000);
		if (is_told(HELD_BACK))
			fail_msg("told to the provider after\n%s",
			    buf_text(&log));
		buf_clear(&log);
	}
}

/* A family that goes, and comes back: its filters hold for as long as it is
 * on, also where FRR asks for no policy. */
static void
test_family_without_filters(void **state)
{
	struct frr_steps back = { 0 };
	struct frr_node *now;
	struct edit_test t;

	(void)state;
	vtysh("no bgp ebgp-requires-policy");
	vtysh("no bgp network import-check");
	originate();
	wait_until_told(ANNOUNCED);
	assert_false(is_told(HELD_BACK));
	begin(&t);
	edit_done(&t,
	    edit_order(&t, "ifog", false, "{\"families\":[\"ipv4-unicast\"]}"));
	apply_slowly(&t.steps, t.o.tree);
	now = look();
	assert_true(frr_tree_equal(now, t.target.tree));
	frr_tree_free(&now);
	assert_false(is_told(ANNOUNCED));
	assert_int_equal(frr_steps_reverse(&t.steps, &back, &t.err), 0);
	apply_slowly(&back, t.target.tree);
	now = look();
	assert_true(frr_tree_equal(now, t.o.tree));
	frr_tree_free(&now);
	wait_until_told(ANNOUNCED);
	assert_false(is_told(HELD_BACK));
	frr_steps_clear(&back);
	edit_end(&t);
}

int
main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_edits),
		cmocka_unit_test(test_ipv4_by_default),
		cmocka_unit_test(test_key),
		cmocka_unit_test(test_family_without_filters),
	};
	int rc;

	if (argc != 3) {
		(void)fprintf(stderr, "usage: tests/frr/run.sh %s\n", argv[0]);
		return 2;
	}
	(void)snprintf(settings.socket_dir, sizeof(settings.socket_dir), "%s",
	    argv[1]);
	(void)snprintf(settings.vtysh, sizeof(settings.vtysh), "%s", argv[2]);
	(void)snprintf(settings.work_dir, sizeof(settings.work_dir), "%s/work",
	    argv[1]);
	settings.timeout_ms = 1000;
	settings.vtysh_timeout_ms = 10000;
	frr = frr_new(&settings);
	rc = cmocka_run_group_tests(tests, NULL, NULL);
	frr_free(&frr);
	return rc;
}
