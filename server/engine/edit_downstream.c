/* engine/edit_downstream.c - a customer's tunnel with its routes, edited. */
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/compat.h"
#include "base/err.h"
#include "engine/adopt_downstream.h"
#include "engine/edit.h"
#include "engine/edit_tunnel.h"
#include "engine/observe.h"
#include "engine/router_read.h"
#include "engine/target.h"
#include "model/downstream_order.h"
#include "wire/op.h"

struct edit {
	const struct observation *o;
	const struct downstream *have; /* NULL: a new one */
	const struct downstream_order *order;
	struct downstream want;
	struct router_config router;
	bool adopt;
};

static bool
covers(const struct prefix *p, const struct prefix *q)
{
	return p->len <= q->len && prefix_contains(p, &q->addr);
}

static bool
has(const struct downstream *d, const struct prefix *p)
{
	size_t i;

	for (i = 0; d != NULL && i < d->n_prefixes; i++)
		if (prefix_equal(&d->prefixes[i], p))
			return true;
	return false;
}

/* --- what is wanted ---------------------------------------------------------
 */

static int
compare(const void *a, const void *b)
{
	return router_read_compare(a, b);
}

static void
lay_over(struct edit *e, const struct name *name, struct err *err)
{
	const struct downstream_order *order = e->order;
	struct downstream *want = &e->want;
	struct err why;

	if (e->have != NULL)
		*want = *e->have;
	want->name = *name;
	if (order->name.present && strcmp(order->name.text, name->s) != 0)
		(void)err_field(err, "/name",
		    "must be %s, as in the path, or left out", name->s);
	if (order->description.present || order->whole)
		(void)snprintf(want->description, sizeof(want->description),
		    "%.95s", order->description.text);
	err_clear(&why);
	if (order->description.present && !order->description.null &&
	    op_description_check(order->description.text, &why) == -1)
		(void)err_field(err, "/description", "%s", why.text);
	if (order->address.present)
		(void)addr_parse(&want->address, order->address.text, NULL);
	if (order->peer.present)
		(void)addr_parse(&want->peer, order->peer.text, NULL);
	if (order->nat.present || order->whole)
		want->nat = order->nat.present && order->nat.flag;
	if (!order->has_prefixes)
		return;
	memcpy(want->prefixes, order->prefixes, sizeof(want->prefixes));
	want->n_prefixes = order->n_prefixes;
	qsort(want->prefixes, want->n_prefixes, sizeof(want->prefixes[0]),
	    compare);
}

static void
check_addresses(const struct edit *e, struct err *err)
{
	const struct addr *address = &e->want.address, *peer = &e->want.peer;
	const struct upstream *up;

	if (address->family != peer->family)
		(void)err_field(err, "/peer",
		    "must be of the same family as address");
	else if (addr_equal(address, peer))
		(void)err_field(err, "/peer",
		    "must not be our own side of the tunnel");
	up = adopt_find_neighbor(&e->o->upstreams, peer);
	if (up != NULL)
		(void)err_field(err, "/peer", "is the neighbor of %s",
		    up->name.s);
}

static const struct router_prefix *
router_prefix_over(const struct edit *e, const struct prefix *p)
{
	size_t i;

	for (i = 0; i < e->router.n_prefixes; i++)
		if (covers(&e->router.prefixes[i].prefix, p))
			return &e->router.prefixes[i];
	return NULL;
}

/* Another downstream that has a part of it, or more. */
static const struct downstream *
other_owner(const struct edit *e, const struct prefix *p)
{
	size_t i, j;

	for (i = 0; i < e->o->n_downstreams; i++) {
		const struct downstream *d = &e->o->downstreams[i];

		if (e->have != NULL && strcmp(d->name.s, e->have->name.s) == 0)
			continue;
		for (j = 0; j < d->n_prefixes; j++)
			if (covers(&d->prefixes[j], p) ||
			    covers(p, &d->prefixes[j]))
				return d;
	}
	return NULL;
}

static bool
overlaps_before(const struct downstream_order *order, size_t i)
{
	size_t j;

	for (j = 0; j < i; j++)
		if (covers(&order->prefixes[j], &order->prefixes[i]) ||
		    covers(&order->prefixes[i], &order->prefixes[j]))
			return true;
	return false;
}

/* NULL, or what is wrong with this new prefix. */
static const char *
prefix_fault(const struct edit *e, size_t i, char *text, size_t size)
{
	const struct prefix *p = &e->order->prefixes[i];
	const struct router_prefix *in = router_prefix_over(e, p);
	const struct downstream *other = other_owner(e, p);
	const struct addr *own =
	    &e->router.address[p->addr.family == 4 ? 0 : 1];

	if (p->addr.family != e->want.peer.family)
		return "is not of the peer's family, which it is reached by";
	if (in == NULL)
		return "is in none of this router's prefixes: add the one "
		       "around it to the router first";
	if (prefix_equal(&in->prefix, p) && in->route != ROUTER_ROUTE_NONE)
		return "is a whole prefix of the router, which has a route of "
		       "its own: give a part of it";
	if (own->family != 0 && prefix_contains(p, own))
		return "holds the router's own address";
	if (overlaps_before(e->order, i))
		return "overlaps another one here";
	if (other == NULL)
		return NULL;
	(void)snprintf(text, size, "overlaps what the downstream %s has",
	    other->name.s);
	return text;
}

static void
check_prefixes(const struct edit *e, struct err *err)
{
	char pointer[48], text[96];
	const char *fault;
	size_t i;

	for (i = 0; e->order->has_prefixes && i < e->order->n_prefixes; i++) {
		if (has(e->have, &e->order->prefixes[i]) &&
		    e->have->peer.family == e->want.peer.family)
			continue;
		fault = prefix_fault(e, i, text, sizeof(text));
		if (fault == NULL)
			continue;
		(void)snprintf(pointer, sizeof(pointer), "/prefixes/%zu", i);
		(void)err_field(err, pointer, "%s", fault);
	}
}

static void
check_nat(const struct edit *e, struct err *err)
{
	bool six = e->want.peer.family == 6;

	if (e->want.nat && (e->have == NULL || !e->have->nat) &&
	    e->router.address[six ? 1 : 0].family == 0)
		(void)err_field(err, "/firewall/nat",
		    "needs a router_address of IPv%d to translate to",
		    six ? 6 : 4);
}

/* --- the target -------------------------------------------------------------
 */

static int
not_ours(const struct prefix *p, struct err *err)
{
	char text[PREFIX_TEXT_MAX];

	(void)err_set(err, ERR_CONFLICT,
	    "the route to %s was made by hand; say \"adopt\": true to let "
	    "multihomed manage it",
	    prefix_print(p, text));
	return err_reason(err, "route_not_ours");
}

/* What the host has for a prefix: in effect, or else in the boot files. */
static const struct op_route *
route_of(const struct host *h, const struct prefix *p)
{
	const struct op_route *route = host_route(h, OP_RUNNING, p);

	return route != NULL ? route : host_route(h, OP_BOOT, p);
}

static bool
is_everywhere(const struct host *h, const struct prefix *p)
{
	return host_route(h, OP_RUNNING, p) != NULL &&
	    host_route(h, OP_BOOT, p) != NULL;
}

static int
set_route(const struct edit *e, const struct prefix *p, struct target *t,
    struct err *err)
{
	const struct op_route *route = route_of(&t->host, p);
	struct op_route want = { .prefix = *p, .kind = OP_ROUTE_GATEWAY };
	char text[PREFIX_TEXT_MAX];
	bool same = route != NULL && route->kind == OP_ROUTE_GATEWAY &&
	    addr_equal(&route->gateway, &e->want.peer);

	/* One of ours that is gone, or would be after a boot, comes back. */
	if (same && has(e->have, p) && !e->adopt &&
	    (!route->owned || is_everywhere(&t->host, p)))
		return 0;
	if (route != NULL && !has(e->have, p) && !same) {
		(void)err_set(err, ERR_CONFLICT,
		    "there is another route to %s already: remove it first",
		    prefix_print(p, text));
		return err_reason(err, "route_exists");
	}
	if (route != NULL && !route->owned && !e->adopt)
		return not_ours(p, err);
	want.gateway = e->want.peer;
	host_set_route(&t->host, &want);
	return 0;
}

static int
drop_route(const struct prefix *p, bool adopt, struct target *t,
    struct err *err)
{
	const struct op_route *route = route_of(&t->host, p);

	if (route == NULL)
		return 0;
	if (!route->owned && !adopt)
		return not_ours(p, err);
	host_remove_route(&t->host, p);
	return 0;
}

static int
set_routes(const struct edit *e, struct target *t, struct err *err)
{
	size_t i;

	for (i = 0; i < e->want.n_prefixes; i++)
		if (set_route(e, &e->want.prefixes[i], t, err) == -1)
			return -1;
	for (i = 0; e->have != NULL && i < e->have->n_prefixes; i++)
		if (!has(&e->want, &e->have->prefixes[i]) &&
		    drop_route(&e->have->prefixes[i], e->adopt, t, err) == -1)
			return -1;
	return 0;
}

static int
set_firewall(const struct edit *e, struct target *t, struct err *err)
{
	static const struct addr nobody;
	const struct tunnel *tunnel = &e->want.tunnel;
	const struct op_firewall_entry *there;
	struct op_firewall_entry want = { .kind = (uint8_t)tunnel->kind,
		.nat = e->want.nat,
		.local = tunnel->local,
		.remote = tunnel->remote };

	(void)snprintf(want.interface, sizeof(want.interface), "%s",
	    tunnel->interface);
	there = host_firewall_entry(&t->host, want.interface, &nobody);
	/* One that was made by hand has no entry, and needs none until it is
	 * ours. */
	if (there == NULL && e->have != NULL && !e->want.nat && !e->adopt &&
	    !e->have->tunnel.owned)
		return 0;
	if (there != NULL && memcmp(there, &want, sizeof(want)) == 0)
		return 0;
	return host_set_firewall_entry(&t->host, &want, err);
}

static void
set_name(const struct edit *e, struct target *t)
{
	struct friendly f;

	if (e->have != NULL && addr_equal(&e->have->peer, &e->want.peer))
		return;
	memset(&f, 0, sizeof(f));
	f.neighbor = e->want.peer;
	f.name = e->want.name;
	(void)snprintf(f.role, sizeof(f.role), ADOPT_DOWNSTREAM_ROLE);
	t->set[t->n_set++] = f;
	if (e->have != NULL)
		t->forget[t->n_forget++] = e->have->peer;
}

static int
set_tunnel(struct edit *e, struct target *t, struct err *err)
{
	struct edit_tunnel tunnel = { .address = e->want.address,
		.peer = e->want.peer,
		.address_member = "/address",
		.peer_member = "/peer",
		.description = e->want.description,
		.whole = e->order->whole,
		.adopt = e->adopt };

	if (e->have != NULL) {
		tunnel.have = &e->have->tunnel;
		tunnel.have_address = e->have->address;
		tunnel.have_peer = e->have->peer;
	}
	tunnel.description_changes = e->have == NULL ||
	    strcmp(e->have->description, e->want.description) != 0;
	/* It is the interface's own, so it says who manages it. */
	if (e->have != NULL && tunnel.description_changes &&
	    edit_tunnel_check_owned(&e->have->tunnel, e->adopt, err) == -1)
		return -1;
	return edit_tunnel(e->o, &tunnel, &e->order->tunnel, t, &e->want.tunnel,
	    err);
}

int
edit_downstream(const struct observation *o, const struct downstream *down,
    const struct name *name, const struct downstream_order *order,
    struct target *t, struct err *err)
{
	struct edit e = { .o = o, .have = down, .order = order };

	err_clear(err);
	e.adopt = order->options.adopt.flag;
	router_read(o->tree, &o->host, &e.router);
	lay_over(&e, name, err);
	check_addresses(&e, err);
	check_prefixes(&e, err);
	check_nat(&e, err);
	if (err->code != ERR_NONE || set_tunnel(&e, t, err) == -1 ||
	    set_routes(&e, t, err) == -1 || set_firewall(&e, t, err) == -1)
		return -1;
	set_name(&e, t);
	return 0;
}

int
edit_downstream_remove(const struct observation *o,
    const struct downstream *down, const struct order_options *options,
    struct target *t, struct err *err)
{
	static const struct addr nobody;
	bool adopt = options->adopt.flag;
	size_t i;

	(void)o;
	err_clear(err);
	for (i = 0; i < down->n_prefixes; i++)
		if (drop_route(&down->prefixes[i], adopt, t, err) == -1)
			return -1;
	host_remove_firewall_entry(&t->host, down->tunnel.interface, &nobody);
	if (edit_tunnel_remove(&down->tunnel, adopt, t, err) == -1)
		return -1;
	t->forget[t->n_forget++] = down->peer;
	return 0;
}
