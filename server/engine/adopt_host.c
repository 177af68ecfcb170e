/* engine/adopt_host.c - what lies below each upstream, out of the host. */
#include <stdio.h>
#include <string.h>

#include "engine/adopt.h"
#include "engine/adopt_host.h"
#include "engine/host.h"

/* Is peer at the other end of a link with this address? */
static bool
reaches(const struct op_address *a, const struct addr *peer)
{
	struct prefix subnet;
	char text[PREFIX_TEXT_MAX], address[ADDR_TEXT_MAX];

	if (peer->family == 0 || a->address.family != peer->family)
		return false;
	if (a->peer.family != 0)
		return addr_equal(&a->peer, peer);
	if (addr_is_link_local(&a->address))
		return false;
	(void)snprintf(text, sizeof(text), "%s/%u",
	    addr_print(&a->address, address), a->prefix_length);
	return prefix_parse(&subnet, text, false, NULL) == 0 &&
	    prefix_contains(&subnet, peer);
}

static const struct op_address *
address_to(const struct op_link *link, const struct addr *peer)
{
	unsigned i;

	for (i = 0; i < link->n_addresses; i++)
		if (reaches(&link->addresses[i], peer))
			return &link->addresses[i];
	return NULL;
}

static bool
has_address(const struct op_link *link, const struct addr *address)
{
	unsigned i;

	for (i = 0; address->family != 0 && i < link->n_addresses; i++)
		if (addr_equal(&link->addresses[i].address, address))
			return true;
	return false;
}

const struct op_link *
adopt_host_link(const struct host *h, const struct addr *address,
    const struct addr *peer)
{
	const struct op_link *link, *subnet = NULL;
	size_t i;

	/* The running ones stand first. */
	for (i = 0; i < h->n_links; i++) {
		link = &h->links[i];
		if (link->kind == OP_LINK_OTHER)
			continue;
		if (has_address(link, address))
			return link;
		if (subnet == NULL && address_to(link, peer) != NULL)
			subnet = link;
	}
	return subnet;
}

void
adopt_host_tunnel(const struct op_link *link, const struct addr *peer,
    struct tunnel *t)
{
	const struct op_address *a = address_to(link, peer);

	memset(t, 0, sizeof(*t));
	t->present = true;
	t->kind = (enum tunnel_kind)link->kind;
	(void)snprintf(t->interface, sizeof(t->interface), "%s", link->name);
	t->local = link->local;
	t->remote = link->remote;
	if (a == NULL && link->n_addresses > 0)
		a = &link->addresses[0];
	t->prefix_length = a == NULL ? 0 : a->prefix_length;
	t->mtu = link->mtu != 0 ?
	    link->mtu :
	    tunnel_default_mtu(t->kind, link->local.family);
	t->owned = link->owned != 0;
}

struct addr
adopt_host_address(const struct op_link *link, const struct addr *peer)
{
	const struct op_address *a = address_to(link, peer);
	struct addr none;

	memset(&none, 0, sizeof(none));
	return a == NULL ? none : a->address;
}

struct prefix
adopt_host_prefix(const struct addr *a)
{
	struct prefix p;

	memset(&p, 0, sizeof(p));
	p.addr = *a;
	p.len = a->family == 4 ? 32 : 128;
	return p;
}

static void
fill_host_route(const struct host *h, struct upstream *up)
{
	struct prefix to = adopt_host_prefix(&up->neighbor);
	const struct op_route *route = host_route(h, OP_RUNNING, &to);

	if (route == NULL)
		route = host_route(h, OP_BOOT, &to);
	up->has_host_route = route != NULL && route->kind == OP_ROUTE_GATEWAY;
	if (!up->has_host_route)
		return;
	up->gateway = route->gateway;
	up->host_route_owned = route->owned != 0;
}

void
adopt_host(const struct host *h, struct upstream_list *list)
{
	const struct op_firewall_entry *entry;
	const struct op_link *link;
	struct addr address;
	size_t i;

	for (i = 0; i < list->n; i++) {
		struct upstream *up = &list->v[i];

		/* Else an interface's name, or nothing. */
		if (addr_parse(&address, up->local_address, NULL) == -1)
			memset(&address, 0, sizeof(address));
		link = adopt_host_link(h, &address, &up->neighbor);
		memset(&up->tunnel, 0, sizeof(up->tunnel));
		if (link != NULL)
			adopt_host_tunnel(link, &up->neighbor, &up->tunnel);
		fill_host_route(h, up);
		entry =
		    host_firewall_entry(h, up->tunnel.interface, &up->neighbor);
		up->nat = entry != NULL && entry->nat != 0;
	}
}
