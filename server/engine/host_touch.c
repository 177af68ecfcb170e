/* engine/host_touch.c - only what a change touches, to keep and to go back. */
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/crypto.h"
#include "base/err.h"
#include "base/mem.h"
#include "engine/host.h"
#include "engine/host_touch.h"

static bool
same_link(const struct op_link *a, const struct op_link *b)
{
	return a != NULL && b != NULL && op_same(a, b, sizeof(*a));
}

static bool
same_route(const struct op_route *a, const struct op_route *b)
{
	return a != NULL && b != NULL && op_same(a, b, sizeof(*a));
}

/* host_key_room has left zeros behind key_len in all of them. */
static bool
same_key(const struct op_key *a, const struct op_key *b)
{
	return a != NULL && b != NULL && op_same(a, b, sizeof(*a));
}

static void
keep_keys(const struct host *a, const struct host *b, struct host *out)
{
	size_t i;

	for (i = 0; i < a->n_keys; i++) {
		const struct op_key *key = &a->keys[i];

		if (same_key(key,
			host_key(b, key->where, &key->local, &key->remote)))
			continue;
		*host_key_room(out, 1) = *key;
		out->n_keys++;
	}
}

/* Copies of those of a that b does not have alike. */
static void
keep_differing(const struct host *a, const struct host *b, struct host *out)
{
	size_t i;

	for (i = 0; i < a->n_links; i++) {
		const struct op_link *link = &a->links[i];

		if (same_link(link, host_link(b, link->where, link->name)))
			continue;
		out->links = mem_realloc(out->links, out->n_links + 1,
		    sizeof(*out->links));
		out->links[out->n_links++] = *link;
	}
	for (i = 0; i < a->n_routes; i++) {
		const struct op_route *route = &a->routes[i];

		if (same_route(route,
			host_route(b, route->where, &route->prefix)))
			continue;
		out->routes = mem_realloc(out->routes, out->n_routes + 1,
		    sizeof(*out->routes));
		out->routes[out->n_routes++] = *route;
	}
	out->kernel_keys = a->kernel_keys;
	keep_keys(a, b, out);
}

void
host_touch_reduce(struct host *before, struct host *after)
{
	struct host b = { 0 }, a = { 0 };
	bool touched = before->firewall_known && after->firewall_known &&
	    (!op_same(&before->running, &after->running,
		 sizeof(after->running)) ||
		!op_same(&before->boot, &after->boot, sizeof(after->boot)));

	keep_differing(before, after, &b);
	keep_differing(after, before, &a);
	if (touched) {
		b.firewall_known = a.firewall_known = true;
		b.firewall_as_set = a.firewall_as_set = true;
		b.running = before->running;
		b.boot = before->boot;
		a.running = after->running;
		a.boot = after->boot;
	}
	host_clear(before);
	host_clear(after);
	*before = b;
	*after = a;
}

static void
drop_touched(struct host *goal, const struct host *touched)
{
	size_t i, kept;

	for (i = kept = 0; i < goal->n_links; i++)
		if (host_link(touched, goal->links[i].where,
			goal->links[i].name) == NULL)
			goal->links[kept++] = goal->links[i];
	goal->n_links = kept;
	for (i = kept = 0; i < goal->n_routes; i++)
		if (host_route(touched, goal->routes[i].where,
			&goal->routes[i].prefix) == NULL)
			goal->routes[kept++] = goal->routes[i];
	goal->n_routes = kept;
	for (i = kept = 0; i < goal->n_keys; i++)
		if (host_key(touched, goal->keys[i].where, &goal->keys[i].local,
			&goal->keys[i].remote) == NULL)
			goal->keys[kept++] = goal->keys[i];
	if (kept < goal->n_keys)
		crypto_wipe(&goal->keys[kept],
		    (goal->n_keys - kept) * sizeof(goal->keys[0]));
	goal->n_keys = kept;
}

void
host_touch_goal(const struct host *now, const struct host *wanted,
    const struct host *other, struct host *goal)
{
	host_copy(goal, now);
	drop_touched(goal, wanted);
	drop_touched(goal, other);
	if (wanted->n_links > 0) {
		goal->links = mem_realloc(goal->links,
		    goal->n_links + wanted->n_links, sizeof(*goal->links));
		memcpy(goal->links + goal->n_links, wanted->links,
		    wanted->n_links * sizeof(*wanted->links));
		goal->n_links += wanted->n_links;
	}
	if (wanted->n_routes > 0) {
		goal->routes = mem_realloc(goal->routes,
		    goal->n_routes + wanted->n_routes, sizeof(*goal->routes));
		memcpy(goal->routes + goal->n_routes, wanted->routes,
		    wanted->n_routes * sizeof(*wanted->routes));
		goal->n_routes += wanted->n_routes;
	}
	if (wanted->n_keys > 0) {
		memcpy(host_key_room(goal, wanted->n_keys), wanted->keys,
		    wanted->n_keys * sizeof(*wanted->keys));
		goal->n_keys += wanted->n_keys;
	}
	if (wanted->firewall_known) {
		goal->firewall_known = true;
		goal->firewall_as_set = true;
		goal->running = wanted->running;
		goal->boot = wanted->boot;
	}
	host_sort(goal);
}

/*
 * Version, the three counts, the firewall (0 none, 1 as set, 2 changed by hand
 * since), then the structs; of the firewall's arrays only what is used. Read
 * back by the same build: the sizes are part of the version.
 */
enum {
	STORED_VERSION = 2
};
#define NO_KERNEL_KEYS UINT32_MAX /* as their count */

static void
store_firewall(const struct op_firewall *f, struct buf *b)
{
	buf_add(b, f->router, sizeof(f->router));
	buf_u32(b, f->n_prefixes);
	buf_u32(b, f->n_entries);
	buf_add(b, f->prefixes, f->n_prefixes * sizeof(f->prefixes[0]));
	buf_add(b, f->entries, f->n_entries * sizeof(f->entries[0]));
}

void
host_touch_store(const struct host *h, struct buf *out)
{
	struct buf b = BUF_INIT;

	buf_u32(&b, STORED_VERSION);
	buf_u32(&b, sizeof(struct op_link));
	buf_u32(&b, sizeof(struct op_route));
	buf_u32(&b, sizeof(struct op_firewall));
	buf_u32(&b, sizeof(struct op_key));
	buf_u32(&b, (uint32_t)h->n_links);
	buf_u32(&b, (uint32_t)h->n_routes);
	buf_u32(&b, h->kernel_keys ? (uint32_t)h->n_keys : NO_KERNEL_KEYS);
	buf_u32(&b, !h->firewall_known ? 0 : h->firewall_as_set ? 1 : 2);
	buf_add(&b, h->links, h->n_links * sizeof(*h->links));
	buf_add(&b, h->routes, h->n_routes * sizeof(*h->routes));
	if (h->kernel_keys)
		buf_add(&b, h->keys, h->n_keys * sizeof(*h->keys));
	if (h->firewall_known) {
		store_firewall(&h->running, &b);
		store_firewall(&h->boot, &b);
	}
	buf_hex(out, b.data, b.len);
	buf_wipe(&b);
}

struct reader {
	const unsigned char *p;
	size_t left;
	bool bad;
};

static void
take(struct reader *r, void *to, size_t n)
{
	/* To nowhere: an empty list. */
	if (n == 0)
		return;
	if (r->bad || r->left < n) {
		r->bad = true;
		memset(to, 0, n);
		return;
	}
	memcpy(to, r->p, n);
	r->p += n;
	r->left -= n;
}

static uint32_t
take_u32(struct reader *r)
{
	unsigned char b[4];

	take(r, b, sizeof(b));
	return (uint32_t)b[0] | (uint32_t)b[1] << 8 | (uint32_t)b[2] << 16 |
	    (uint32_t)b[3] << 24;
}

static void
load_firewall(struct reader *r, struct op_firewall *f)
{
	memset(f, 0, sizeof(*f));
	take(r, f->router, sizeof(f->router));
	f->n_prefixes = take_u32(r);
	f->n_entries = take_u32(r);
	if (f->n_prefixes > OP_FIREWALL_PREFIXES ||
	    f->n_entries > OP_FIREWALL_ENTRIES) {
		r->bad = true;
		f->n_prefixes = f->n_entries = 0;
		return;
	}
	take(r, f->prefixes, f->n_prefixes * sizeof(f->prefixes[0]));
	take(r, f->entries, f->n_entries * sizeof(f->entries[0]));
}

static void
load_keys(struct reader *r, struct host *h, uint32_t n)
{
	uint32_t i;

	h->kernel_keys = n != NO_KERNEL_KEYS;
	if (!h->kernel_keys || n == 0)
		return;
	if (n > r->left / sizeof(*h->keys)) {
		r->bad = true;
		return;
	}
	h->keys = mem_calloc(n, sizeof(*h->keys));
	h->n_keys = n;
	take(r, h->keys, n * sizeof(*h->keys));
	for (i = 0; i < n; i++)
		if (h->keys[i].key_len > OP_KEY_BYTES)
			r->bad = true;
}

static void
load_host(struct reader *r, struct host *h)
{
	uint32_t n_links, n_routes, n_keys, firewall;

	if (take_u32(r) != STORED_VERSION ||
	    take_u32(r) != sizeof(struct op_link) ||
	    take_u32(r) != sizeof(struct op_route) ||
	    take_u32(r) != sizeof(struct op_firewall) ||
	    take_u32(r) != sizeof(struct op_key)) {
		r->bad = true;
		return;
	}
	n_links = take_u32(r);
	n_routes = take_u32(r);
	n_keys = take_u32(r);
	firewall = take_u32(r);
	h->firewall_known = firewall != 0;
	h->firewall_as_set = firewall == 1;
	if (r->bad || n_links > r->left / sizeof(*h->links) ||
	    n_routes > r->left / sizeof(*h->routes)) {
		r->bad = true;
		return;
	}
	if (n_links > 0)
		h->links = mem_calloc(n_links, sizeof(*h->links));
	if (n_routes > 0)
		h->routes = mem_calloc(n_routes, sizeof(*h->routes));
	h->n_links = n_links;
	h->n_routes = n_routes;
	take(r, h->links, n_links * sizeof(*h->links));
	take(r, h->routes, n_routes * sizeof(*h->routes));
	load_keys(r, h, n_keys);
	if (h->firewall_known) {
		load_firewall(r, &h->running);
		load_firewall(r, &h->boot);
	}
}

int
host_touch_load(struct host *h, const char *stored, struct err *err)
{
	struct buf bytes = BUF_INIT;
	struct reader r = { NULL, 0, false };

	memset(h, 0, sizeof(*h));
	r.bad = buf_unhex(&bytes, stored) == -1;
	r.p = (const unsigned char *)buf_text(&bytes);
	r.left = bytes.len;
	if (!r.bad)
		load_host(&r, h);
	buf_wipe(&bytes);
	if (!r.bad && r.left == 0)
		return 0;
	host_clear(h);
	return err_set(err, ERR_INTERNAL,
	    "the journal holds links, routes or keys that cannot be read");
}
