/* links: frr/frr frr/lock frr/vty frr/vty_configure frr/vty_decode frr/vtysh
 * frr/diff frr/step frr/line frr/mask frr/tree frr/tree_parse frr/tree_index
 * frr/section frr/state frr/family frr/version frr/prefix_counts frr/route
 * frr/json base/addr base/buf base/clock base/err base/io base/log base/mem
 * base/name base/number base/run base/compat */
/* libs: -ljansson */
/* tests/frr/test_real_frr.c - the frr room against a real FRR (run.sh). */
#include <sys/types.h>

#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/buf.h"
#include "base/clock.h"
#include "base/err.h"
#include "base/io.h"
#include "base/run.h"
#include "frr/diff.h"
#include "frr/frr.h"
#include "frr/tree.h"

enum {
	TIMEOUT_MS = 1000,
	LATE_MS = 1500 /* what a busy machine may add */
};

static const char ifog[] = "2001:db8:300::1";
static struct frr_settings settings;
static struct frr *frr;

#define OK(call)                                                            \
	do {                                                                \
		err_clear(&err);                                            \
		if ((call) != 0)                                            \
			fail_msg("%s: %s: %s [%s]", #call,                  \
			    err_code_name(err.code), err.text, err.output); \
	} while (0)

static struct addr
address(const char *text)
{
	struct addr addr;

	assert_int_equal(addr_parse(&addr, text, NULL), 0);
	return addr;
}

/* What vtysh says to one command. */
static void
vtysh(const char *command, struct buf *out)
{
	struct run_limits limits = { .timeout_ms = 5000,
		.max_output = 1 << 20 };
	struct run_result result = RUN_RESULT_INIT;
	struct argv argv;
	struct err err;

	argv_init(&argv, settings.vtysh);
	if (strcmp(command, "-b") == 0)
		argv_add(&argv, command);
	else
		argv_opt(&argv, "-c", command);
	OK(run(&argv, NULL, &limits, &result, &err));
	assert_int_equal(result.exit_code, 0);
	if (out != NULL)
		buf_puts(out, buf_text(&result.out));
	run_result_clear(&result);
}

static struct frr_node *
observe(void)
{
	struct frr_node *tree;
	struct err err;

	OK(frr_observe_config(frr, true, &tree, &err));
	return tree;
}

/* The session with the provider, once its three prefixes are best paths. */
static struct frr_session
wait_for_session(void)
{
	struct addr want = address(ifog);
	struct frr_session found = { 0 };
	struct frr_state state;
	struct err err;
	int64_t start = clock_ms();
	uint64_t best = 0;
	size_t i;

	while (best != 3 ||
	    found.family[FAMILY_IPV6_UNICAST].prefixes_received != 3) {
		assert_true(clock_ms() - start < 60000);
		(void)usleep(100 * 1000);
		OK(frr_observe_state(frr, &state, &err));
		for (i = 0; i < state.n_sessions; i++)
			if (addr_equal(&state.sessions[i].neighbor, &want))
				found = state.sessions[i];
		frr_state_clear(&state);
		OK(frr_best_paths(frr, &want, FAMILY_IPV6_UNICAST, &best,
		    &err));
	}
	return found;
}

static struct frr_route
route(const char *prefix_text)
{
	struct frr_route r;
	struct prefix prefix;
	struct err err;

	OK(prefix_parse(&prefix, prefix_text, true, &err));
	OK(frr_observe_route(frr, &prefix, &r, &err));
	return r;
}

static pid_t
pid_of(const char *daemon)
{
	struct buf b = BUF_INIT;
	char path[512];
	struct err err;
	pid_t pid;

	(void)snprintf(path, sizeof(path), "%s/%s.pid", settings.socket_dir,
	    daemon);
	OK(io_read_file(path, &b, &err));
	pid = (pid_t)strtol(buf_text(&b), NULL, 10);
	buf_clear(&b);
	assert_true(pid > 1);
	return pid;
}

static void
test_config(void **unused)
{
	struct frr_node *tree = observe(), *other, *line;
	struct buf text = BUF_INIT;
	struct err err;

	(void)unused;
	/* The daemons' parts merged are what vtysh merges; one line is of
	 * vtysh's own. */
	vtysh("show running-config", &text);
	other = frr_tree_parse(buf_text(&text), text.len, &err);
	assert_non_null(other);
	line = frr_tree_child(other, "service integrated-vtysh-config");
	if (line != NULL)
		frr_tree_remove(line);
	assert_true(frr_tree_equal(tree, other));
	frr_tree_free(&tree);
	frr_tree_free(&other);
	buf_clear(&text);
}

static void
test_state(void **unused)
{
	struct frr_session session = wait_for_session();
	struct frr_state state;
	struct frr_route r;
	struct err err;
	uint64_t best, version, count;
	struct addr addr = address(ifog);
	bool empty;

	(void)unused;
	assert_int_equal(session.state, SESSION_ESTABLISHED);
	assert_int_equal(session.remote_as, 209533);
	assert_string_equal(session.description, "Upstream-iFog-Frankfurt");
	assert_string_equal(session.local_address, "2001:db8:300::2");
	OK(frr_observe_state(frr, &state, &err));
	assert_int_equal(state.local_as, 201379);
	assert_string_equal(state.router_id, "198.51.100.10");
	assert_int_equal(state.n_sessions, 4);
	print_message("FRR %s\n", state.version);
	frr_state_clear(&state);
	r = route("2600:1::/48");
	assert_true(r.found && r.paths[0].best);
	assert_int_equal(r.paths[0].local_preference, 150);
	assert_string_equal(r.paths[0].as_path, "209533");
	assert_true(addr_equal(&r.paths[0].neighbor, &addr));
	assert_true(addr_equal(&r.paths[0].next_hop, &addr));
	frr_route_clear(&r);
	r = route("2600:1::1");
	assert_string_equal(r.prefix, "2600:1::/48");
	frr_route_clear(&r);
	r = route("2a06:9801:1c::/48");
	assert_true(r.found && r.paths[0].local && r.paths[0].best);
	assert_int_equal(r.paths[0].neighbor.family, 0);
	assert_string_equal(r.paths[0].as_path, "");
	frr_route_clear(&r);
	r = route("2600:9::/48");
	assert_false(r.found);
	OK(frr_best_paths(frr, &addr, FAMILY_IPV6_UNICAST, &best, &err));
	assert_int_equal(best, 3);
	OK(frr_table_version(frr, FAMILY_IPV6_UNICAST, &version, &count, &empty,
	    &err));
	assert_true(version > 0 && count >= 4);
}

/* Applies what leads from before to after; the log must be this. */
static void
change(const struct frr_node *before, const struct frr_node *after,
    const char *want_log)
{
	struct frr_steps steps = { 0 };
	struct buf log = BUF_INIT;
	struct frr_node *now;
	struct err err;

	OK(frr_diff(before, after, &steps, &err));
	OK(frr_apply(frr, &steps, before, &log, &err));
	if (want_log != NULL)
		assert_string_equal(buf_text(&log), want_log);
	now = observe();
	OK(frr_steps_verify(&steps, now, &err));
	assert_true(frr_tree_equal(now, after));
	frr_tree_free(&now);
	buf_clear(&log);
	frr_steps_clear(&steps);
}

static void
wait_for_preference(uint32_t want)
{
	int64_t start = clock_ms();
	struct addr addr = address(ifog);
	struct buf log = BUF_INIT;
	struct frr_route r;
	struct err err;
	uint32_t seen;

	OK(frr_clear(frr, FAMILY_IPV6_UNICAST, &addr, FRR_CLEAR_SOFT_IN, &log,
	    &err));
	assert_string_equal(buf_text(&log),
	    "clear bgp ipv6 unicast 2001:db8:300::1 soft in\tok\n");
	buf_clear(&log);
	do {
		r = route("2600:2::/48");
		seen = r.found ? r.paths[0].local_preference : 0;
		frr_route_clear(&r);
		assert_true(clock_ms() - start < 10000);
		(void)usleep(10 * 1000);
	} while (seen != want);
}

static void
test_preference(void **unused)
{
	struct buf first = BUF_INIT, last = BUF_INIT;
	struct frr_node *before = observe(), *after;
	struct frr_session session;

	(void)unused;
	session = wait_for_session();
	vtysh("show running-config", &first);
	after = frr_tree_copy(before);
	frr_tree_set_line(
	    frr_tree_child(frr_tree_child(after,
			       "route-map RM-IFOG-BGPTUNNEL-IN permit 10"),
		"set local-preference 150"),
	    "set local-preference 250");
	change(before, after,
	    "route-map RM-IFOG-BGPTUNNEL-IN permit 10\tok\n"
	    "set local-preference 250\tok\nexit\tok\n");
	wait_for_preference(250);
	change(after, before, NULL);
	wait_for_preference(150);
	vtysh("show running-config", &last);
	assert_string_equal(buf_text(&first), buf_text(&last));
	assert_int_equal(wait_for_session().established_count,
	    session.established_count);
	frr_tree_free(&before);
	frr_tree_free(&after);
	buf_clear(&first);
	buf_clear(&last);
}

static void
test_every_form(void **unused)
{
	static const char extra[] =
	    "ipv6 prefix-list PL-NEW seq 5 permit 2600::/16 le 48\n"
	    "bgp community-list standard CL-NEW seq 5 permit 65000:1\n"
	    "bgp as-path access-list AS-NEW seq 5 permit _65000_\n"
	    "route-map RM-NEW permit 10\n description new\n"
	    " match as-path AS-NEW\n match community CL-NEW\n"
	    " match ipv6 address prefix-list PL-NEW\n"
	    " set as-path prepend 201379 201379\n"
	    " set community 65000:1 no-export\n set large-community 1:2:3\n"
	    " set local-preference 7\n set metric 9\n set origin incomplete\n"
	    " set weight 4\n on-match next\nexit\n"
	    "route-map RM-NEW deny 20\nexit\n"
	    "ipv6 route 2600:99::/48 blackhole\n"
	    "router bgp 201379\n neighbor 2600:8::1 remote-as 65008\n"
	    " neighbor 2600:8::1 description a new one\n"
	    " neighbor 2600:8::1 password geheim-123\n"
	    " neighbor 2600:8::1 ebgp-multihop 3\n"
	    " neighbor 2600:8::1 update-source 2001:db8:300::2\n"
	    " neighbor 2600:8::1 shutdown message bye now\n"
	    " neighbor 2600:8::1 timers 10 30\n"
	    " neighbor 2600:8::1 timers connect 5\n"
	    " address-family ipv6 unicast\n  neighbor 2600:8::1 activate\n"
	    "  neighbor 2600:8::1 maximum-prefix 10 80 restart 3\n"
	    "  neighbor 2600:8::1 route-map RM-NEW in\n"
	    "  neighbor 2600:8::1 route-map RM-NEW out\n"
	    "  neighbor 2600:8::1 weight 3\n"
	    "  neighbor 2001:db8:300::1 route-map RM-NEW out\n"
	    " exit-address-family\nexit\n";
	struct buf first = BUF_INIT, last = BUF_INIT;
	struct frr_node *before = observe(), *after, *more, *old, *one;
	struct err err;
	size_t i;

	(void)unused;
	vtysh("show running-config", &first);
	more = frr_tree_parse(extra, strlen(extra), &err);
	assert_non_null(more);
	after = frr_tree_copy(before);
	frr_tree_merge(after, more);
	old = frr_tree_child(frr_tree_child(after, "router bgp 201379"),
	    "address-family ipv6 unicast");
	frr_tree_remove(frr_tree_child(old,
	    "neighbor 2001:db8:300::1 route-map RM-IFOG-BGPTUNNEL-OUT out"));
	change(before, after, NULL);
	/* Each line of the new map taken away alone, and put back. */
	old = frr_tree_child(more, "route-map RM-NEW permit 10");
	for (i = 0; i < old->n_children; i++) {
		one = frr_tree_copy(after);
		frr_tree_remove(frr_tree_child(frr_tree_child(one, old->line),
		    old->children[i]->line));
		change(after, one, NULL);
		change(one, after, NULL);
		frr_tree_free(&one);
	}
	/* The same for the new neighbor's own lines, but not itself. */
	old = frr_tree_child(more, "router bgp 201379");
	for (i = 1; i < old->n_children; i++) {
		if (old->children[i]->is_section)
			continue;
		one = frr_tree_copy(after);
		frr_tree_remove(frr_tree_child(frr_tree_child(one, old->line),
		    old->children[i]->line));
		change(after, one, NULL);
		change(one, after, NULL);
		frr_tree_free(&one);
	}
	change(after, before, NULL);
	vtysh("show running-config", &last);
	assert_string_equal(buf_text(&first), buf_text(&last));
	frr_tree_free(&before);
	frr_tree_free(&after);
	frr_tree_free(&more);
	buf_clear(&first);
	buf_clear(&last);
}

/* One line added in one section must fail with these words of FRR's. */
static void
check_refused(const char *head, const char *family, const char *line,
    const char *words, const char *in_log)
{
	const char *path[] = { head, family };
	struct frr_node *tree = observe();
	struct frr_steps steps = { 0 };
	struct buf log = BUF_INIT;
	struct err err;

	OK(frr_steps_add(&steps, path,
	    head == NULL       ? 0 :
		family == NULL ? 1 :
				 2,
	    NULL, line, &err));
	assert_int_equal(frr_apply(frr, &steps, tree, &log, &err), -1);
	assert_int_equal(err.code, ERR_TOOL);
	if (strstr(err.output, words) == NULL)
		fail_msg("%s: %s", line, err.output);
	if (in_log == NULL)
		assert_string_equal(buf_text(&log), "");
	else if (strstr(buf_text(&log), in_log) == NULL)
		fail_msg("log: %s", buf_text(&log));
	assert_null(strstr(buf_text(&log), "geheim"));
	assert_null(strstr(err.text, "geheim"));
	assert_null(strstr(err.output, "geheim"));
	buf_clear(&log);
	frr_steps_clear(&steps);
	frr_tree_free(&tree);
}

static void
test_refused(void **unused)
{
	static const char bgp[] = "router bgp 201379";
	struct frr_node *before = observe(), *after;
	struct frr_steps steps = { 0 };
	struct addr nobody = address("2600::dead");
	struct buf log = BUF_INIT;
	struct err err;
	char list[256];

	(void)unused;
	check_refused(bgp, NULL, "neighbor 2600::dead description x",
	    "Specify remote-as or peer-group commands first",
	    "description x\t% Specify remote-as");
	check_refused(bgp, NULL, "frobnicate", "Unknown command: frobnicate",
	    "frobnicate\t% [BGP] Unknown command");
	check_refused(bgp, NULL,
	    "neighbor 2001:db8:300::1 password geheim geheim",
	    "Unknown command: neighbor 2001:db8:300::1 password ***",
	    "password ***\t% [BGP] Unknown");
	/* Refused by the check, so nothing was sent at all. */
	check_refused(NULL, NULL, "frobnicate", "Unknown command[", NULL);
	/* Status 0 from bgpd, exit 0 from vtysh: failures all the same. */
	check_refused("route-map RM-IFOG-BGPTUNNEL-IN permit 10", NULL,
	    "set local-preference abc", "malformed",
	    "set local-preference abc\t% [BGP] Argument form");
	(void)snprintf(list, sizeof(list),
	    "ipv6 prefix-list %0200d seq 5 permit ::/0", 0);
	check_refused(NULL, NULL, list, "% Failed to edit configuration.",
	    "vtysh -f\t");
	assert_int_equal(frr_clear(frr, FAMILY_IPV6_UNICAST, &nobody,
			     FRR_CLEAR_HARD, &log, &err),
	    -1);
	assert_int_equal(err.code, ERR_TOOL);
	assert_non_null(strstr(err.output, "Unknown neighbor"));
	/* Attaching a map that is not there is status 0, said and done; what
	 * was done is undone like any other step. */
	check_refused(bgp, "address-family ipv6 unicast",
	    "neighbor 2001:db8:300::1 route-map RM-NOPE in",
	    "The route-map 'RM-NOPE' does not exist", "RM-NOPE in\tThe rou");
	after = observe();
	assert_false(frr_tree_equal(before, after));
	OK(frr_diff(after, before, &steps, &err));
	OK(frr_apply(frr, &steps, after, &log, &err));
	frr_tree_free(&after);
	after = observe();
	assert_true(frr_tree_equal(before, after));
	frr_steps_clear(&steps);
	frr_tree_free(&before);
	frr_tree_free(&after);
	buf_clear(&log);
}

/* bgpd stopped: everything fails in time, nothing is sent, all recovers. */
static void
test_stopped(void **unused)
{
	struct frr_node *before = observe(), *after, *tree;
	struct frr_steps steps = { 0 };
	struct buf log = BUF_INIT;
	struct frr_state state;
	struct err err;
	int64_t start;
	int i;

	(void)unused;
	after = frr_tree_copy(before);
	(void)frr_tree_add(frr_tree_add(after, "route-map RM-X permit 10"),
	    "set metric 1");
	OK(frr_diff(before, after, &steps, &err));
	assert_int_equal(kill(pid_of("bgpd"), SIGSTOP), 0);
	for (i = 0; i < 8; i++) { /* the backlog fills, then EAGAIN */
		start = clock_ms();
		assert_int_equal(frr_observe_state(frr, &state, &err), -1);
		assert_true(clock_ms() - start < TIMEOUT_MS + LATE_MS);
		assert_true(
		    err.code == ERR_TIMEOUT || err.code == ERR_UNAVAILABLE);
	}
	assert_int_equal(err.code, ERR_UNAVAILABLE);
	start = clock_ms();
	assert_int_equal(frr_apply(frr, &steps, before, &log, &err), -1);
	assert_true(clock_ms() - start < TIMEOUT_MS + LATE_MS);
	assert_int_equal(log.len, 0);
	assert_int_equal(frr_observe_config(frr, true, &tree, &err), -1);
	assert_null(tree);
	assert_int_equal(kill(pid_of("bgpd"), SIGCONT), 0);
	start = clock_ms();
	while (frr_observe_config(frr, true, &tree, &err) == -1) {
		assert_true(clock_ms() - start < 10000);
		(void)usleep(10 * 1000); /* it empties its backlog first */
	}
	assert_true(frr_tree_equal(tree, before));
	frr_tree_free(&tree);
	/* zebra stopped: its part is missing, which must not look empty. */
	assert_int_equal(kill(pid_of("zebra"), SIGSTOP), 0);
	OK(frr_observe_bgpd_config(frr, &tree, &err));
	frr_tree_free(&tree);
	assert_int_equal(frr_observe_config(frr, true, &tree, &err), -1);
	assert_int_equal(err.code, ERR_TIMEOUT);
	assert_int_equal(frr_apply(frr, &steps, before, &log, &err), -1);
	assert_int_equal(log.len, 0);
	assert_int_equal(kill(pid_of("zebra"), SIGCONT), 0);
	tree = observe();
	assert_true(frr_tree_equal(tree, before));
	frr_tree_free(&tree);
	frr_tree_free(&before);
	frr_tree_free(&after);
	frr_steps_clear(&steps);
	buf_clear(&log);
}

static void
start_bgpd(void)
{
	struct run_limits limits = { .timeout_ms = 10000,
		.max_output = 1 << 16 };
	struct run_result result = RUN_RESULT_INIT;
	struct argv argv;
	struct err err;

	argv_init(&argv, "/bin/sh");
	argv_opt(&argv, "-c",
	    "exec /usr/lib/frr/bgpd -d -A 127.0.0.1 >/dev/null 2>&1");
	OK(run(&argv, NULL, &limits, &result, &err));
	run_result_clear(&result);
}

static void
test_killed(void **unused)
{
	struct frr_node *before = observe(), *tree;
	struct frr_state state;
	struct err err;
	int64_t start = clock_ms();

	(void)unused;
	assert_int_equal(kill(pid_of("bgpd"), SIGKILL), 0);
	(void)usleep(50 * 1000);
	assert_int_equal(frr_observe_state(frr, &state, &err), -1);
	assert_int_equal(err.code, ERR_UNAVAILABLE);
	assert_int_equal(frr_observe_config(frr, true, &tree, &err), -1);
	assert_int_equal(err.code, ERR_UNAVAILABLE);
	assert_true(clock_ms() - start < LATE_MS);
	start_bgpd();
	/* It answers, and has nothing to say yet. */
	start = clock_ms();
	while (frr_observe_state(frr, &state, &err) == -1) {
		if (clock_ms() - start > 10000)
			fail_msg("%s [%s]", err.text, err.output);
		(void)usleep(10 * 1000);
	}
	assert_int_equal(state.local_as, 0);
	assert_int_equal(state.n_sessions, 0);
	frr_state_clear(&state);
	assert_int_equal(frr_observe_config(frr, true, &tree, &err), -1);
	assert_int_equal(err.code, ERR_UNAVAILABLE);
	assert_non_null(strstr(err.text, "no configuration yet"));
	OK(frr_observe_config(frr, false, &tree, &err));
	frr_tree_free(&tree);
	vtysh("-b", NULL);
	tree = observe();
	assert_true(frr_tree_equal(tree, before));
	frr_tree_free(&tree);
	frr_tree_free(&before);
	(void)wait_for_session();
}

/* Is the word in a file of this directory? Ours and vtysh's history are. */
static bool
lies_in(const char *dir, const char *word)
{
	struct run_limits limits = { .timeout_ms = 5000,
		.max_output = 1 << 16 };
	struct run_result result = RUN_RESULT_INIT;
	struct argv argv;
	struct err err;
	bool found;

	argv_init(&argv, "/usr/bin/grep");
	argv_add(&argv, "-rqs");
	argv_opt(&argv, "-e", word);
	argv_add(&argv, dir);
	OK(run(&argv, NULL, &limits, &result, &err));
	found = result.exit_code == 0;
	run_result_clear(&result);
	return found;
}

/* With a new map, which vtysh makes from a file: the password is in none. */
static void
test_password(void **unused)
{
	static const char neighbor[] = "neighbor 2001:db8:300::1 password ";
	char one[128], two[128];
	struct buf text = BUF_INIT;
	struct frr_node *before = observe(), *with, *other;

	(void)unused;
	(void)snprintf(one, sizeof(one), "%shush-hush-1", neighbor);
	(void)snprintf(two, sizeof(two), "%shush-hush-2", neighbor);
	with = frr_tree_copy(before);
	(void)frr_tree_add(with, "route-map RM-SECRET permit 10");
	(void)frr_tree_add(frr_tree_child_prefix(with, "router bgp", NULL),
	    one);
	change(before, with,
	    "route-map RM-SECRET permit 10\tok\nexit\tok\n"
	    "router bgp 201379\tok\n"
	    "neighbor 2001:db8:300::1 password ***\tok\nexit\tok\n");
	other = frr_tree_copy(with);
	(void)frr_tree_add(other, "route-map RM-SECRET permit 20");
	frr_tree_set_line(frr_tree_child(frr_tree_child_prefix(other,
					     "router bgp", NULL),
			      one),
	    two);
	change(with, other, NULL);
	change(other, before, NULL);
	/* A whole neighbor that goes takes it along, and is given it again. */
	(void)snprintf(one, sizeof(one),
	    "neighbor 2001:db8::99 password "
	    "hush-hush-3");
	frr_tree_free(&with);
	with = frr_tree_copy(before);
	(void)frr_tree_add(with, "route-map RM-SECRET permit 10");
	(void)frr_tree_add(frr_tree_child_prefix(with, "router bgp", NULL),
	    "neighbor 2001:db8::99 remote-as 65001");
	(void)frr_tree_add(frr_tree_child_prefix(with, "router bgp", NULL),
	    one);
	change(before, with, NULL);
	change(with, before, NULL);
	vtysh("show history", &text);
	assert_null(strstr(buf_text(&text), "hush-hush"));
	assert_false(lies_in(settings.work_dir, "hush-hush"));
	assert_false(lies_in("/run", "hush-hush"));
	assert_false(lies_in("/etc/frr", "hush-hush"));
	frr_tree_free(&before);
	frr_tree_free(&with);
	frr_tree_free(&other);
	buf_clear(&text);
	(void)wait_for_session();
}

/* The provider's FRR is one of a pathspace (vtysh -N). */
static void
test_pathspace(void **unused)
{
	struct frr_settings other = settings;
	struct frr *here = frr;
	struct frr_node *before, *after;

	(void)unused;
	(void)snprintf(other.pathspace, sizeof(other.pathspace), "ifog");
	(void)strncat(other.socket_dir, "/ifog",
	    sizeof(other.socket_dir) - strlen(other.socket_dir) - 1);
	frr = frr_new(&other);
	before = observe();
	after = frr_tree_copy(before);
	(void)frr_tree_add(frr_tree_add(after, "route-map RM-P permit 10"),
	    "set metric 1");
	change(before, after,
	    "route-map RM-P permit 10\tok\n"
	    "set metric 1\tok\nexit\tok\n");
	change(after, before, "no route-map RM-P permit 10\tok\n");
	frr_tree_free(&before);
	frr_tree_free(&after);
	frr_free(&frr);
	frr = here;
}

int
main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_config),
		cmocka_unit_test(test_state),
		cmocka_unit_test(test_preference),
		cmocka_unit_test(test_every_form),
		cmocka_unit_test(test_password),
		cmocka_unit_test(test_pathspace),
		cmocka_unit_test(test_refused),
		cmocka_unit_test(test_stopped),
		cmocka_unit_test(test_killed),
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
	settings.timeout_ms = TIMEOUT_MS;
	settings.vtysh_timeout_ms = 10000;
	frr = frr_new(&settings);
	rc = cmocka_run_group_tests(tests, NULL, NULL);
	frr_free(&frr);
	return rc;
}
