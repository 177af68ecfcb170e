/* system/linux/firewall_set.c - the elements of nftables' sets; pure. */
#include <string.h>

#include "base/buf.h"
#include "system/linux/firewall_set.h"

/* The comma between two elements. */
static void
separate(struct buf *b, bool *any)
{
	if (*any)
		buf_puts(b, ", ");
	*any = true;
}

const struct addr *
firewall_set_router(const struct op_firewall *f, int family)
{
	size_t i;

	for (i = 0; i < 2; i++)
		if (f->router[i].family == family)
			return &f->router[i];
	return NULL;
}

static bool
is_peer(const struct op_firewall *f, size_t i, int family)
{
	size_t j;

	if (f->entries[i].peer.family != family ||
	    addr_is_link_local(&f->entries[i].peer))
		return false;
	for (j = 0; j < i; j++)
		if (addr_equal(&f->entries[j].peer, &f->entries[i].peer))
			return false;
	return true;
}

bool
firewall_set_has_peers(const struct op_firewall *f, int family)
{
	size_t i;

	for (i = 0; i < f->n_entries; i++)
		if (is_peer(f, i, family))
			return true;
	return false;
}

void
firewall_set_peers(const struct op_firewall *f, int family, struct buf *b)
{
	char text[ADDR_TEXT_MAX];
	bool any = false;
	size_t i;

	for (i = 0; i < f->n_entries; i++) {
		if (!is_peer(f, i, family))
			continue;
		separate(b, &any);
		buf_puts(b, addr_print(&f->entries[i].peer, text));
	}
}

static bool
is_outermost(const struct op_firewall *f, size_t i, int family)
{
	const struct prefix *p = &f->prefixes[i], *other;
	size_t j;

	if (p->addr.family != family)
		return false;
	for (j = 0; j < f->n_prefixes; j++) {
		other = &f->prefixes[j];
		if (j != i && prefix_contains(other, &p->addr) &&
		    (other->len < p->len || (other->len == p->len && j < i)))
			return false;
	}
	return true;
}

bool
firewall_set_has_prefixes(const struct op_firewall *f, int family)
{
	size_t i;

	for (i = 0; i < f->n_prefixes; i++)
		if (is_outermost(f, i, family))
			return true;
	return false;
}

void
firewall_set_prefixes(const struct op_firewall *f, int family, struct buf *b)
{
	char text[PREFIX_TEXT_MAX];
	bool any = false;
	size_t i;

	for (i = 0; i < f->n_prefixes; i++) {
		if (!is_outermost(f, i, family))
			continue;
		separate(b, &any);
		buf_puts(b, prefix_print(&f->prefixes[i], text));
	}
}

static bool
is_tunnel(const struct op_firewall *f, size_t i, int family)
{
	const struct op_firewall_entry *e = &f->entries[i], *other;
	size_t j;

	if ((e->kind != OP_LINK_GRE && e->kind != OP_LINK_GIF) ||
	    e->local.family != family)
		return false;
	for (j = 0; j < i; j++) {
		other = &f->entries[j];
		if (other->kind == e->kind &&
		    addr_equal(&other->local, &e->local) &&
		    addr_equal(&other->remote, &e->remote))
			return false;
	}
	return true;
}

bool
firewall_set_has_tunnels(const struct op_firewall *f, int family)
{
	size_t i;

	for (i = 0; i < f->n_entries; i++)
		if (is_tunnel(f, i, family))
			return true;
	return false;
}

void
firewall_set_tunnels(const struct op_firewall *f, int family, bool out,
    struct buf *b)
{
	/* By number: nft's names for them come from the system's files. */
	static const int gre[] = { 47, 0 }, gif[] = { 4, 41, 0 };
	char from[ADDR_TEXT_MAX], to[ADDR_TEXT_MAX];
	bool any = false;
	const int *p;
	size_t i;

	for (i = 0; i < f->n_entries; i++) {
		const struct op_firewall_entry *e = &f->entries[i];

		if (!is_tunnel(f, i, family))
			continue;
		(void)addr_print(out ? &e->local : &e->remote, from);
		(void)addr_print(out ? &e->remote : &e->local, to);
		for (p = e->kind == OP_LINK_GRE ? gre : gif; *p != 0; p++) {
			separate(b, &any);
			buf_printf(b, "%s . %s . %d", from, to, *p);
		}
	}
}

static bool
is_translated(const struct op_firewall *f, size_t i)
{
	size_t j;

	if (!f->entries[i].nat || f->entries[i].interface[0] == '\0')
		return false;
	for (j = 0; j < i; j++)
		if (f->entries[j].nat &&
		    strcmp(f->entries[j].interface, f->entries[i].interface) ==
			0)
			return false;
	return true;
}

bool
firewall_set_has_translated(const struct op_firewall *f)
{
	size_t i;

	for (i = 0; i < f->n_entries; i++)
		if (is_translated(f, i))
			return true;
	return false;
}

void
firewall_set_translated(const struct op_firewall *f, struct buf *b)
{
	bool any = false;
	size_t i;

	for (i = 0; i < f->n_entries; i++) {
		if (!is_translated(f, i))
			continue;
		separate(b, &any);
		buf_printf(b, "\"%s\"", f->entries[i].interface);
	}
}
