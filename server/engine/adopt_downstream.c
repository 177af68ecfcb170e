/* engine/adopt_downstream.c - downstreams, as the router below FRR has them. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "engine/adopt.h"
#include "engine/adopt_downstream.h"
#include "engine/adopt_host.h"
#include "engine/host.h"
#include "engine/naming.h"
#include "engine/observe.h"
#include "engine/rate.h"
#include "engine/router_read.h"
#include "model/downstream.h"
#include "store/friendly.h"

struct list {
	const struct host *host;
	const struct upstream_list *ups;
	const struct friendly_list *names;
	struct downstream *v;
	size_t n;
};

static bool
carries_upstream(const struct list *l, const char *interface)
{
	size_t i;

	for (i = 0; i < l->ups->n; i++)
		if (strcmp(l->ups->v[i].tunnel.interface, interface) == 0)
			return true;
	return false;
}

/* Told once: as running, or else as in the boot files. */
static bool
is_told(const struct list *l, const struct op_link *link)
{
	return link->where == OP_RUNNING ||
	    host_link(l->host, OP_RUNNING, link->name) == NULL;
}

static bool
is_told_route(const struct list *l, const struct op_route *route)
{
	return route->where == OP_RUNNING ||
	    host_route(l->host, OP_RUNNING, &route->prefix) == NULL;
}

static bool
reaches(const struct list *l, const struct op_link *link,
    const struct addr *peer)
{
	static const struct addr none;
	const struct op_link *by = adopt_host_link(l->host, &none, peer);

	return by != NULL && strcmp(by->name, link->name) == 0;
}

/* The first gateway behind the link, or a peer that we know from before. */
static const struct addr *
peer_of(const struct list *l, const struct op_link *link)
{
	size_t i;

	for (i = 0; i < l->host->n_routes; i++) {
		const struct op_route *r = &l->host->routes[i];

		if (r->kind == OP_ROUTE_GATEWAY &&
		    !addr_equal(&r->gateway, &r->prefix.addr) &&
		    reaches(l, link, &r->gateway))
			return &r->gateway;
	}
	for (i = 0; i < l->names->n; i++)
		if (strcmp(l->names->v[i].role, ADOPT_DOWNSTREAM_ROLE) == 0 &&
		    reaches(l, link, &l->names->v[i].neighbor))
			return &l->names->v[i].neighbor;
	return NULL;
}

static int
compare_prefixes(const void *a, const void *b)
{
	return router_read_compare(a, b);
}

static void
fill_prefixes(const struct list *l, struct downstream *d)
{
	char text[PREFIX_TEXT_MAX];
	size_t i;

	for (i = 0; i < l->host->n_routes; i++) {
		const struct op_route *r = &l->host->routes[i];

		if (r->kind != OP_ROUTE_GATEWAY || !is_told_route(l, r) ||
		    !addr_equal(&r->gateway, &d->peer))
			continue;
		if (d->n_prefixes == DOWNSTREAM_PREFIXES_MAX) {
			downstream_warn(d, "has more than %d routes",
			    DOWNSTREAM_PREFIXES_MAX);
			break;
		}
		d->prefixes[d->n_prefixes++] = r->prefix;
		if (r->where == OP_BOOT)
			downstream_warn(d,
			    "the route to %s is in the boot files, but not in "
			    "effect",
			    prefix_print(&r->prefix, text));
		else if (host_route(l->host, OP_BOOT, &r->prefix) == NULL)
			downstream_warn(d,
			    "the route to %s is not in the boot files",
			    prefix_print(&r->prefix, text));
	}
	if (d->n_prefixes == 0)
		downstream_warn(d, "no route leads to it");
	qsort(d->prefixes, d->n_prefixes, sizeof(d->prefixes[0]),
	    compare_prefixes);
}

/* Ours on the way to the peer: the one with the peer, else of its subnet. */
static void
fill_address(const struct op_link *link, struct downstream *d)
{
	unsigned i;

	for (i = 0; i < link->n_addresses; i++) {
		const struct op_address *a = &link->addresses[i];

		if (addr_equal(&a->peer, &d->peer)) {
			d->address = a->address;
			return;
		}
		if (d->address.family == 0 &&
		    a->address.family == d->peer.family &&
		    !addr_is_link_local(&a->address) &&
		    a->prefix_length == d->tunnel.prefix_length)
			d->address = a->address;
	}
}

static bool
is_taken(const struct list *l, const char *name)
{
	size_t i;

	for (i = 0; i < l->names->n; i++)
		if (strcmp(l->names->v[i].name.s, name) == 0)
			return true;
	for (i = 0; i < l->ups->n; i++)
		if (strcmp(l->ups->v[i].name.s, name) == 0)
			return true;
	for (i = 0; i < l->n; i++)
		if (strcmp(l->v[i].name.s, name) == 0)
			return true;
	return false;
}

static void
fill_name(const struct list *l, struct downstream *d)
{
	char address[ADDR_TEXT_MAX];
	unsigned n;
	size_t i;

	for (i = 0; i < l->names->n; i++)
		if (addr_equal(&l->names->v[i].neighbor, &d->peer)) {
			d->name = l->names->v[i].name;
			return;
		}
	(void)addr_print(&d->peer, address);
	for (n = 0;; n++) {
		naming_suggest(&d->name, d->description, address, n);
		if (!is_taken(l, d->name.s))
			return;
	}
}

static void
add(struct list *l, const struct op_link *link, const struct addr *peer)
{
	const struct op_firewall_entry *entry;
	struct downstream d;

	memset(&d, 0, sizeof(d));
	d.peer = *peer;
	(void)snprintf(d.description, sizeof(d.description), "%s",
	    link->description);
	adopt_host_tunnel(link, peer, &d.tunnel);
	fill_address(link, &d);
	fill_name(l, &d);
	fill_prefixes(l, &d);
	entry = host_firewall_entry(l->host, link->name, peer);
	d.nat = entry != NULL && entry->nat != 0;
	d.up = link->where == OP_RUNNING && link->up != 0;
	if (link->where == OP_BOOT)
		downstream_warn(&d,
		    "%s is in the boot files, but it is not there", link->name);
	else if (host_link(l->host, OP_BOOT, link->name) == NULL)
		downstream_warn(&d,
		    "%s is not in the boot files: a reboot takes it away",
		    link->name);
	l->v = mem_realloc(l->v, l->n + 1, sizeof(*l->v));
	l->v[l->n++] = d;
}

static int
compare(const void *a, const void *b)
{
	return strcmp(((const struct downstream *)a)->name.s,
	    ((const struct downstream *)b)->name.s);
}

void
adopt_downstreams(const struct observation *o,
    const struct friendly_list *names, struct downstream **list, size_t *n)
{
	const struct host *host = &o->host;
	struct list l = { host, &o->upstreams, names, NULL, 0 };
	const struct addr *peer;
	size_t i;

	for (i = 0; i < host->n_links; i++) {
		const struct op_link *link = &host->links[i];

		if (link->kind == OP_LINK_OTHER || !is_told(&l, link) ||
		    carries_upstream(&l, link->name))
			continue;
		peer = peer_of(&l, link);
		if (peer != NULL)
			add(&l, link, peer);
	}
	if (l.n > 1)
		qsort(l.v, l.n, sizeof(*l.v), compare);
	*list = l.v;
	*n = l.n;
}

void
adopt_downstream_traffic(struct downstream *list, size_t n,
    const struct observe_counters *before, const struct observe_counters *now)
{
	size_t i;

	for (i = 0; i < n; i++)
		list[i].rates_known = rate_of_interface(before, now,
		    list[i].tunnel.interface, &list[i].rx_bps, &list[i].tx_bps);
}
