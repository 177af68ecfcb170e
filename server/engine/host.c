/* engine/host.c - what lies under FRR, as a value: look-ups and edits. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/crypto.h"
#include "base/err.h"
#include "base/mem.h"
#include "engine/host.h"

void
host_clear(struct host *h)
{
	free(h->links);
	free(h->routes);
	if (h->n_keys > 0)
		crypto_wipe(h->keys, h->n_keys * sizeof(*h->keys));
	free(h->keys);
	memset(h, 0, sizeof(*h));
}

void
host_copy(struct host *to, const struct host *from)
{
	*to = *from;
	to->links = NULL;
	to->routes = NULL;
	to->keys = NULL;
	if (from->n_links > 0) {
		to->links = mem_calloc(from->n_links, sizeof(*to->links));
		memcpy(to->links, from->links,
		    from->n_links * sizeof(*to->links));
	}
	if (from->n_routes > 0) {
		to->routes = mem_calloc(from->n_routes, sizeof(*to->routes));
		memcpy(to->routes, from->routes,
		    from->n_routes * sizeof(*to->routes));
	}
	if (from->n_keys > 0) {
		to->keys = mem_calloc(from->n_keys, sizeof(*to->keys));
		memcpy(to->keys, from->keys, from->n_keys * sizeof(*to->keys));
	}
}

static int
compare_links(const void *a, const void *b)
{
	const struct op_link *x = a, *y = b;

	if (x->where != y->where)
		return x->where < y->where ? -1 : 1;
	return strcmp(x->name, y->name);
}

static int
compare_routes(const void *a, const void *b)
{
	const struct op_route *x = a, *y = b;
	int order;

	if (x->where != y->where)
		return x->where < y->where ? -1 : 1;
	order = addr_compare(&x->prefix.addr, &y->prefix.addr);
	return order != 0 ? order : (int)x->prefix.len - (int)y->prefix.len;
}

void
host_sort(struct host *h)
{
	if (h->n_links > 1)
		qsort(h->links, h->n_links, sizeof(*h->links), compare_links);
	if (h->n_routes > 1)
		qsort(h->routes, h->n_routes, sizeof(*h->routes),
		    compare_routes);
	host_sort_keys(h);
}

struct op_link *
host_link(const struct host *h, enum op_where where, const char *name)
{
	size_t i;

	for (i = 0; i < h->n_links; i++)
		if (h->links[i].where == where &&
		    strcmp(h->links[i].name, name) == 0)
			return &h->links[i];
	return NULL;
}

struct op_route *
host_route(const struct host *h, enum op_where where, const struct prefix *p)
{
	size_t i;

	for (i = 0; i < h->n_routes; i++)
		if (h->routes[i].where == where &&
		    prefix_equal(&h->routes[i].prefix, p))
			return &h->routes[i];
	return NULL;
}

struct op_link *
host_link_by_address(const struct host *h, const struct addr *a)
{
	size_t i;
	unsigned j;

	for (i = 0; i < h->n_links; i++) {
		struct op_link *link = &h->links[i];

		if (link->where != OP_RUNNING || link->kind == OP_LINK_OTHER)
			continue;
		for (j = 0; j < link->n_addresses; j++)
			if (addr_equal(&link->addresses[j].address, a) ||
			    addr_equal(&link->addresses[j].peer, a))
				return link;
	}
	return NULL;
}

int
host_free_name(const struct host *h, enum op_link_kind kind, char out[16],
    struct err *err)
{
	unsigned i;

	/* Linux keeps gre0 for itself; one rule for every platform. */
	for (i = kind == OP_LINK_GRE ? 1 : 0; i <= 4095; i++) {
		(void)snprintf(out, 16, "%s%u",
		    kind == OP_LINK_GRE ? "gre" : "gif", i);
		if (host_link(h, OP_RUNNING, out) == NULL &&
		    host_link(h, OP_BOOT, out) == NULL)
			return 0;
	}
	return err_set(err, ERR_CONFLICT, "no interface name is free");
}

static void
put_link(struct host *h, const struct op_link *link, enum op_where where)
{
	struct op_link *to = host_link(h, where, link->name);

	if (to == NULL) {
		h->links =
		    mem_realloc(h->links, h->n_links + 1, sizeof(*h->links));
		to = &h->links[h->n_links++];
	}
	*to = *link;
	to->where = (uint8_t)where;
	to->owned = 1;
}

void
host_set_link(struct host *h, const struct op_link *link)
{
	struct op_link copy = *link; /* may be one of ours, which move */

	put_link(h, &copy, OP_RUNNING);
	put_link(h, &copy, OP_BOOT);
	host_sort(h);
}

static void
take_link(struct host *h, enum op_where where, const char *name)
{
	struct op_link *link = host_link(h, where, name);
	size_t behind;

	if (link == NULL)
		return;
	behind = h->n_links - (size_t)(link - h->links) - 1;
	memmove(link, link + 1, behind * sizeof(*link));
	h->n_links--;
}

void
host_remove_link(struct host *h, const char *name)
{
	char copy[16];

	(void)snprintf(copy, sizeof(copy), "%s", name);
	take_link(h, OP_RUNNING, copy);
	take_link(h, OP_BOOT, copy);
}

static void
put_route(struct host *h, const struct op_route *route, enum op_where where)
{
	struct op_route *to = host_route(h, where, &route->prefix);

	if (to == NULL) {
		h->routes =
		    mem_realloc(h->routes, h->n_routes + 1, sizeof(*h->routes));
		to = &h->routes[h->n_routes++];
	}
	*to = *route;
	to->where = (uint8_t)where;
	to->owned = 1;
}

void
host_set_route(struct host *h, const struct op_route *route)
{
	struct op_route copy = *route;

	put_route(h, &copy, OP_RUNNING);
	put_route(h, &copy, OP_BOOT);
	host_sort(h);
}

static void
take_route(struct host *h, enum op_where where, const struct prefix *p)
{
	struct op_route *route = host_route(h, where, p);
	size_t behind;

	if (route == NULL)
		return;
	behind = h->n_routes - (size_t)(route - h->routes) - 1;
	memmove(route, route + 1, behind * sizeof(*route));
	h->n_routes--;
}

void
host_remove_route(struct host *h, const struct prefix *p)
{
	struct prefix copy = *p;

	take_route(h, OP_RUNNING, &copy);
	take_route(h, OP_BOOT, &copy);
}

static int
compare_entry(const struct op_firewall_entry *e, const char *interface,
    const struct addr *peer)
{
	int order = strcmp(e->interface, interface);

	if (order != 0 || interface[0] != '\0')
		return order;
	return addr_compare(&e->peer, peer);
}

/* The entry, or where it would stand. */
static uint32_t
find_entry(const struct op_firewall *f, const char *interface,
    const struct addr *peer, bool *found)
{
	uint32_t i;
	int order = 1;

	for (i = 0; i < f->n_entries; i++) {
		order = compare_entry(&f->entries[i], interface, peer);
		if (order >= 0)
			break;
	}
	*found = i < f->n_entries && order == 0;
	return i;
}

struct op_firewall_entry *
host_firewall_entry(const struct host *h, const char *interface,
    const struct addr *peer)
{
	struct op_firewall *f = (struct op_firewall *)(uintptr_t)&h->running;
	bool found;
	uint32_t i = find_entry(f, interface, peer, &found);

	return found ? &f->entries[i] : NULL;
}

static int
put_entry(struct op_firewall *f, const struct op_firewall_entry *e,
    struct err *err)
{
	bool found;
	uint32_t i = find_entry(f, e->interface, &e->peer, &found);

	if (!found) {
		if (f->n_entries == OP_FIREWALL_ENTRIES)
			return err_set(err, ERR_CONFLICT,
			    "the firewall holds %d entries already",
			    OP_FIREWALL_ENTRIES);
		memmove(&f->entries[i + 1], &f->entries[i],
		    (f->n_entries - i) * sizeof(f->entries[0]));
		f->n_entries++;
	}
	f->entries[i] = *e;
	return 0;
}

int
host_set_firewall_entry(struct host *h, const struct op_firewall_entry *e,
    struct err *err)
{
	struct op_firewall_entry copy = *e;

	if (put_entry(&h->running, &copy, err) == -1)
		return -1;
	return put_entry(&h->boot, &copy, err);
}

static void
take_entry(struct op_firewall *f, const char *interface,
    const struct addr *peer)
{
	bool found;
	uint32_t i = find_entry(f, interface, peer, &found);

	if (!found)
		return;
	f->n_entries--;
	memmove(&f->entries[i], &f->entries[i + 1],
	    (f->n_entries - i) * sizeof(f->entries[0]));
	/* What is unused is zero, so that whole values compare. */
	memset(&f->entries[f->n_entries], 0, sizeof(f->entries[0]));
}

void
host_remove_firewall_entry(struct host *h, const char *interface,
    const struct addr *peer)
{
	struct addr copy = *peer;
	char name[16];

	(void)snprintf(name, sizeof(name), "%s", interface);
	take_entry(&h->running, name, &copy);
	take_entry(&h->boot, name, &copy);
}

void
host_set_firewall_router(struct host *h, const struct addr router[2],
    const struct prefix *prefixes, size_t n)
{
	struct op_firewall *both[] = { &h->running, &h->boot };
	size_t i;

	if (n > OP_FIREWALL_PREFIXES)
		n = OP_FIREWALL_PREFIXES;
	for (i = 0; i < 2; i++) {
		memcpy(both[i]->router, router, sizeof(both[i]->router));
		memset(both[i]->prefixes, 0, sizeof(both[i]->prefixes));
		memcpy(both[i]->prefixes, prefixes,
		    n * sizeof(both[i]->prefixes[0]));
		both[i]->n_prefixes = (uint32_t)n;
	}
}
