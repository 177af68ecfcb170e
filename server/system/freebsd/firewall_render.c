/* system/freebsd/firewall_render.c - our pf rules, one a line. */
#include <stdio.h>
#include <string.h>

#include "base/addr.h"
#include "base/buf.h"
#include "system/firewall.h"

/*
 * Lines without macros, lists and tables: each is one rule of the kernel, so
 * the listing can be counted against them, and the anchor disappears with its
 * last rule. Translation comes first: pf wants it so.
 */

static const char *
af(uint8_t family)
{
	return family == 4 ? "inet" : "inet6";
}

static const struct addr *
router_of(const struct op_firewall *f, uint8_t family)
{
	size_t i;

	for (i = 0; i < 2; i++)
		if (f->router[i].family == family)
			return &f->router[i];
	return NULL;
}

static void
no_nat(struct buf *b, const char *interface, uint8_t family, const char *from,
    const char *to)
{
	buf_printf(b, "no nat on %s %s from %s to %s\n", interface, af(family),
	    from, to);
}

/* Everything but neighbor discovery and its like, the BGP peers, and what is
 * ours to send as it is. */
static void
nat_family(struct buf *b, const struct op_firewall *f, size_t first, size_t end,
    uint8_t family)
{
	const struct op_firewall_entry *e = &f->entries[first];
	const struct addr *router = router_of(f, family);
	const char *local = family == 4 ? "169.254.0.0/16" : "fe80::/10";
	char text[PREFIX_TEXT_MAX];
	size_t i;

	no_nat(b, e->interface, family, local, "any");
	no_nat(b, e->interface, family, "any", local);
	no_nat(b, e->interface, family, "any",
	    family == 4 ? "224.0.0.0/4" : "ff00::/8");
	for (i = first; i < end; i++)
		if (f->entries[i].peer.family == family &&
		    !addr_is_link_local(&f->entries[i].peer))
			no_nat(b, e->interface, family, "any",
			    addr_print(&f->entries[i].peer, text));
	for (i = 0; i < f->n_prefixes; i++)
		if (f->prefixes[i].addr.family == family)
			no_nat(b, e->interface, family,
			    prefix_print(&f->prefixes[i], text), "any");
	buf_printf(b, "nat on %s %s from any to any -> %s\n", e->interface,
	    af(family), addr_print(router, text));
}

/* Entries first to end share an interface. A neighbor's family is what goes
 * through; without one it may be either. */
static void
nat_interface(struct buf *b, const struct op_firewall *f, size_t first,
    size_t end)
{
	uint8_t family;
	size_t i;

	for (family = 4; family <= 6; family = (uint8_t)(family + 2)) {
		for (i = first; i < end; i++)
			if (f->entries[i].nat &&
			    (f->entries[i].peer.family == 0 ||
				f->entries[i].peer.family == family))
				break;
		if (i < end && router_of(f, family) != NULL)
			nat_family(b, f, first, end, family);
	}
}

static void
nat(struct buf *b, const struct op_firewall *f)
{
	size_t i, end;

	for (i = 0; i < f->n_entries; i = end) {
		for (end = i + 1; end < f->n_entries; end++)
			if (strcmp(f->entries[end].interface,
				f->entries[i].interface) != 0)
				break;
		if (f->entries[i].interface[0] != '\0')
			nat_interface(b, f, i, end);
	}
}

/* Both ways, each with its own state: whoever speaks first. */
static void
tunnel(struct buf *b, const struct op_firewall_entry *e, const char *proto)
{
	char local[ADDR_TEXT_MAX], remote[ADDR_TEXT_MAX];

	(void)addr_print(&e->local, local);
	(void)addr_print(&e->remote, remote);
	buf_printf(b, "pass in quick %s proto %s from %s to %s keep state\n",
	    af(e->local.family), proto, remote, local);
	buf_printf(b, "pass out quick %s proto %s from %s to %s keep state\n",
	    af(e->local.family), proto, local, remote);
}

static bool
same_tunnel(const struct op_firewall_entry *a,
    const struct op_firewall_entry *b)
{
	return a->kind == b->kind && strcmp(a->interface, b->interface) == 0;
}

/* Sessions from either side. A link-local neighbor is whoever is on its link:
 * pf has its own ideas of zones. */
static void
bgp(struct buf *b, const struct addr *peer)
{
	char text[ADDR_TEXT_MAX], on[32] = "";
	const char *who = "fe80::/10";

	if (peer->zone[0] != '\0')
		(void)snprintf(on, sizeof(on), "on %s ", peer->zone);
	else
		who = addr_print(peer, text);
	buf_printf(b,
	    "pass in quick %s%s proto tcp from %s to any port = 179 flags S/SA "
	    "keep state\n",
	    on, af(peer->family), who);
	buf_printf(b,
	    "pass out quick %s%s proto tcp from any to %s port = 179 flags "
	    "S/SA keep state\n",
	    on, af(peer->family), who);
}

/* Tier 1: BGP with those that we know, and what carries it. */
static void
control(struct buf *b, const struct op_firewall *f)
{
	const struct op_firewall_entry *e;
	size_t i;

	for (i = 0; i < f->n_entries; i++) {
		e = &f->entries[i];
		/* Two neighbors in one tunnel are side by side. */
		if (i > 0 && same_tunnel(e - 1, e))
			continue;
		if (e->kind == OP_LINK_GRE) {
			tunnel(b, e, "gre");
		} else if (e->kind == OP_LINK_GIF) {
			tunnel(b, e, "ipv6");
			tunnel(b, e, "ipencap");
		}
	}
	for (i = 0; i < f->n_entries; i++)
		if (f->entries[i].peer.family != 0)
			bgp(b, &f->entries[i].peer);
}

/* Tier 2: the router's own traffic, stateful. */
static void
own(struct buf *b, const struct op_firewall *f)
{
	char text[ADDR_TEXT_MAX];
	size_t i;

	for (i = 0; i < 2; i++) {
		if (f->router[i].family == 0)
			continue;
		(void)addr_print(&f->router[i], text);
		buf_printf(b, "pass in quick %s from any to %s keep state\n",
		    af(f->router[i].family), text);
		buf_printf(b, "pass out quick %s from %s to any keep state\n",
		    af(f->router[i].family), text);
	}
}

/* Tier 3: transit, stateless because paths are asymmetric. */
static void
transit(struct buf *b, const struct op_firewall *f)
{
	static const char *const ways[] = { "in", "out" };
	char text[PREFIX_TEXT_MAX];
	const char *family;
	size_t i, way;

	for (i = 0; i < f->n_prefixes; i++) {
		family = af(f->prefixes[i].addr.family);
		(void)prefix_print(&f->prefixes[i], text);
		for (way = 0; way < 2; way++)
			buf_printf(b,
			    "pass %s quick %s from any to %s no state\n",
			    ways[way], family, text);
		for (way = 0; way < 2; way++)
			buf_printf(b,
			    "pass %s quick %s from %s to any no state\n",
			    ways[way], family, text);
	}
}

void
firewall_render(const struct op_firewall *f, struct buf *b)
{
	if (f->n_entries == 0 && f->n_prefixes == 0)
		return;
	nat(b, f);
	control(b, f);
	own(b, f);
	transit(b, f);
}
