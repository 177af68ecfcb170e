/* tests/unit/test_engine_edit_upstream.c - upstreams made, changed, removed. */
/* links: model/tag model/check engine/edit_upstream engine/edit_wanted
 * engine/edit_neighbor engine/edit_policy engine/edit_tunnel
 * engine/edit_tunnel_check engine/edit_tunnel_overlap engine/edit_below
 * engine/leak engine/prefix_list engine/adopt engine/adopt_view
 * engine/adopt_host engine/host engine/target engine/naming engine/route_map
 * engine/route_map_users model/upstream model/upstream_order model/tunnel
 * model/tunnel_order model/order_options model/fields model/json
 * model/prefix_rule wire/op wire/op_check wire/op_link wire/op_route
 * wire/op_firewall frr/family frr/tree frr/tree_parse frr/tree_index
 * frr/section frr/diff frr/step frr/line frr/mask frr/version base/addr
 * base/buf base/clock base/crypto base/err base/io base/log base/mem base/name
 * base/number base/md5key engine/host_key wire/op_key engine/edit_key
 * engine/drain_map engine/drain_marks engine/drain_lay model/drain
 * engine/drain_want engine/edit_drain model/drain_state */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/compat.h"
#include "edit_reference.h"

static bool
same_host(const struct host *a, const struct host *b)
{
	return a->n_links == b->n_links && a->n_routes == b->n_routes &&
	    (a->n_links == 0 ||
		memcmp(a->links, b->links, a->n_links * sizeof(*a->links)) ==
		    0) &&
	    (a->n_routes == 0 ||
		memcmp(a->routes, b->routes,
		    a->n_routes * sizeof(*a->routes)) == 0) &&
	    memcmp(&a->running, &b->running, sizeof(a->running)) == 0 &&
	    memcmp(&a->boot, &b->boot, sizeof(a->boot)) == 0;
}

static void
check_unchanged(const struct edit_test *t)
{
	edit_check_steps(t, "");
	assert_true(same_host(&t->o.host, &t->target.host));
	assert_int_equal(t->target.n_set, 0);
	assert_int_equal(t->target.n_forget, 0);
}

/* PUT of what GET tells, status and all, is no change. */
static void
check_round_trip(struct edit_test *t)
{
	char etag[UPSTREAM_ETAG_MAX];
	struct buf b = BUF_INIT;
	size_t i;

	assert_true(t->o.upstreams.n > 0);
	for (i = 0; i < t->o.upstreams.n; i++) {
		const struct upstream *up = &t->o.upstreams.v[i];

		buf_reset(&b);
		upstream_render(up, &b, etag);
		edit_done(t, edit_order(t, up->name.s, true, buf_text(&b)));
		check_unchanged(t);
		edit_done(t, edit_order(t, up->name.s, false, buf_text(&b)));
		check_unchanged(t);
	}
	buf_clear(&b);
}

static void
test_round_trip(void **state)
{
	struct edit_test t;

	(void)state;
	reference_hobgp(&t);
	assert_int_equal(t.o.upstreams.n, 4);
	check_round_trip(&t);
	edit_end(&t);
	reference_vtbgp(&t);
	assert_int_equal(t.o.upstreams.n, 2);
	check_round_trip(&t);
	edit_end(&t);
}

static void
test_adopted(void **state)
{
	const struct upstream *up;
	struct edit_test t;

	(void)state;
	reference_hobgp(&t);
	up = conf_upstream(&t.o.upstreams, "ifog");
	assert_string_equal(up->tunnel.interface, "gre0");
	assert_int_equal(up->tunnel.prefix_length, 126);
	assert_false(up->tunnel.owned);
	up = conf_upstream(&t.o.upstreams, "route64");
	assert_true(up->tunnel.owned);
	up = conf_upstream(&t.o.upstreams, "vultr");
	assert_string_equal(up->tunnel.interface, "gif1");
	assert_int_equal(up->tunnel.prefix_length, 128);
	assert_int_equal(up->role, UPSTREAM_INTERNAL);
	edit_end(&t);
	reference_vtbgp(&t);
	up = conf_upstream(&t.o.upstreams, "vultr");
	assert_false(up->tunnel.present);
	assert_true(up->has_host_route);
	assert_string_equal(up->gateway.zone, "vtnet0");
	edit_end(&t);
}

#define NEW_TUNNEL                                                  \
	"\"tunnel\":{\"kind\":\"gre\",\"local\":\"198.51.100.10\"," \
	"\"remote\":\"198.51.100.47\"}"
#define NEW                                                     \
	"\"remote_as\":64500,\"neighbor\":\"2001:db8:500::1\"," \
	"\"local_address\":\"2001:db8:500::2\","
#define NEW_BODY "{" NEW NEW_TUNNEL "}"

static void
test_new(void **state)
{
	const struct op_firewall_entry *entry;
	const struct op_link *link;
	struct edit_test t;

	(void)state;
	reference_hobgp(&t);
	edit_done(&t,
	    edit_order(&t, "acme", true,
		"{" NEW "\"description\":\"Transit-Acme\","
		"\"capacity_mbps\":100,\"import\":{\"local_preference\":120,"
		"\"maximum_prefix\":{\"limit\":250000,\"warning_percent\":90,"
		"\"restart_minutes\":30}},\"export\":{\"as_path_prepend\":1}," NEW_TUNNEL
		"}"));
	edit_check_steps(&t,
	    "route-map RM-ACME-IN permit 10\n"
	    " match ipv6 address prefix-list PL-BOGONS\n"
	    " set local-preference 120\nexit\n"
	    "route-map RM-ACME-OUT permit 10\n"
	    " match ipv6 address prefix-list PL-MY-NET\n"
	    " set as-path prepend 201379\nexit\n"
	    "router bgp 201379\n"
	    " neighbor 2001:db8:500::1 remote-as 64500\n"
	    " neighbor 2001:db8:500::1 description Transit-Acme\n"
	    " neighbor 2001:db8:500::1 update-source 2001:db8:500::2\n"
	    " address-family ipv6 unicast\n"
	    "  neighbor 2001:db8:500::1 soft-reconfiguration inbound\n"
	    "  neighbor 2001:db8:500::1 maximum-prefix 250000 90 restart 30\n"
	    "  neighbor 2001:db8:500::1 route-map RM-ACME-IN in\n"
	    "  neighbor 2001:db8:500::1 route-map RM-ACME-OUT out\n"
	    "  neighbor 2001:db8:500::1 activate\n"
	    " exit-address-family\nexit\n");
	link = host_link(&t.target.host, OP_RUNNING, "gre3");
	assert_non_null(link);
	assert_non_null(host_link(&t.target.host, OP_BOOT, "gre3"));
	assert_true(link->owned && link->up);
	assert_int_equal(link->inner, 6);
	assert_int_equal(link->mtu, 0); /* gre's own */
	assert_int_equal(link->n_addresses, 1);
	assert_int_equal(link->addresses[0].prefix_length, 64);
	assert_int_equal(link->addresses[0].peer.family, 0);
	assert_string_equal(link->description, "Transit-Acme");
	entry = host_firewall_entry(&t.target.host, "gre3",
	    &link->addresses[0].address);
	assert_non_null(entry);
	assert_true(entry->nat && entry->kind == OP_LINK_GRE);
	assert_int_equal(t.target.n_set, 1);
	assert_string_equal(t.target.set[0].name.s, "acme");
	assert_string_equal(t.target.set[0].role, "transit");
	assert_int_equal(t.target.set[0].capacity_mbps, 100);
	edit_end(&t);
}

static const char bare[] =
    "router bgp 65000\n bgp router-id 192.0.2.1\n"
    " address-family ipv4 unicast\n"
    "  network 192.0.2.0/24\n exit-address-family\n"
    " address-family ipv6 unicast\n"
    "  network 2001:db8::/32\n exit-address-family\n"
    "exit\n"
    "ip prefix-list MINE seq 5 permit 192.0.2.0/24 le 28\n"
    "ipv6 prefix-list MINE seq 5 permit 2001:db8::/32\n"
    "ipv6 prefix-list ANY seq 5 permit any\n"
    "ipv6 prefix-list WIDE seq 5 permit 2001:db8::/31\n"
    "ipv6 prefix-list LONG seq 5 permit 2001:db8:7::/48 "
    "le 128\n"
    "ipv6 prefix-list SIX seq 5 permit 2001:db8::/32\n";

/* bgpd's default is on for IPv4 here, and FRR says so by a "no". */
static void
test_native_two_families(void **state)
{
	struct edit_test t;

	(void)state;
	edit_begin(&t, conf_parse(bare));
	edit_done(&t,
	    edit_order(&t, "acme", true,
		"{\"remote_as\":64500,\"neighbor\":\"2001:db8:ffff::9\","
		"\"export\":{\"prefix_list\":\"MINE\"},"
		"\"ebgp_multihop\":2}"));
	edit_check_steps(&t,
	    "route-map RM-ACME-IN permit 10\nexit\n"
	    "route-map RM-ACME-OUT permit 10\n"
	    " match ipv6 address prefix-list MINE\nexit\n"
	    "router bgp 65000\n"
	    " neighbor 2001:db8:ffff::9 remote-as 64500\n"
	    " neighbor 2001:db8:ffff::9 ebgp-multihop 2\n"
	    " address-family ipv4 unicast\n"
	    "  no neighbor 2001:db8:ffff::9 activate\n"
	    " exit-address-family\n"
	    " address-family ipv6 unicast\n"
	    "  neighbor 2001:db8:ffff::9 soft-reconfiguration inbound\n"
	    "  neighbor 2001:db8:ffff::9 route-map RM-ACME-IN in\n"
	    "  neighbor 2001:db8:ffff::9 route-map RM-ACME-OUT out\n"
	    "  neighbor 2001:db8:ffff::9 activate\n"
	    " exit-address-family\nexit\n");
	edit_done(&t,
	    edit_order(&t, "acme", true,
		"{\"remote_as\":64500,\"neighbor\":\"203.0.113.9\","
		"\"families\":[\"ipv4-unicast\",\"ipv6-unicast\"],"
		"\"export\":{\"prefix_list\":\"MINE\"}}"));
	edit_check_steps(&t,
	    "route-map RM-ACME-IN permit 10\nexit\n"
	    "route-map RM-ACME-OUT permit 10\n"
	    " match ipv6 address prefix-list MINE\nexit\n"
	    "route-map RM-ACME-OUT permit 20\n"
	    " match ip address prefix-list MINE\nexit\n"
	    "router bgp 65000\n"
	    " neighbor 203.0.113.9 remote-as 64500\n"
	    " address-family ipv4 unicast\n"
	    "  neighbor 203.0.113.9 soft-reconfiguration inbound\n"
	    "  neighbor 203.0.113.9 route-map RM-ACME-IN in\n"
	    "  neighbor 203.0.113.9 route-map RM-ACME-OUT out\n"
	    " exit-address-family\n"
	    " address-family ipv6 unicast\n"
	    "  neighbor 203.0.113.9 soft-reconfiguration inbound\n"
	    "  neighbor 203.0.113.9 route-map RM-ACME-IN in\n"
	    "  neighbor 203.0.113.9 route-map RM-ACME-OUT out\n"
	    "  neighbor 203.0.113.9 activate\n"
	    " exit-address-family\nexit\n");
	edit_end(&t);
}

static int
leaks(struct edit_test *t, const char *list)
{
	char json[256];

	(void)snprintf(json, sizeof(json),
	    "{\"remote_as\":64500,\"neighbor\":\"2001:db8:ffff::9\","
	    "\"export\":{\"prefix_list\":%s}}",
	    list);
	return edit_order(t, "acme", true, json);
}

static void
test_leak_guard(void **state)
{
	static const char *const bad[] = { "\"ANY\"", "\"WIDE\"", "\"NONE\"",
		"null" };
	struct edit_test t;
	size_t i;

	(void)state;
	edit_begin(&t, conf_parse(bare));
	for (i = 0; i < NITEMS(bad); i++)
		edit_refused(&t, leaks(&t, bad[i]), "/export/prefix_list");
	edit_done(&t, leaks(&t, "\"MINE\""));
	edit_done(&t, leaks(&t, "\"LONG\""));
	/* Our own AS may have it all. */
	edit_done(&t,
	    edit_order(&t, "acme", true,
		"{\"remote_as\":65000,\"neighbor\":\"2001:db8:ffff::9\"}"));
	/* Exists in one family only. */
	edit_refused(&t,
	    edit_order(&t, "acme", true,
		"{\"remote_as\":64500,\"neighbor\":\"2001:db8:ffff::9\","
		"\"families\":[\"ipv4-unicast\",\"ipv6-unicast\"],"
		"\"export\":{\"prefix_list\":\"SIX\"}}"),
	    "/export/prefix_list");
	edit_end(&t);
	reference_hobgp(&t);
	edit_refused(&t,
	    edit_order(&t, "ifog", false,
		"{\"export\":{\"prefix_list\":null}}"),
	    "/export/prefix_list");
	edit_end(&t);
}

/* What was made by hand, judged when the export is touched: a second family
 * here. */
#define BY_HAND(map, lines)                                              \
	"router bgp 65000\n no bgp default ipv4-unicast\n"               \
	" neighbor ::a remote-as 1\n neighbor ::a description one\n"     \
	" address-family ipv4 unicast\n  network 192.0.2.0/24\n"         \
	" exit-address-family\n"                                         \
	" address-family ipv6 unicast\n  network 2001:db8::/32\n"        \
	"  neighbor ::a activate\n" lines " exit-address-family\nexit\n" \
	"ipv6 prefix-list MINE seq 5 permit 2001:db8::/32\n"             \
	"ipv6 prefix-list ALL seq 5 permit any\n" map

static int
leaks_by_hand(const char *conf)
{
	struct edit_test t;
	int rc;

	edit_begin(&t, conf_parse(conf));
	edit_ready(&t);
	rc = edit_order(&t, "one", false, "{\"remote_as\":2}");
	if (rc == -1) {
		assert_int_equal(t.err.code, ERR_UNPROCESSABLE);
		assert_string_equal(t.err.fields[0].pointer,
		    "/export/prefix_list");
	}
	edit_end(&t);
	return rc;
}

#define OUT "  neighbor ::a route-map OUT out\n"
#define MINE " match ipv6 address prefix-list MINE\n"

static void
test_leaks_by_hand(void **state)
{
	static const char *const bad[] = {
		BY_HAND("", ""),
		BY_HAND("", OUT),
		BY_HAND("route-map OUT permit 10\nexit\n", OUT),
		BY_HAND("route-map OUT permit 10\n" MINE
			"exit\nroute-map OUT permit 20\nexit\n",
		    OUT),
		BY_HAND("route-map OUT permit 10\n match ipv6 address "
			"prefix-list ALL\nexit\n",
		    OUT),
		BY_HAND("route-map OUT permit 10\n match as-path X\nexit\n",
		    OUT),
		BY_HAND("", "  neighbor ::a prefix-list ALL out\n"),
		BY_HAND("", "  neighbor ::a prefix-list MINE in\n"),
		BY_HAND("", "  neighbor ::a prefix-list GONE out\n"),
		BY_HAND("route-map OUT permit 10\n" MINE "exit\n",
		    OUT "  neighbor ::a default-originate\n"),
		/* A PL-MY-NET that names the world makes nothing ours. */
		BY_HAND("ipv6 prefix-list PL-MY-NET seq 5 permit any\n",
		    "  neighbor ::a prefix-list PL-MY-NET out\n"),
	};
	static const char *const good[] = {
		BY_HAND("route-map OUT permit 10\n" MINE "exit\n", OUT),
		BY_HAND("route-map OUT deny 5\nexit\nroute-map OUT permit "
			"10\n" MINE "exit\n",
		    OUT),
		BY_HAND("route-map OUT deny 5\nexit\n", OUT),
		BY_HAND("", "  neighbor ::a prefix-list MINE out\n"),
		BY_HAND("route-map OUT permit 10\n" MINE "exit\n",
		    OUT "  neighbor ::a prefix-list ALL out\n"),
		BY_HAND("route-map OUT permit 10\nexit\n",
		    OUT "  neighbor ::a prefix-list MINE out\n"),
		/* IPv6 routes never match an IPv4 list (seen on FRR 8.4.4). */
		BY_HAND("route-map OUT permit 10\n" MINE
			"exit\nroute-map OUT permit 20\n match ip address "
			"prefix-list X\nexit\n",
		    OUT),
	};
	size_t i;

	(void)state;
	for (i = 0; i < NITEMS(bad); i++)
		if (leaks_by_hand(bad[i]) != -1)
			fail_msg("not refused:\n%s", bad[i]);
	for (i = 0; i < NITEMS(good); i++)
		if (leaks_by_hand(good[i]) == -1)
			fail_msg("refused:\n%s", good[i]);
}

/* Every refusal of a new upstream: what differs from a good body, and where. */
static void
test_refusals(void **state)
{
	static const char *const all[][2] = {
#define T(kind, local, remote, more)                           \
	"\"tunnel\":{\"kind\":\"" kind "\",\"local\":\"" local \
	"\",\"remote\":\"" remote "\"" more "}"
#define B(neighbor, address, rest)                      \
	"{\"remote_as\":64500,\"neighbor\":\"" neighbor \
	"\",\"local_address\":\"" address "\"," rest "}"
#define GOOD T("gre", "198.51.100.10", "198.51.100.47", "")
#define N6 "2001:db8:500::1"
#define L6 "2001:db8:500::2"
		{ "{" NEW_TUNNEL "}", "/remote_as" },
		{ "{" NEW_TUNNEL "}", "/neighbor" },
		{ "{\"remote_as\":64500,\"neighbor\":\"" N6 "\"," GOOD "}",
		    "/local_address" },
		{ B(N6, "192.0.2.2", GOOD), "/local_address" },
		{ B(N6, N6, GOOD), "/local_address" },
		{ B(N6, "2001:db8:501::2", GOOD), "/local_address" },
		{ B(N6, "2001:db8:500::", GOOD), "/local_address" },
		{ B("2001:db8:500::", L6, GOOD), "/neighbor" },
		{ B(N6, "vtnet0", GOOD), "/local_address" },
		{ B("2001:db8:1c19::1", L6, GOOD), "/neighbor" },
		{ B("fe80::1%vtnet0", L6, GOOD), "/neighbor" },
		{ B("::1", L6, GOOD), "/neighbor" },
		{ B("ff02::1", L6, GOOD), "/neighbor" },
		{ B("0.0.0.0", L6, GOOD), "/neighbor" },
		{ B("fd00:ca::9", "fd00:ca::8", GOOD), "/local_address" },
		{ B(N6, "2001:db8:1c19::1", GOOD), "/local_address" },
		{ B("2001:db8:300::1", "2001:db8:300::2", GOOD),
		    "neighbor_exists" },
		{ B(N6, L6, T("gre", "198.51.100.11", "198.51.100.47", "")),
		    "/tunnel/local" },
		{ B(N6, L6, T("gre", "198.51.100.10", "198.51.100.10", "")),
		    "/tunnel/remote" },
		{ B(N6, L6, T("gre", "2001:db8:1c19::1", "198.51.100.9", "")),
		    "/tunnel/remote" },
		{ B(N6, L6, T("gre", "2001:db8:1c19::1", N6, "")),
		    "/tunnel/remote" },
		{ B(N6, L6,
		      T("gre", "2001:db8:1c19::1", "2001:db8:500::77", "")),
		    "/tunnel/remote" },
		{ B(N6, L6, T("gre", "198.51.100.10", "fe80::1", "")),
		    "/tunnel/remote" },
		{ B(N6, L6, T("gre", "198.51.100.10", "127.0.0.1", "")),
		    "/tunnel/remote" },
		{ B(N6, L6, T("gre", "198.51.100.10", "198.51.100.44", "")),
		    "endpoints_taken" },
		{ B(N6, L6,
		      T("gre", "198.51.100.10", "198.51.100.47",
			  ",\"mtu\":1279")),
		    "/tunnel/mtu" },
		{ B(N6, L6,
		      T("gif", "198.51.100.10", "198.51.100.47",
			  ",\"mtu\":9000")),
		    "/tunnel/mtu" },
		{ B(N6, L6,
		      T("gre", "198.51.100.10", "198.51.100.47",
			  ",\"mtu\":65536")),
		    "/tunnel/mtu" },
		{ B(N6, L6,
		      T("gre", "198.51.100.10", "198.51.100.47",
			  ",\"interface\":\"gre0\"")),
		    "interface_taken" },
		{ B(N6, L6,
		      T("gre", "198.51.100.10", "198.51.100.47",
			  ",\"interface\":\"vtnet0\"")),
		    "interface_taken" },
		{ B(N6, L6,
		      T("gre", "198.51.100.10", "198.51.100.47",
			  ",\"interface\":\"gre1; reboot\"")),
		    "/tunnel/interface" },
		{ B(N6, L6,
		      T("gre", "198.51.100.10", "198.51.100.47",
			  ",\"prefix_length\":129")),
		    "/tunnel/prefix_length" },
		{ B("10.9.0.1", "10.9.0.2", GOOD), "/tunnel/prefix_length" },
		{ B("10.9.0.1", "10.9.0.2",
		      T("gre", "198.51.100.10", "198.51.100.47",
			  ",\"prefix_length\":64")),
		    "/tunnel/prefix_length" },
		{ B("10.9.0.3", "10.9.0.2",
		      T("gre", "198.51.100.10", "198.51.100.47",
			  ",\"prefix_length\":30")),
		    "/neighbor" },
		{ B(N6, L6, "\"tunnel\":{\"kind\":\"vxlan\"}"),
		    "/tunnel/kind" },
		{ B(N6, L6, "\"tunnel\":{\"kind\":\"gre\"}"),
		    "/tunnel/remote" },
		{ B(N6, L6, GOOD ",\"host_route\":{\"gateway\":\"fe80::1\"}"),
		    "/host_route/gateway" },
		{ B(N6, L6,
		      GOOD ",\"host_route\":{\"gateway\":\"2001:db8::9\"}"),
		    "/host_route" },
		{ B(N6, "2001:db8:1c19::1",
		      "\"host_route\":{\"gateway\":\"fe80::1%em9\"}"),
		    "/host_route/gateway" },
		{ B(N6, "2001:db8:1c19::1",
		      "\"host_route\":{\"gateway\":\"192.0.2.1\"}"),
		    "/host_route/gateway" },
		{ B(N6, "2001:db8:1c19::1",
		      "\"host_route\":{\"gateway\":\"" N6 "\"}"),
		    "/host_route/gateway" },
		{ B(N6, "2001:db8:1c19::1", "\"firewall\":{\"nat\":true}"),
		    "/firewall/nat" },
		{ B(N6, "2001:db8:77::1", "\"tunnel\":null"),
		    "/local_address" },
		{ B(N6, L6, GOOD ",\"description\":\"a`reboot`\""),
		    "/description" },
		{ B(N6, L6, GOOD ",\"description\":\"Z\\u00fcrich\""),
		    "/description" },
		{ B(N6, L6, GOOD ",\"name\":\"other\""), "/name" },
		{ B(N6, L6, GOOD ",\"role\":\"internal\""), "/role" },
		{ B(N6, L6, GOOD ",\"role\":\"customer\""), "/role" },
		{ B(N6, L6, GOOD ",\"import\":{\"prefix_list\":\"NOPE\"}"),
		    "/import/prefix_list" },
		{ B(N6, L6, GOOD ",\"import\":{\"prefix_list\":\"a b\"}"),
		    "/import/prefix_list" },
		{ B(N6, L6,
		      GOOD ",\"import\":{\"maximum_prefix\":{\"limit\":0}}"),
		    "/import/maximum_prefix/limit" },
		{ B(N6, L6, GOOD ",\"import\":{\"maximum_prefix\":{}}"),
		    "/import/maximum_prefix/limit" },
		{ B(N6, L6,
		      GOOD ",\"import\":{\"maximum_prefix\":{\"limit\":1,"
			   "\"warning_percent\":101}}"),
		    "/import/maximum_prefix/warning_percent" },
		{ B(N6, L6, GOOD ",\"export\":{\"as_path_prepend\":11}"),
		    "/export/as_path_prepend" },
		{ B(N6, L6, GOOD ",\"ebgp_multihop\":256"), "/ebgp_multihop" },
		{ B(N6, L6, GOOD ",\"capacity_mbps\":0"), "/capacity_mbps" },
		{ B(N6, L6, GOOD ",\"families\":[]"), "/families" },
		{ B(N6, L6,
		      GOOD ",\"families\":[\"ipv6-unicast\","
			   "\"ipv6-unicast\"]"),
		    "/families/1" },
		{ B(N6, L6, GOOD ",\"tcp_md5\":{\"set\":true}"),
		    "/tcp_md5/set" },
		{ B(N6, L6, GOOD ",\"confirm\":{\"revert_in_s\":9}"),
		    "/confirm/revert_in_s" },
		{ B(N6, L6, GOOD ",\"confirm\":{\"id\":\"x\"}"),
		    "/confirm/revert_in_s" },
		{ B(N6, L6, GOOD ",\"nat\":true"), "/nat" },
		{ "{\"remote_as\":23456,\"neighbor\":\"" N6 "\"}",
		    "/remote_as" },
		{ "{\"remote_as\":0,\"neighbor\":\"" N6 "\"}", "/remote_as" },
		{ "{\"remote_as\":4294967296,\"neighbor\":\"" N6 "\"}",
		    "/remote_as" },
		{ "{\"remote_as\":201379,\"neighbor\":\"" N6
		  "\",\"ebgp_multihop\":2}",
		    "/ebgp_multihop" },
		{ "{\"remote_as\":201379,\"neighbor\":\"" N6
		  "\",\"role\":\"peer\"}",
		    "/role" },
		{ "{\"remote_as\":201379,\"neighbor\":\"" N6
		  "\",\"export\":{\"as_path_prepend\":1}}",
		    "/export/as_path_prepend" },
	};
	struct edit_test t;
	size_t i;

	(void)state;
	reference_hobgp(&t);
	edit_done(&t, edit_order(&t, "acme", true, B(N6, L6, GOOD)));
	for (i = 0; i < NITEMS(all); i++) {
		edit_refused(&t, edit_order(&t, "acme", true, all[i][0]),
		    all[i][1]);
	}
	assert_int_equal(edit_order(&t, "acme", false, "{}"), -1);
	assert_int_equal(t.err.code, ERR_NOT_FOUND);
	edit_end(&t);
	edit_begin(&t, conf_parse("hostname x\n"));
	edit_refused(&t, edit_order(&t, "acme", true, B(N6, L6, GOOD)),
	    "router_not_set_up");
	edit_end(&t);
}

/* What was made by hand is left alone until somebody says adopt. */
static void
test_by_hand(void **state)
{
	const struct op_link *link;
	struct edit_test t;

	(void)state;
	reference_hobgp(&t);
	edit_refused(&t,
	    edit_order(&t, "ifog", false, "{\"tunnel\":{\"mtu\":1400}}"),
	    "interface_not_ours");
	edit_refused(&t, edit_order(&t, "ifog", false, "{\"tunnel\":null}"),
	    "interface_not_ours");
	edit_refused(&t, edit_remove(&t, "ifog", false), "interface_not_ours");
	/* FRR's own words are another matter. */
	edit_done(&t,
	    edit_order(&t, "ifog", false, "{\"description\":\"Main\"}"));
	assert_true(same_host(&t.o.host, &t.target.host));
	edit_check_steps(&t,
	    "router bgp 201379\n"
	    " neighbor 2001:db8:300::1 description Main\nexit\n");
	edit_done(&t,
	    edit_order(&t, "ifog", false,
		"{\"tunnel\":{\"mtu\":1400},\"adopt\":true}"));
	link = host_link(&t.target.host, OP_RUNNING, "gre0");
	assert_true(link->owned && link->mtu == 1400);
	assert_int_equal(host_link(&t.target.host, OP_BOOT, "gre0")->mtu, 1400);
	assert_string_equal(link->description, "Transit-iFog-Frankfurt");
	assert_int_equal(link->addresses[0].prefix_length, 126);
	edit_check_steps(&t, "");
	/* Nothing but whose it is. */
	edit_done(&t, edit_order(&t, "ifog", false, "{\"adopt\":true}"));
	assert_true(host_link(&t.target.host, OP_RUNNING, "gre0")->owned);
	assert_non_null(host_firewall_entry(&t.target.host, "gre0",
	    &link->addresses[0].address));
	edit_end(&t);
	reference_vtbgp(&t);
	edit_refused(&t,
	    edit_order(&t, "vultr", false, "{\"host_route\":null}"),
	    "route_not_ours");
	edit_refused(&t, edit_remove(&t, "vultr", false), "route_not_ours");
	edit_done(&t,
	    edit_order(&t, "vultr", false,
		"{\"host_route\":{\"gateway\":\"fe80::2%vtnet0\"},"
		"\"adopt\":true}"));
	assert_true(t.target.host.routes[0].owned);
	edit_end(&t);
}

/* A route that is nobody's and not at boot is not told, so a PUT of what was
 * told does not mean it. */
static void
test_put_of_what_was_told(void **state)
{
	static const char told[] =
	    "{\"remote_as\":64515,\"neighbor\":\"2001:19f0:ffff::1\","
	    "\"description\":\"Vultr-Core\",\"ebgp_multihop\":2,"
	    "\"host_route\":null}";
	struct edit_test t;
	size_t i, kept = 0;

	(void)state;
	reference_vtbgp(&t);
	for (i = 0; i < t.o.host.n_routes; i++)
		if (t.o.host.routes[i].where != OP_BOOT)
			t.o.host.routes[kept++] = t.o.host.routes[i];
	assert_true(kept > 0 && kept < t.o.host.n_routes);
	t.o.host.n_routes = kept;
	edit_done(&t, edit_order(&t, "vultr", true, told));
	assert_int_equal(t.target.host.n_routes, kept);
	edit_end(&t);
}

/* Beside the neighbor that is reached by a route made by hand. */
static void
test_beside_by_hand(void **state)
{
	static const char route[] = "2001:19f0:fffe::1";
	static const char far[] =
	    "{\"remote_as\":64500,\"neighbor\":\"2001:19f0:fffe::1\","
	    "\"host_route\":{\"gateway\":\"fe80::1%%vtnet0\"},"
	    "\"ebgp_multihop\":2,\"adopt\":%s}";
	char body[400];
	struct op_route r = { .kind = OP_ROUTE_GATEWAY };
	struct edit_test t;
	size_t i;

	(void)state;
	reference_vtbgp(&t);
	edit_refused(&t,
	    edit_order(&t, "new", true,
		"{\"remote_as\":64500,\"neighbor\":\"2001:19f0:ffff::3\","
		"\"local_address\":\"2001:19f0:ffff::2\",\"tunnel\":{"
		"\"kind\":\"gre\",\"local\":\"203.0.113.20\","
		"\"remote\":\"198.51.100.99\"}}"),
	    "/local_address");
	assert_non_null(strstr(t.err.fields[0].detail, "2001:19f0:ffff::1"));
	/* Just the route that is wanted, but not ours. */
	r.gateway = edit_addr("fe80::1%vtnet0");
	assert_int_equal(prefix_parse(&r.prefix, route, true, NULL), 0);
	host_set_route(&t.o.host, &r);
	for (i = 0; i < t.o.host.n_routes; i++)
		t.o.host.routes[i].owned = 0;
	(void)snprintf(body, sizeof(body), far, "false");
	edit_refused(&t, edit_order(&t, "far", true, body), "route_not_ours");
	(void)snprintf(body, sizeof(body), far, "true");
	edit_done(&t, edit_order(&t, "far", true, body));
	assert_true(host_route(&t.target.host, OP_RUNNING, &r.prefix)->owned);
	edit_end(&t);
}

static void
test_owned(void **state)
{
	const struct op_link *link;
	struct edit_test t;

	(void)state;
	reference_hobgp(&t);
	edit_done(&t,
	    edit_order(&t, "route64", false,
		"{\"description\":\"R64\",\"tunnel\":{\"remote\":"
		"\"198.51.100.99\"}}"));
	link = host_link(&t.target.host, OP_RUNNING, "gre2");
	assert_string_equal(link->description, "R64");
	assert_int_equal(link->mtu, 1476);
	assert_true(link->remote.bytes[3] == 99);
	/* What cannot be done without a gap is done in two steps. */
	edit_refused(&t,
	    edit_order(&t, "route64", false,
		"{\"tunnel\":{\"interface\":\"gre9\"}}"),
	    "/tunnel/interface");
	edit_refused(&t,
	    edit_order(&t, "route64", false, "{\"tunnel\":{\"kind\":\"gif\"}}"),
	    "/tunnel/kind");
	edit_refused(&t,
	    edit_order(&t, "route64", false,
		"{\"tunnel\":{\"local\":\"2001:db8:1c19::1\","
		"\"remote\":\"2001:db8:6::6\"}}"),
	    "/tunnel/local");
	edit_done(&t, edit_order(&t, "route64", false, "{\"tunnel\":null}"));
	assert_null(host_link(&t.target.host, OP_RUNNING, "gre2"));
	edit_end(&t);
}

static void
test_remove(void **state)
{
	struct edit_test t;

	(void)state;
	reference_hobgp(&t);
	edit_done(&t, edit_remove(&t, "route64", false));
	edit_check_steps(&t,
	    "router bgp 201379\n"
	    " no neighbor 2001:db8:400::1 remote-as 212895\nexit\n"
	    "no route-map RM-ROUTE64-OUT permit 10\n"
	    "no route-map RM-ROUTE64-IN permit 10\n");
	assert_null(host_link(&t.target.host, OP_RUNNING, "gre2"));
	assert_null(host_link(&t.target.host, OP_BOOT, "gre2"));
	assert_int_equal(t.target.n_forget, 1);
	edit_done(&t, edit_remove(&t, "ifog", true));
	edit_end(&t);
}

/* The password and what we do not know goes along with the neighbor. */
static void
test_another_address(void **state)
{
	struct edit_test t;

	(void)state;
	reference_vtbgp(&t);
	edit_done(&t,
	    edit_order(&t, "vultr", false,
		"{\"neighbor\":\"2001:19f0:ffff::2\",\"host_route\":{"
		"\"gateway\":\"fe80::1%vtnet0\"},\"adopt\":true}"));
	assert_non_null(frr_tree_child(adopt_bgp(t.target.tree),
	    "neighbor 2001:19f0:ffff::2 password your-shared-secret"));
	assert_null(frr_tree_child_prefix(adopt_bgp(t.target.tree),
	    "neighbor 2001:19f0:ffff::1", NULL));
	assert_int_equal(t.target.n_set, 1);
	assert_int_equal(t.target.n_forget, 1);
	assert_string_equal(t.target.set[0].name.s, "vultr");
	assert_int_equal(t.target.host.n_routes, 2);
	edit_done(&t, edit_order(&t, "vultr", false, "{\"tcp_md5\":null}"));
	edit_check_steps(&t,
	    "router bgp 201379\n no neighbor 2001:19f0:ffff::1 password\n"
	    "exit\n");
	edit_end(&t);
}

/* A list changes in every entry; another upstream's map is not touched. */
static void
test_lists(void **state)
{
	static const char shared[] =
	    "router bgp 65000\n no bgp default ipv4-unicast\n"
	    " neighbor ::a remote-as 1\n neighbor ::a description one\n"
	    " neighbor ::b remote-as 2\n neighbor ::b description two\n"
	    " address-family ipv6 unicast\n  network 2001:db8::/32\n"
	    "  neighbor ::a activate\n  neighbor ::a route-map IN in\n"
	    "  neighbor ::b activate\n  neighbor ::b route-map IN in\n"
	    " exit-address-family\nexit\nroute-map IN permit 10\n"
	    " match ipv6 address prefix-list A\nexit\n"
	    "route-map IN permit 20\n match ipv6 address prefix-list A\nexit\n"
	    "ipv6 prefix-list A seq 5 permit any\n"
	    "ipv6 prefix-list B seq 5 permit any\n";
	struct edit_test t;

	(void)state;
	edit_begin(&t, conf_parse(shared));
	edit_refused(&t,
	    edit_order(&t, "one", false,
		"{\"import\":{\"prefix_list\":\"B\"}}"),
	    "route_map_shared");
	edit_done(&t,
	    edit_order(&t, "one", false,
		"{\"import\":{\"prefix_list\":\"B\"},\"shared\":true}"));
	edit_check_steps(&t,
	    "route-map IN permit 10\n match ipv6 address prefix-list B\nexit\n"
	    "route-map IN permit 20\n match ipv6 address prefix-list B\n"
	    "exit\n");
	/* No export policy by hand: not judged until it is touched. */
	edit_done(&t,
	    edit_order(&t, "one", false,
		"{\"import\":{\"soft_reconfiguration\":true}}"));
	edit_end(&t);
}

/* A tunnel that is there, and nobody's yet. */
static void
test_idle_tunnel(void **state)
{
	static const struct edit_link idle = { "gre8", OP_LINK_GRE,
		"198.51.100.10", "198.51.100.48", "2001:db8:600::2", NULL, 64,
		1400, "by hand", false };
	static const char body[] =
	    "{\"remote_as\":64500,\"neighbor\":\"2001:db8:600::1\","
	    "\"local_address\":\"2001:db8:600::2\",\"adopt\":%s,"
	    "\"description\":\"Acme\",\"tunnel\":{\"kind\":\"gre\","
	    "\"interface\":\"gre8\",\"local\":\"198.51.100.10\","
	    "\"remote\":\"198.51.100.%u\"}}";
	const struct op_link *link;
	struct edit_test t;
	char json[512];

	(void)state;
	edit_begin(&t, conf_reference("reference/hobgp.frr.conf"));
	edit_tunnel_of(&t, &idle);
	edit_ready(&t);
	(void)snprintf(json, sizeof(json), body, "false", 48U);
	edit_refused(&t, edit_order(&t, "acme", true, json),
	    "interface_not_ours");
	(void)snprintf(json, sizeof(json), body, "true", 49U);
	edit_refused(&t, edit_order(&t, "acme", true, json), "interface_taken");
	(void)snprintf(json, sizeof(json), body, "true", 48U);
	edit_done(&t, edit_order(&t, "acme", true, json));
	link = host_link(&t.target.host, OP_RUNNING, "gre8");
	assert_true(link->owned);
	assert_int_equal(link->mtu, 1476);
	assert_int_equal(link->n_addresses, 1);
	edit_end(&t);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_round_trip),
		cmocka_unit_test(test_adopted),
		cmocka_unit_test(test_new),
		cmocka_unit_test(test_native_two_families),
		cmocka_unit_test(test_leak_guard),
		cmocka_unit_test(test_leaks_by_hand),
		cmocka_unit_test(test_refusals),
		cmocka_unit_test(test_by_hand),
		cmocka_unit_test(test_beside_by_hand),
		cmocka_unit_test(test_put_of_what_was_told),
		cmocka_unit_test(test_owned),
		cmocka_unit_test(test_remove),
		cmocka_unit_test(test_another_address),
		cmocka_unit_test(test_lists),
		cmocka_unit_test(test_idle_tunnel),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
