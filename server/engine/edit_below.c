/* engine/edit_below.c - host route and firewall entry of an upstream. */
#include <stdio.h>
#include <string.h>

#include "base/err.h"
#include "engine/adopt_host.h"
#include "engine/edit_below.h"
#include "engine/observe.h"
#include "engine/target.h"
#include "model/upstream.h"
#include "model/upstream_order.h"

static int
refuse_route(const struct op_route *route, struct err *err)
{
	char text[PREFIX_TEXT_MAX];

	(void)err_set(err, ERR_CONFLICT,
	    "the route %s was made by hand; say \"adopt\": true to let "
	    "multihomed manage it",
	    prefix_print(&route->prefix, text));
	return err_reason(err, "route_not_ours");
}

/* The one that is running counts before one that is only to be at boot. */
static const struct op_route *
find_route(const struct target *target, const struct addr *neighbor)
{
	struct prefix p = adopt_host_prefix(neighbor);
	const struct op_route *route =
	    host_route(&target->host, OP_RUNNING, &p);

	return route != NULL ? route : host_route(&target->host, OP_BOOT, &p);
}

static int
remove_route(struct target *target, const struct addr *neighbor, bool adopt,
    struct err *err)
{
	const struct op_route *route = find_route(target, neighbor);

	if (route == NULL)
		return 0;
	if (!route->owned && !adopt)
		/* One through the tunnel is not shown and stays. */
		return route->kind == OP_ROUTE_GATEWAY ?
		    refuse_route(route, err) :
		    0;
	host_remove_route(&target->host, &route->prefix);
	return 0;
}

/* GET tells of it: ours, or in the boot files. */
static bool
is_told(const struct target *target, const struct addr *neighbor)
{
	struct prefix p = adopt_host_prefix(neighbor);
	const struct op_route *route = find_route(target, neighbor);

	return route != NULL &&
	    (route->owned || host_route(&target->host, OP_BOOT, &p) != NULL);
}

/* Running and in the boot files, as ours are. */
static bool
is_whole(const struct target *target, const struct addr *neighbor)
{
	struct prefix p = adopt_host_prefix(neighbor);

	return host_route(&target->host, OP_RUNNING, &p) != NULL &&
	    host_route(&target->host, OP_BOOT, &p) != NULL;
}

static int
set_route(struct target *target, const struct addr *neighbor,
    const struct addr *gateway, bool adopt, struct err *err)
{
	const struct op_route *old = find_route(target, neighbor);
	struct op_route route;
	bool same = old != NULL && old->kind == OP_ROUTE_GATEWAY &&
	    addr_equal(&old->gateway, gateway);

	/* Though it may be just what is wanted: whoever made it may take it
	 * away again, and a removal could not. */
	if (old != NULL && !old->owned && !adopt)
		return refuse_route(old, err);
	if (same && old->owned && is_whole(target, neighbor))
		return 0;
	memset(&route, 0, sizeof(route));
	route.prefix = adopt_host_prefix(neighbor);
	route.kind = OP_ROUTE_GATEWAY;
	route.gateway = *gateway;
	host_set_route(&target->host, &route);
	return 0;
}

static bool
has_interface(const struct observation *o, const char *name)
{
	size_t i;

	for (i = 0; i < o->n_interfaces; i++)
		if (strcmp(o->interfaces[i].name, name) == 0)
			return true;
	return false;
}

static bool
is_own_address(const struct observation *o, const struct addr *a)
{
	struct addr other;
	size_t i;
	unsigned j;

	for (i = 0; i < o->n_interfaces; i++)
		for (j = 0; j < OP_INTERFACE_ADDRS; j++)
			if (addr_parse(&other, o->interfaces[i].addrs[j],
				NULL) == 0 &&
			    addr_equal(&other, a))
				return true;
	return false;
}

static int
check_gateway(const struct observation *o, const struct upstream *want,
    struct err *err)
{
	static const char pointer[] = "/host_route/gateway";
	const struct addr *gateway = &want->gateway;

	if (want->tunnel.present)
		return err_field(err, "/host_route",
		    "is for a neighbor that is reached without a tunnel");
	if (gateway->family != want->neighbor.family)
		return err_field(err, pointer,
		    "must be of the family of the neighbor");
	if (addr_equal(gateway, &want->neighbor))
		return err_field(err, pointer, "is the neighbor itself");
	if (gateway->zone[0] != '\0' && !has_interface(o, gateway->zone))
		return err_field(err, pointer,
		    "this router has no interface %s", gateway->zone);
	if (gateway->zone[0] == '\0' && is_own_address(o, gateway))
		return err_field(err, pointer,
		    "is an address of this router itself");
	return 0;
}

/* What the order says of the route, laid over what is. */
static int
lay_route(const struct upstream_order *order, struct upstream *want,
    struct err *err)
{
	if (order->host_route.present ? order->host_route.null : order->whole) {
		want->has_host_route = false;
		return 0;
	}
	if (!order->host_route.present)
		return 0;
	if (!order->gateway.present && !want->has_host_route)
		return err_field(err, "/host_route/gateway", "is missing");
	want->has_host_route = true;
	if (order->gateway.present)
		(void)addr_parse(&want->gateway, order->gateway.text, NULL);
	return 0;
}

int
edit_below_route(const struct observation *o, const struct upstream *have,
    struct upstream *want, const struct upstream_order *order,
    struct target *target, struct err *err)
{
	bool adopt = order->options.adopt.flag, same;

	if (lay_route(order, want, err) == -1)
		return -1;
	same = have != NULL && addr_equal(&have->neighbor, &want->neighbor) &&
	    have->has_host_route == want->has_host_route &&
	    (!want->has_host_route ||
		addr_equal(&have->gateway, &want->gateway));
	if (same && (!adopt || have->host_route_owned) &&
	    !(have->host_route_owned && !is_whole(target, &want->neighbor)))
		return 0;
	if (same && !want->has_host_route)
		return 0;
	/* A PUT of what GET told does not speak of one that was not told. */
	if (have != NULL && !want->has_host_route && !adopt &&
	    addr_equal(&have->neighbor, &want->neighbor) &&
	    !is_told(target, &have->neighbor))
		return 0;
	if (want->has_host_route && !same && check_gateway(o, want, err) == -1)
		return -1;
	if (have != NULL && have->has_host_route &&
	    (!want->has_host_route ||
		!addr_equal(&have->neighbor, &want->neighbor)) &&
	    remove_route(target, &have->neighbor, adopt, err) == -1)
		return -1;
	if (!want->has_host_route)
		return 0;
	want->host_route_owned = true;
	return set_route(target, &want->neighbor, &want->gateway, adopt, err);
}

static bool
has_router_address(const struct target *target, const struct addr *neighbor)
{
	unsigned i = neighbor->family == 4 ? 0 : 1;

	return target->host.running.router[i].family != 0;
}

static int
check_nat(const struct upstream *want, const struct target *target,
    struct err *err)
{
	if (!want->tunnel.present)
		return err_field(err, "/firewall/nat",
		    "is for an upstream with a tunnel");
	if (!has_router_address(target, &want->neighbor))
		return err_field(err, "/firewall/nat",
		    "needs an IPv%u router_address to translate to: set it "
		    "with PUT /v1/router",
		    want->neighbor.family);
	return 0;
}

static void
remove_entry(struct target *target, const struct upstream *up)
{
	host_remove_firewall_entry(&target->host, up->tunnel.interface,
	    &up->neighbor);
}

int
edit_below_firewall(const struct upstream *have, struct upstream *want,
    const struct upstream_order *order, struct target *target, struct err *err)
{
	const struct field_value *nat = &order->nat;
	struct op_firewall_entry e;
	bool had = have != NULL &&
	    host_firewall_entry(&target->host, have->tunnel.interface,
		&have->neighbor) != NULL;

	if (nat->present && !nat->null)
		want->nat = nat->flag;
	else if (nat->present || order->whole)
		want->nat = want->tunnel.present &&
		    has_router_address(target, &want->neighbor);
	else if (!want->tunnel.present)
		want->nat = false; /* a PATCH took the tunnel away */
	if (want->nat && (have == NULL || !have->nat) &&
	    check_nat(want, target, err) == -1)
		return -1;
	if (have != NULL && !had && !want->nat && !order->options.adopt.flag)
		return 0;
	if (had)
		remove_entry(target, have);
	memset(&e, 0, sizeof(e));
	e.nat = want->nat;
	e.peer = want->neighbor;
	if (want->tunnel.present) {
		e.kind = (uint8_t)want->tunnel.kind;
		memcpy(e.interface, want->tunnel.interface,
		    sizeof(e.interface));
		e.local = want->tunnel.local;
		e.remote = want->tunnel.remote;
	}
	return host_set_firewall_entry(&target->host, &e, err);
}

int
edit_below_remove(const struct upstream *up, bool adopt, struct target *target,
    struct err *err)
{
	if (remove_route(target, &up->neighbor, adopt, err) == -1)
		return -1;
	remove_entry(target, up);
	return 0;
}
