/* engine/drain_check.c - may it be drained? Asked before anything is touched.
 */
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "base/compat.h"
#include "base/err.h"
#include "engine/confirm.h"
#include "engine/drain_check.h"
#include "engine/drain_proof.h"
#include "engine/drain_sent.h"
#include "engine/drain_want.h"
#include "engine/observe.h"
#include "engine/route_map.h"
#include "engine/router_read.h"
#include "frr/state.h"
#include "frr/tree.h"
#include "store/operation.h"

enum {
	MEGA = 1000 * 1000
};

struct checking {
	const struct drain_check *c;
	struct router_config router;
	struct err *err;
};

static void unmet(const struct checking *, bool may_force, const char *fmt, ...)
    PRINTFLIKE(3, 4);

static void
unmet(const struct checking *k, bool may_force, const char *fmt, ...)
{
	char text[192];
	va_list ap;

	if (may_force && k->c->wanted->force)
		return;
	va_start(ap, fmt);
	(void)vsnprintf(text, sizeof(text), fmt, ap);
	va_end(ap);
	(void)err_field(k->err, may_force ? "/force" : "", "%s", text);
}

/* By reasons that are there already. */
static bool
is_drained(const struct checking *k, const struct addr *neighbor)
{
	const struct drain_list *rows = &k->c->o->drains;
	size_t i;

	for (i = 0; i < rows->n; i++)
		if (drain_want_covers(&rows->v[i], neighbor))
			return true;
	return false;
}

/* Established, and not drained nor about to be. */
static bool
remains(const struct checking *k, const struct upstream *up)
{
	return up->session.established &&
	    !drain_covers(k->c->wanted, &up->neighbor) &&
	    !is_drained(k, &up->neighbor);
}

/*
 * Who carries a transit's traffic then? Another transit. An internal session
 * only on a router that installs no routes: it forwards nothing anyway, and
 * what comes in goes to the router that originates the prefix by another way.
 * Elsewhere nobody here knows whether the other router forwards.
 */
static bool
can_carry(const struct checking *k, const struct upstream *up)
{
	if (up->role == UPSTREAM_INTERNAL)
		return k->router.announce_only;
	return up->role == UPSTREAM_TRANSIT;
}

/* Would what comes for this prefix come in there? Of one that nobody has been
 * sent, the sessions tell as far as they can. */
static bool
carries(const struct checking *k, const struct upstream *up,
    const struct drain_sent *sent)
{
	unsigned family = sent->prefix.addr.family == 4 ? FAMILY_IPV4_UNICAST :
							  FAMILY_IPV6_UNICAST;

	if (!remains(k, up) || !up->family[family] || !can_carry(k, up))
		return false;
	if (up->role == UPSTREAM_INTERNAL)
		return true;
	if (sent->n == 0)
		return up->session.table[family].prefixes_sent > 0;
	return drain_sent_to(sent, &up->neighbor);
}

static void
check_prefix(const struct checking *k, const struct drain_sent *sent)
{
	const struct upstream_list *list = &k->c->o->upstreams;
	char text[PREFIX_TEXT_MAX];
	size_t i;

	for (i = 0; i < list->n; i++)
		if (carries(k, &list->v[i], sent))
			return;
	unmet(k, true,
	    "only_path: no other established transit session announces %s and "
	    "would carry its traffic",
	    prefix_print(&sent->prefix, text));
}

/* What an established session has not been sent does not come in there. */
static void
check_prefixes(const struct checking *k, const struct upstream *up)
{
	const struct drain_sent_list *list = k->c->sent;
	size_t i;

	for (i = 0; i < list->n; i++)
		if (!up->session.established ||
		    drain_sent_to(&list->v[i], &up->neighbor))
			check_prefix(k, &list->v[i]);
}

/* What the drained upstream is good for has to be there elsewhere. */
static void
check_upstream(const struct checking *k, const struct upstream *up)
{
	const struct upstream_list *list = &k->c->o->upstreams;
	size_t i;

	if (up->role == UPSTREAM_TRANSIT) {
		check_prefixes(k, up);
		return;
	}
	if (up->role != UPSTREAM_INTERNAL || !k->router.announce_only)
		return;
	/* It is where our prefixes come from. */
	for (i = 0; i < list->n; i++)
		if (list->v[i].role == UPSTREAM_INTERNAL &&
		    remains(k, &list->v[i]))
			return;
	unmet(k, true, "only_path: this router has its prefixes from %s alone",
	    up->name.s);
}

static void
check_router(const struct checking *k)
{
	const struct upstream_list *list = &k->c->o->upstreams;
	const char *peer = k->c->peer;
	size_t i;

	if (peer != NULL) {
		if (peer[0] != '\0')
			unmet(k, true, "other_router: %.170s", peer);
		return;
	}
	for (i = 0; i < list->n; i++)
		if (list->v[i].role == UPSTREAM_INTERNAL &&
		    list->v[i].session.established)
			return;
	unmet(k, true,
	    "other_router: no other router of this AS is connected, so nobody "
	    "would carry the traffic");
}

/* What a copy of this map could not do. */
static void
check_map(const struct checking *k, const char *map, bool out)
{
	const struct frr_node *tree = k->c->o->tree, *entry = NULL, *node;

	while (map[0] != '\0' &&
	    (entry = route_map_next_permit(tree, map, entry)) != NULL) {
		if (frr_tree_child_prefix(entry, "call", NULL) != NULL)
			unmet(k, true,
			    "route_map: %s calls another map, which may set "
			    "what the drain sets",
			    map);
		node =
		    frr_tree_child_prefix(entry, "set as-path prepend", NULL);
		if (out && k->c->wanted->prepend > 0 && node != NULL &&
		    strstr(node->line, "last-as") != NULL)
			unmet(k, true,
			    "route_map: %s prepends \"last-as\": nothing can "
			    "be prepended besides",
			    map);
	}
}

static void
check_maps(const struct checking *k)
{
	const struct upstream_list *list = &k->c->o->upstreams;
	const struct frr_node *bgp = adopt_bgp(k->c->o->tree);
	char neighbor[ADDR_TEXT_MAX], map[128];
	unsigned family;
	size_t i;

	for (i = 0; i < list->n; i++) {
		if (!drain_covers(k->c->wanted, &list->v[i].neighbor))
			continue;
		(void)addr_print(&list->v[i].neighbor, neighbor);
		for (family = 0; family < FAMILIES; family++) {
			adopt_route_map(bgp, family, neighbor, "in", map,
			    sizeof(map));
			check_map(k, map, false);
			adopt_route_map(bgp, family, neighbor, "out", map,
			    sizeof(map));
			check_map(k, map, true);
		}
	}
}

/* The present traffic of all transits against what the remaining ones can
 * carry; judged only where every one of them is known. */
static void
check_capacity(const struct checking *k)
{
	const struct upstream_list *list = &k->c->o->upstreams;
	char now[DRAIN_PROOF_RATE_MAX], room[DRAIN_PROOF_RATE_MAX];
	int64_t rx = 0, tx = 0, capacity = 0, most;
	size_t i, n = 0;

	for (i = 0; i < list->n; i++) {
		const struct upstream *up = &list->v[i];
		const struct drain_fact *f =
		    drain_facts_find(k->c->facts, &up->neighbor);

		if (up->role != UPSTREAM_TRANSIT)
			continue;
		if (f != NULL && f->rx_bps > 0)
			rx += f->rx_bps;
		if (f != NULL && f->tx_bps > 0)
			tx += f->tx_bps;
		if (!remains(k, up))
			continue;
		if (up->capacity_mbps == 0)
			return;
		capacity += (int64_t)up->capacity_mbps * MEGA;
		n++;
	}
	most = rx > tx ? rx : tx;
	if (n > 0 && most > capacity)
		unmet(k, true,
		    "capacity: %s flow now, and the upstreams that remain have "
		    "%s together",
		    drain_proof_rate(most, now),
		    drain_proof_rate(capacity, room));
}

static bool
is_drain(const struct operation *op)
{
	return strstr(op->kind, "_drain") != NULL ||
	    strstr(op->kind, "_undrain") != NULL;
}

/* The rotation that drains its upstream first. */
static bool
is_asker(const struct operation *op, const struct drain *d)
{
	return strcmp(d->owner, DRAIN_OWNER_ROTATION) == 0 &&
	    strcmp(op->kind, "tcp_md5_rotation") == 0 &&
	    strcmp(op->resource, d->subject) == 0;
}

static void
check_others(const struct checking *k)
{
	const struct operation_list *list = k->c->lasting;
	const struct drain *d = k->c->wanted;
	size_t i;

	if (k->c->confirm != NULL)
		unmet(k, false,
		    "confirm_pending: operation %s waits to be confirmed and "
		    "goes back in %u s",
		    k->c->confirm->operation, k->c->confirm->seconds_left);
	for (i = 0; i < list->n; i++) {
		const struct operation *op = &list->v[i];

		if (is_drain(op) || is_asker(op, d) ||
		    op->state != OPERATION_RUNNING ||
		    (!drain_is_router(d) &&
			strcmp(op->resource, "router") != 0 &&
			strcmp(op->resource, d->subject) != 0))
			continue;
		unmet(k, false, "operation: %s (%s of %s) is under way", op->id,
		    op->kind, op->resource);
	}
}

int
drain_check(const struct drain_check *c, struct err *err)
{
	struct checking k = { .c = c };
	const struct upstream *up;
	struct err why;

	err_clear(&why);
	k.err = &why;
	router_read(c->o->tree, &c->o->host, &k.router);
	check_others(&k);
	check_maps(&k);
	if (drain_is_router(c->wanted)) {
		check_router(&k);
	} else {
		up =
		    adopt_find_neighbor(&c->o->upstreams, &c->wanted->neighbor);
		/* Drained already, it takes nothing more away. */
		if (up != NULL && !is_drained(&k, &up->neighbor)) {
			check_upstream(&k, up);
			if (up->role == UPSTREAM_TRANSIT)
				check_capacity(&k);
		}
	}
	if (why.n_fields == 0)
		return 0;
	why.code = ERR_CONFLICT;
	(void)snprintf(why.text, sizeof(why.text),
	    "%s cannot be drained now: %.192s%s", c->wanted->subject,
	    why.fields[0].detail, why.n_fields > 1 ? "; and more" : "");
	if (err != NULL)
		*err = why;
	return err_reason(err, "drain_preflight");
}
