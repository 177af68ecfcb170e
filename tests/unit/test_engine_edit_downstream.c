/* tests/unit/test_engine_edit_downstream.c - downstreams: found, made, gone. */
/* links: model/tag model/check engine/edit_downstream engine/adopt_downstream
 * engine/rate engine/edit_tunnel engine/edit_tunnel_check
 * engine/edit_tunnel_overlap engine/edit_upstream engine/edit_wanted
 * engine/edit_neighbor engine/edit_policy engine/edit_below engine/leak
 * engine/prefix_list engine/router_read engine/adopt engine/adopt_view
 * engine/adopt_host engine/host engine/target engine/naming engine/route_map
 * engine/route_map_users model/upstream model/upstream_order model/tunnel
 * model/tunnel_order model/order_options model/fields model/json
 * model/prefix_rule model/bogons model/router model/downstream
 * model/downstream_order wire/op wire/op_check wire/op_link wire/op_route
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
#include "edit_conf.h"
#include "engine/adopt_downstream.h"
#include "engine/host_diff.h"
#include "model/downstream_order.h"

static const struct friendly_list no_names;

static const struct edit_link gre0 = { "gre0", OP_LINK_GRE, "198.51.100.10",
	"198.51.100.44", "2001:db8:300::2", NULL, 126, 1476,
	"Transit-iFog-Frankfurt", false };
static const struct edit_link gif0 = { "gif0", OP_LINK_GIF, "198.51.100.10",
	"203.0.113.10", "2a06:9801:1c:ffff::1", "2a06:9801:1c:ffff::2", 128,
	1480, "Tunnel-to-Radon-Server", false };
static const struct edit_link gif1 = { "gif1", OP_LINK_GIF, "198.51.100.10",
	"203.0.113.20", "2a06:9801:1c:fffe::1", "2a06:9801:1c:fffe::2", 128,
	1480, "Tunnel-to-Vultr-Edge", false };

#define RADON                                                             \
	"{\"name\":\"radon\",\"description\":\"Tunnel-to-Radon-Server\"," \
	"\"tunnel\":{\"kind\":\"gif\",\"interface\":\"gif0\","            \
	"\"local\":\"198.51.100.10\",\"remote\":\"203.0.113.10\","        \
	"\"prefix_length\":128,\"mtu\":1480},"                            \
	"\"address\":\"2a06:9801:1c:ffff::1\","                           \
	"\"peer\":\"2a06:9801:1c:ffff::2\","                              \
	"\"prefixes\":[\"2a06:9801:1c:1000::/64\"],"                      \
	"\"firewall\":{\"nat\":false}}"

static void
route(struct edit_test *t, const char *prefix, const char *gateway)
{
	struct op_route r = { .kind = OP_ROUTE_GATEWAY };
	size_t i;

	assert_int_equal(prefix_parse(&r.prefix, prefix, true, NULL), 0);
	r.gateway = edit_addr(gateway);
	host_set_route(&t->o.host, &r);
	for (i = 0; i < t->o.host.n_routes; i++)
		t->o.host.routes[i].owned = 0;
}

static void
look(struct edit_test *t, const struct friendly_list *names)
{
	free(t->o.downstreams);
	edit_ready(t);
	adopt_downstreams(&t->o, names, &t->o.downstreams, &t->o.n_downstreams);
}

/* The core; with_radon: and its customer, made by hand. */
static void
begin(struct edit_test *t, bool with_radon)
{
	edit_begin(t, conf_reference("reference/hobgp.frr.conf"));
	edit_tunnel_of(t, &gre0);
	edit_tunnel_of(t, &gif1);
	route(t, "2a06:9801:1c:fffe::2/128", "2a06:9801:1c:fffe::2");
	if (with_radon) {
		edit_tunnel_of(t, &gif0);
		route(t, "2a06:9801:1c:1000::/64", "2a06:9801:1c:ffff::2");
	}
	look(t, &no_names);
}

static void
end(struct edit_test *t)
{
	free(t->o.downstreams);
	edit_end(t);
}

static const struct downstream *
find(const struct edit_test *t, const char *name)
{
	size_t i;

	for (i = 0; i < t->o.n_downstreams; i++)
		if (strcmp(t->o.downstreams[i].name.s, name) == 0)
			return &t->o.downstreams[i];
	return NULL;
}

static int
ask(struct edit_test *t, const char *name, bool whole, const char *json)
{
	struct downstream_order order;
	struct name word;

	target_clear(&t->target);
	target_init(&t->target, &t->o);
	assert_int_equal(name_parse(&word, name, NULL), 0);
	if (downstream_order_read(&order, whole, json, strlen(json), &t->err) ==
	    -1)
		return -1;
	return edit_downstream(&t->o, find(t, name), &word, &order, &t->target,
	    &t->err);
}

static int
drop(struct edit_test *t, const char *name, bool adopt)
{
	struct order_options options;

	memset(&options, 0, sizeof(options));
	options.adopt.present = options.adopt.flag = adopt;
	target_clear(&t->target);
	target_init(&t->target, &t->o);
	return edit_downstream_remove(&t->o, find(t, name), &options,
	    &t->target, &t->err);
}

/* The change happened. */
static void
take(struct edit_test *t)
{
	struct friendly_list names = { t->target.set, t->target.n_set };

	host_clear(&t->o.host);
	host_copy(&t->o.host, &t->target.host);
	look(t, &names);
}

static void
check_config(const struct edit_test *t, const char *name, const char *want)
{
	const struct downstream *d = find(t, name);
	struct buf b = BUF_INIT;

	assert_non_null(d);
	downstream_render_config(d, &b);
	assert_string_equal(buf_text(&b), want);
	buf_clear(&b);
}

static bool
is_unchanged(const struct edit_test *t)
{
	const struct host *a = &t->o.host, *b = &t->target.host;

	return a->n_links == b->n_links && a->n_routes == b->n_routes &&
	    memcmp(a->links, b->links, a->n_links * sizeof(*a->links)) == 0 &&
	    memcmp(a->routes, b->routes, a->n_routes * sizeof(*a->routes)) ==
	    0 &&
	    memcmp(&a->running, &b->running, sizeof(a->running)) == 0 &&
	    memcmp(&a->boot, &b->boot, sizeof(a->boot)) == 0 &&
	    t->target.n_set == 0 && t->target.n_forget == 0;
}

static void
test_adopt(void **state)
{
	struct friendly known = { .name = { "kunde" }, .role = "downstream" };
	struct friendly_list names = { &known, 1 };
	char etag[DOWNSTREAM_ETAG_MAX], version[17];
	struct buf b = BUF_INIT;
	struct edit_test t;

	(void)state;
	begin(&t, true);
	assert_int_equal(t.o.n_downstreams, 1); /* gif1 carries iBGP */
	check_config(&t, "radon", RADON);
	assert_true(t.o.downstreams[0].up);
	assert_int_equal(t.o.downstreams[0].n_warnings, 0);
	downstream_render(&t.o.downstreams[0], &b, etag);
	downstream_version(&t.o.downstreams[0], version);
	assert_memory_equal(etag + 1, version, 16);
	assert_non_null(strstr(buf_text(&b),
	    "\"status\":{\"interface\":\"gif0\",\"up\":true,\"rx_bps\":null,"
	    "\"tx_bps\":null,\"managed\":\"hand\",\"warnings\":[]}}"));
	buf_clear(&b);
	/* What GET told changes nothing. */
	edit_done(&t, ask(&t, "radon", true, RADON));
	assert_true(is_unchanged(&t));
	edit_done(&t, ask(&t, "radon", false, "{}"));
	assert_true(is_unchanged(&t));
	/* A name that was given stays, and so does one that lost its route. */
	known.neighbor = edit_addr("2a06:9801:1c:ffff::2");
	look(&t, &names);
	assert_non_null(find(&t, "kunde"));
	t.o.host.n_routes = 0;
	look(&t, &names);
	assert_non_null(find(&t, "kunde"));
	assert_string_equal(find(&t, "kunde")->warnings[0],
	    "no route leads to it");
	look(&t, &no_names);
	assert_int_equal(t.o.n_downstreams, 0);
	end(&t);
}

static void
test_create(void **state)
{
	const struct op_firewall_entry *entry;
	const struct op_link *link;
	static const struct addr nobody;
	struct friendly name = { .name = { "radon" }, .role = "downstream" };
	struct friendly_list radon = { &name, 1 };
	struct edit_test t;

	(void)state;
	name.neighbor = edit_addr("2a06:9801:1c:ffff::2");
	begin(&t, false);
	edit_done(&t, ask(&t, "radon", true, RADON));
	link = host_link(&t.target.host, OP_RUNNING, "gif0");
	assert_non_null(link);
	assert_string_equal(link->description, "Tunnel-to-Radon-Server");
	assert_int_equal(link->inner, 6);
	assert_int_equal(link->addresses[0].peer.family, 6);
	assert_non_null(host_link(&t.target.host, OP_BOOT, "gif0"));
	entry = host_firewall_entry(&t.target.host, "gif0", &nobody);
	assert_non_null(entry);
	assert_int_equal(entry->kind, OP_LINK_GIF);
	assert_int_equal(entry->peer.family, 0);
	assert_int_equal(t.target.n_set, 1);
	assert_string_equal(t.target.set[0].role, "downstream");
	take(&t);
	check_config(&t, "radon", RADON);
	edit_done(&t, ask(&t, "radon", true, RADON));
	assert_true(is_unchanged(&t));
	/* What somebody took away comes back. */
	memmove(&t.o.host.routes[0], &t.o.host.routes[1],
	    --t.o.host.n_routes * sizeof(t.o.host.routes[0]));
	look(&t, &radon);
	edit_done(&t, ask(&t, "radon", true, RADON));
	assert_int_equal(t.target.host.n_routes, t.o.host.n_routes + 1);
	host_clear(&t.o.host);
	host_copy(&t.o.host, &t.target.host);
	look(&t, &radon);
	/* Another prefix and another peer, on the same interface. */
	edit_refused(&t,
	    ask(&t, "radon", false, "{\"tunnel\":{\"interface\":\"gif7\"}}"),
	    "/tunnel/interface");
	edit_done(&t,
	    ask(&t, "radon", false,
		"{\"prefixes\":[\"2a06:9801:1c:2000::/52\"],"
		"\"peer\":\"2a06:9801:1c:ffff::3\","
		"\"tunnel\":{\"remote\":\"203.0.113.11\"}}"));
	assert_string_equal(t.target.set[0].name.s, "radon");
	assert_int_equal(t.target.n_forget, 1);
	link = host_link(&t.target.host, OP_RUNNING, "gif0");
	assert_int_equal(link->n_addresses, 1);
	assert_int_equal(link->addresses[0].peer.bytes[15], 3);
	entry = host_firewall_entry(&t.target.host, "gif0", &nobody);
	assert_int_equal(entry->remote.bytes[3], 11);
	take(&t);
	assert_int_equal(find(&t, "radon")->n_prefixes, 1);
	assert_int_equal(find(&t, "radon")->prefixes[0].len, 52);
	edit_done(&t, drop(&t, "radon", false));
	assert_int_equal(t.target.n_forget, 1);
	take(&t);
	assert_int_equal(t.o.n_downstreams, 0);
	assert_int_equal(t.o.host.running.n_entries, 0);
	assert_int_equal(t.o.host.n_routes, 2);
	end(&t);
}

static void
test_by_hand(void **state)
{
	static const struct addr nobody;
	struct edit_test t;

	(void)state;
	begin(&t, true);
	edit_refused(&t, drop(&t, "radon", false), "route_not_ours");
	edit_refused(&t, ask(&t, "radon", false, "{\"description\":\"Other\"}"),
	    "interface_not_ours");
	edit_refused(&t,
	    ask(&t, "radon", false,
		"{\"prefixes\":[\"2a06:9801:1c:3000::/64\"]}"),
	    "route_not_ours");
	edit_done(&t, ask(&t, "radon", false, "{\"adopt\":true}"));
	assert_int_equal(host_link(&t.target.host, OP_BOOT, "gif0")->owned, 1);
	assert_non_null(host_firewall_entry(&t.target.host, "gif0", &nobody));
	take(&t);
	check_config(&t, "radon", RADON);
	assert_true(find(&t, "radon")->tunnel.owned);
	edit_done(&t, ask(&t, "radon", true, RADON));
	assert_true(is_unchanged(&t));
	edit_done(&t, drop(&t, "radon", false));
	end(&t);
	begin(&t, true);
	edit_done(&t, drop(&t, "radon", true));
	end(&t);
}

#define REST                                                         \
	",\"tunnel\":{\"kind\":\"gif\",\"local\":\"198.51.100.10\"," \
	"\"remote\":\"203.0.113.30\",\"prefix_length\":128},"        \
	"\"address\":\"2a06:9801:1c:fffd::1\","                      \
	"\"peer\":\"2a06:9801:1c:fffd::2\"}"

static void
test_refusals(void **state)
{
	static const struct {
		const char *json, *what;
	} rows[] = {
		{ "{\"prefixes\":[\"2001:db8::/64\"]" REST, "/prefixes/0" },
		{ "{\"prefixes\":[\"2a06:9801:1c::/48\"]" REST, "/prefixes/0" },
		{ "{\"prefixes\":[\"2a06:9801:1c:1000::/56\"]" REST,
		    "/prefixes/0" },
		{ "{\"prefixes\":[\"2a06:9801:1c:1000::/80\"]" REST,
		    "/prefixes/0" },
		{ "{\"prefixes\":[\"192.0.2.0/24\"]" REST, "/prefixes/0" },
		{ "{\"prefixes\":[\"2a06:9801:1c:2000::/56\","
		  "\"2a06:9801:1c:2001::/64\"]" REST,
		    "/prefixes/1" },
		{ "{\"prefixes\":[]" REST, "/prefixes" },
		{ "{\"prefixes\":[\"::/0\"]" REST, "/prefixes/0" },
		{ "{\"prefixes\":[\"2a06:9801:1c:2000::1/64\"]" REST,
		    "/prefixes/0" },
		{ "{\"prefixes\":[\"2a06:9801:1c:2000::/64\"],"
		  "\"firewall\":{\"nat\":true}" REST,
		    "/firewall/nat" },
		{ "{\"prefixes\":[\"2a06:9801:1c:2000::/64\"],"
		  "\"name\":\"other\"" REST,
		    "/name" },
		{ "{\"prefixes\":[\"2a06:9801:1c:2000::/64\"],"
		  "\"description\":\"$(id)\"" REST,
		    "/description" },
		{ "{\"prefixes\":[\"2a06:9801:1c:2000::/64\"],"
		  "\"neighbor\":null" REST,
		    "/neighbor" },
		{ "{\"prefixes\":[\"2a06:9801:1c:2000::/64\"]}", "/tunnel" },
		{ "{\"tunnel\":null}", "/tunnel" },
		{ "{\"prefixes\":[\"2a06:9801:1c:2000::/64\"],"
		  "\"tunnel\":{\"kind\":\"gif\",\"local\":\"198.51.100.10\","
		  "\"remote\":\"203.0.113.10\",\"prefix_length\":128},"
		  "\"address\":\"2a06:9801:1c:fffd::1\","
		  "\"peer\":\"2a06:9801:1c:fffd::2\"}",
		    "endpoints_taken" },
		{ "{\"prefixes\":[\"2a06:9801:1c:2000::/64\"],"
		  "\"tunnel\":{\"kind\":\"gif\",\"local\":\"198.51.100.10\","
		  "\"remote\":\"203.0.113.30\",\"prefix_length\":128},"
		  "\"address\":\"10.0.0.1\","
		  "\"peer\":\"2a06:9801:1c:fffd::2\"}",
		    "/peer" },
		{ "{\"prefixes\":[\"2a06:9801:1c:2000::/64\"],"
		  "\"tunnel\":{\"kind\":\"gif\",\"local\":\"198.51.100.10\","
		  "\"remote\":\"203.0.113.30\",\"prefix_length\":128},"
		  "\"address\":\"2a06:9801:1c:fffd::1\","
		  "\"peer\":\"2001:db8:300::1\"}",
		    "/peer" },
	};
	struct edit_test t;
	size_t i;

	(void)state;
	begin(&t, true);
	edit_done(&t,
	    ask(&t, "kunde", true,
		"{\"prefixes\":[\"2a06:9801:1c:2000::/64\"]" REST));
	for (i = 0; i < NITEMS(rows); i++) {
		print_message("%s\n", rows[i].json);
		edit_refused(&t, ask(&t, "kunde", true, rows[i].json),
		    rows[i].what);
	}
	/* Somebody else's route is in the way. */
	route(&t, "2a06:9801:1c:2000::/64", "2001:db8:300::1");
	edit_refused(&t,
	    ask(&t, "kunde", true,
		"{\"prefixes\":[\"2a06:9801:1c:2000::/64\"]" REST),
	    "route_exists");
	end(&t);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_adopt),
		cmocka_unit_test(test_create),
		cmocka_unit_test(test_by_hand),
		cmocka_unit_test(test_refusals),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
