/* tests/unit/test_engine_edit_router.c - a request into the router it means. */
/* links: model/tag model/check engine/edit_router engine/edit_prefixes
 * engine/edit_bogons engine/prefix_list engine/router_read
 * engine/router_want engine/adopt engine/adopt_view engine/naming
 * engine/route_map engine/route_map_users engine/host engine/host_key
 * engine/target model/bogons model/prefix_rule model/router
 * model/router_order model/order_options model/fields model/json
 * model/upstream model/tunnel frr/family frr/tree frr/tree_parse
 * frr/tree_index frr/section frr/diff frr/step frr/line frr/mask frr/state
 * frr/json frr/version base/addr base/buf base/clock base/crypto base/err
 * base/io base/log base/mem base/name base/number engine/edit_key
 * engine/edit_neighbor wire/op_key base/md5key wire/op wire/op_check
 * wire/op_firewall wire/op_link wire/op_route engine/drain_map
 * engine/drain_marks engine/drain_lay model/drain */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/compat.h"
#include "base/mem.h"
#include "engine/edit.h"
#include "engine/observe.h"
#include "engine/router_read.h"
#include "engine/target.h"
#include "engine_conf.h"
#include "frr/diff.h"
#include "model/downstream.h"
#include "model/router_order.h"

struct test {
	struct observation o;
	struct op_interface interfaces[2];
	struct target target;
	bool has_target;
	char *lines; /* what FRR is told */
	struct err err;
};

static void
begin(struct test *t, struct frr_node *tree)
{
	memset(t, 0, sizeof(*t));
	t->o.tree = tree;
	conf_adopt(tree, &t->o.upstreams);
	adopt_router(tree, &t->o.router);
	t->o.host.firewall_known = true;
	(void)snprintf(t->interfaces[0].name, 16, "lo0");
	(void)snprintf(t->interfaces[0].addrs[0], 48, "2a06:9801:1c::1");
	(void)snprintf(t->interfaces[0].addrs[1], 48, "198.51.100.10");
	(void)snprintf(t->interfaces[1].name, 16, "gif0");
	t->o.interfaces = t->interfaces;
	t->o.n_interfaces = 2;
}

static void
drop_target(struct test *t)
{
	if (t->has_target)
		target_clear(&t->target);
	t->has_target = false;
	free(t->lines);
	t->lines = NULL;
}

static void
end(struct test *t)
{
	drop_target(t);
	frr_tree_free(&t->o.tree);
	adopt_clear(&t->o.upstreams);
	host_clear(&t->o.host);
}

static int
ask(struct test *t, bool whole, const char *json)
{
	struct router_order *order = mem_calloc(1, sizeof(*order));
	struct frr_steps steps = { 0 };
	struct buf b = BUF_INIT;
	int rc;

	drop_target(t);
	err_clear(&t->err);
	rc = router_order_read(order, whole, json, strlen(json), &t->err);
	if (rc == 0) {
		target_init(&t->target, &t->o);
		t->has_target = true;
		rc = edit_router(&t->o, order, &t->target, &t->err);
	}
	free(order);
	if (rc == -1)
		return -1;
	assert_int_equal(frr_diff(t->o.tree, t->target.tree, &steps, &t->err),
	    0);
	frr_steps_print(&steps, &b);
	t->lines = mem_strdup(buf_text(&b));
	buf_clear(&b);
	frr_steps_clear(&steps);
	return 0;
}
#define PUT(t, json) ask(t, true, json)
#define PATCH(t, json) ask(t, false, json)

/* The change happened: what was the target is what is. */
static void
take(struct test *t)
{
	frr_tree_free(&t->o.tree);
	adopt_clear(&t->o.upstreams);
	host_clear(&t->o.host);
	t->o.tree = frr_tree_copy(t->target.tree);
	host_copy(&t->o.host, &t->target.host);
	conf_adopt(t->o.tree, &t->o.upstreams);
	adopt_router(t->o.tree, &t->o.router);
}

static void
get(const struct test *t, struct buf *b)
{
	struct router_config c;

	router_read(t->o.tree, &t->o.host, &c);
	router_render_config(&c, b);
}

static void
check_get(const struct test *t, const char *want)
{
	struct buf b = BUF_INIT;

	get(t, &b);
	assert_string_equal(buf_text(&b), want);
	buf_clear(&b);
}

static void
put_back(struct test *t)
{
	struct buf b = BUF_INIT;

	get(t, &b);
	if (PUT(t, buf_text(&b)) == -1)
		fail_msg("%s: %s %s", t->err.text, t->err.fields[0].pointer,
		    t->err.fields[0].detail);
	assert_string_equal(t->lines, "");
	assert_true(frr_tree_equal(t->o.tree, t->target.tree));
	assert_int_equal(t->target.host.n_routes, t->o.host.n_routes);
	assert_memory_equal(&t->target.host.running, &t->o.host.running,
	    sizeof(t->o.host.running));
	buf_clear(&b);
}

/* rc, then the code, the reason or pointer, and words of the text. */
static void
check_refused(const struct test *t, int rc, const char *where,
    const char *words)
{
	assert_int_equal(rc, -1);
	if (where[0] == '/' || where[0] == '\0') {
		assert_true(t->err.n_fields > 0);
		assert_string_equal(t->err.fields[0].pointer, where);
		if (strstr(t->err.fields[0].detail, words) == NULL)
			fail_msg("%s", t->err.fields[0].detail);
		return;
	}
	assert_int_equal(t->err.code, ERR_CONFLICT);
	assert_string_equal(t->err.reason, where);
	if (strstr(t->err.text, words) == NULL)
		fail_msg("%s", t->err.text);
}

#define CORE                                                          \
	"{\"local_as\":201379,\"router_id\":\"198.51.100.10\","       \
	"\"router_address\":[],\"prefixes\":[\"2a06:9801:1c::/48\"]," \
	"\"bogons\":\"builtin\",\"kernel_routes\":\"install\"}"
#define EDGE                                                          \
	"{\"local_as\":201379,\"router_id\":\"203.0.113.20\","        \
	"\"router_address\":[],\"prefixes\":[{\"prefix\":"            \
	"\"2a06:9801:1c::/48\",\"originate\":false,\"route\":null}]," \
	"\"bogons\":[\"deny 2a06:9801:1c::/48 le 128\","              \
	"\"deny ::/8 le 128\",\"deny 2001:db8::/32 le 128\","         \
	"\"deny 2002::/16 le 128\",\"deny fc00::/7 le 128\","         \
	"\"deny fe80::/10 le 128\",\"deny ff00::/8 le 128\","         \
	"\"permit 2000::/3 le 48\"],\"kernel_routes\":\"announce_only\"}"

static void
test_reference(void **state)
{
	struct test t;

	(void)state;
	begin(&t, conf_reference("reference/hobgp.frr.conf"));
	check_get(&t, CORE);
	put_back(&t);
	end(&t);
	begin(&t, conf_reference("reference/vtbgp.frr.conf"));
	check_get(&t, EDGE);
	put_back(&t);
	end(&t);
}

/* Lines of the reference that are not of the router itself. */
static bool
is_of_upstream(const char *line)
{
	return strstr(line, "neighbor ") != NULL ||
	    strncmp(line, "frr ", 4) == 0 || strncmp(line, "log ", 4) == 0 ||
	    strncmp(line, "hostname", 8) == 0 ||
	    strncmp(line, "service", 7) == 0 ||
	    strstr(line, "fffe::2/128") != NULL ||
	    (strncmp(line, "route-map", 9) == 0 &&
		strstr(line, "KERNEL") == NULL);
}

static void
drop_upstreams(struct frr_node *node)
{
	size_t i;

	for (i = node->n_children; i-- > 0;) {
		if (is_of_upstream(node->children[i]->line))
			frr_tree_remove(node->children[i]);
		else
			drop_upstreams(node->children[i]);
	}
}

static void
build(const char *name, const char *json, const char *got)
{
	struct frr_node *want = conf_reference(name);
	struct buf b = BUF_INIT;
	struct test t;

	drop_upstreams(want);
	begin(&t, conf_parse("frr defaults traditional\n"));
	frr_tree_remove(t.o.tree->children[0]);
	if (PUT(&t, json) == -1)
		fail_msg("%s: %s %s", t.err.text, t.err.fields[0].pointer,
		    t.err.fields[0].detail);
	if (!frr_tree_equal(t.target.tree, want)) {
		frr_tree_print(t.target.tree, &b);
		print_message("%s", buf_text(&b));
		fail_msg("%s is built otherwise", name);
	}
	frr_tree_free(&want);
	take(&t);
	check_get(&t, got);
	put_back(&t);
	buf_clear(&b);
	end(&t);
}

static void
test_bare(void **state)
{
	(void)state;
	build("reference/hobgp.frr.conf", CORE, CORE);
	/* As the core's, but a PUT with fewer words. */
	build("reference/hobgp.frr.conf",
	    "{\"local_as\":201379,\"router_id\":\"198.51.100.10\","
	    "\"prefixes\":[{\"prefix\":\"2a06:9801:1c::/48\"}]}",
	    CORE);
}

/* The hand-written list of the edge has gaps between its sequences. */
static void
test_bare_edge(void **state)
{
	struct test t;

	(void)state;
	begin(&t, conf_parse("frr defaults traditional\n"));
	assert_int_equal(PUT(&t, EDGE), 0);
	assert_non_null(strstr(t.lines,
	    "ipv6 prefix-list PL-BOGONS seq 40 permit 2000::/3 le 48\n"));
	assert_non_null(strstr(t.lines, "route-map RM-KERNEL-DENY deny 10\n"));
	assert_non_null(
	    strstr(t.lines, "ipv6 protocol bgp route-map RM-KERNEL-DENY\n"));
	assert_null(strstr(t.lines, "network"));
	assert_null(strstr(t.lines, "ip protocol"));
	take(&t);
	check_get(&t, EDGE);
	put_back(&t);
	end(&t);
}

static void
test_both_families(void **state)
{
	struct test t;

	(void)state;
	begin(&t, conf_parse("frr defaults traditional\n"));
	assert_int_equal(PUT(&t,
			     "{\"local_as\":65000,\"router_id\":\"10.0.0.1\","
			     "\"prefixes\":[\"192.0.2.0/24\","
			     "\"2001:db8::/32\",\"2001:67c::/32\"],"
			     "\"kernel_routes\":\"announce_only\"}"),
	    0);
	assert_non_null(strstr(t.lines,
	    "ip prefix-list PL-MY-NET seq 5 permit 192.0.2.0/24\n"));
	assert_non_null(strstr(t.lines,
	    "ipv6 prefix-list PL-MY-NET seq 5 permit 2001:67c::/32\n"
	    "ipv6 prefix-list PL-MY-NET seq 10 permit 2001:db8::/32\n"));
	/* A prefix that is a bogon itself: FRR drops the second of two. */
	assert_null(
	    strstr(t.lines, "PL-BOGONS seq 5 deny 192.0.2.0/24 le 32\n"));
	assert_non_null(
	    strstr(t.lines, "PL-BOGONS seq 45 deny 192.0.2.0/24 le 32\n"));
	assert_non_null(
	    strstr(t.lines, "PL-BOGONS seq 5 deny 2001:67c::/32 le 128\n"));
	assert_non_null(
	    strstr(t.lines, "ip protocol bgp route-map RM-KERNEL-DENY\n"));
	assert_non_null(strstr(t.lines, "ip route 192.0.2.0/24 blackhole\n"));
	assert_non_null(strstr(t.lines,
	    "address-family ipv4 unicast\n  network 192.0.2.0/24\n"));
	assert_int_equal(t.target.host.running.n_prefixes, 3);
	take(&t);
	put_back(&t);
	assert_int_equal(PATCH(&t, "{\"kernel_routes\":null}"), 0);
	assert_string_equal(t.lines,
	    "no ipv6 protocol bgp route-map RM-KERNEL-DENY\n"
	    "no ip protocol bgp route-map RM-KERNEL-DENY\n"
	    "no route-map RM-KERNEL-DENY deny 10\n");
	assert_int_equal(PATCH(&t, "{\"bogons\":null}"), 0);
	assert_null(strstr(t.lines, "PL-MY-NET"));
	take(&t);
	assert_int_equal(PATCH(&t, "{\"prefixes\":[]}"), 0);
	assert_null(strstr(t.lines, "deny any"));
	assert_int_equal(t.target.host.running.n_prefixes, 0);
	take(&t);
	check_get(&t,
	    "{\"local_as\":65000,\"router_id\":\"10.0.0.1\","
	    "\"router_address\":[],\"prefixes\":[],\"bogons\":null,"
	    "\"kernel_routes\":\"announce_only\"}");
	end(&t);
}

static void
test_prefixes_in_use(void **state)
{
	struct test t;

	(void)state;
	begin(&t, conf_reference("reference/hobgp.frr.conf"));
	/* Two more; what is there stays, the list of bogons follows. */
	assert_int_equal(PATCH(&t,
			     "{\"prefixes\":[\"2a06:9801:1d::/48\","
			     "\"2a06:9801:1c::/48\"]}"),
	    0);
	assert_string_equal(t.lines,
	    "ipv6 prefix-list PL-MY-NET seq 10 permit 2a06:9801:1d::/48\n"
	    "ipv6 prefix-list PL-BOGONS seq 6 deny 2a06:9801:1d::/48 le 128\n"
	    "ipv6 route 2a06:9801:1d::/48 blackhole\n"
	    "router bgp 201379\n"
	    " address-family ipv6 unicast\n"
	    "  network 2a06:9801:1d::/48\n"
	    " exit-address-family\n"
	    "exit\n");
	take(&t);
	put_back(&t);
	/* The first goes again: no line is moved. */
	assert_int_equal(PATCH(&t, "{\"prefixes\":[\"2a06:9801:1d::/48\"]}"),
	    0);
	assert_string_equal(t.lines,
	    "router bgp 201379\n"
	    " address-family ipv6 unicast\n"
	    "  no network 2a06:9801:1c::/48\n"
	    " exit-address-family\n"
	    "exit\n"
	    "no ipv6 route 2a06:9801:1c::/48 blackhole\n"
	    "no ipv6 prefix-list PL-BOGONS seq 5 deny 2a06:9801:1c::/48 le "
	    "128\n"
	    "no ipv6 prefix-list PL-MY-NET seq 5 permit 2a06:9801:1c::/48\n");
	take(&t);
	put_back(&t);
	/* One that sorts before it does not push it away. */
	assert_int_equal(PATCH(&t,
			     "{\"prefixes\":[\"2a06:9801:1b::/48\","
			     "\"2a06:9801:1d::/48\",\"2a06:9801:1e::/48\"]}"),
	    0);
	assert_non_null(
	    strstr(t.lines, "PL-BOGONS seq 5 deny 2a06:9801:1b::/48 le 128\n"));
	assert_non_null(
	    strstr(t.lines, "PL-BOGONS seq 7 deny 2a06:9801:1e::/48 le 128\n"));
	assert_null(strstr(t.lines, "PL-BOGONS seq 6 "));
	/* All of them: the neighbors' maps must not let everything pass. */
	assert_int_equal(PATCH(&t, "{\"prefixes\":[]}"), 0);
	assert_non_null(strstr(t.lines,
	    "ipv6 prefix-list PL-MY-NET seq 5 deny ::/0 le 128\n"));
	take(&t);
	put_back(&t);
	assert_int_equal(PATCH(&t, "{\"prefixes\":[\"2a06:9801:1c::/48\"]}"),
	    0);
	assert_non_null(strstr(t.lines,
	    "ipv6 prefix-list PL-MY-NET seq 5 permit 2a06:9801:1c::/48\n"));
	check_refused(&t, PATCH(&t, "{\"bogons\":null}"), "prefix_list_in_use",
	    "RM-");
	check_refused(&t, PATCH(&t, "{\"local_as\":65000}"), "local_as_in_use",
	    "4 sessions");
	end(&t);
}

/* One list of bogons comes with a family's first prefix, and goes with its
 * last one, but for somebody who refers to it. */
static void
test_bogons_of_a_family(void **state)
{
	static const char both[] =
	    "{\"prefixes\":[\"2a06:9801:1c::/48\",\"203.0.113.0/24\"]}";
	static const char one[] = "{\"prefixes\":[\"2a06:9801:1c::/48\"]}";
	struct frr_node *map;
	struct test t;

	(void)state;
	begin(&t, conf_parse("frr defaults traditional\n"));
	assert_int_equal(PUT(&t, CORE), 0);
	take(&t);
	assert_int_equal(PATCH(&t, both), 0);
	assert_non_null(strstr(t.lines, "ip prefix-list PL-BOGONS seq 65 "));
	take(&t);
	assert_int_equal(PATCH(&t, one), 0);
	take(&t);
	assert_null(frr_tree_child_prefix(t.o.tree, "ip prefix-list", NULL));
	assert_int_equal(PATCH(&t, both), 0);
	take(&t);
	map = frr_tree_add(t.o.tree, "route-map RM-FOUR-IN permit 10");
	(void)frr_tree_add(map, "match ip address prefix-list PL-BOGONS");
	assert_int_equal(PATCH(&t, one), 0);
	assert_null(strstr(t.lines, "no ip prefix-list PL-BOGONS seq 100"));
	end(&t);
}

static void
test_bogons(void **state)
{
	struct test t;

	(void)state;
	begin(&t, conf_reference("reference/vtbgp.frr.conf"));
	/* What is there stays where it is. */
	assert_int_equal(PATCH(&t, "{\"bogons\":\"builtin\"}"), 0);
	assert_string_equal(t.lines,
	    "ipv6 prefix-list PL-BOGONS seq 15 deny 100::/64 le 128\n"
	    "ipv6 prefix-list PL-BOGONS seq 20 deny 2001:2::/48 le 128\n"
	    "ipv6 prefix-list PL-BOGONS seq 25 deny 2001:10::/28 le 128\n"
	    "ipv6 prefix-list PL-BOGONS seq 40 deny 3ffe::/16 le 128\n"
	    "ipv6 prefix-list PL-BOGONS seq 45 deny 5f00::/16 le 128\n"
	    "ipv6 prefix-list PL-BOGONS seq 60 deny fec0::/10 le 128\n");
	assert_int_equal(PATCH(&t,
			     "{\"bogons\":[\"deny ::/8 le 128\","
			     "\"deny 2001:db8::/32 le 128\","
			     "\"deny 3fff::/20 le 128\","
			     "\"permit 2000::/3 le 48\"]}"),
	    0);
	assert_non_null(strstr(t.lines,
	    "ipv6 prefix-list PL-BOGONS seq 35 deny 3fff::/20 le 128\n"));
	assert_non_null(
	    strstr(t.lines, "no ipv6 prefix-list PL-BOGONS seq 5 deny "));
	check_refused(&t,
	    PATCH(&t,
		"{\"bogons\":[\"permit 2000::/3 le 48\","
		"\"deny ::/8 le 128\"]}"),
	    "prefix_list_order", "deny ::/8 le 128");
	end(&t);
}

static void
test_routes(void **state)
{
	struct op_route by_hand = { .kind = OP_ROUTE_REJECT };
	struct test t;

	(void)state;
	begin(&t, conf_reference("reference/hobgp.frr.conf"));
	assert_int_equal(PATCH(&t,
			     "{\"prefixes\":[{\"prefix\":"
			     "\"2a06:9801:1c::/48\",\"route\":"
			     "{\"interface\":\"gif0\"}}]}"),
	    0);
	assert_string_equal(t.lines,
	    "no ipv6 route 2a06:9801:1c::/48 blackhole\n");
	assert_int_equal(t.target.host.n_routes, 2);
	assert_string_equal(t.target.host.routes[0].interface, "gif0");
	take(&t);
	put_back(&t);
	assert_int_equal(PATCH(&t, "{\"prefixes\":[\"2a06:9801:1c::/48\"]}"),
	    0);
	assert_int_equal(t.target.host.n_routes, 0);
	take(&t);
	/* The same, but the system's route was made by hand. */
	(void)prefix_parse(&by_hand.prefix, "2a06:9801:1c::/48", true, NULL);
	host_set_route(&t.o.host, &by_hand);
	t.o.host.routes[0].owned = t.o.host.routes[1].owned = 0;
	put_back(&t);
	check_refused(&t,
	    PATCH(&t,
		"{\"prefixes\":[{\"prefix\":\"2a06:9801:1c::/48\","
		"\"route\":\"reject\"}]}"),
	    "route_not_ours", "adopt");
	assert_int_equal(PATCH(&t,
			     "{\"prefixes\":[{\"prefix\":"
			     "\"2a06:9801:1c::/48\",\"route\":\"reject\"}],"
			     "\"adopt\":true}"),
	    0);
	assert_int_equal(t.target.host.routes[0].owned, 1);
	/* Unasked for, it stays when the prefix goes. */
	assert_int_equal(PATCH(&t, "{\"prefixes\":[]}"), 0);
	assert_int_equal(t.target.host.n_routes, 2);
	end(&t);
}

static void
test_address(void **state)
{
	struct op_firewall_entry entry = { .kind = OP_LINK_GRE,
		.nat = 1,
		.interface = "gre1" };
	struct test t;

	(void)state;
	begin(&t, conf_reference("reference/hobgp.frr.conf"));
	check_refused(&t, PATCH(&t, "{\"router_address\":[\"2001:db8::9\"]}"),
	    "/router_address/0", "on no interface");
	assert_int_equal(PATCH(&t,
			     "{\"router_address\":[\"2a06:9801:1c::1\"]}"),
	    0);
	assert_string_equal(t.lines, "");
	assert_int_equal(t.target.host.running.router[1].family, 6);
	assert_int_equal(t.target.host.running.n_prefixes, 1);
	assert_memory_equal(&t.target.host.running, &t.target.host.boot,
	    sizeof(t.target.host.boot));
	take(&t);
	put_back(&t);
	(void)addr_parse(&entry.peer, "2001:db8:300::1", NULL);
	assert_int_equal(host_set_firewall_entry(&t.o.host, &entry, NULL), 0);
	check_refused(&t, PATCH(&t, "{\"router_address\":[]}"),
	    "/router_address", "gre1");
	end(&t);
}

static void
test_identity(void **state)
{
	struct test t;

	(void)state;
	begin(&t, conf_parse("frr defaults traditional\n"));
	check_refused(&t, PUT(&t, "{}"), "/local_as", "no \"router bgp\"");
	assert_string_equal(t.err.fields[1].pointer, "/router_id");
	check_refused(&t, PATCH(&t, "{\"prefixes\":[\"2001:db8::/32\"]}"),
	    "/local_as", "");
	assert_int_equal(PATCH(&t, "{\"kernel_routes\":\"announce_only\"}"), 0);
	assert_non_null(strstr(t.lines, "ip protocol"));
	assert_int_equal(PATCH(&t,
			     "{\"local_as\":65000,"
			     "\"router_id\":\"10.0.0.1\"}"),
	    0);
	assert_string_equal(t.lines,
	    "router bgp 65000\n no bgp default ipv4-unicast\n"
	    " bgp router-id 10.0.0.1\nexit\n");
	end(&t);
	begin(&t,
	    conf_parse("router bgp 65000\n address-family ipv6 unicast\n"
		       "  network 2001:db8::/32\n exit-address-family\n"));
	(void)snprintf(t.o.router.router_id, sizeof(t.o.router.router_id),
	    "10.9.9.9");
	assert_int_equal(PATCH(&t, "{\"router_id\":\"10.9.9.9\"}"), 0);
	assert_string_equal(t.lines, "");
	assert_int_equal(PATCH(&t,
			     "{\"local_as\":65001,"
			     "\"router_id\":\"10.0.0.1\"}"),
	    0);
	assert_non_null(strstr(t.lines, "no router bgp 65000\n"));
	assert_non_null(strstr(t.lines, "router bgp 65001\n"));
	check_refused(&t, PUT(&t, "{}"), "/prefixes", "withdraw 2001:db8::/32");
	end(&t);
}

static void
test_refusals(void **state)
{
	static const struct {
		const char *json, *pointer, *words;
	} rows[] = {
		{ "{\"prefixes\":[\"::/0\"]}", "/prefixes/0", "default" },
		{ "{\"prefixes\":[\"2001:db8::1/32\"]}", "/prefixes/0",
		    "behind its length" },
		{ "{\"prefixes\":[\"2001:db8::\"]}", "/prefixes/0", "length" },
		{ "{\"prefixes\":[\"fe80::/10\"]}", "/prefixes/0",
		    "link-local" },
		{ "{\"prefixes\":[\"224.0.0.0/8\"]}", "/prefixes/0",
		    "multicast" },
		{ "{\"prefixes\":[7]}", "/prefixes/0", "must be" },
		{ "{\"prefixes\":[{\"route\":null}]}", "/prefixes/0",
		    "prefix" },
		{ "{\"prefixes\":[{\"prefix\":\"2001:db8::/32\",\"x\":1}]}",
		    "/prefixes/0/x", "no such member" },
		{ "{\"prefixes\":[{\"prefix\":\"2001:db8::/32\","
		  "\"route\":\"drop\"}]}",
		    "/prefixes/0/route", "must be one of" },
		{ "{\"prefixes\":[{\"prefix\":\"2001:db8::/32\","
		  "\"route\":{\"interface\":\"a b\"}}]}",
		    "/prefixes/0/route/interface", "" },
		{ "{\"prefixes\":[{\"prefix\":\"2001:db8::/32\","
		  "\"route\":{\"interface\":\"gif9\"}}]}",
		    "/prefixes/0/route/interface", "no interface" },
		{ "{\"prefixes\":[\"2001:db8::/32\",\"2001:db8::/32\"]}",
		    "/prefixes/1", "twice" },
		{ "{\"prefixes\":[\"2001:db8::/32\",\"2001:db8:1::/48\"]}",
		    "/prefixes/0", "overlaps" },
		{ "{\"prefixes\":[\"2a06:9801:1c::/48\","
		  "\"2a06:9801:1c:1::/64\"]}",
		    "/prefixes/1", "overlaps" },
		{ "{\"prefixes\":null}", "/prefixes", "null" },
		{ "{\"router_id\":\"2001:db8::1\"}", "/router_id", "IPv4" },
		{ "{\"router_id\":\"0.0.0.0\"}", "/router_id", "IPv4" },
		{ "{\"local_as\":0}", "/local_as", "1 to" },
		{ "{\"local_as\":23456}", "/local_as", "23456" },
		{ "{\"router_address\":[\"fe80::1\"]}", "/router_address/0",
		    "link-local" },
		{ "{\"router_address\":[\"10.0.0.1\",\"10.0.0.2\"]}",
		    "/router_address/1", "already" },
		{ "{\"bogons\":\"mine\"}", "/bogons", "builtin" },
		{ "{\"bogons\":[]}", "/bogons", "null" },
		{ "{\"bogons\":[\"deny any\"]}", "/bogons/0", "prefix" },
		{ "{\"bogons\":[\"deny 10.0.0.0/8 le 33\"]}", "/bogons/0",
		    "32" },
		{ "{\"bogons\":[\"deny 10.0.0.0/8 ge 4\"]}", "/bogons/0",
		    "length (8)" },
		{ "{\"bogons\":[\"deny 10.0.0.0/8 ge 24 le 16\"]}", "/bogons/0",
		    "ge must not" },
		{ "{\"bogons\":[\"deny  10.0.0.0/8\"]}", "/bogons/0",
		    "single blanks" },
		{ "{\"bogons\":[\"deny 10.0.0.0/8\\nexit\"]}", "/bogons/0",
		    "" },
		{ "{\"bogons\":[\"permit ::/0\",\"permit ::/0\"]}", "/bogons/1",
		    "twice" },
		{ "{\"kernel_routes\":\"all\"}", "/kernel_routes",
		    "announce_only" },
		{ "{\"networks\":[]}", "/networks", "no such member" },
		{ "{\"confirm\":{\"revert_in_s\":5}}", "/confirm/revert_in_s",
		    "10" },
	};
	struct test t;
	size_t i;

	(void)state;
	begin(&t, conf_reference("reference/hobgp.frr.conf"));
	for (i = 0; i < NITEMS(rows); i++) {
		int rc = PATCH(&t, rows[i].json);

		if (rc == 0)
			fail_msg("taken: %s", rows[i].json);
		check_refused(&t, rc, rows[i].pointer, rows[i].words);
		assert_int_equal(t.err.code, ERR_UNPROCESSABLE);
	}
	end(&t);
}

/* What a customer has out of a prefix keeps it here. */
static void
test_downstream(void **state)
{
	struct downstream radon = { .name = { "radon" }, .n_prefixes = 1 };
	struct test t;

	(void)state;
	(void)prefix_parse(&radon.prefixes[0], "2a06:9801:1c:1000::/64", true,
	    NULL);
	begin(&t, conf_reference("reference/hobgp.frr.conf"));
	t.o.downstreams = &radon;
	t.o.n_downstreams = 1;
	check_refused(&t, PATCH(&t, "{\"prefixes\":[]}"), "prefix_in_use",
	    "radon");
	end(&t);
}

/* Maps and lists that somebody else named like ours. */
static void
test_foreign(void **state)
{
	struct test t;

	(void)state;
	begin(&t,
	    conf_parse("route-map RM-KERNEL-DENY permit 10\nexit\n"
		       "router bgp 65000\n bgp router-id 10.0.0.1\nexit\n"));
	check_refused(&t, PATCH(&t, "{\"kernel_routes\":\"announce_only\"}"),
	    "kernel_map_in_use", "RM-KERNEL-DENY");
	end(&t);
	begin(&t,
	    conf_parse("route-map SOME permit 10\nexit\n"
		       "ipv6 protocol bgp route-map SOME\n"
		       "router bgp 65000\n bgp router-id 10.0.0.1\nexit\n"));
	check_refused(&t, PATCH(&t, "{\"kernel_routes\":\"announce_only\"}"),
	    "kernel_map_in_use", "SOME");
	put_back(&t);
	end(&t);
	/* Another name, and the deny comes first. */
	begin(&t,
	    conf_parse("route-map NONE deny 5\nexit\n"
		       "route-map NONE permit 10\nexit\n"
		       "ipv6 protocol bgp route-map NONE\n"
		       "router bgp 65000\n bgp router-id 10.0.0.1\nexit\n"));
	put_back(&t);
	assert_int_equal(PATCH(&t, "{\"kernel_routes\":\"install\"}"), 0);
	assert_string_equal(t.lines, "no ipv6 protocol bgp route-map NONE\n");
	end(&t);
	/* Lists of other names, and more than we write ourselves. */
	begin(&t,
	    conf_parse("ipv6 prefix-list PL-MY-NET seq 3 permit "
		       "2001:db8::/32 le 48\n"
		       "ipv6 prefix-list PL-MY-NET seq 90 deny any\n"
		       "router bgp 65000\n bgp router-id 10.0.0.1\n"
		       " address-family ipv6 unicast\n"
		       "  network 2001:db8::/32\n"
		       "  network 2001:db8:1::/48\n"
		       " exit-address-family\nexit\n"));
	put_back(&t);
	assert_int_equal(PATCH(&t,
			     "{\"prefixes\":[{\"prefix\":\"2001:db8::/32\","
			     "\"route\":null},{\"prefix\":"
			     "\"2001:db8:1::/48\",\"route\":null},"
			     "{\"prefix\":\"2001:67c::/32\","
			     "\"originate\":false,\"route\":null}]}"),
	    0);
	assert_string_equal(t.lines,
	    "ipv6 prefix-list PL-MY-NET seq 8 permit 2001:67c::/32\n"
	    "ipv6 prefix-list PL-MY-NET seq 13 permit 2001:db8:1::/48\n");
	end(&t);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_reference),
		cmocka_unit_test(test_bare),
		cmocka_unit_test(test_bare_edge),
		cmocka_unit_test(test_both_families),
		cmocka_unit_test(test_prefixes_in_use),
		cmocka_unit_test(test_bogons_of_a_family),
		cmocka_unit_test(test_bogons),
		cmocka_unit_test(test_routes),
		cmocka_unit_test(test_address),
		cmocka_unit_test(test_identity),
		cmocka_unit_test(test_refusals),
		cmocka_unit_test(test_downstream),
		cmocka_unit_test(test_foreign),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
