/* engine/host_diff.c - two host values into operations of the parent. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/crypto.h"
#include "base/mem.h"
#include "engine/host.h"
#include "engine/host_diff.h"
#include "engine/host_diff_key.h"

void
host_diff_clear(struct host_ops *ops)
{
	size_t i;

	for (i = 0; i < ops->n; i++) {
		crypto_wipe(ops->v[i].payload, op_size(ops->v[i].kind));
		free(ops->v[i].payload);
	}
	free(ops->v);
	memset(ops, 0, sizeof(*ops));
}

void
host_diff_add(struct host_ops *ops, enum op_kind kind, const void *payload)
{
	struct host_op *op;

	ops->v = mem_realloc(ops->v, ops->n + 1, sizeof(*ops->v));
	op = &ops->v[ops->n++];
	op->kind = kind;
	op->payload = mem_calloc(1, op_size(kind));
	memcpy(op->payload, payload, op_size(kind));
}

/* A payload with the name alone, or with what the kind needs besides. */
static struct op_link
named(const struct op_link *link)
{
	struct op_link p;

	memset(&p, 0, sizeof(p));
	memcpy(p.name, link->name, sizeof(p.name));
	return p;
}

static void
add_endpoints(struct host_ops *ops, enum op_kind kind,
    const struct op_link *link)
{
	struct op_link p = named(link);

	p.kind = link->kind;
	p.inner = link->inner;
	p.local = link->local;
	p.remote = link->remote;
	host_diff_add(ops, kind, &p);
}

static void
add_number(struct host_ops *ops, enum op_kind kind, const struct op_link *link)
{
	struct op_link p = named(link);

	if (kind == OP_LINK_MTU)
		p.mtu = link->mtu;
	else if (kind == OP_LINK_UP)
		p.up = link->up;
	else if (kind == OP_LINK_DESCRIPTION)
		memcpy(p.description, link->description, sizeof(p.description));
	host_diff_add(ops, kind, &p);
}

static bool
same_address(const struct op_address *a, const struct op_address *b)
{
	return a->prefix_length == b->prefix_length &&
	    addr_equal(&a->address, &b->address) &&
	    addr_equal(&a->peer, &b->peer);
}

static bool
has_address(const struct op_link *link, const struct op_address *a)
{
	unsigned i;

	for (i = 0; link != NULL && i < link->n_addresses; i++)
		if (same_address(&link->addresses[i], a))
			return true;
	return false;
}

/* The same local address with another length or peer: the kernel takes one of
 * a kind, so the old one goes first. */
static const struct op_address *
twin_of(const struct op_link *link, const struct op_address *a)
{
	unsigned i;

	for (i = 0; link != NULL && i < link->n_addresses; i++)
		if (addr_equal(&link->addresses[i].address, &a->address))
			return &link->addresses[i];
	return NULL;
}

/* The addresses that has holds and lacks does not. */
static void
diff_addresses(const struct op_link *has, const struct op_link *lacks,
    enum op_kind kind, struct host_ops *ops)
{
	const struct op_address *twin;
	struct op_address_of p;
	unsigned i;

	for (i = 0; i < has->n_addresses; i++) {
		if (has_address(lacks, &has->addresses[i]))
			continue;
		memset(&p, 0, sizeof(p));
		memcpy(p.link, has->name, sizeof(p.link));
		twin = twin_of(lacks, &has->addresses[i]);
		if (twin != NULL && kind == OP_ADDRESS_REMOVE)
			continue;
		if (twin != NULL) {
			p.address = *twin;
			host_diff_add(ops, OP_ADDRESS_REMOVE, &p);
		}
		p.address = has->addresses[i];
		host_diff_add(ops, kind, &p);
	}
}

static bool
is_another_link(const struct op_link *a, const struct op_link *b)
{
	/* 0: carries both families, as some kinds do whatever was asked. */
	return a->kind != b->kind ||
	    (a->inner != 0 && b->inner != 0 && a->inner != b->inner) ||
	    a->local.family != b->local.family;
}

static void
build_link(const struct op_link *old, const struct op_link *link,
    struct host_ops *ops)
{
	struct op_link name = named(link);
	bool made = old == NULL || is_another_link(old, link);

	if (old != NULL && made)
		host_diff_add(ops, OP_LINK_DESTROY, &name);
	if (old != NULL && !made && !old->owned && link->owned)
		host_diff_add(ops, OP_LINK_ADOPT, &name);
	if (made)
		add_endpoints(ops, OP_LINK_CREATE, link);
	else if (!addr_equal(&old->local, &link->local) ||
	    !addr_equal(&old->remote, &link->remote))
		add_endpoints(ops, OP_LINK_ENDPOINTS, link);
	if (link->mtu != 0 && (made || old->mtu != link->mtu))
		add_number(ops, OP_LINK_MTU, link);
	if (made ? link->description[0] != '\0' :
		   strcmp(old->description, link->description) != 0)
		add_number(ops, OP_LINK_DESCRIPTION, link);
	/* Up before it has addresses: Linux loses the route to the other end
	 * of an address that is set on a link which is down. */
	if (made ? link->up : old->up != link->up)
		add_number(ops, OP_LINK_UP, link);
	diff_addresses(link, made ? NULL : old, OP_ADDRESS_ADD, ops);
	/* An undo brings back what had been made by hand. */
	if (made && !link->owned)
		host_diff_add(ops, OP_LINK_DISOWN, &name);
}

static void
clean_link(const struct op_link *old, const struct op_link *link,
    struct host_ops *ops)
{
	struct op_link name = named(old);

	if (link == NULL) {
		if (!old->owned)
			host_diff_add(ops, OP_LINK_ADOPT, &name);
		host_diff_add(ops, OP_LINK_DESTROY, &name);
		return;
	}
	if (!is_another_link(old, link))
		diff_addresses(old, link, OP_ADDRESS_REMOVE, ops);
	if (old->owned && !link->owned)
		host_diff_add(ops, OP_LINK_DISOWN, &name);
}

/*
 * What stands in the boot files is set and removed for what is ours alone. An
 * undo of an adoption has given it up by then: it is taken up once more, for as
 * long as the line is put back to what somebody had written.
 */
struct by_hand {
	bool adopt;
	bool disown;
};

/* old, new: the entries at boot, running: what runs and stays. */
static struct by_hand
by_hand_set(bool new_owned, bool is_there)
{
	struct by_hand h = { !new_owned && is_there, !new_owned };

	return h;
}

static struct by_hand
by_hand_remove(bool old_owned, bool ran, bool runs_on)
{
	struct by_hand h = { !old_owned && (runs_on || !ran),
		!old_owned && runs_on };

	return h;
}

static void
boot_link(const struct host *before, const struct host *after,
    const struct op_link *old, const struct op_link *link, struct host_ops *ops)
{
	struct op_link name = named(link != NULL ? link : old), p = name;
	bool ran = host_link(before, OP_RUNNING, name.name) != NULL;
	struct by_hand h = link != NULL ?
	    by_hand_set(link->owned, old != NULL || ran) :
	    by_hand_remove(old->owned, ran,
		host_link(after, OP_RUNNING, name.name) != NULL);

	if (link != NULL) {
		p = *link;
		p.where = 0;
		p.owned = 0;
		p.up = 0;
	}
	if (h.adopt)
		host_diff_add(ops, OP_LINK_ADOPT, &name);
	host_diff_add(ops,
	    link != NULL ? OP_BOOT_LINK_SET : OP_BOOT_LINK_REMOVE, &p);
	if (h.disown)
		host_diff_add(ops, OP_LINK_DISOWN, &name);
}

/* Equal as far as the boot files can tell. */
static bool
same_boot_link(const struct op_link *a, const struct op_link *b)
{
	unsigned i;

	if (a == NULL || b == NULL)
		return a == b;
	if (is_another_link(a, b) || !addr_equal(&a->local, &b->local) ||
	    !addr_equal(&a->remote, &b->remote) || a->mtu != b->mtu ||
	    strcmp(a->description, b->description) != 0 ||
	    a->n_addresses != b->n_addresses)
		return false;
	for (i = 0; i < a->n_addresses; i++)
		if (!has_address(b, &a->addresses[i]))
			return false;
	return true;
}

static struct op_route
bare_route(const struct op_route *route, bool prefix_alone)
{
	struct op_route p;

	memset(&p, 0, sizeof(p));
	p.prefix = route->prefix;
	if (prefix_alone)
		return p;
	p.kind = route->kind;
	p.gateway = route->gateway;
	memcpy(p.interface, route->interface, sizeof(p.interface));
	return p;
}

static void
add_route(struct host_ops *ops, enum op_kind kind, const struct op_route *route)
{
	struct op_route p = bare_route(route,
	    kind == OP_ROUTE_ADOPT || kind == OP_ROUTE_DISOWN ||
		kind == OP_BOOT_ROUTE_REMOVE);

	host_diff_add(ops, kind, &p);
}

static bool
same_route(const struct op_route *a, const struct op_route *b)
{
	if (a == NULL || b == NULL)
		return a == b;
	return op_route_same(a, b);
}

static void
build_route(const struct op_route *old, const struct op_route *route,
    struct host_ops *ops)
{
	if (old != NULL && !old->owned && route->owned)
		add_route(ops, OP_ROUTE_ADOPT, route);
	if (same_route(old, route))
		return;
	if (old != NULL)
		add_route(ops, OP_ROUTE_REMOVE, old);
	add_route(ops, OP_ROUTE_ADD, route);
	if (!route->owned)
		add_route(ops, OP_ROUTE_DISOWN, route);
}

static void
clean_route(const struct op_route *old, const struct op_route *route,
    struct host_ops *ops)
{
	if (route == NULL && !old->owned)
		add_route(ops, OP_ROUTE_ADOPT, old);
	if (route == NULL)
		add_route(ops, OP_ROUTE_REMOVE, old);
	else if (old->owned && !route->owned)
		add_route(ops, OP_ROUTE_DISOWN, route);
}

static void
boot_route(const struct host *before, const struct host *after,
    const struct op_route *old, const struct op_route *route,
    struct host_ops *ops)
{
	const struct op_route *r = route != NULL ? route : old;
	bool ran = host_route(before, OP_RUNNING, &r->prefix) != NULL;
	struct by_hand h = route != NULL ?
	    by_hand_set(route->owned, old != NULL || ran) :
	    by_hand_remove(old->owned, ran,
		host_route(after, OP_RUNNING, &r->prefix) != NULL);

	if (h.adopt)
		add_route(ops, OP_ROUTE_ADOPT, r);
	add_route(ops, route != NULL ? OP_BOOT_ROUTE_SET : OP_BOOT_ROUTE_REMOVE,
	    r);
	if (h.disown)
		add_route(ops, OP_ROUTE_DISOWN, r);
}

/* Does after hold something that before does not? Then it must be there
 * before FRR speaks to a new neighbor; what only goes, goes afterwards. */
static bool
firewall_gains(const struct op_firewall *before,
    const struct op_firewall *after)
{
	uint32_t i, j;

	if (memcmp(before->router, after->router, sizeof(after->router)) != 0)
		return true;
	for (i = j = 0; i < after->n_prefixes; i++, j++) {
		while (j < before->n_prefixes &&
		    !prefix_equal(&before->prefixes[j], &after->prefixes[i]))
			j++;
		if (j >= before->n_prefixes)
			return true;
	}
	for (i = j = 0; i < after->n_entries; i++) {
		while (j < before->n_entries &&
		    memcmp(&before->entries[j], &after->entries[i],
			sizeof(after->entries[0])) != 0)
			j++;
		if (j == before->n_entries)
			return true;
		j++;
	}
	return false;
}

static bool
firewall_differs(const struct host *before, const struct host *after)
{
	return before->firewall_known && after->firewall_known &&
	    (!op_same(&before->running, &after->running,
		 sizeof(before->running)) ||
		(!before->firewall_as_set && after->firewall_as_set));
}

static void
diff_firewall(const struct host *before, const struct host *after,
    enum host_phase phase, struct host_ops *ops)
{
	bool gains = firewall_gains(&before->running, &after->running);

	if (phase == HOST_BOOT) {
		if (before->firewall_known && after->firewall_known &&
		    !op_same(&before->boot, &after->boot, sizeof(after->boot)))
			host_diff_add(ops, OP_BOOT_FIREWALL, &after->boot);
		return;
	}
	if (firewall_differs(before, after) && gains == (phase == HOST_BUILD))
		host_diff_add(ops, OP_FIREWALL_REPLACE, &after->running);
}

static void
set_links(const struct host *before, const struct host *after,
    enum host_phase phase, struct host_ops *ops)
{
	enum op_where where = phase == HOST_BOOT ? OP_BOOT : OP_RUNNING;
	const struct op_link *old, *link;
	size_t i;

	for (i = 0; i < after->n_links; i++) {
		link = &after->links[i];
		if (link->where != where)
			continue;
		old = host_link(before, where, link->name);
		if (phase == HOST_BUILD)
			build_link(old, link, ops);
		else if (!same_boot_link(old, link))
			boot_link(before, after, old, link, ops);
	}
}

static void
drop_links(const struct host *before, const struct host *after,
    enum host_phase phase, struct host_ops *ops)
{
	enum op_where where = phase == HOST_BOOT ? OP_BOOT : OP_RUNNING;
	const struct op_link *old, *link;
	size_t i;

	for (i = 0; i < before->n_links; i++) {
		old = &before->links[i];
		if (old->where != where)
			continue;
		link = host_link(after, where, old->name);
		if (phase == HOST_CLEAN)
			clean_link(old, link, ops);
		else if (link == NULL)
			boot_link(before, after, old, NULL, ops);
	}
}

static void
set_routes(const struct host *before, const struct host *after,
    enum host_phase phase, struct host_ops *ops)
{
	enum op_where where = phase == HOST_BOOT ? OP_BOOT : OP_RUNNING;
	const struct op_route *old, *route;
	size_t i;

	for (i = 0; i < after->n_routes; i++) {
		route = &after->routes[i];
		if (route->where != where)
			continue;
		old = host_route(before, where, &route->prefix);
		if (phase == HOST_BUILD)
			build_route(old, route, ops);
		else if (!same_route(old, route))
			boot_route(before, after, old, route, ops);
	}
}

static void
drop_routes(const struct host *before, const struct host *after,
    enum host_phase phase, struct host_ops *ops)
{
	enum op_where where = phase == HOST_BOOT ? OP_BOOT : OP_RUNNING;
	const struct op_route *old, *route;
	size_t i;

	for (i = 0; i < before->n_routes; i++) {
		old = &before->routes[i];
		if (old->where != where)
			continue;
		route = host_route(after, where, &old->prefix);
		if (phase == HOST_CLEAN)
			clean_route(old, route, ops);
		else if (route == NULL)
			boot_route(before, after, old, NULL, ops);
	}
}

void
host_diff(const struct host *before, const struct host *after,
    enum host_phase phase, struct host_ops *ops)
{
	/* Undone backwards: the keys come last and go first. */
	if (phase != HOST_BUILD)
		host_diff_key_drop(before, after, phase, ops);
	if (phase == HOST_CLEAN) {
		diff_firewall(before, after, phase, ops);
	} else {
		set_links(before, after, phase, ops);
		set_routes(before, after, phase, ops);
	}
	/* What stands on a link goes before the link. */
	if (phase != HOST_BUILD) {
		drop_routes(before, after, phase, ops);
		drop_links(before, after, phase, ops);
	}
	if (phase != HOST_CLEAN) {
		diff_firewall(before, after, phase, ops);
		host_diff_key_set(before, after, phase, ops);
	}
}

bool
host_diff_is_none(const struct host *before, const struct host *after)
{
	struct host_ops ops = { 0 };
	enum host_phase phase;
	bool none;

	for (phase = HOST_BUILD; phase < HOST_PHASES; phase++)
		host_diff(before, after, phase, &ops);
	none = ops.n == 0;
	host_diff_clear(&ops);
	return none;
}

const char *
host_diff_subsystem(enum op_kind kind)
{
	switch (kind) {
	case OP_ROUTE_ADD:
	case OP_ROUTE_REMOVE:
	case OP_ROUTE_ADOPT:
	case OP_ROUTE_DISOWN:
		return "routes";
	case OP_FIREWALL_REPLACE:
		return "firewall";
	case OP_KEY_SET:
	case OP_KEY_REMOVE:
	case OP_KEY_ADOPT:
	case OP_KEY_DISOWN:
		return "keys";
	case OP_BOOT_KEY_SET:
	case OP_BOOT_KEY_REMOVE:
	case OP_BOOT_LINK_SET:
	case OP_BOOT_LINK_REMOVE:
	case OP_BOOT_ROUTE_SET:
	case OP_BOOT_ROUTE_REMOVE:
	case OP_BOOT_FIREWALL:
		return "boot";
	default:
		return "links";
	}
}

const char *
host_diff_object(enum op_kind kind, const void *payload)
{
	static _Thread_local char text[PREFIX_TEXT_MAX + 16];
	char remote[ADDR_TEXT_MAX];

	switch (kind) {
	case OP_FIREWALL_REPLACE:
	case OP_BOOT_FIREWALL:
		return "the firewall";
	case OP_KEY_SET:
	case OP_KEY_REMOVE:
	case OP_KEY_ADOPT:
	case OP_KEY_DISOWN:
	case OP_BOOT_KEY_SET:
	case OP_BOOT_KEY_REMOVE:
		(void)snprintf(text, sizeof(text), "the key to %s",
		    addr_print(&((const struct op_key *)payload)->remote,
			remote));
		return text;
	case OP_ROUTE_ADD:
	case OP_ROUTE_REMOVE:
	case OP_ROUTE_ADOPT:
	case OP_ROUTE_DISOWN:
	case OP_BOOT_ROUTE_SET:
	case OP_BOOT_ROUTE_REMOVE:
		return prefix_print(&((const struct op_route *)payload)->prefix,
		    text);
	default:
		/* The name comes first in the others. */
		(void)snprintf(text, sizeof(text), "%.15s",
		    (const char *)payload);
		return text;
	}
}
