/* system/linux/firewall_render.c - our rules in the words of nftables; pure. */
#include <string.h>

#include "base/buf.h"
#include "base/compat.h"
#include "base/crypto.h"
#include "system/firewall.h"
#include "system/linux/firewall_render.h"
#include "system/linux/firewall_set.h"

/*
 * The three tiers, first match wins: the sessions and the tunnels under them,
 * and what the router itself sends and gets, keep state; the rest of what goes
 * to or from our prefixes keeps none, since paths are asymmetric. nftables
 * decides about state before it filters (priority raw). No rule drops: what is
 * not let in is the operator's to say, in a table of his own.
 *
 * What is translated must have state, so the last tier never holds for the
 * router's own address, where the answers to translated packets come in.
 */
static const char head[] = "table inet multihomed\n"
			   "delete table inet multihomed\n"
			   "table inet multihomed {\n"
			   "\tcomment \"" FIREWALL_RENDER_COMMENT;

/* Which end of a packet is ours, by the chain. */
struct side {
	const char *chain;
	const char *hook;
	bool out;
};

static const struct side sides[] = {
	{ "incoming", "prerouting", false },
	{ "outgoing", "output", true },
};

static const char *
ip(int family)
{
	return family == 4 ? "ip" : "ip6";
}

static void
render_sessions(const struct op_firewall *f, const struct side *s, int family,
    struct buf *b)
{
	const char *who = s->out ? "daddr" : "saddr";

	if (!firewall_set_has_peers(f, family))
		return;
	buf_printf(b, "\t\t%s %s { ", ip(family), who);
	firewall_set_peers(f, family, b);
	buf_puts(b, " } tcp dport 179 accept\n");
	buf_printf(b, "\t\t%s %s { ", ip(family), who);
	firewall_set_peers(f, family, b);
	buf_puts(b, " } tcp sport 179 accept\n");
}

static void
render_tunnels(const struct op_firewall *f, bool out, int family, struct buf *b)
{
	if (!firewall_set_has_tunnels(f, family))
		return;
	buf_printf(b, "\t\t%s saddr . %s daddr . meta l4proto { ", ip(family),
	    ip(family));
	firewall_set_tunnels(f, family, out, b);
	buf_puts(b, " } accept\n");
}

/* Neighbor discovery and what else is of one link only. */
static void
render_local(int family, struct buf *b)
{
	if (family == 6)
		buf_puts(b,
		    "\t\tip6 saddr fe80::/10 accept\n"
		    "\t\tip6 daddr { fe80::/10, ff00::/8 } accept\n");
	else
		buf_puts(b,
		    "\t\tip saddr 169.254.0.0/16 accept\n"
		    "\t\tip daddr { 169.254.0.0/16, 224.0.0.0/4, "
		    "255.255.255.255 } accept\n");
}

static void
render_router(const struct op_firewall *f, const char *who, int family,
    struct buf *b)
{
	const struct addr *router = firewall_set_router(f, family);
	char text[ADDR_TEXT_MAX];

	if (router != NULL)
		buf_printf(b, "\t\t%s %s %s accept\n", ip(family), who,
		    addr_print(router, text));
}

static void
render_prefixes(const struct op_firewall *f, const char *who,
    const char *verdict, int family, struct buf *b)
{
	buf_printf(b, "\t\t%s %s { ", ip(family), who);
	firewall_set_prefixes(f, family, b);
	buf_printf(b, " } %s\n", verdict);
}

static void
render_side(const struct op_firewall *f, const struct side *s, struct buf *b)
{
	static const int families[] = { 6, 4 };
	size_t i;

	buf_printf(b,
	    "\n\tchain %s {\n"
	    "\t\ttype filter hook %s priority raw; policy accept;\n",
	    s->chain, s->hook);
	for (i = 0; i < NITEMS(families); i++) {
		int family = families[i];

		render_sessions(f, s, family, b);
		render_tunnels(f, s->out, family, b);
		if (!firewall_set_has_prefixes(f, family))
			continue;
		render_router(f, s->out ? "saddr" : "daddr", family, b);
		render_local(family, b);
		render_prefixes(f, "saddr", "notrack", family, b);
		render_prefixes(f, "daddr", "notrack", family, b);
	}
	buf_puts(b, "\t}\n");
}

/* What leaves by an upstream's tunnel with a source that nobody out there has
 * a route to becomes the router's own. */
static void
render_nat_family(const struct op_firewall *f, int family, struct buf *b)
{
	const struct addr *router = firewall_set_router(f, family);
	char text[ADDR_TEXT_MAX];

	if (router == NULL)
		return;
	render_router(f, "saddr", family, b);
	if (firewall_set_has_prefixes(f, family))
		render_prefixes(f, "saddr", "accept", family, b);
	render_local(family, b);
	if (firewall_set_has_peers(f, family)) {
		buf_printf(b, "\t\t%s daddr { ", ip(family));
		firewall_set_peers(f, family, b);
		buf_puts(b, " } accept\n");
	}
	render_tunnels(f, true, family, b);
	buf_puts(b, "\t\toifname { ");
	firewall_set_translated(f, b);
	buf_printf(b, " } snat %s to %s\n", ip(family),
	    addr_print(router, text));
}

static void
render_nat(const struct op_firewall *f, struct buf *b)
{
	if (!firewall_set_has_translated(f) ||
	    (firewall_set_router(f, 6) == NULL &&
		firewall_set_router(f, 4) == NULL))
		return;
	buf_puts(b,
	    "\n\tchain translate {\n"
	    "\t\ttype nat hook postrouting priority srcnat; policy accept;\n");
	render_nat_family(f, 6, b);
	render_nat_family(f, 4, b);
	buf_puts(b, "\t}\n");
}

/* The mark tells the rules of one description from those of another. */
static void
put_mark(struct buf *b, size_t begin, size_t mark)
{
	char hex[CRYPTO_HASH_HEX_MAX];

	if (b->failed)
		return;
	(void)crypto_blake2b_hex(hex, b->data + begin, b->len - begin);
	memcpy(b->data + mark, hex, FIREWALL_RENDER_MARK_LEN);
}

void
firewall_render(const struct op_firewall *f, struct buf *b)
{
	size_t i, begin = b->len, mark;

	if (f->n_entries == 0 && f->n_prefixes == 0)
		return;
	buf_puts(b, head);
	mark = b->len;
	for (i = 0; i < FIREWALL_RENDER_MARK_LEN; i++)
		buf_putc(b, '0');
	buf_puts(b, "\"\n");
	for (i = 0; i < NITEMS(sides); i++)
		render_side(f, &sides[i], b);
	render_nat(f, b);
	buf_puts(b, "}\n");
	put_mark(b, begin, mark);
}

void
firewall_render_mark(const char *text, char mark[FIREWALL_RENDER_MARK_MAX])
{
	const char *p = strstr(text, FIREWALL_RENDER_COMMENT);
	size_t n = 0;

	if (p != NULL) {
		p += sizeof(FIREWALL_RENDER_COMMENT) - 1;
		n = strspn(p, "0123456789abcdef");
	}
	if (n != FIREWALL_RENDER_MARK_LEN || p[n] != '"')
		n = 0;
	if (n > 0)
		memcpy(mark, p, n);
	mark[n] = '\0';
}
