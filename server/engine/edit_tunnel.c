/* engine/edit_tunnel.c - the tunnel of an upstream or downstream, edited. */
#include <stdio.h>
#include <string.h>

#include "base/err.h"
#include "engine/adopt_host.h"
#include "engine/edit_tunnel.h"
#include "engine/edit_tunnel_check.h"
#include "engine/observe.h"
#include "engine/target.h"
#include "model/tunnel_order.h"

enum {
	PREFIX_LENGTH_IPV6 = 64
};

static bool
given(const struct field_value *v)
{
	return v->present && !v->null;
}

static void
need(bool there, const char *pointer, struct err *err)
{
	if (!there)
		(void)err_field(err, pointer, "is missing");
}

/* PUT tells all that has no default; so does whoever makes a new one. */
static void
need_all(const struct tunnel_order *order, struct err *err)
{
	need(order->kind.present, "/tunnel/kind", err);
	need(order->local.present, "/tunnel/local", err);
	need(order->remote.present, "/tunnel/remote", err);
}

static int
lay_interface(const struct edit_tunnel *e, const struct tunnel_order *order,
    const struct target *target, struct tunnel *want, struct err *err)
{
	const struct tunnel *have = e->have;

	if (given(&order->interface)) {
		memset(want->interface, 0, sizeof(want->interface));
		memcpy(want->interface, order->interface.text,
		    strnlen(order->interface.text,
			sizeof(want->interface) - 1));
		return 0;
	}
	if (have->present && have->kind == want->kind) {
		memcpy(want->interface, have->interface,
		    sizeof(want->interface));
		return 0;
	}
	return host_free_name(&target->host, (enum op_link_kind)want->kind,
	    want->interface, err);
}

static void
lay_prefix_length(const struct edit_tunnel *e, const struct tunnel_order *order,
    struct tunnel *want, struct err *err)
{
	const struct field_value *v = &order->prefix_length;

	if (given(v))
		want->prefix_length = (uint8_t)v->number;
	else if (v->present || e->whole || !e->have->present) {
		if (e->peer.family == 4)
			(void)err_field(err, "/tunnel/prefix_length",
			    "is missing: for IPv4 it has no default");
		want->prefix_length = PREFIX_LENGTH_IPV6;
	}
}

/* The order over what is there. */
static int
lay(const struct edit_tunnel *e, const struct tunnel_order *order,
    const struct target *target, struct tunnel *want, struct err *err)
{
	*want = *e->have;
	want->present = true;
	if (e->whole || !e->have->present)
		need_all(order, err);
	if (err->code != ERR_NONE)
		return -1;
	if (order->kind.present)
		want->kind = (enum tunnel_kind)(order->kind.number + 1);
	if (order->local.present)
		(void)addr_parse(&want->local, order->local.text, NULL);
	if (order->remote.present)
		(void)addr_parse(&want->remote, order->remote.text, NULL);
	lay_prefix_length(e, order, want, err);
	if (given(&order->mtu))
		want->mtu = (uint32_t)order->mtu.number;
	else if (order->mtu.present || e->whole || !e->have->present)
		want->mtu = tunnel_default_mtu(want->kind, want->local.family);
	if (lay_interface(e, order, target, want, err) == -1)
		return -1;
	return err->code == ERR_NONE ? 0 : -1;
}

/*
 * Two tunnels with the same endpoints or addresses cannot stand side by side,
 * so one that becomes another would have to go before the new one is there.
 */
static int
check_fixed(const struct tunnel *have, const struct tunnel *want,
    struct err *err)
{
	static const char then[] =
	    "and stays so: take the tunnel away first (\"tunnel\": null), then "
	    "add the new one";

	if (!have->present)
		return 0;
	if (have->kind != want->kind)
		return err_field(err, "/tunnel/kind", "is %s %s",
		    tunnel_kind_name(have->kind), then);
	if (strcmp(have->interface, want->interface) != 0)
		return err_field(err, "/tunnel/interface", "is %s %s",
		    have->interface, then);
	if (have->local.family != want->local.family)
		return err_field(err, "/tunnel/local", "is IPv%u %s",
		    have->local.family, then);
	return 0;
}

static bool
is_same(const struct edit_tunnel *e, const struct tunnel *want)
{
	const struct tunnel *have = e->have;

	return have->present && have->kind == want->kind &&
	    strcmp(have->interface, want->interface) == 0 &&
	    addr_equal(&have->local, &want->local) &&
	    addr_equal(&have->remote, &want->remote) &&
	    have->prefix_length == want->prefix_length &&
	    have->mtu == want->mtu &&
	    addr_equal(&e->have_address, &e->address) &&
	    addr_equal(&e->have_peer, &e->peer);
}

int
edit_tunnel_check_owned(const struct tunnel *t, bool adopt, struct err *err)
{
	if (!t->present || t->owned || adopt)
		return 0;
	(void)err_set(err, ERR_CONFLICT,
	    "%s was made by hand; say \"adopt\": true to let multihomed manage "
	    "it",
	    t->interface);
	return err_reason(err, "interface_not_ours");
}

int
edit_tunnel_remove(const struct tunnel *t, bool adopt, struct target *target,
    struct err *err)
{
	const struct op_route *route;
	char text[PREFIX_TEXT_MAX];
	size_t i;

	if (!t->present)
		return 0;
	if (edit_tunnel_check_owned(t, adopt, err) == -1)
		return -1;
	for (i = 0; i < target->host.n_routes; i++) {
		route = &target->host.routes[i];
		if (route->kind != OP_ROUTE_INTERFACE ||
		    strcmp(route->interface, t->interface) != 0)
			continue;
		(void)err_set(err, ERR_CONFLICT,
		    "the route %s goes through %s: change it first",
		    prefix_print(&route->prefix, text), t->interface);
		return err_reason(err, "interface_in_use");
	}
	host_remove_link(&target->host, t->interface);
	return 0;
}

/* The inner addresses: the new one in the place of the old one. */
static int
put_address(const struct edit_tunnel *e, const struct tunnel *want,
    struct op_link *link, struct err *err)
{
	struct op_address a;
	unsigned i, full = e->address.family == 4 ? 32 : 128;

	memset(&a, 0, sizeof(a));
	a.address = e->address;
	a.prefix_length = want->prefix_length;
	if (want->prefix_length == full)
		a.peer = e->peer;
	for (i = 0; i < link->n_addresses; i++)
		if (addr_equal(&link->addresses[i].address, &e->have_address) ||
		    addr_equal(&link->addresses[i].address, &e->address))
			break;
	if (i == OP_LINK_ADDRS)
		return err_set(err, ERR_CONFLICT, "%s has %d addresses already",
		    want->interface, OP_LINK_ADDRS);
	link->addresses[i] = a;
	if (i == link->n_addresses)
		link->n_addresses++;
	return 0;
}

/* A description is for people: where the interface was made by hand and keeps
 * its own, it keeps it. */
static void
put_description(const struct edit_tunnel *e, bool new, struct op_link *link)
{
	if (!new && !e->description_changes)
		return;
	memset(link->description, 0, sizeof(link->description));
	memcpy(link->description, e->description,
	    strnlen(e->description, sizeof(link->description) - 1));
}

/* The boot files say what MTU a tunnel has only when somebody said so: gre
 * comes up with 1476 by itself. */
static void
put_mtu(const struct tunnel *want, bool new, bool said, struct op_link *link)
{
	bool usual = want->kind == TUNNEL_GRE && want->local.family == 4;

	link->mtu = new && !said &&usual ? 0 : want->mtu;
	link->mtu_set = link->mtu != 0;
}

static int
build(const struct edit_tunnel *e, const struct tunnel_order *order,
    struct target *target, const struct tunnel *want, struct err *err)
{
	const struct op_link *boot,
	    *old = host_link(&target->host, OP_RUNNING, want->interface);
	bool new = old == NULL, keep_boot_mtu;
	struct op_link link, *now;
	uint32_t boot_mtu = 0;

	/* One that is only in the boot files is made from them. */
	boot = host_link(&target->host, OP_BOOT, want->interface);
	keep_boot_mtu =
	    boot != NULL && e->have->present && want->mtu == e->have->mtu;
	if (keep_boot_mtu)
		boot_mtu = boot->mtu;
	if (old == NULL)
		old = boot;
	memset(&link, 0, sizeof(link));
	if (old != NULL)
		link = *old;
	memcpy(link.name, want->interface, sizeof(link.name));
	link.kind = (uint8_t)want->kind;
	if (old == NULL || link.inner != 0)
		link.inner = e->address.family;
	link.local = want->local;
	link.remote = want->remote;
	link.up = 1;
	put_mtu(want, new, given(&order->mtu), &link);
	put_description(e, new, &link);
	if (put_address(e, want, &link, err) == -1)
		return -1;
	host_set_link(&target->host, &link);
	now = host_link(&target->host, OP_BOOT, want->interface);
	if (keep_boot_mtu && now != NULL) {
		now->mtu = boot_mtu;
		now->mtu_set = boot_mtu != 0;
	}
	return 0;
}

/* Ours, and somebody has taken it away, or down, or out of the boot files. */
static bool
is_damaged(const struct target *target, const struct tunnel *want)
{
	const struct op_link *link =
	    host_link(&target->host, OP_RUNNING, want->interface);

	return want->owned &&
	    (link == NULL || !link->up ||
		host_link(&target->host, OP_BOOT, want->interface) == NULL);
}

/* Only the description, or nothing but whose it is. */
static int
touch_up(const struct edit_tunnel *e, const struct tunnel_order *order,
    struct target *target, struct tunnel *want, struct err *err)
{
	bool adopts = e->adopt && !want->owned;

	if (!adopts && !(want->owned && e->description_changes) &&
	    !is_damaged(target, want))
		return 0;
	if (edit_tunnel_check_description(e, err) == -1)
		return -1;
	want->owned = true;
	return build(e, order, target, want, err);
}

int
edit_tunnel(const struct observation *o, const struct edit_tunnel *given_edit,
    const struct tunnel_order *order, struct target *target,
    struct tunnel *result, struct err *err)
{
	static const struct tunnel nothing;
	struct edit_tunnel e = *given_edit;
	const struct field_value *v = &order->tunnel;

	if (e.have == NULL)
		e.have = &nothing;
	*result = nothing;
	err_clear(err);
	if (v->present ? v->null : e.whole)
		return edit_tunnel_remove(e.have, e.adopt, target, err);
	if (!v->present && !e.have->present)
		return 0;
	if (lay(&e, order, target, result, err) == -1)
		return -1;
	if (is_same(&e, result))
		return touch_up(&e, order, target, result, err);
	if (check_fixed(e.have, result, err) == -1 ||
	    edit_tunnel_check_owned(e.have, e.adopt, err) == -1 ||
	    edit_tunnel_check(o, &e, target, result, err) == -1)
		return -1;
	result->owned = true;
	return build(&e, order, target, result, err);
}
