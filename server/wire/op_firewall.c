/* wire/op_firewall.c - is this description of the firewall whole and in order?
 */
/* names: firewall_check */
#include <string.h>

#include "base/err.h"
#include "wire/op.h"
#include "wire/op_check.h"

static int
check_router(const struct op_firewall *f, struct err *err)
{
	static const char *const names[2] = { "router: IPv4", "router: IPv6" };
	static const uint8_t families[2] = { 4, 6 };
	unsigned i;

	for (i = 0; i < NITEMS(families); i++) {
		if (op_check_unicast(&f->router[i], OP_CHECK_MAY_NONE, names[i],
			err) == -1)
			return -1;
		if (f->router[i].family != 0 &&
		    f->router[i].family != families[i])
			return err_set(err, ERR_INVALID,
			    "%s: is of the other family", names[i]);
	}
	return 0;
}

static int
compare_prefixes(const struct prefix *a, const struct prefix *b)
{
	int c = addr_compare(&a->addr, &b->addr);

	return c != 0 ? c : (int)a->len - (int)b->len;
}

static int
check_prefixes(const struct op_firewall *f, struct err *err)
{
	uint32_t i;

	if (f->n_prefixes > OP_FIREWALL_PREFIXES)
		return err_set(err, ERR_INVALID, "prefixes: at most %d",
		    OP_FIREWALL_PREFIXES);
	for (i = 0; i < f->n_prefixes; i++) {
		if (op_check_prefix(&f->prefixes[i], "prefixes", err) == -1)
			return -1;
		if (i > 0 &&
		    compare_prefixes(&f->prefixes[i - 1], &f->prefixes[i]) >= 0)
			return err_set(err, ERR_INVALID,
			    "prefixes: not in ascending order");
	}
	return 0;
}

static int
check_native(const struct op_firewall_entry *e, struct err *err)
{
	if (!op_check_zero(e->interface, sizeof(e->interface)) ||
	    !op_check_zero(&e->local, sizeof(e->local)) ||
	    !op_check_zero(&e->remote, sizeof(e->remote)))
		return err_set(err, ERR_INVALID,
		    "kind: a native neighbor has no interface, local and "
		    "remote");
	if (e->nat != 0)
		return err_set(err, ERR_INVALID,
		    "nat: must be 0 for a native neighbor");
	return op_check_unicast(&e->peer, OP_CHECK_MAY_ZONE, "peer", err);
}

static int
check_tunnel(const struct op_firewall_entry *e, struct err *err)
{
	if (op_check_tunnel(e->interface, "interface", err) == -1 ||
	    op_check_endpoints(&e->local, &e->remote, err) == -1 ||
	    op_check_unicast(&e->peer, OP_CHECK_MAY_ZONE | OP_CHECK_MAY_NONE,
		"peer", err) == -1)
		return -1;
	if (e->peer.zone[0] != '\0' && strcmp(e->peer.zone, e->interface) != 0)
		return err_set(err, ERR_INVALID,
		    "peer: has the zone of another interface");
	if (e->nat > 1)
		return err_set(err, ERR_INVALID, "nat: must be 0 or 1");
	return 0;
}

static int
check_entry(const struct op_firewall *f, const struct op_firewall_entry *e,
    struct err *err)
{
	if (e->kind == 0)
		return check_native(e, err);
	if (e->kind != OP_LINK_GRE && e->kind != OP_LINK_GIF)
		return err_set(err, ERR_INVALID,
		    "kind: must be gre, gif or 0 for a native neighbor");
	if (check_tunnel(e, err) == -1)
		return -1;
	if (e->nat == 1 && f->router[0].family == 0 && f->router[1].family == 0)
		return err_set(err, ERR_INVALID,
		    "nat: needs an address of the router");
	return 0;
}

static int
compare_entries(const struct op_firewall_entry *a,
    const struct op_firewall_entry *b)
{
	int c = strcmp(a->interface, b->interface);

	return c != 0 ? c : addr_compare(&a->peer, &b->peer);
}

static int
check_entries(const struct op_firewall *f, struct err *err)
{
	uint32_t i;

	if (f->n_entries > OP_FIREWALL_ENTRIES)
		return err_set(err, ERR_INVALID, "entries: at most %d",
		    OP_FIREWALL_ENTRIES);
	for (i = 0; i < f->n_entries; i++) {
		if (check_entry(f, &f->entries[i], err) == -1)
			return err_prefix(err, "entries: number %u", i + 1);
		if (i > 0 &&
		    compare_entries(&f->entries[i - 1], &f->entries[i]) >= 0)
			return err_set(err, ERR_INVALID,
			    "entries: not in ascending order of interface and "
			    "peer");
	}
	return 0;
}

int
op_firewall_check(const struct op_firewall *f, struct err *err)
{
	const char *p = (const char *)f;
	size_t router_end =
	    offsetof(struct op_firewall, router) + sizeof(f->router);
	size_t entries_end =
	    offsetof(struct op_firewall, entries) + sizeof(f->entries);

	if (check_router(f, err) == -1 || check_prefixes(f, err) == -1 ||
	    check_entries(f, err) == -1)
		return -1;
	/* Too large for a copy to compare with: what is not used, padding
	 * too, part by part. */
	if (!op_check_zero(p + router_end,
		offsetof(struct op_firewall, n_prefixes) - router_end) ||
	    !op_check_zero(&f->prefixes[f->n_prefixes],
		(OP_FIREWALL_PREFIXES - f->n_prefixes) *
		    sizeof(f->prefixes[0])) ||
	    !op_check_zero(&f->entries[f->n_entries],
		(OP_FIREWALL_ENTRIES - f->n_entries) * sizeof(f->entries[0])) ||
	    !op_check_zero(p + entries_end, sizeof(*f) - entries_end))
		return err_set(err, ERR_INVALID,
		    "a member that is not used is not zero");
	return 0;
}
