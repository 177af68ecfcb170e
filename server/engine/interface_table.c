/* engine/interface_table.c - every interface, put together from all we know. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/mem.h"
#include "engine/interface_table.h"
#include "engine/observe.h"
#include "engine/rate.h"
#include "model/downstream.h"
#include "model/interface.h"
#include "wire/op.h"

void
interface_table_clear(struct interface_table *t)
{
	free(t->v);
	memset(t, 0, sizeof(*t));
}

_Static_assert((int)OP_INTERFACE_ADDRS <= (int)INTERFACE_ADDRS &&
	(int)OP_LINK_ADDRS <= (int)INTERFACE_ADDRS,
    "what the parent tells fits");

static struct interface *
add(struct interface_table *t)
{
	struct interface *i;

	t->v = mem_realloc(t->v, t->n + 1, sizeof(*t->v));
	i = &t->v[t->n++];
	memset(i, 0, sizeof(*i));
	i->kind = "other";
	return i;
}

static void
fill_plain(struct interface *to, const struct op_interface *from)
{
	unsigned i;

	(void)snprintf(to->name, sizeof(to->name), "%s", from->name);
	to->up = from->up != 0;
	to->mtu = from->mtu;
	to->counted = true;
	to->rx_bytes = from->rx_bytes;
	to->tx_bytes = from->tx_bytes;
	for (i = 0; i < OP_INTERFACE_ADDRS; i++)
		if (from->addrs[i][0] != '\0')
			(void)snprintf(to->addresses[to->n_addresses++],
			    INTERFACE_ADDR_TEXT, "%s", from->addrs[i]);
}

static void
fill_link(struct interface *to, const struct op_link *link)
{
	char own[ADDR_TEXT_MAX], peer[ADDR_TEXT_MAX];
	unsigned i;

	(void)snprintf(to->name, sizeof(to->name), "%s", link->name);
	to->kind = link->kind == OP_LINK_GRE ? "gre" :
	    link->kind == OP_LINK_GIF        ? "gif" :
					       "other";
	to->local = link->local;
	to->remote = link->remote;
	(void)snprintf(to->description, sizeof(to->description), "%s",
	    link->description);
	if (link->kind != OP_LINK_OTHER)
		to->managed =
		    link->owned ? INTERFACE_MULTIHOMED : INTERFACE_BY_HAND;
	if (link->n_addresses == 0)
		return;
	to->n_addresses = 0;
	for (i = 0; i < link->n_addresses && i < OP_LINK_ADDRS; i++) {
		const struct op_address *a = &link->addresses[i];
		char *text = to->addresses[to->n_addresses++];

		(void)addr_print(&a->address, own);
		if (a->peer.family != 0)
			(void)snprintf(text, INTERFACE_ADDR_TEXT, "%s peer %s",
			    own, addr_print(&a->peer, peer));
		else
			(void)snprintf(text, INTERFACE_ADDR_TEXT, "%s/%u", own,
			    (unsigned)a->prefix_length);
	}
}

/* Does the upstream's session begin here, without a tunnel? */
static bool
is_native(const struct upstream *up, const struct interface *i)
{
	const char *own = up->session.local_address[0] != '\0' ?
	    up->session.local_address :
	    up->local_address;
	unsigned n;

	if (up->tunnel.present || own[0] == '\0')
		return false;
	for (n = 0; n < i->n_addresses; n++)
		if (strcmp(i->addresses[n], own) == 0)
			return true;
	return strcmp(i->name, own) == 0;
}

static void
fill_owner(struct interface *to, const struct observation *o)
{
	const struct upstream *native = NULL;
	unsigned n_native = 0;
	size_t i;

	for (i = 0; i < o->upstreams.n; i++) {
		const struct upstream *up = &o->upstreams.v[i];

		if (strcmp(up->tunnel.interface, to->name) == 0)
			memcpy(to->upstream, up->name.s, sizeof(to->upstream));
		if (!is_native(up, to))
			continue;
		native = up;
		n_native++;
	}
	/* Several on one cable: it is nobody's own. */
	if (n_native == 1 && to->upstream[0] == '\0')
		memcpy(to->upstream, native->name.s, sizeof(to->upstream));
	for (i = 0; i < o->n_downstreams; i++)
		if (strcmp(o->downstreams[i].tunnel.interface, to->name) == 0)
			memcpy(to->downstream, o->downstreams[i].name.s,
			    sizeof(to->downstream));
}

static bool
is_listed(const struct interface_table *t, const char *name)
{
	size_t i;

	for (i = 0; i < t->n; i++)
		if (strcmp(t->v[i].name, name) == 0)
			return true;
	return false;
}

void
interface_table_fill(struct interface_table *t, const struct observation *o,
    const struct observe_counters *before, const struct observe_counters *now)
{
	const struct op_link *link;
	struct interface *to;
	size_t i;

	interface_table_clear(t);
	for (i = 0; i < now->n; i++) {
		to = add(t);
		fill_plain(to, &now->v[i]);
		to->rates_known = rate_of_interface(before, now, to->name,
		    &to->rx_bps, &to->tx_bps);
		link = host_link(&o->host, OP_RUNNING, to->name);
		if (link != NULL)
			fill_link(to, link);
		to->at_boot = host_link(&o->host, OP_BOOT, to->name) != NULL;
	}
	for (i = 0; i < o->host.n_links; i++) {
		link = &o->host.links[i];
		if (link->where != OP_BOOT || is_listed(t, link->name))
			continue;
		to = add(t);
		fill_link(to, link);
		to->mtu = link->mtu;
		to->at_boot = true;
	}
	for (i = 0; i < t->n; i++)
		fill_owner(&t->v[i], o);
}

void
interface_table_render(const struct interface_table *t, struct buf *b)
{
	size_t i;

	buf_puts(b, "{\"interfaces\":[");
	for (i = 0; i < t->n; i++) {
		buf_puts(b, i > 0 ? "," : "");
		interface_render(&t->v[i], b);
	}
}
