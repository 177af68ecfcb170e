/* engine/edit_tunnel_overlap.c - whose addresses a tunnel's subnet holds. */
#include <stdio.h>
#include <string.h>

#include "base/err.h"
#include "engine/adopt_host.h"
#include "engine/edit_tunnel.h"
#include "engine/edit_tunnel_overlap.h"
#include "engine/observe.h"
#include "model/upstream.h"
#include "wire/op.h"

enum {
	SUBNETS_MAX = 2
};

struct prefix
edit_tunnel_overlap_subnet(const struct addr *a, unsigned len)
{
	char address[ADDR_TEXT_MAX], text[PREFIX_TEXT_MAX + 8];
	struct prefix p;

	memset(&p, 0, sizeof(p));
	(void)snprintf(text, sizeof(text), "%s/%u", addr_print(a, address),
	    len);
	(void)prefix_parse(&p, text, false, NULL);
	return p;
}

/* The subnets that an address of a link covers. */
static unsigned
subnets(const struct op_address *a, struct prefix out[SUBNETS_MAX])
{
	if (a->peer.family == 0) {
		out[0] =
		    edit_tunnel_overlap_subnet(&a->address, a->prefix_length);
		return 1;
	}
	out[0] = adopt_host_prefix(&a->address);
	out[1] = adopt_host_prefix(&a->peer);
	return 2;
}

static bool
overlap(const struct op_address *a, const struct op_address *b)
{
	struct prefix x[SUBNETS_MAX], y[SUBNETS_MAX];
	unsigned i, j, n = subnets(a, x), m = subnets(b, y);

	for (i = 0; i < n; i++)
		for (j = 0; j < m; j++)
			if (x[i].addr.family == y[j].addr.family &&
			    (prefix_contains(&x[i], &y[j].addr) ||
				prefix_contains(&y[j], &x[i].addr)))
				return true;
	return false;
}

/* Our end of the tunnel as the link's address that it will be. */
static struct op_address
inner_of(const struct edit_tunnel *e, const struct tunnel *want)
{
	struct op_address mine;

	memset(&mine, 0, sizeof(mine));
	mine.address = e->address;
	mine.prefix_length = want->prefix_length;
	if (want->prefix_length == (mine.address.family == 4 ? 32 : 128))
		mine.peer = e->peer;
	return mine;
}

bool
edit_tunnel_overlap_link(const struct edit_tunnel *e, const struct tunnel *want,
    const struct op_link *link)
{
	struct op_address mine = inner_of(e, want);
	unsigned i;

	for (i = 0; i < link->n_addresses; i++)
		if (!addr_is_link_local(&link->addresses[i].address) &&
		    overlap(&mine, &link->addresses[i]))
			return true;
	return false;
}

int
edit_tunnel_overlap_neighbors(const struct observation *o,
    const struct edit_tunnel *e, const struct tunnel *want, struct err *err)
{
	struct op_address mine = inner_of(e, want);
	struct prefix net[SUBNETS_MAX];
	unsigned i, n = subnets(&mine, net);
	char text[ADDR_TEXT_MAX];
	size_t j;

	for (j = 0; j < o->upstreams.n; j++) {
		const struct upstream *up = &o->upstreams.v[j];

		if (addr_equal(&up->neighbor, &e->have_peer))
			continue;
		for (i = 0; i < n; i++)
			if (net[i].addr.family == up->neighbor.family &&
			    prefix_contains(&net[i], &up->neighbor))
				return err_field(err, e->address_member,
				    "its subnet holds %s, the neighbor of the "
				    "upstream %s",
				    addr_print(&up->neighbor, text),
				    up->name.s);
	}
	return 0;
}
