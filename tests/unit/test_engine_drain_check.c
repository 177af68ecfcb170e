/* tests/unit/test_engine_drain_check.c - what is asked before a drain. */
/* links: engine/drain_check engine/drain_check_path engine/drain_sent
 * engine/drain_want engine/drain_proof engine/drain_map engine/drain_marks
 * engine/adopt engine/adopt_view engine/adopt_host engine/naming
 * engine/route_map engine/route_map_users engine/prefix_list engine/router_read
 * engine/host model/drain model/drain_state model/drain_facts model/upstream
 * model/tunnel model/router model/bogons model/prefix_rule model/tag model/json
 * wire/op wire/op_check wire/op_link wire/op_route wire/op_firewall frr/family
 * frr/tree frr/tree_parse frr/tree_index frr/section frr/diff frr/step frr/line
 * frr/mask base/addr base/buf base/clock base/crypto base/err base/io base/log
 * base/mem base/name base/number base/rfc3339 engine/host_key wire/op_key
 * base/md5key frr/version */
/* libs: -ljansson -lsodium */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/compat.h"
#include "engine/confirm.h"
#include "engine/drain_check.h"
#include "engine/drain_sent.h"
#include "engine/observe.h"
#include "engine_conf.h"
#include "frr/frr.h"
#include "store/operation.h"

static const char router[] =
    "ipv6 prefix-list PL-MY-NET seq 5 permit 2001:db8::/32\n"
    "route-map RM-IN permit 10\n"
    "exit\n"
    "route-map RM-OUT permit 10\n"
    " match ipv6 address prefix-list PL-MY-NET\n"
    "exit\n"
    "%s"
    "router bgp 65000\n"
    " no bgp default ipv4-unicast\n"
    " neighbor 2001:db8:1::1 remote-as 65001\n"
    " neighbor 2001:db8:2::1 remote-as 65002\n"
    " neighbor 2001:db8:3::1 remote-as 65000\n"
    " !\n"
    " address-family ipv6 unicast\n"
    "  network 2001:db8::/32\n"
    "  neighbor 2001:db8:1::1 activate\n"
    "  neighbor 2001:db8:1::1 route-map RM-IN in\n"
    "  neighbor 2001:db8:1::1 route-map RM-OUT out\n"
    "  neighbor 2001:db8:2::1 activate\n"
    "  neighbor 2001:db8:2::1 route-map RM-IN in\n"
    "  neighbor 2001:db8:2::1 route-map RM-OUT out\n"
    "  neighbor 2001:db8:3::1 activate\n"
    " exit-address-family\n"
    "exit\n";
static const char announce_only[] =
    "route-map RM-KERNEL-DENY deny 10\n"
    "exit\n"
    "ipv6 protocol bgp route-map RM-KERNEL-DENY\n"
    "ip protocol bgp route-map RM-KERNEL-DENY\n";

struct asked {
	struct observation o;
	struct drain wanted;
	struct drain_facts facts;
	struct operation_list lasting;
	struct confirm_info confirm;
	struct addr to[2];
	struct drain_sent_list sent;
	struct drain_check check;
	struct err err;
};

static struct upstream *
neighbor(struct asked *a, const char *text)
{
	struct upstream *up;
	struct addr addr;

	assert_int_equal(addr_parse(&addr, text, NULL), 0);
	up = adopt_find_neighbor(&a->o.upstreams, &addr);
	assert_non_null(up);
	return up;
}

/* All sessions are up, and the first upstream is to be drained. */
static void
begin(struct asked *a, const char *more)
{
	static char text[(DRAIN_SENT_MAX + 80) * 80];
	size_t i;

	memset(a, 0, sizeof(*a));
	(void)snprintf(text, sizeof(text), router, more);
	a->o.tree = conf_parse(text);
	adopt_router(a->o.tree, &a->o.router);
	conf_adopt(a->o.tree, &a->o.upstreams);
	for (i = 0; i < a->o.upstreams.n; i++) {
		a->o.upstreams.v[i].session.established = true;
		a->o.upstreams.v[i].session.table[1].prefixes_sent = 1;
	}
	(void)snprintf(a->wanted.subject, sizeof(a->wanted.subject),
	    "upstreams/a");
	a->wanted.neighbor = neighbor(a, "2001:db8:1::1")->neighbor;
	a->to[0] = a->wanted.neighbor;
	a->to[1] = neighbor(a, "2001:db8:2::1")->neighbor;
	assert_int_equal(prefix_parse(&a->sent.v[0].prefix, "2001:db8::/32",
			     true, NULL),
	    0);
	a->sent.v[0].to = a->to;
	a->sent.v[0].n = 2;
	a->sent.n = 1;
	a->check = (struct drain_check) { .o = &a->o,
		.wanted = &a->wanted,
		.facts = &a->facts,
		.sent = &a->sent,
		.lasting = &a->lasting };
}

static void
end(struct asked *a)
{
	frr_tree_free(&a->o.tree);
	adopt_clear(&a->o.upstreams);
	free(a->o.drains.v);
}

static void
check_fine(struct asked *a)
{
	if (drain_check(&a->check, &a->err) == -1)
		fail_msg("%s", a->err.text);
}

/* Refused for one reason, which force overrides or not. */
static void
check_refused(struct asked *a, const char *word, bool may_force)
{
	err_clear(&a->err);
	assert_int_equal(drain_check(&a->check, &a->err), -1);
	assert_int_equal(a->err.code, ERR_CONFLICT);
	assert_string_equal(a->err.reason, "drain_preflight");
	assert_int_equal(a->err.n_fields, 1);
	assert_string_equal(a->err.fields[0].pointer,
	    may_force ? "/force" : "");
	assert_memory_equal(a->err.fields[0].detail, word, strlen(word));
	a->wanted.force = true;
	assert_int_equal(drain_check(&a->check, &a->err), may_force ? 0 : -1);
	a->wanted.force = false;
}

/* One more reason that is there already, until end(). */
static struct drain *
drain_also(struct asked *a, const char *subject, const char *text)
{
	struct drain_list *rows = &a->o.drains;
	struct drain *d;

	rows->v = realloc(rows->v, (rows->n + 1) * sizeof(*rows->v));
	assert_non_null(rows->v);
	d = &rows->v[rows->n++];
	memset(d, 0, sizeof(*d));
	(void)snprintf(d->subject, sizeof(d->subject), "%s", subject);
	if (text != NULL)
		d->neighbor = neighbor(a, text)->neighbor;
	d->phase = DRAIN_DRAINED;
	return d;
}

static void
test_another_path(void **state)
{
	struct asked a;

	(void)state;
	begin(&a, "");
	check_fine(&a);
	neighbor(&a, "2001:db8:2::1")->session.established = false;
	check_refused(&a,
	    "only_path: no other established transit session announces "
	    "2001:db8::/32 ",
	    true);
	neighbor(&a, "2001:db8:2::1")->session.established = true;
	neighbor(&a, "2001:db8:2::1")->role = UPSTREAM_PEER;
	check_refused(&a, "only_path", true);
	end(&a);
}

/* Each prefix by itself, as it was sent and not as lists have it. */
static void
test_each_prefix(void **state)
{
	struct asked a;

	(void)state;
	begin(&a, "");
	assert_int_equal(prefix_parse(&a.sent.v[1].prefix, "2001:db8:ff::/48",
			     true, NULL),
	    0);
	a.sent.n = 2;
	check_fine(&a); /* announced to nobody: nothing goes away */
	a.sent.v[1].to = a.to;
	a.sent.v[1].n = 1; /* to what is to be drained alone */
	check_refused(&a,
	    "only_path: no other established transit session announces "
	    "2001:db8:ff::/48 ",
	    true);
	a.sent.v[1].to = a.to + 1; /* to the other one alone */
	check_fine(&a);
	end(&a);
}

/* The local preference with which the router inside has sent it. */
static uint32_t inside = 100;

/* bgpd, which has sent the first upstream what it is asked for, and knows of
 * an address only what covers it. */
int
frr_observe_route(struct frr *frr, const struct prefix *p,
    struct frr_route *route, struct err *err)
{
	char text[PREFIX_TEXT_MAX];

	(void)err;
	assert_null(frr);
	memset(route, 0, sizeof(*route));
	route->found = true;
	(void)snprintf(route->prefix, sizeof(route->prefix), "%s",
	    p->len == 128 ? "2001:db8::/32" : prefix_print(p, text));
	route->sent_to = calloc(1, sizeof(*route->sent_to));
	assert_non_null(route->sent_to);
	assert_int_equal(addr_parse(route->sent_to, "2001:db8:1::1", NULL), 0);
	route->n_sent_to = 1;
	route->paths = calloc(1, sizeof(*route->paths));
	assert_non_null(route->paths);
	route->n_paths = 1;
	route->paths->internal = route->paths->has_local_preference = true;
	route->paths->local_preference = inside;
	assert_int_equal(addr_parse(&route->paths->neighbor, "2001:db8:3::1",
			     NULL),
	    0);
	return 0;
}

void
frr_route_clear(struct frr_route *route)
{
	free(route->sent_to);
	free(route->paths);
	memset(route, 0, sizeof(*route));
}

/* Our own, and what a list lets out besides. */
static void
test_what_is_asked_for(void **state)
{
	static const char *const prefixes[] = { "2001:db8::/32",
		"2001:db8:1::7/128", "2001:db8:ff::/48" };
	static struct drain_sent_list list;
	struct asked a;
	struct prefix p;
	size_t i;

	(void)state;
	begin(&a,
	    "ipv6 prefix-list PL-MY-NET seq 10 permit 2001:db8:ff::/48\n"
	    "ipv6 prefix-list PL-MY-NET seq 15 permit 2001:db8:1::7/128\n"
	    "ipv6 prefix-list PL-MY-NET seq 20 permit 2001:db8::/32 le 40\n");
	assert_int_equal(drain_sent_read(NULL, &a.o, &list, &a.err), 0);
	assert_int_equal(list.n, NITEMS(prefixes));
	for (i = 0; i < list.n; i++) {
		assert_int_equal(prefix_parse(&p, prefixes[i], true, NULL), 0);
		assert_true(prefix_equal(&list.v[i].prefix, &p));
		assert_int_equal(drain_sent_to(&list.v[i], &a.to[0]), i != 1);
		assert_false(drain_sent_to(&list.v[i], &a.to[1]));
	}
	drain_sent_clear(&list);
	end(&a);
}

/* bgpd tells how many it has sent: of those that nobody was asked about, the
 * family at least has to have another way. */
static void
test_what_is_not_listed(void **state)
{
	struct session *s, *other;
	struct asked a;

	(void)state;
	begin(&a, "");
	s = &neighbor(&a, "2001:db8:1::1")->session;
	other = &neighbor(&a, "2001:db8:2::1")->session;
	s->table[1].prefixes_sent = 40;
	check_fine(&a);
	a.sent.v[0].n = 1; /* the first upstream alone has been sent it */
	other->table[1].prefixes_sent = 0;
	a.sent.n = 0;
	check_refused(&a,
	    "only_path: 40 prefixes of ipv6-unicast are announced to ", true);
	assert_non_null(strstr(a.err.fields[0].detail,
	    ", 40 of them not looked at one by one, and no other "));
	other->table[1].prefixes_sent = 1;
	check_fine(&a);
	other->table[0].prefixes_sent = 1;
	s->table[0].prefixes_sent = 2; /* not of a family that it has */
	check_fine(&a);
	neighbor(&a, "2001:db8:1::1")->family[0] = true;
	check_refused(&a, "only_path: 2 prefixes of ipv4-unicast ", true);
	neighbor(&a, "2001:db8:2::1")->family[0] = true;
	check_fine(&a);
	other->established = false;
	s->table[0].prefixes_sent = 0;
	check_refused(&a, "only_path: 40 prefixes of ipv6-unicast ", true);
	/* All that it has been sent was looked at. */
	a.sent.n = 1;
	a.sent.v[0].n = 2;
	s->table[1].prefixes_sent = 1;
	check_refused(&a, "only_path: no other ", true);
	end(&a);
}

/* What is past the last that is asked for is left to the count. */
static void
test_more_than_are_asked_for(void **state)
{
	static char text[(DRAIN_SENT_MAX + 2) * 80];
	static struct drain_sent_list list;
	struct asked a;
	size_t i, len = 0;

	(void)state;
	for (i = 0; i <= DRAIN_SENT_MAX; i++)
		len += (size_t)snprintf(text + len, sizeof(text) - len,
		    "ipv6 prefix-list PL-MY-NET seq %zu permit "
		    "2001:db8:%zx::/48\n",
		    i + 10, i + 1);
	begin(&a, text);
	assert_int_equal(drain_sent_read(NULL, &a.o, &list, &a.err), 0);
	assert_int_equal(list.n, DRAIN_SENT_MAX);
	a.check.sent = &list;
	neighbor(&a, "2001:db8:1::1")->session.table[1].prefixes_sent =
	    DRAIN_SENT_MAX + 2;
	for (i = 0; i < list.n; i++) { /* and to the other one too */
		free(list.v[i].to);
		list.v[i].to = NULL;
		list.v[i].n = 0;
	}
	check_fine(&a);
	neighbor(&a, "2001:db8:2::1")->session.table[1].prefixes_sent = 0;
	check_refused(&a, "only_path: 258 prefixes of ipv6-unicast ", true);
	drain_sent_clear(&list);
	end(&a);
}

/* It has been sent nothing; what it is good for is judged all the same. */
static void
test_down_itself(void **state)
{
	struct asked a;

	(void)state;
	begin(&a, "");
	neighbor(&a, "2001:db8:1::1")->session.established = false;
	a.sent.v[0].to = a.to + 1;
	a.sent.v[0].n = 1;
	check_fine(&a);
	a.sent.v[0].n = 0;
	check_fine(&a);
	neighbor(&a, "2001:db8:2::1")->session.table[1].prefixes_sent = 0;
	check_refused(&a, "only_path", true);
	neighbor(&a, "2001:db8:2::1")->session.established = false;
	check_refused(&a, "only_path", true);
	end(&a);
}

static void
test_other_drains_count(void **state)
{
	struct asked a;

	(void)state;
	begin(&a, "");
	(void)drain_also(&a, "upstreams/b", "2001:db8:2::1");
	check_refused(&a, "only_path", true);
	end(&a);
}

/* A reason that is there spares the question only where the order takes no
 * more away than it does. */
static void
test_a_stronger_order(void **state)
{
	struct asked a;
	struct drain *d;

	(void)state;
	begin(&a, "");
	d = drain_also(&a, "upstreams/a", "2001:db8:1::1");
	neighbor(&a, "2001:db8:2::1")->session.established = false;
	check_fine(&a);
	a.wanted.mode = DRAIN_SHUTDOWN;
	check_refused(&a, "only_path", true);
	d->mode = DRAIN_SHUTDOWN;
	check_fine(&a); /* it is down */
	d->phase = DRAIN_DOWN;
	check_fine(&a);
	d->phase = DRAIN_PROOF; /* it may be held there for ever */
	check_refused(&a, "only_path", true);
	d->phase = DRAIN_RETURNING;
	a.wanted.mode = DRAIN_SHIFT;
	check_refused(&a, "only_path", true);
	end(&a);
}

/* The router's own reason ends, and then a way has to be left. */
static void
test_under_a_drained_router(void **state)
{
	struct asked a;

	(void)state;
	begin(&a, "");
	a.wanted.mode = DRAIN_SHUTDOWN;
	(void)drain_also(&a, "router", NULL);
	check_fine(&a);
	(void)drain_also(&a, "upstreams/b", "2001:db8:2::1");
	check_refused(&a, "only_path", true);
	end(&a);
}

/* What the router's reason has shut counts as it was before. */
static void
test_under_a_router_that_is_shut(void **state)
{
	static const char before[] =
	    "[{\"neighbor\":\"2001:db8:2::1\",\"established\":%s,"
	    "\"prefixes_sent\":%u}]";
	char text[128];
	struct asked a;
	struct drain *d;
	size_t i;

	(void)state;
	begin(&a, "");
	a.sent.v[0].n = 0;
	for (i = 0; i < a.o.upstreams.n; i++) {
		a.o.upstreams.v[i].session.established = false;
		a.o.upstreams.v[i].session.table[1].prefixes_sent = 0;
	}
	d = drain_also(&a, "router", NULL);
	d->mode = DRAIN_SHUTDOWN;
	d->before = text;
	(void)snprintf(text, sizeof(text), before, "true", 1U);
	check_fine(&a);
	d->phase = DRAIN_RETURNING; /* then it should be up */
	check_refused(&a, "only_path", true);
	d->phase = DRAIN_DRAINED;
	d->mode = DRAIN_SHIFT; /* then it is down by itself */
	check_refused(&a, "only_path", true);
	d->mode = DRAIN_SHUTDOWN;
	(void)snprintf(text, sizeof(text), before, "true", 0U);
	check_refused(&a, "only_path", true);
	(void)snprintf(text, sizeof(text), before, "false", 1U);
	check_refused(&a, "only_path", true);
	(void)snprintf(text, sizeof(text), before, "true", 1U);
	(void)drain_also(&a, "upstreams/b", "2001:db8:2::1");
	check_refused(&a, "only_path", true);
	end(&a);
}

/* Whether an internal neighbor forwards nobody knows, but on a router that
 * forwards nothing itself it need not. */
static void
test_announce_only(void **state)
{
	struct asked a;

	(void)state;
	begin(&a, announce_only);
	neighbor(&a, "2001:db8:2::1")->session.established = false;
	check_fine(&a);
	a.wanted.neighbor = neighbor(&a, "2001:db8:3::1")->neighbor;
	check_refused(&a, "only_path: this router has its prefixes", true);
	end(&a);
}

/* The router where the prefix comes from is drained, and tells us so. */
static void
test_announce_only_for_a_drained_one(void **state)
{
	static struct drain_sent_list list;
	struct asked a;

	(void)state;
	begin(&a, announce_only);
	neighbor(&a, "2001:db8:2::1")->session.established = false;
	inside = 100;
	assert_int_equal(drain_sent_read(NULL, &a.o, &list, &a.err), 0);
	a.check.sent = &list;
	check_fine(&a);
	drain_sent_clear(&list);
	inside = 0;
	assert_int_equal(drain_sent_read(NULL, &a.o, &list, &a.err), 0);
	check_refused(&a, "only_path", true);
	assert_non_null(strstr(a.err.fields[0].detail, " is drained itself"));
	/* Told by our own map, it is not the other's word. */
	(void)drain_map_add(&a.o.marks, "2001:db8:3::1", "c");
	(void)drain_also(&a, "router", NULL);
	check_fine(&a);
	drain_map_clear(&a.o.marks);
	drain_sent_clear(&list);
	end(&a);
}

static void
test_capacity(void **state)
{
	struct asked a;

	(void)state;
	begin(&a, "");
	a.facts.n = 2;
	a.facts.v[0].neighbor = neighbor(&a, "2001:db8:1::1")->neighbor;
	a.facts.v[0].rx_bps = 80000000;
	a.facts.v[1].neighbor = neighbor(&a, "2001:db8:2::1")->neighbor;
	a.facts.v[1].rx_bps = 30000000;
	check_fine(&a); /* nobody said what it can carry */
	neighbor(&a, "2001:db8:2::1")->capacity_mbps = 100;
	check_refused(&a,
	    "capacity: 110 Mbit/s flow now, and the upstreams that remain "
	    "have 100 Mbit/s",
	    true);
	neighbor(&a, "2001:db8:2::1")->capacity_mbps = 110;
	check_fine(&a);
	end(&a);
}

static void
test_router(void **state)
{
	struct asked a;

	(void)state;
	begin(&a, "");
	memset(&a.wanted.neighbor, 0, sizeof(a.wanted.neighbor));
	check_fine(&a);
	neighbor(&a, "2001:db8:3::1")->session.established = false;
	check_refused(&a, "other_router: no other router", true);
	a.check.peer = "";
	check_fine(&a);
	a.check.peer = "vtbgp is drained itself";
	check_refused(&a, "other_router: vtbgp is drained itself", true);
	end(&a);
}

/* Those past the end would be led away, and never come back. */
static void
test_many_neighbors(void **state)
{
	struct asked a;
	struct buf more = BUF_INIT;
	size_t n = 0;

	(void)state;
	begin(&a, "");
	n = a.o.upstreams.n;
	end(&a);
	buf_puts(&more, "router bgp 65000\n");
	for (; n < DRAIN_FACTS_MAX; n++)
		buf_printf(&more, " neighbor 2001:db8:f::%zx remote-as 65009\n",
		    n);
	begin(&a, buf_text(&more));
	memset(&a.wanted.neighbor, 0, sizeof(a.wanted.neighbor));
	check_fine(&a);
	end(&a);
	buf_printf(&more, " neighbor 2001:db8:f::%zx remote-as 65009\n", n);
	begin(&a, buf_text(&more));
	memset(&a.wanted.neighbor, 0, sizeof(a.wanted.neighbor));
	check_refused(&a, "neighbors: this router has 65, and", false);
	end(&a);
	buf_clear(&more);
}

/* What is announced in one family is not carried by a session of the other. */
static void
test_router_by_family(void **state)
{
	struct upstream *other;
	struct asked a;

	(void)state;
	begin(&a, "");
	memset(&a.wanted.neighbor, 0, sizeof(a.wanted.neighbor));
	assert_int_equal(drain_check_families(&a.o), 1U << 1);
	other = neighbor(&a, "2001:db8:3::1");
	other->family[0] = true;
	other->family[1] = false;
	check_refused(&a,
	    "other_router: no session with another router of this AS carries "
	    "ipv6-unicast",
	    true);
	other->family[1] = true;
	check_fine(&a);
	/* Not of the router's own prefixes, but announced. */
	other->family[0] = false;
	neighbor(&a, "2001:db8:1::1")->session.table[0].prefixes_sent = 3;
	assert_int_equal(drain_check_families(&a.o), 1U << 1 | 1U << 0);
	check_refused(&a,
	    "other_router: no session with another router of this AS carries "
	    "ipv4-unicast",
	    true);
	neighbor(&a, "2001:db8:1::1")->session.established = false;
	check_fine(&a);
	end(&a);
}

static void
test_others_at_work(void **state)
{
	struct operation op = { .kind = "tcp_md5_rotation",
		.resource = "upstreams/a",
		.state = OPERATION_RUNNING };
	struct asked a;

	(void)state;
	begin(&a, "");
	(void)snprintf(op.id, sizeof(op.id), "op-1");
	a.lasting.v = &op;
	a.lasting.n = 1;
	check_refused(&a, "operation: op-1", false);
	/* Unless it is the one that asks. */
	(void)snprintf(a.wanted.owner, sizeof(a.wanted.owner), "rotation");
	check_fine(&a);
	(void)snprintf(op.kind, sizeof(op.kind), "upstream_policy");
	check_refused(&a, "operation: op-1", false);
	(void)snprintf(op.kind, sizeof(op.kind), "tcp_md5_rotation");
	(void)snprintf(a.wanted.owner, sizeof(a.wanted.owner), "operator");
	(void)snprintf(op.resource, sizeof(op.resource), "upstreams/b");
	check_fine(&a);
	(void)snprintf(op.kind, sizeof(op.kind), "upstream_drain");
	(void)snprintf(op.resource, sizeof(op.resource), "upstreams/a");
	check_fine(&a);
	a.confirm.seconds_left = 7;
	a.check.confirm = &a.confirm;
	check_refused(&a, "confirm_pending", false);
	end(&a);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_another_path),
		cmocka_unit_test(test_each_prefix),
		cmocka_unit_test(test_what_is_not_listed),
		cmocka_unit_test(test_more_than_are_asked_for),
		cmocka_unit_test(test_down_itself),
		cmocka_unit_test(test_what_is_asked_for),
		cmocka_unit_test(test_other_drains_count),
		cmocka_unit_test(test_a_stronger_order),
		cmocka_unit_test(test_under_a_drained_router),
		cmocka_unit_test(test_under_a_router_that_is_shut),
		cmocka_unit_test(test_announce_only),
		cmocka_unit_test(test_announce_only_for_a_drained_one),
		cmocka_unit_test(test_capacity),
		cmocka_unit_test(test_router),
		cmocka_unit_test(test_many_neighbors),
		cmocka_unit_test(test_router_by_family),
		cmocka_unit_test(test_others_at_work),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
