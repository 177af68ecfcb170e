/* tests/unit/test_model_router.c - the router, routes and values as JSON. */
/* links: model/tag model/router model/route model/json model/upstream
 * model/tunnel model/prefix_rule base/addr base/buf base/clock base/crypto
 * base/err base/log base/mem base/name base/number */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "base/buf.h"
#include "base/version.h"
#include "model/json.h"
#include "model/route.h"
#include "model/router.h"

static void
set(char *to, size_t size, const char *text)
{
	(void)snprintf(to, size, "%s", text);
}
#define SET(to, text) set(to, sizeof(to), text)

static void
set_prefix(struct router_prefix *p, const char *text, bool originate,
    enum router_route route)
{
	assert_int_equal(prefix_parse(&p->prefix, text, true, NULL), 0);
	p->originate = originate;
	p->route = route;
}

static void
test_router_unseen(void **state)
{
	struct router r = { .securelevel = -2,
		.freshness = { .age_ms = -1, .stale = true } };
	char etag[ROUTER_ETAG_MAX];
	struct buf b = BUF_INIT;

	(void)state;
	SET(r.name, "hobgp");
	SET(r.platform, "linux");
	r.freshness.n_warnings = 1;
	SET(r.freshness.warnings[0], "FRR does not answer");
	router_render(&r, &b, etag);
	assert_string_equal(buf_text(&b),
	    "{\"name\":\"hobgp\",\"platform\":\"linux\",\"securelevel\":null,"
	    "\"multihomed_version\":\"" VERSION "\",\"frr_version\":null,"
	    "\"local_as\":null,\"router_id\":null,\"router_address\":[],"
	    "\"state\":\"in_service\",\"state_reason\":null,\"prefixes\":[],\"bogons\":null,"
	    "\"kernel_routes\":\"install\",\"upstreams\":0,"
	    "\"sessions\":{\"configured\":0,\"established\":0},\"tables\":{},"
	    "\"rx_bps\":null,\"tx_bps\":null,\"pending_confirm\":null,"
	    "\"drift\":[],\"snapshot\":{"
	    "\"observed_at\":null,\"age_ms\":null,\"stale\":true},"
	    "\"warnings\":[\"FRR does not answer\"],\"writable\":false}");
	buf_clear(&b);
}

static void
test_router(void **state)
{
	struct router r = { .securelevel = 2,
		.config = { .local_as = 4200000000,
		    .n_prefixes = 3,
		    .bogons = ROUTER_BOGONS_LIST,
		    .n_rules = 2,
		    .announce_only = true },
		.pending_operation = "op-7",
		.pending_reverts_at_ms = 1772330400000,
		.pending_seconds = 57,
		.n_drift = 1,
		.drift = { { 1772330400000, "frr", "+ x", 42 } },
		.n_sessions = 4,
		.n_established = 3,
		.rates_known = true,
		.rx_bps = 1000,
		.tx_bps = 2000,
		.writable = true,
		.freshness = { .observed_ms = 1772330400000, .age_ms = 12 } };
	struct router_prefix *p = r.config.prefixes;
	char etag[ROUTER_ETAG_MAX], version[17];
	struct buf b = BUF_INIT;

	(void)state;
	SET(r.name, "hobgp");
	SET(r.platform, "freebsd");
	SET(r.frr_version, "8.4.4");
	SET(r.router_id, "198.51.100.10"); /* chosen by FRR */
	(void)addr_parse(&r.config.address[1], "2a06:9801:1c::1", NULL);
	set_prefix(&p[0], "192.0.2.0/24", true, ROUTER_ROUTE_BLACKHOLE);
	set_prefix(&p[1], "2001:db8::/32", false, ROUTER_ROUTE_INTERFACE);
	SET(p[1].interface, "gif0");
	set_prefix(&p[2], "2a06:9801:1c::/48", true, ROUTER_ROUTE_REJECT);
	(void)prefix_rule_parse(&r.config.rules[0], "deny any", 6, NULL);
	(void)prefix_rule_parse(&r.config.rules[1],
	    "permit 0.0.0.0/0 ge 8 le 24", 0, NULL);
	r.table[1] = (struct router_table) { true, 500001, 240000 };
	router_render(&r, &b, etag);
	router_version(&r.config, version);
	assert_memory_equal(etag + 1, version, 16);
	assert_string_equal(buf_text(&b),
	    "{\"name\":\"hobgp\",\"platform\":\"freebsd\",\"securelevel\":2,"
	    "\"multihomed_version\":\"" VERSION "\","
	    "\"frr_version\":\"8.4.4\",\"local_as\":4200000000,"
	    "\"router_id\":\"198.51.100.10\","
	    "\"router_address\":[\"2a06:9801:1c::1\"],"
	    "\"state\":\"in_service\",\"state_reason\":null,"
	    "\"prefixes\":[\"192.0.2.0/24\",{\"prefix\":\"2001:db8::/32\","
	    "\"originate\":false,\"route\":{\"interface\":\"gif0\"}},"
	    "{\"prefix\":\"2a06:9801:1c::/48\",\"originate\":true,"
	    "\"route\":\"reject\"}],"
	    "\"bogons\":[\"deny ::/0 le 128\","
	    "\"permit 0.0.0.0/0 ge 8 le 24\"],"
	    "\"kernel_routes\":\"announce_only\",\"upstreams\":4,"
	    "\"sessions\":{\"configured\":4,\"established\":3},"
	    "\"tables\":{\"ipv6-unicast\":{\"version\":500001,"
	    "\"routes\":240000}},\"rx_bps\":1000,\"tx_bps\":2000,"
	    "\"pending_confirm\":{\"operation\":\"op-7\","
	    "\"reverts_at\":\"2026-03-01T02:00:00.000Z\","
	    "\"revert_in_s\":57},\"drift\":[{"
	    "\"seen_at\":\"2026-03-01T02:00:00.000Z\","
	    "\"subsystem\":\"frr\",\"detail\":\"+ x\",\"audit_seq\":42}],"
	    "\"snapshot\":{\"observed_at\":\"2026-03-01T02:00:00.000Z\","
	    "\"age_ms\":12,\"stale\":false},\"warnings\":[],"
	    "\"writable\":true}");
	buf_clear(&b);
}

static void
test_freshness(void **state)
{
	struct freshness f = { .observed_ms = 1772330400500, .age_ms = 0 };
	struct buf b = BUF_INIT;

	(void)state;
	router_render_freshness(&f, &b);
	assert_string_equal(buf_text(&b),
	    ",\"snapshot\":{\"observed_at\":\"2026-03-01T02:00:00.500Z\","
	    "\"age_ms\":0,\"stale\":false},\"warnings\":[]");
	buf_clear(&b);
}

static void
test_route(void **state)
{
	static const struct route_path paths[] = {
		{ .valid = true,
		    .neighbor = "fd00:ca::1",
		    .upstream = "lagrange",
		    .next_hop = "fd00:ca::1",
		    .local_preference = -1,
		    .med = 0,
		    .as_path = "209735 64500",
		    .as_path_length = 2,
		    .origin = "igp",
		    .communities = " 1:2  3:4 ",
		    .large_communities = "1:2:3" },
		{ .best = true,
		    .best_reason = "Local Pref",
		    .internal = true,
		    .local_preference = 4294967295,
		    .med = -1,
		    .as_path = "" },
	};
	struct buf b = BUF_INIT;

	(void)state;
	route_render("2001:db8::/32", paths, 2, &b);
	assert_string_equal(buf_text(&b),
	    "{\"prefix\":\"2001:db8::/32\",\"paths\":[{\"best\":true,"
	    "\"best_reason\":\"Local Pref\",\"valid\":false,\"neighbor\":null,"
	    "\"upstream\":null,\"internal\":true,\"local\":false,"
	    "\"next_hop\":null,\"local_preference\":4294967295,\"med\":null,"
	    "\"as_path\":\"\",\"as_path_length\":0,\"origin\":null,"
	    "\"communities\":[],\"large_communities\":[]},{\"best\":false,"
	    "\"best_reason\":null,\"valid\":true,\"neighbor\":\"fd00:ca::1\","
	    "\"upstream\":\"lagrange\",\"internal\":false,\"local\":false,"
	    "\"next_hop\":\"fd00:ca::1\",\"local_preference\":null,\"med\":0,"
	    "\"as_path\":\"209735 64500\",\"as_path_length\":2,"
	    "\"origin\":\"igp\",\"communities\":[\"1:2\",\"3:4\"],"
	    "\"large_communities\":[\"1:2:3\"]}]}");
	buf_clear(&b);
}

/* A path of which bgpd told nothing at all. */
static void
test_route_of_nothing(void **state)
{
	static const struct route_path path;
	struct buf b = BUF_INIT;

	(void)state;
	route_render("::/0", &path, 1, &b);
	assert_non_null(strstr(buf_text(&b), "\"as_path\":\"\""));
	buf_reset(&b);
	route_render("::/0", NULL, 0, &b);
	assert_string_equal(buf_text(&b), "{\"prefix\":\"::/0\",\"paths\":[]}");
	buf_clear(&b);
}

static void
check_json(json_t *json, const char *want)
{
	struct buf b = BUF_INIT;

	json_render(json, &b);
	assert_string_equal(buf_text(&b), want);
	buf_clear(&b);
}

static void
test_values(void **state)
{
	(void)state;
	check_json(json_text_or_null(NULL), "null");
	check_json(json_text_or_null(""), "null");
	check_json(json_text_or_null("a\"\n\x7f\xc3\xa4"),
	    "\"a\\\"\\n\x7f\xc3\xa4\"");
	check_json(json_text(""), "\"\"");
	check_json(json_text("a\xff\xc3\xa4z"), "\"a???z\"");
	check_json(json_int_or_null(-1), "null");
	check_json(json_int_or_null(0), "0");
	check_json(json_int_or_null(INT64_MAX), "9223372036854775807");
	check_json(json_time_or_null(0), "null");
	check_json(json_time_or_null(1772330400007),
	    "\"2026-03-01T02:00:00.007Z\"");
	check_json(json_stored(NULL), "null");
	check_json(json_stored("{damaged"), "null");
	check_json(json_stored("\"text\""), "\"text\"");
	check_json(json_stored(" { \"b\" : [1, 2], \"a\": null } "),
	    "{\"b\":[1,2],\"a\":null}");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_router_unseen),
		cmocka_unit_test(test_router),
		cmocka_unit_test(test_freshness),
		cmocka_unit_test(test_route),
		cmocka_unit_test(test_route_of_nothing),
		cmocka_unit_test(test_values),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
