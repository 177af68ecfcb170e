/* links: frr/state frr/family frr/version frr/prefix_counts frr/route frr/json
 * base/addr base/buf base/clock base/err base/io base/log base/mem base/name
 * base/number */
/* libs: -ljansson */
/* tests/unit/test_frr_state.c - bgpd's JSON of every version we have. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/compat.h"
#include "base/err.h"
#include "base/name.h"
#include "frr/state.h"
#include "shared_file.h"

static const char *const places[] = { "8.4.4/hobgp", "8.4.4/vtbgp",
	"10.5.4/hobgp", "master/hobgp" };

static void
read_sample(const char *place, const char *file, struct buf *out)
{
	char name[256];

	(void)snprintf(name, sizeof(name), "frr/samples/%s%s%s", place,
	    *place == '\0' ? "" : "/", file);
	buf_reset(out);
	shared_file(name, out);
}

static const struct frr_session *
find(const struct frr_state *s, const char *neighbor)
{
	struct addr addr;
	size_t i;

	assert_int_equal(addr_parse(&addr, neighbor, NULL), 0);
	for (i = 0; i < s->n_sessions; i++)
		if (addr_equal(&s->sessions[i].neighbor, &addr))
			return &s->sessions[i];
	fail_msg("no session %s", neighbor);
	return NULL;
}

static void
parse_pair(struct frr_state *s, const char *place, const char *summary,
    const char *neighbors)
{
	struct buf a = BUF_INIT, b = BUF_INIT;
	struct err err;
	size_t cut;

	read_sample(place, summary, &a);
	read_sample(place, neighbors, &b);
	if (frr_state_parse(s, buf_text(&a), a.len, buf_text(&b), b.len,
		&err) == -1)
		fail_msg("%s: %s", place, err.text);
	/* Cut anywhere, it is a failed read and never a part. */
	for (cut = 0; cut + 3 < b.len; cut += 977) {
		struct frr_state none;

		assert_int_equal(frr_state_parse(&none, buf_text(&a), a.len,
				     buf_text(&b), cut, &err),
		    -1);
		assert_int_equal(err.code, ERR_TOOL);
		assert_null(none.sessions);
	}
	buf_clear(&a);
	buf_clear(&b);
}

static void
test_versions(void **state)
{
	struct frr_state s;
	size_t i, j;

	(void)state;
	for (i = 0; i < NITEMS(places); i++) {
		parse_pair(&s, places[i], "show_bgp_summary_json.out",
		    "show_bgp_neighbors_json.out");
		assert_int_equal(s.local_as, 201379);
		assert_true(s.table[FAMILY_IPV6_UNICAST].present);
		assert_true(s.n_sessions >= 3);
		for (j = 0; j < s.n_sessions; j++) {
			const struct frr_session *n = &s.sessions[j];

			assert_int_not_equal(n->remote_as, 0);
			assert_int_equal(n->local_as, 201379);
			assert_true(n->family[FAMILY_IPV6_UNICAST].present);
			assert_int_not_equal(n->state, SESSION_UNKNOWN);
			assert_true((n->uptime_ms >= 0) ==
			    (n->state == SESSION_ESTABLISHED));
			assert_true(j == 0 ||
			    addr_compare(&s.sessions[j - 1].neighbor,
				&n->neighbor) < 0);
		}
		frr_state_clear(&s);
	}
}

static void
test_one_session(void **state)
{
	const struct frr_session *n;
	struct frr_state s;

	(void)state;
	parse_pair(&s, "10.5.4/hobgp", "show_bgp_summary_json.out",
	    "show_bgp_neighbors_json.out");
	assert_string_equal(s.router_id, "10.0.0.1");
	assert_int_equal(s.table[FAMILY_IPV6_UNICAST].table_version, 3);
	assert_int_equal(s.table[FAMILY_IPV6_UNICAST].rib_count, 3);
	assert_false(s.table[FAMILY_IPV4_UNICAST].present);
	n = find(&s, "2a0c:9a40:1::1");
	assert_int_equal(n->remote_as, 209533);
	assert_int_equal(n->state, SESSION_ESTABLISHED);
	assert_int_equal(n->family[FAMILY_IPV6_UNICAST].prefixes_received, 1);
	assert_int_equal(n->family[FAMILY_IPV6_UNICAST].prefixes_sent, 1);
	assert_true(n->family[FAMILY_IPV6_UNICAST].soft_reconfiguration);
	assert_string_equal(n->description, "ifog upstream");
	assert_string_equal(n->local_address, "2a0c:9a40:1::2");
	assert_string_equal(n->peer_hostname, "vm");
	assert_int_equal(n->hold_ms, 180000);
	assert_int_equal(n->established_count, 1);
	assert_false(n->tcp_md5);
	frr_state_clear(&s);
}

static void
test_many_states(void **state)
{
	const struct frr_session *n;
	struct frr_state s;

	(void)state;
	parse_pair(&s, "", "bgp-summary-json-many-states-8.4.4.json",
	    "bgp-neighbors-json-many-states-8.4.4.json");
	assert_int_equal(s.n_sessions, 7);
	assert_int_equal(s.n_by_interface, 1);
	n = find(&s, "2001:db8:98::1");
	assert_int_equal(n->state, SESSION_IDLE);
	assert_true(n->admin_shutdown);
	assert_false(n->prefix_limit);
	assert_int_equal(n->uptime_ms, -1);
	n = find(&s, "2001:db8:99::1");
	assert_int_equal(n->state, SESSION_ACTIVE);
	assert_false(n->admin_shutdown);
	assert_string_equal(n->local_address, "");
	n = find(&s, "2a11:6c7:1::1");
	assert_true(n->prefix_limit);
	assert_int_equal(n->state, SESSION_IDLE);
	n = find(&s, "2a0c:9a40:1::1");
	assert_int_equal(n->state, SESSION_ESTABLISHED);
	assert_int_equal(n->dropped_count, 46);
	assert_true(n->uptime_ms > 500000);
	n = find(&s, "2a0c:9a40:1::77");
	assert_string_equal(n->description, "on-link but absent");
	frr_state_clear(&s);
}

static void
test_md5_mismatch(void **state)
{
	const struct frr_session *n;
	struct frr_state s;

	(void)state;
	parse_pair(&s, "", "bgp-summary-md5-mismatch.json",
	    "bgp-neighbor-md5-mismatch.json");
	n = find(&s, "2001:19f0:ffff::1");
	assert_int_equal(n->state, SESSION_CONNECT);
	assert_true(n->tcp_md5);
	assert_int_equal(n->uptime_ms, -1);
	assert_int_equal(n->down_ms, 30000);
	assert_string_equal(n->last_reset, "Password config change");
	assert_string_equal(n->local_address, "2001:19f0:5::2");
	frr_state_clear(&s);
}

static void
test_shutdown_message(void **state)
{
	struct buf b = BUF_INIT;
	struct frr_state s;
	struct err err;

	(void)state;
	read_sample("", "bgp-neighbor-after-shutdown-message-8.4.4.json", &b);
	assert_int_equal(frr_state_parse(&s, "{}", 2, buf_text(&b), b.len,
			     &err),
	    0);
	assert_int_equal(s.n_sessions, 1);
	assert_string_equal(s.sessions[0].last_shutdown_message,
	    "Planned maintenance ticket #42, back 02:00 UTC");
	assert_string_equal(s.sessions[0].last_error,
	    "Cease/Administrative Shutdown");
	frr_state_clear(&s);
	buf_clear(&b);
}

static void
check_bad(const char *summary, const char *neighbors)
{
	struct frr_state s;
	struct err err;

	err_clear(&err);
	assert_int_equal(frr_state_parse(&s, summary, strlen(summary),
			     neighbors, strlen(neighbors), &err),
	    -1);
	assert_int_equal(err.code, ERR_TOOL);
	assert_null(s.sessions);
}

static void
test_bad(void **state)
{
	(void)state;
	check_bad("", "{}");
	check_bad("{}", "");
	check_bad("% BGP instance not found\n", "{}");
	check_bad("{}{}", "{}");
	check_bad("[]", "{}");
	check_bad("{\"ipv6Unicast\":5}", "{}");
	check_bad("{\"ipv6Unicast\":{\"peers\":[]}}", "{}");
	check_bad("{\"ipv6Unicast\":{\"peers\":{\"::1\":3}}}", "{}");
	check_bad("{\"warning\":\"no\"}", "{}");
}

static void
test_odd(void **state)
{
	static const char summary[] =
	    "{\"ipv6Unicast\":{\"as\":\"1.10\","
	    "\"new\":[],\"peers\":{\"::2\":{\"state\":\"Quantum\","
	    "\"pfxRcd\":-5,\"remoteAs\":\"65000\"},\"::1\":{}}}}";
	static const char neighbors[] =
	    "{\"bgpNoSuchNeighbor\":true,"
	    "\"::3\":{\"nbrDesc\":\"b\xfc"
	    "cher\",\"bgpState\":\"OpenSent\","
	    "\"addressFamilyInfo\":{\"ipv4Unicast\":"
	    "{\"acceptedPrefixCounter\":7}}}}";
	struct frr_state s;
	struct err err;

	(void)state;
	assert_int_equal(frr_state_parse(&s, summary, strlen(summary),
			     neighbors, strlen(neighbors), &err),
	    0);
	assert_int_equal(s.local_as, 65546);
	assert_int_equal(s.n_sessions, 3);
	assert_int_equal(s.sessions[1].state, SESSION_UNKNOWN);
	assert_int_equal(s.sessions[1].remote_as, 65000);
	assert_int_equal(s.sessions[1]
			     .family[FAMILY_IPV6_UNICAST]
			     .prefixes_received,
	    0);
	assert_string_equal(s.sessions[2].description,
	    "b\xef\xbf\xbd"
	    "cher");
	assert_int_equal(s.sessions[2].state, SESSION_OPEN_SENT);
	assert_int_equal(s.sessions[2]
			     .family[FAMILY_IPV4_UNICAST]
			     .prefixes_received,
	    7);
	frr_state_clear(&s);
	frr_state_clear(&s);
	assert_int_equal(frr_state_parse(&s, "{}", 2, "{}", 2, &err), 0);
	assert_int_equal(s.local_as, 0);
}

static void
test_version(void **state)
{
	static const char *const want[] = { "8.4.4", "8.4.4", "10.5.4",
		"10.8.0-dev" };
	struct buf b = BUF_INIT;
	char version[32];
	struct err err;
	size_t i;

	(void)state;
	for (i = 0; i < NITEMS(places); i++) {
		read_sample(places[i], "show_version.out", &b);
		assert_int_equal(frr_version_parse(buf_text(&b), version,
				     sizeof(version), &err),
		    0);
		assert_string_equal(version, want[i]);
	}
	buf_clear(&b);
	assert_int_equal(frr_version_parse("Quagga 1.2", version,
			     sizeof(version), &err),
	    -1);
	assert_int_equal(frr_version_parse("FRRouting ", version,
			     sizeof(version), &err),
	    -1);
	assert_int_equal(frr_version_parse("FRRouting 8.4.4", version, 4, &err),
	    -1);
}

static void
test_version_order(void **state)
{
	static const char *const older[] = { "", "8.4.4", "9.1", "10.5.4",
		"10.0", "10", "x", "1.6" };
	static const char *const newer[] = { "10.6", "10.6.0", "10.7.1",
		"10.10", "10.8-dev", "11.0", "11" };
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(older) / sizeof(older[0]); i++)
		assert_false(frr_version_is_from(older[i], 10, 6));
	for (i = 0; i < sizeof(newer) / sizeof(newer[0]); i++)
		assert_true(frr_version_is_from(newer[i], 10, 6));
}

static void
test_prefix_counts(void **state)
{
	struct buf b = BUF_INIT;
	struct err err;
	uint64_t best;
	size_t i;

	(void)state;
	for (i = 0; i < NITEMS(places); i++) {
		read_sample(places[i],
		    i == 1 ?
			"show_bgp_ipv6_unicast_neighbors_2001_19f0_ffff--1_"
			"prefix-counts_json.out" :
			"show_bgp_ipv6_unicast_neighbors_2a0c_9a40_1--1_"
			"prefix-counts_json.out",
		    &b);
		best = 77;
		if (frr_prefix_counts_parse(buf_text(&b), b.len, &best, &err) ==
		    -1)
			fail_msg("%s: %s", places[i], err.text);
		assert_true(best <= 1);
	}
	buf_clear(&b);
	assert_int_equal(frr_prefix_counts_parse("{}", 2, &best, &err), -1);
	assert_int_equal(frr_prefix_counts_parse("% No", 4, &best, &err), -1);
}

static void
test_routes(void **state)
{
	struct buf b = BUF_INIT;
	struct frr_route r;
	struct err err;
	char text[ADDR_TEXT_MAX];
	size_t i;

	(void)state;
	for (i = 0; i < NITEMS(places); i++) {
		read_sample(places[i],
		    "show_bgp_ipv6_unicast_2001_db8_ff---48_json.out", &b);
		assert_int_equal(frr_route_parse(&r, buf_text(&b), b.len, &err),
		    0);
		assert_true(r.found);
		assert_string_equal(r.prefix, "2001:db8:ff::/48");
		assert_true(r.paths[0].best);
		assert_true(r.paths[0].valid);
		assert_true(r.paths[0].has_local_preference);
		assert_string_equal(r.paths[0].origin, "igp");
		if (i != 1) {
			assert_int_equal(r.n_sent_to, 1);
			assert_string_equal(addr_print(&r.sent_to[0], text),
			    "fd00:201:1::2");
			assert_int_equal(r.n_paths, 3);
			assert_int_equal(r.paths[0].local_preference, 200);
			assert_string_equal(r.paths[0].as_path, "209533 65001");
			assert_int_equal(r.paths[0].as_path_length, 2);
			assert_string_equal(r.paths[0].best_reason,
			    "Local Pref");
			assert_string_equal(addr_print(&r.paths[0].next_hop,
						text),
			    "2a0c:9a40:1::1");
			assert_string_equal(addr_print(&r.paths[2].neighbor,
						text),
			    "2a11:6c7:1::1");
			assert_false(r.paths[0].internal);
		}
		frr_route_clear(&r);
		read_sample(places[i],
		    "show_bgp_ipv6_unicast_2001_db8_dead---48_json.out", &b);
		assert_int_equal(frr_route_parse(&r, buf_text(&b), b.len, &err),
		    0);
		assert_false(r.found);
	}
	read_sample("", "peer-view-gshut-8.4.4.json", &b);
	assert_int_equal(frr_route_parse(&r, buf_text(&b), b.len, &err), 0);
	assert_true(r.n_paths > 1);
	for (i = 0; i < r.n_paths; i++)
		if (strcmp(r.paths[i].communities, "graceful-shutdown") == 0)
			break;
	assert_true(i < r.n_paths);
	assert_int_equal(r.paths[i].local_preference, 0);
	assert_true(r.paths[i].has_med);
	frr_route_clear(&r);
	buf_clear(&b);
}

static void
test_names(void **state)
{
	(void)state;
	assert_string_equal(session_state_name(SESSION_OPEN_CONFIRM),
	    "open_confirm");
	assert_string_equal(session_state_name((enum session_state)99),
	    "unknown");
	assert_string_equal(family_name(FAMILY_IPV6_UNICAST), "ipv6-unicast");
	assert_string_equal(family_frr_words(FAMILY_IPV4_UNICAST),
	    "ipv4 unicast");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_versions),
		cmocka_unit_test(test_one_session),
		cmocka_unit_test(test_many_states),
		cmocka_unit_test(test_md5_mismatch),
		cmocka_unit_test(test_shutdown_message),
		cmocka_unit_test(test_bad),
		cmocka_unit_test(test_odd),
		cmocka_unit_test(test_version),
		cmocka_unit_test(test_version_order),
		cmocka_unit_test(test_prefix_counts),
		cmocka_unit_test(test_routes),
		cmocka_unit_test(test_names),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
