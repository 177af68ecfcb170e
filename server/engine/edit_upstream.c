/* engine/edit_upstream.c - an upstream, made, changed or taken away. */
#include <stdio.h>
#include <string.h>

#include "base/err.h"
#include "engine/adopt_host.h"
#include "engine/change.h"
#include "engine/drain_want.h"
#include "engine/edit.h"
#include "engine/edit_below.h"
#include "engine/edit_key.h"
#include "engine/edit_neighbor.h"
#include "engine/edit_policy.h"
#include "engine/edit_tunnel.h"
#include "engine/edit_wanted.h"
#include "engine/leak.h"
#include "engine/observe.h"
#include "engine/target.h"
#include "frr/state.h"
#include "model/downstream.h"
#include "model/upstream_order.h"

/* The update-source, or where there is none what the system takes by itself:
 * the tunnel's own address. */
static struct addr
local_of(const struct upstream *up, const struct host *h)
{
	const struct op_link *link;
	struct addr a;

	memset(&a, 0, sizeof(a));
	if (addr_parse(&a, up->local_address, NULL) == 0 || !up->tunnel.present)
		return a;
	link = adopt_host_link(h, &a, &up->neighbor);
	return link == NULL ? a : adopt_host_address(link, &up->neighbor);
}

static int
change_tunnel(const struct observation *o, const struct upstream *up,
    const struct upstream_order *order, struct upstream *want,
    struct target *target, struct err *err)
{
	struct edit_tunnel e = { .address = local_of(want, &o->host),
		.peer = want->neighbor,
		.address_member = "/local_address",
		.peer_member = "/neighbor",
		.description = want->description,
		.description_changes = up == NULL ||
		    strcmp(up->description, want->description) != 0,
		.whole = order->whole,
		.adopt = order->options.adopt.flag };

	if (up != NULL) {
		e.have = &up->tunnel;
		e.have_address = local_of(up, &o->host);
		e.have_peer = up->neighbor;
	}
	return edit_tunnel(o, &e, &order->tunnel, target, &want->tunnel, err);
}

/* The guard looks where something about what is announced is new: what was
 * made by hand is not judged when its description changes. */
static bool
exports_anew(const struct upstream *up, const struct upstream *want)
{
	return up == NULL || up->remote_as != want->remote_as ||
	    !addr_equal(&up->neighbor, &want->neighbor) ||
	    strcmp(up->export_prefix_list, want->export_prefix_list) != 0 ||
	    memcmp(up->family, want->family, sizeof(want->family)) != 0;
}

static int
set_name(const struct observation *o, const struct upstream *up,
    const struct upstream *want, struct target *target, struct err *err)
{
	bool moved = up != NULL && !addr_equal(&up->neighbor, &want->neighbor);
	struct friendly *f;
	size_t i;

	for (i = 0; up == NULL && i < o->n_downstreams; i++)
		if (strcmp(o->downstreams[i].name.s, want->name.s) == 0) {
			(void)err_set(err, ERR_CONFLICT,
			    "%s is the name of a downstream", want->name.s);
			return err_reason(err, "name_taken");
		}
	if (up != NULL && !moved && up->role == want->role &&
	    up->capacity_mbps == want->capacity_mbps)
		return 0;
	if (moved)
		target->forget[target->n_forget++] = up->neighbor;
	f = &target->set[target->n_set++];
	memset(f, 0, sizeof(*f));
	f->neighbor = want->neighbor;
	f->name = want->name;
	f->capacity_mbps = want->capacity_mbps;
	(void)snprintf(f->role, sizeof(f->role), "%s",
	    upstream_role_name(want->role));
	return 0;
}

static int
edit_frr(const struct observation *o, const struct upstream *up,
    const struct upstream *want, const struct upstream_order *order,
    struct target *target, struct err *err)
{
	struct drain_setting drained;

	if (edit_neighbor(target->tree, up, want, err) == -1 ||
	    (order->tcp_md5_key.present &&
		edit_neighbor_password(target->tree, &want->neighbor,
		    order->tcp_md5_key.text, err) == -1) ||
	    edit_policy(target->tree, up, want, order, err) == -1)
		return -1;
	if (up == NULL) {
		drain_want_of(o, &want->neighbor, &drained);
		edit_drain_set(&drained, want->name.s, target);
	}
	if (!exports_anew(up, want))
		return 0;
	return leak_check(target->tree, want, err);
}

/* The reasons for a drain hang on the address. */
static int
check_not_moved(const struct observation *o, const struct upstream *up,
    const struct upstream *want, struct err *err)
{
	size_t i;

	if (up == NULL || addr_equal(&up->neighbor, &want->neighbor))
		return 0;
	for (i = 0; i < o->drains.n; i++)
		if (drain_covers(&o->drains.v[i], &up->neighbor)) {
			(void)err_set(err, ERR_CONFLICT,
			    "%s is drained: undrain it before its neighbor "
			    "becomes another",
			    up->name.s);
			return err_reason(err, "drained");
		}
	return 0;
}

int
edit_upstream(const struct observation *o, const struct upstream *up,
    const struct name *name, const struct upstream_order *order,
    struct target *target, struct err *err)
{
	struct upstream want;

	err_clear(err);
	if (up == NULL && !order->whole)
		return err_set(err, ERR_NOT_FOUND, "there is no upstream %s",
		    name->s);
	if (adopt_bgp(o->tree) == NULL) {
		(void)err_set(err, ERR_CONFLICT,
		    "this router has no BGP yet: give it its local_as first, "
		    "with PUT /v1/router");
		return err_reason(err, "router_not_set_up");
	}
	if (edit_wanted(o, up, name, order, &want, err) == -1 ||
	    check_not_moved(o, up, &want, err) == -1 ||
	    change_tunnel(o, up, order, &want, target, err) == -1 ||
	    edit_below_route(o, up, &want, order, target, err) == -1 ||
	    edit_below_firewall(up, &want, order, target, err) == -1 ||
	    edit_frr(o, up, &want, order, target, err) == -1 ||
	    edit_key_below(o, up, &want,
		order->tcp_md5_key.present ? order->tcp_md5_key.text : NULL,
		order->options.adopt.flag, target, err) == -1)
		return -1;
	return set_name(o, up, &want, target, err);
}

/* Both families' maps, before the lines that name them go. */
struct maps {
	char v[2 * UPSTREAM_FAMILIES][128];
};

static void
find_maps(const struct target *target, const struct upstream *up,
    struct maps *maps)
{
	const struct frr_node *bgp = adopt_bgp(target->tree);
	char neighbor[ADDR_TEXT_MAX];
	size_t i;

	(void)addr_print(&up->neighbor, neighbor);
	for (i = 0; i < UPSTREAM_FAMILIES; i++) {
		adopt_route_map(bgp, (unsigned)i, neighbor, "in",
		    maps->v[2 * i], sizeof(maps->v[0]));
		adopt_route_map(bgp, (unsigned)i, neighbor, "out",
		    maps->v[2 * i + 1], sizeof(maps->v[0]));
	}
}

int
edit_upstream_remove(const struct observation *o, const struct upstream *up,
    const struct order_options *options, struct target *target, struct err *err)
{
	bool adopt = options->adopt.flag;
	struct maps maps = { 0 };
	char neighbor[ADDR_TEXT_MAX];
	unsigned i;

	err_clear(err);
	if (edit_below_remove(up, adopt, target, err) == -1 ||
	    edit_key_below(o, up, NULL, NULL, adopt, target, err) == -1 ||
	    edit_tunnel_remove(&up->tunnel, adopt, target, err) == -1)
		return -1;
	find_maps(target, up, &maps);
	edit_neighbor_remove(target->tree, &up->neighbor);
	drain_map_drop(&target->marks, addr_print(&up->neighbor, neighbor));
	for (i = 0; i < 2 * UPSTREAM_FAMILIES; i++)
		edit_policy_remove(target->tree, maps.v[i]);
	target->forget[target->n_forget++] = up->neighbor;
	return 0;
}
