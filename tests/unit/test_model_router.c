/* tests/unit/test_model_router.c - the router, routes and values as JSON. */
/* links: model/router model/route model/json model/upstream base/addr base/buf
 * base/clock base/crypto base/err base/log base/mem base/name base/number */
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
test_router_unseen(void **state)
{
	struct router r = { .freshness = { .age_ms = -1, .stale = true } };
	struct buf b = BUF_INIT;

	(void)state;
	SET(r.name, "hobgp");
	SET(r.platform, "linux");
	r.freshness.n_warnings = 1;
	SET(r.freshness.warnings[0], "FRR does not answer");
	router_render(&r, &b);
	assert_string_equal(buf_text(&b),
	    "{\"name\":\"hobgp\",\"platform\":\"linux\","
	    "\"multihomed_version\":\"" VERSION "\",\"frr_version\":null,"
	    "\"local_as\":null,\"router_id\":null,\"state\":\"in_service\","
	    "\"prefixes\":[],\"upstreams\":0,"
	    "\"sessions\":{\"configured\":0,\"established\":0},\"tables\":{},"
	    "\"rx_bps\":null,\"tx_bps\":null,\"snapshot\":{"
	    "\"observed_at\":null,\"age_ms\":null,\"stale\":true},"
	    "\"warnings\":[\"FRR does not answer\"],\"writable\":false}");
	buf_clear(&b);
}

static void
test_router(void **state)
{
	struct router r = { .local_as = 4200000000,
		.n_prefixes = 2,
		.n_sessions = 4,
		.n_established = 3,
		.rates_known = true,
		.rx_bps = 1000,
		.tx_bps = 2000,
		.writable = true,
		.freshness = { .observed_ms = 1772330400000, .age_ms = 12 } };
	struct buf b = BUF_INIT;

	(void)state;
	SET(r.name, "hobgp");
	SET(r.platform, "freebsd");
	SET(r.frr_version, "8.4.4");
	SET(r.router_id, "198.51.100.10");
	SET(r.prefixes[0], "192.0.2.0/24");
	SET(r.prefixes[1], "2a06:9801:1c::/48");
	r.table[1] = (struct router_table) { true, 500001, 240000 };
	router_render(&r, &b);
	assert_string_equal(buf_text(&b),
	    "{\"name\":\"hobgp\",\"platform\":\"freebsd\","
	    "\"multihomed_version\":\"" VERSION "\","
	    "\"frr_version\":\"8.4.4\",\"local_as\":4200000000,"
	    "\"router_id\":\"198.51.100.10\",\"state\":\"in_service\","
	    "\"prefixes\":[\"192.0.2.0/24\",\"2a06:9801:1c::/48\"],"
	    "\"upstreams\":4,"
	    "\"sessions\":{\"configured\":4,\"established\":3},"
	    "\"tables\":{\"ipv6-unicast\":{\"version\":500001,"
	    "\"routes\":240000}},\"rx_bps\":1000,\"tx_bps\":2000,"
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
