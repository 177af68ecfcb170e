/* engine/drift_diff.c - what lies under FRR, compared in words. */
#include <string.h>

#include "base/buf.h"
#include "engine/drift_diff.h"
#include "engine/host.h"

static void
print_link(const struct op_link *link, char sign, struct buf *b)
{
	char text[ADDR_TEXT_MAX];
	unsigned i;

	buf_printf(b, "%c %s %s", sign, link->name,
	    link->kind == OP_LINK_GRE     ? "gre" :
		link->kind == OP_LINK_GIF ? "gif" :
					    "other");
	if (link->local.family != 0)
		buf_printf(b, " local %s", addr_print(&link->local, text));
	if (link->remote.family != 0)
		buf_printf(b, " remote %s", addr_print(&link->remote, text));
	buf_printf(b, " mtu %u %s", link->mtu, link->up ? "up" : "down");
	for (i = 0; i < link->n_addresses; i++) {
		const struct op_address *a = &link->addresses[i];

		buf_printf(b, " %s", addr_print(&a->address, text));
		if (a->peer.family != 0)
			buf_printf(b, " peer %s", addr_print(&a->peer, text));
		buf_printf(b, "/%u", a->prefix_length);
	}
	if (link->description[0] != '\0')
		buf_printf(b, " description \"%s\"", link->description);
	buf_putc(b, '\n');
}

/* Lines "- old" and "+ new" of running tunnels that differ. */
void
drift_diff_links(const struct host *old, const struct host *now, struct buf *b)
{
	struct buf was = BUF_INIT, is = BUF_INIT;
	const struct op_link *other;
	size_t i;

	for (i = 0; i < old->n_links; i++) {
		const struct op_link *link = &old->links[i];

		if (link->where != OP_RUNNING)
			continue;
		other = host_link(now, OP_RUNNING, link->name);
		buf_reset(&was);
		buf_reset(&is);
		print_link(link, '-', &was);
		if (other != NULL)
			print_link(other, '+', &is);
		if (other == NULL ||
		    strcmp(buf_text(&was) + 1, buf_text(&is) + 1) != 0) {
			buf_puts(b, buf_text(&was));
			buf_puts(b, buf_text(&is));
		}
	}
	for (i = 0; i < now->n_links; i++)
		if (now->links[i].where == OP_RUNNING &&
		    host_link(old, OP_RUNNING, now->links[i].name) == NULL)
			print_link(&now->links[i], '+', b);
	buf_clear(&was);
	buf_clear(&is);
}

static void
print_route(const struct op_route *r, char sign, struct buf *b)
{
	char text[PREFIX_TEXT_MAX];

	buf_printf(b, "%c %s", sign, prefix_print(&r->prefix, text));
	if (r->gateway.family != 0)
		buf_printf(b, " via %s", addr_print(&r->gateway, text));
	if (r->interface[0] != '\0')
		buf_printf(b, " through %s", r->interface);
	if (r->kind == OP_ROUTE_BLACKHOLE || r->kind == OP_ROUTE_REJECT)
		buf_puts(b,
		    r->kind == OP_ROUTE_REJECT ? " reject" : " blackhole");
	buf_putc(b, '\n');
}

/* Only ours are told by the parent: one that is gone stays in its list. */
void
drift_diff_routes(const struct host *old, const struct host *now, struct buf *b)
{
	struct buf was = BUF_INIT, is = BUF_INIT;
	const struct op_route *other;
	size_t i;

	for (i = 0; i < old->n_routes; i++) {
		const struct op_route *route = &old->routes[i];

		if (route->where != OP_RUNNING)
			continue;
		other = host_route(now, OP_RUNNING, &route->prefix);
		buf_reset(&was);
		buf_reset(&is);
		print_route(route, '-', &was);
		if (other != NULL)
			print_route(other, '+', &is);
		if (other == NULL ||
		    strcmp(buf_text(&was) + 1, buf_text(&is) + 1) != 0) {
			buf_puts(b, buf_text(&was));
			buf_puts(b, buf_text(&is));
		}
	}
	for (i = 0; i < now->n_routes; i++)
		if (now->routes[i].where == OP_RUNNING &&
		    host_route(old, OP_RUNNING, &now->routes[i].prefix) == NULL)
			print_route(&now->routes[i], '+', b);
	buf_clear(&was);
	buf_clear(&is);
}

void
drift_diff_firewall(const struct host *old, const struct host *now,
    struct buf *b)
{
	if (!old->firewall_known || !now->firewall_known ||
	    old->firewall_as_set == now->firewall_as_set)
		return;
	buf_puts(b,
	    now->firewall_as_set ?
		"+ the firewall rules of multihomed are as it had set them\n" :
		"- the firewall rules of multihomed are not as it had set "
		"them\n");
}

static void
print_key(const struct op_key *k, char sign, const char *words, struct buf *b)
{
	char local[ADDR_TEXT_MAX], remote[ADDR_TEXT_MAX];

	buf_printf(b, "%c key between %s and %s%s%s%s%s\n", sign,
	    addr_print(&k->local, local), addr_print(&k->remote, remote),
	    (k->flaw & OP_KEY_NO_OUT) != 0 ? ", not for what goes out" : "",
	    (k->flaw & OP_KEY_NO_IN) != 0 ? ", not for what comes in" : "",
	    (k->flaw & (OP_KEY_DIFFERS | OP_KEY_SEVERAL)) != 0 ?
		", more than one" :
		"",
	    words);
}

void
drift_diff_keys(const struct host *old, const struct host *now, struct buf *b)
{
	const struct op_key *was, *is;
	uint8_t mark[HOST_KEY_MARK];
	bool other;
	size_t i;

	for (i = 0; i < old->n_keys; i++) {
		was = &old->keys[i];
		if (was->where != OP_RUNNING)
			continue;
		is = host_key(now, OP_RUNNING, &was->local, &was->remote);
		if (is == NULL) {
			print_key(was, '-', "", b);
			continue;
		}
		host_key_mark(is, mark);
		other = memcmp(mark, was->key, sizeof(mark)) != 0;
		if (!other && was->flaw == (is->flaw & ~OP_KEY_RAW))
			continue;
		print_key(was, '-', "", b);
		print_key(is, '+', other ? ", another one" : "", b);
	}
	for (i = 0; i < now->n_keys; i++) {
		is = &now->keys[i];
		if (is->where == OP_RUNNING &&
		    host_key(old, OP_RUNNING, &is->local, &is->remote) == NULL)
			print_key(is, '+', "", b);
	}
}
