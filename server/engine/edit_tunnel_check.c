/* engine/edit_tunnel_check.c - may there be such a tunnel on this router? */
#include <stdio.h>
#include <string.h>

#include "base/err.h"
#include "engine/edit_tunnel.h"
#include "engine/edit_tunnel_check.h"
#include "engine/edit_tunnel_overlap.h"
#include "engine/observe.h"
#include "engine/target.h"
#include "model/downstream.h"

enum {
	MTU_MIN_IPV6 = 1280, /* RFC 8200 */
	MTU_MIN_GIF = 1280,
	MTU_MAX_GIF = 8192
};

/* The tunnel that is to be, and what it is held against. */
struct look {
	const struct observation *o;
	const struct edit_tunnel *e;
	const struct target *target;
	const struct tunnel *want;
	struct err *err;
};

static unsigned
full_length(const struct addr *a)
{
	return a->family == 4 ? 32 : 128;
}

/* Is it this tunnel as it is now, or an idle one that it is to take over? */
static bool
is_ours(const struct look *l, const char *interface)
{
	if (l->e->have->present &&
	    strcmp(interface, l->e->have->interface) == 0)
		return true;
	return strcmp(interface, l->want->interface) == 0 &&
	    host_link(&l->target->host, OP_RUNNING, interface) != NULL;
}

/* The interface of this router, this tunnel apart, that has an address. */
static const char *
owner_of(const struct look *l, const struct addr *a)
{
	const struct op_interface *i;
	struct addr other;
	size_t n;
	unsigned j;

	for (n = 0; n < l->o->n_interfaces; n++) {
		i = &l->o->interfaces[n];
		for (j = 0; j < OP_INTERFACE_ADDRS; j++)
			if (!is_ours(l, i->name) &&
			    addr_parse(&other, i->addrs[j], NULL) == 0 &&
			    addr_equal(&other, a))
				return i->name;
	}
	return NULL;
}

static void
check_endpoints(const struct look *l)
{
	const struct tunnel *want = l->want;
	const char *interface;

	if (want->local.family != want->remote.family) {
		(void)err_field(l->err, "/tunnel/remote",
		    "must be of the family of /tunnel/local");
		return;
	}
	if (addr_equal(&want->local, &want->remote)) {
		(void)err_field(l->err, "/tunnel/remote",
		    "is the same as /tunnel/local");
		return;
	}
	if (owner_of(l, &want->local) == NULL)
		(void)err_field(l->err, "/tunnel/local",
		    "is not an address of this router's interfaces");
	interface = owner_of(l, &want->remote);
	if (interface != NULL)
		(void)err_field(l->err, "/tunnel/remote",
		    "is an address of this router itself (on %s)", interface);
}

static bool
is_in_subnet(const struct look *l, const struct addr *a)
{
	struct prefix p =
	    edit_tunnel_overlap_subnet(&l->e->address, l->want->prefix_length);

	return a->family == l->e->address.family && prefix_contains(&p, a);
}

/* The first and (IPv4) the last address of a subnet are nobody's. */
static bool
is_reserved(const struct addr *a, unsigned len)
{
	unsigned bit, full = full_length(a);
	bool zeros = true, ones = true;

	if (full - len < 2)
		return false;
	for (bit = len; bit < full; bit++) {
		if ((a->bytes[bit / 8] >> (7 - bit % 8) & 1) != 0)
			zeros = false;
		else
			ones = false;
	}
	return zeros || (a->family == 4 && ones);
}

/* Both in one subnet, or two ends of a point-to-point link. */
static void
check_subnet(const struct look *l)
{
	const struct edit_tunnel *e = l->e;
	unsigned len = l->want->prefix_length;
	char text[ADDR_TEXT_MAX];

	if (len > full_length(&e->address)) {
		(void)err_field(l->err, "/tunnel/prefix_length",
		    "must be 1 to %u here", full_length(&e->address));
		return;
	}
	if (len == full_length(&e->address))
		return;
	if (!is_in_subnet(l, &e->peer))
		(void)err_field(l->err, e->address_member,
		    "is not in one /%u with %s; %u would make it a "
		    "point-to-point link",
		    len, addr_print(&e->peer, text), full_length(&e->address));
	else if (is_reserved(&e->address, len))
		(void)err_field(l->err, e->address_member,
		    "is the subnet's own address, not a machine's");
	else if (is_reserved(&e->peer, len))
		(void)err_field(l->err, e->peer_member,
		    "is the subnet's own address, not a machine's");
	else if (is_in_subnet(l, &l->want->remote))
		(void)err_field(l->err, "/tunnel/remote",
		    "lies inside the tunnel's own subnet");
}

static void
check_inner(const struct look *l)
{
	const struct edit_tunnel *e = l->e;
	const char *interface;

	if (e->address.family == 0) {
		(void)err_field(l->err, e->address_member,
		    "is missing: a tunnel needs both of its inner addresses");
		return;
	}
	if (e->address.family != e->peer.family) {
		(void)err_field(l->err, e->address_member,
		    "must be of the family of %s", e->peer_member);
		return;
	}
	if (addr_equal(&e->address, &e->peer)) {
		(void)err_field(l->err, e->address_member, "is the same as %s",
		    e->peer_member);
		return;
	}
	if (addr_equal(&e->peer, &l->want->remote)) {
		(void)err_field(l->err, "/tunnel/remote",
		    "is the same as %s: the tunnel would run through itself",
		    e->peer_member);
		return;
	}
	check_subnet(l);
	interface = owner_of(l, &e->address);
	if (interface != NULL)
		(void)err_field(l->err, e->address_member,
		    "is an address of %s already", interface);
	interface = owner_of(l, &e->peer);
	if (interface != NULL)
		(void)err_field(l->err, e->peer_member,
		    "is an address of this router itself (on %s)", interface);
}

static void
check_mtu(const struct look *l)
{
	const struct tunnel *want = l->want;

	if (l->e->peer.family == 6 && want->mtu < MTU_MIN_IPV6)
		(void)err_field(l->err, "/tunnel/mtu",
		    "must be at least %d to carry IPv6", MTU_MIN_IPV6);
	else if (want->kind == TUNNEL_GIF &&
	    (want->mtu < MTU_MIN_GIF || want->mtu > MTU_MAX_GIF))
		(void)err_field(l->err, "/tunnel/mtu",
		    "must be %d to %d for a gif", MTU_MIN_GIF, MTU_MAX_GIF);
}

static int
refuse(const struct look *l, const char *reason, const char *text)
{
	(void)err_set(l->err, ERR_CONFLICT, "%s", text);
	return err_reason(l->err, reason);
}

/* What the other tunnels have already. */
static int
check_others(const struct look *l)
{
	const struct host *h = &l->target->host;
	const struct op_link *link;
	char text[200];
	size_t i;

	for (i = 0; i < h->n_links; i++) {
		link = &h->links[i];
		if (link->kind == OP_LINK_OTHER || is_ours(l, link->name))
			continue;
		(void)snprintf(text, sizeof(text),
		    "%s is a tunnel between these two endpoints already",
		    link->name);
		if (link->kind == l->want->kind &&
		    addr_equal(&link->local, &l->want->local) &&
		    addr_equal(&link->remote, &l->want->remote))
			return refuse(l, "endpoints_taken", text);
		if (edit_tunnel_overlap_link(l->e, l->want, link))
			return err_field(l->err, l->e->address_member,
			    "overlaps with the addresses of %s", link->name);
	}
	return 0;
}

/* Whose interface is it? "" when nobody's that is known. */
static void
user_of(const struct look *l, const char *interface, char *out, size_t size)
{
	size_t i;

	out[0] = '\0';
	for (i = 0; i < l->o->upstreams.n; i++)
		if (strcmp(l->o->upstreams.v[i].tunnel.interface, interface) ==
		    0)
			(void)snprintf(out, size, " of the upstream %s",
			    l->o->upstreams.v[i].name.s);
	for (i = 0; i < l->o->n_downstreams; i++)
		if (strcmp(l->o->downstreams[i].tunnel.interface, interface) ==
		    0)
			(void)snprintf(out, size, " of the downstream %s",
			    l->o->downstreams[i].name.s);
}

static bool
exists(const struct look *l, const char *interface)
{
	size_t i;

	for (i = 0; i < l->o->n_interfaces; i++)
		if (strcmp(l->o->interfaces[i].name, interface) == 0)
			return true;
	return host_link(&l->target->host, OP_RUNNING, interface) != NULL ||
	    host_link(&l->target->host, OP_BOOT, interface) != NULL;
}

/* There already, idle, and just what is wanted: may be taken over. */
static bool
would_do(const struct look *l, const struct op_link *link)
{
	return link != NULL && link->kind == l->want->kind &&
	    addr_equal(&link->local, &l->want->local) &&
	    addr_equal(&link->remote, &l->want->remote);
}

static int
check_interface(const struct look *l)
{
	const struct host *h = &l->target->host;
	const char *name = l->want->interface;
	const struct op_link *link = host_link(h, OP_RUNNING, name);
	struct tunnel idle = { .present = true };
	char text[200], user[64];

	if ((l->e->have->present && strcmp(name, l->e->have->interface) == 0) ||
	    !exists(l, name))
		return 0;
	user_of(l, name, user, sizeof(user));
	if (link == NULL)
		link = host_link(h, OP_BOOT, name);
	if (user[0] != '\0' || !would_do(l, link)) {
		(void)snprintf(text, sizeof(text),
		    "there is an interface %s%s already; leave interface out "
		    "to get the next free one",
		    name, user);
		return refuse(l, "interface_taken", text);
	}
	(void)snprintf(idle.interface, sizeof(idle.interface), "%s", name);
	idle.owned = link->owned != 0;
	return edit_tunnel_check_owned(&idle, l->e->adopt, l->err);
}

int
edit_tunnel_check_description(const struct edit_tunnel *e, struct err *err)
{
	struct err why;

	err_clear(&why);
	/* An interface that keeps its description is not looked at. */
	if (e->description[0] == '\0' ||
	    (e->have->present && !e->description_changes) ||
	    op_description_check(e->description, &why) == 0)
		return 0;
	return err_field(err, "/description",
	    "is the tunnel's description too: %s", why.text);
}

int
edit_tunnel_check(const struct observation *o, const struct edit_tunnel *e,
    const struct target *target, const struct tunnel *want, struct err *err)
{
	struct look l = { o, e, target, want, err };

	check_endpoints(&l);
	check_inner(&l);
	check_mtu(&l);
	(void)edit_tunnel_check_description(e, err);
	if (err->code != ERR_NONE)
		return -1;
	if (check_interface(&l) == -1)
		return -1;
	if (check_others(&l) == -1)
		return -1;
	return edit_tunnel_overlap_neighbors(o, e, want, err);
}
