/* tests/unit/test_model_upstream.c - an upstream and its session as JSON. */
/* links: model/tag model/upstream model/tunnel model/json base/addr base/buf
 * base/clock base/crypto base/err base/log base/mem base/name base/number */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "base/buf.h"
#include "base/crypto.h"
#include "model/upstream.h"

static void
set(char *to, size_t size, const char *text)
{
	(void)snprintf(to, size, "%s", text);
}
#define SET(to, text) set(to, sizeof(to), text)

/* A neighbor of which nothing but the least is known. */
static void
fill_bare(struct upstream *up)
{
	memset(up, 0, sizeof(*up));
	SET(up->name.s, "ifog");
	assert_int_equal(addr_parse(&up->neighbor, "2001:db8:300::1", NULL), 0);
	up->remote_as = 209533;
	up->session.uptime_s = -1;
}

static void
fill_session(struct session *s)
{
	s->known = s->established = true;
	SET(s->state, "established");
	s->uptime_s = 86400;
	s->local_as = 4200000000;
	SET(s->local_address, "2001:db8:300::2");
	SET(s->peer_hostname, "fra1");
	s->established_count = 3;
	s->dropped_count = 2;
	s->messages_received = 1000001;
	s->messages_sent = 2000002;
	s->in_queue = 1;
	s->out_queue = 7;
	s->table[1] = (struct session_table) { true, 240000, 1, true, false };
	SET(s->last_reset, "Hold Timer Expired");
	SET(s->last_error, "Cease/Administrative Shutdown");
	SET(s->last_shutdown_message, "back \"soon\"");
	s->traffic = (struct traffic) { .known = true,
		.interface = "gre0",
		.rx_bytes = 10,
		.tx_bytes = 20 };
}

static void
fill_full(struct upstream *up)
{
	fill_bare(up);
	SET(up->description, "Upstream-iFog-Frankfurt");
	SET(up->local_address, "2001:db8:300::2");
	up->ebgp_multihop = 2;
	up->next_hop_self = true;
	up->family[0] = up->family[1] = true;
	up->soft_reconfiguration = true;
	up->maximum_prefix = (struct maximum_prefix) { 250000, 90, 30 };
	up->tcp_md5 = true;
	SET(up->tcp_md5_key_id, "k0123456789");
	SET(up->route_map_in, "RM-IN");
	SET(up->route_map_out, "RM-OUT");
	SET(up->import_prefix_list, "PL-BOGONS");
	SET(up->export_prefix_list, "PL-MY-NET");
	up->has_local_preference = true;
	up->local_preference = 4294967295;
	up->as_path_prepend = 2;
	up->role = UPSTREAM_PEER;
	up->capacity_mbps = 1000;
	up->tunnel = (struct tunnel) { .present = true,
		.kind = TUNNEL_GRE,
		.interface = "gre0",
		.prefix_length = 126,
		.mtu = 1476,
		.owned = true };
	assert_int_equal(addr_parse(&up->tunnel.local, "198.51.100.10", NULL),
	    0);
	assert_int_equal(addr_parse(&up->tunnel.remote, "198.51.100.44", NULL),
	    0);
	up->has_host_route = up->nat = true;
	assert_int_equal(addr_parse(&up->gateway, "fe80::1%em0", NULL), 0);
	upstream_warn(up, "%s is %d", "something", 1);
	fill_session(&up->session);
}

static void
check_upstream(const struct upstream *up, const char *want)
{
	struct buf b = BUF_INIT;
	char etag[UPSTREAM_ETAG_MAX];

	upstream_render(up, &b, etag);
	assert_string_equal(buf_text(&b), want);
	buf_clear(&b);
}

static void
test_bare(void **state)
{
	struct upstream up;

	(void)state;
	fill_bare(&up);
	check_upstream(&up,
	    "{\"name\":\"ifog\",\"description\":null,\"role\":\"transit\","
	    "\"remote_as\":209533,\"neighbor\":\"2001:db8:300::1\","
	    "\"local_address\":null,\"ebgp_multihop\":null,"
	    "\"next_hop_self\":false,\"capacity_mbps\":null,"
	    "\"families\":[],\"tunnel\":null,\"host_route\":null,"
	    "\"import\":{"
	    "\"prefix_list\":null,\"local_preference\":null,"
	    "\"soft_reconfiguration\":false,\"maximum_prefix\":null},"
	    "\"export\":{\"prefix_list\":null,\"as_path_prepend\":0},"
	    "\"firewall\":{\"nat\":false},"
	    "\"tcp_md5\":{\"set\":false,\"key_id\":null,\"set_at\":null},\"status\":{\"session\":\"unknown\","
	    "\"uptime_s\":null,\"prefixes_received\":0,\"prefixes_sent\":0,"
	    "\"route_map_in\":null,\"route_map_out\":null,\"drain\":\"in_service\",\"drain_reason\":null,\"interface\":null,"
	    "\"rx_bps\":null,\"tx_bps\":null,\"managed\":null,"
	    "\"last_error\":null,\"tcp_md5_age_s\":null,"
	    "\"warnings\":[]}}");
}

static void
test_full(void **state)
{
	struct upstream up;

	(void)state;
	fill_full(&up);
	check_upstream(&up,
	    "{\"name\":\"ifog\",\"description\":\"Upstream-iFog-Frankfurt\","
	    "\"role\":\"peer\",\"remote_as\":209533,"
	    "\"neighbor\":\"2001:db8:300::1\","
	    "\"local_address\":\"2001:db8:300::2\",\"ebgp_multihop\":2,"
	    "\"next_hop_self\":true,\"capacity_mbps\":1000,"
	    "\"families\":[\"ipv4-unicast\",\"ipv6-unicast\"],"
	    "\"tunnel\":{\"kind\":\"gre\",\"interface\":\"gre0\","
	    "\"local\":\"198.51.100.10\",\"remote\":\"198.51.100.44\","
	    "\"prefix_length\":126,\"mtu\":1476},"
	    "\"host_route\":{\"gateway\":\"fe80::1%em0\"},\"import\":{"
	    "\"prefix_list\":\"PL-BOGONS\",\"local_preference\":4294967295,"
	    "\"soft_reconfiguration\":true,\"maximum_prefix\":{"
	    "\"limit\":250000,\"warning_percent\":90,\"restart_minutes\":30}},"
	    "\"export\":{\"prefix_list\":\"PL-MY-NET\",\"as_path_prepend\":2},"
	    "\"firewall\":{\"nat\":true},"
	    "\"tcp_md5\":{\"set\":true,\"key_id\":\"k0123456789\",\"set_at\":null},\"status\":{"
	    "\"session\":\"established\",\"uptime_s\":86400,"
	    "\"prefixes_received\":240000,\"prefixes_sent\":1,"
	    "\"route_map_in\":\"RM-IN\",\"route_map_out\":\"RM-OUT\",\"drain\":\"in_service\",\"drain_reason\":null,"
	    "\"interface\":\"gre0\",\"rx_bps\":null,\"tx_bps\":null,"
	    "\"managed\":\"multihomed\",\"last_error\":\"Cease/Administrative Shutdown\","
	    "\"tcp_md5_age_s\":null,\"warnings\":[\"something is 1\"]}}");
}

static void
test_maximum_prefix_defaults(void **state)
{
	struct upstream up;
	struct buf b = BUF_INIT;
	char etag[UPSTREAM_ETAG_MAX];

	(void)state;
	fill_bare(&up);
	up.internal = true;
	up.role = UPSTREAM_INTERNAL;
	up.maximum_prefix.limit = 4294967295;
	up.session.traffic = (struct traffic) { .known = true,
		.interface = "gre0",
		.rates_known = true,
		.rx_bps = 0,
		.tx_bps = 8000000000 };
	upstream_render(&up, &b, etag);
	assert_non_null(strstr(buf_text(&b),
	    "\"maximum_prefix\":{\"limit\":4294967295,\"warning_percent\":null,"
	    "\"restart_minutes\":null}"));
	assert_non_null(strstr(buf_text(&b), "\"role\":\"internal\""));
	assert_non_null(
	    strstr(buf_text(&b), "\"rx_bps\":0,\"tx_bps\":8000000000"));
	buf_clear(&b);
}

static void
test_session(void **state)
{
	struct upstream up;
	struct buf b = BUF_INIT;

	(void)state;
	fill_full(&up);
	upstream_render_session(&up, &b);
	assert_non_null(strstr(buf_text(&b),
	    "{\"neighbor\":\"2001:db8:300::1\",\"upstream\":\"ifog\","
	    "\"description\":\"Upstream-iFog-Frankfurt\",\"remote_as\":209533,"
	    "\"local_as\":4200000000,\"state\":\"established\","
	    "\"admin_shutdown\":false,\"uptime_s\":86400,"
	    "\"local_address\":\"2001:db8:300::2\",\"peer_hostname\":\"fra1\","
	    "\"established_count\":3,\"dropped_count\":2,"
	    "\"messages_received\":1000001,\"messages_sent\":2000002,"
	    "\"in_queue\":1,\"out_queue\":7,\"tcp_md5\":true,\"families\":{"
	    "\"ipv6-unicast\":{\"prefixes_received\":240000,"
	    "\"prefixes_sent\":1,\"soft_reconfiguration\":true}},"
	    "\"interface\":\"gre0\",\"rx_bps\":null,\"tx_bps\":null,"
	    "\"rx_bytes\":10,\"tx_bytes\":20,"
	    "\"last_reset\":\"Hold Timer Expired\","
	    "\"last_error\":\"Cease/Administrative Shutdown\","
	    "\"last_shutdown_message\":\"back \\\"soon\\\"\""));
	buf_reset(&b);
	fill_bare(&up);
	upstream_render_session(&up, &b);
	assert_non_null(strstr(buf_text(&b), "\"state\":\"unknown\""));
	assert_non_null(strstr(buf_text(&b), "\"uptime_s\":null"));
	assert_non_null(strstr(buf_text(&b), "\"families\":{}"));
	assert_non_null(strstr(buf_text(&b),
	    "\"interface\":null,\"rx_bps\":null,\"tx_bps\":null,"
	    "\"rx_bytes\":null,\"tx_bytes\":null"));
	buf_clear(&b);
}

/* The audit keeps the configuration, and nothing that moves by itself. */
static void
test_policy(void **state)
{
	struct buf b = BUF_INIT, whole = BUF_INIT;
	char etag[UPSTREAM_ETAG_MAX];
	struct upstream up;

	(void)state;
	fill_full(&up);
	upstream_render_policy(&up, &b);
	upstream_render(&up, &whole, etag);
	assert_null(strstr(buf_text(&b), "status"));
	assert_int_equal(strncmp(buf_text(&b), buf_text(&whole), b.len - 1), 0);
	buf_clear(&b);
	buf_clear(&whole);
}

/* What comes from a router or a peer need not be UTF-8. */
static void
test_any_bytes(void **state)
{
	struct upstream up;
	struct buf b = BUF_INIT;
	char etag[UPSTREAM_ETAG_MAX];

	(void)state;
	fill_full(&up);
	SET(up.description, "Z\xfcrich");
	SET(up.session.last_shutdown_message, "\xff\x01");
	upstream_render(&up, &b, etag);
	assert_non_null(strstr(buf_text(&b), "\"Z?rich\""));
	upstream_render_session(&up, &b);
	assert_non_null(strstr(buf_text(&b), "\"?\\u0001\""));
	buf_clear(&b);
}

static void
test_warnings_have_an_end(void **state)
{
	struct upstream up;
	char text[400];
	unsigned i;

	(void)state;
	fill_bare(&up);
	memset(text, 'w', sizeof(text) - 1);
	text[sizeof(text) - 1] = '\0';
	for (i = 0; i < UPSTREAM_WARNINGS_MAX + 2; i++)
		upstream_warn(&up, "%u %s", i, text);
	assert_int_equal(up.n_warnings, UPSTREAM_WARNINGS_MAX);
	assert_int_equal(up.warnings[3][0], '3');
	assert_int_equal(strlen(up.warnings[3]), sizeof(up.warnings[3]) - 1);
}

static void
tag_of(const struct upstream *up, char *etag)
{
	struct buf b = BUF_INIT;

	upstream_render(up, &b, etag);
	assert_int_equal(strlen(etag), 35);
	assert_int_equal(etag[0], '"');
	assert_int_equal(etag[17], '.');
	assert_int_equal(etag[34], '"');
	buf_clear(&b);
}

/* The first half follows the configuration alone, the second everything. */
static void
test_entity_tag(void **state)
{
	char was[UPSTREAM_ETAG_MAX], is[UPSTREAM_ETAG_MAX], version[17];
	struct upstream up;

	(void)state;
	fill_full(&up);
	tag_of(&up, was);
	upstream_version(&up, version);
	assert_memory_equal(was + 1, version, 16);
	tag_of(&up, is);
	assert_string_equal(is, was);
	up.session.uptime_s++;
	tag_of(&up, is);
	assert_memory_equal(is, was, 18);
	assert_string_not_equal(is, was);
	up.local_preference--;
	tag_of(&up, is);
	assert_memory_not_equal(is, was, 18);
	up.local_preference++;
	/* Another map that reads alike is another configuration. */
	SET(up.route_map_in, "RM-IN-2");
	tag_of(&up, is);
	assert_memory_not_equal(is, was, 18);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_bare),
		cmocka_unit_test(test_full),
		cmocka_unit_test(test_maximum_prefix_defaults),
		cmocka_unit_test(test_session),
		cmocka_unit_test(test_policy),
		cmocka_unit_test(test_any_bytes),
		cmocka_unit_test(test_warnings_have_an_end),
		cmocka_unit_test(test_entity_tag),
	};

	crypto_init();
	return cmocka_run_group_tests(tests, NULL, NULL);
}
