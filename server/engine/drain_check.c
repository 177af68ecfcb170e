/* engine/drain_check.c - may it be drained? Asked before anything is touched.
 */
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/compat.h"
#include "base/err.h"
#include "base/mem.h"
#include "engine/confirm.h"
#include "engine/drain_check.h"
#include "engine/drain_check_path.h"
#include "engine/observe.h"
#include "engine/route_map.h"
#include "engine/router_read.h"
#include "frr/state.h"
#include "frr/tree.h"
#include "store/operation.h"

void
drain_check_unmet(const struct drain_checking *k, bool may_force,
    const char *fmt, ...)
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

unsigned
drain_check_families(const struct observation *o)
{
	struct router_config *router = mem_calloc(1, sizeof(*router));
	unsigned mask = 0, family;
	size_t i;

	router_read(o->tree, &o->host, router);
	for (i = 0; i < router->n_prefixes; i++) {
		if (router->prefixes[i].originate)
			mask |= 1U
			    << family_of(&router->prefixes[i].prefix.addr);
	}
	free(router);
	for (i = 0; i < o->upstreams.n; i++) {
		const struct upstream *up = &o->upstreams.v[i];

		if (up->role != UPSTREAM_TRANSIT || !up->session.established)
			continue;
		for (family = 0; family < FAMILIES; family++)
			if (up->session.table[family].prefixes_sent > 0)
				mask |= 1U << family;
	}
	return mask;
}

/* Is there another router of ours, with all of these families? */
static bool
is_connected(const struct drain_checking *k, unsigned families)
{
	const struct upstream_list *list = &k->c->o->upstreams;
	unsigned family;
	size_t i;

	for (i = 0; i < list->n; i++) {
		if (list->v[i].role != UPSTREAM_INTERNAL ||
		    !list->v[i].session.established)
			continue;
		for (family = 0; family < FAMILIES; family++)
			if (list->v[i].family[family])
				families &= ~(1U << family);
		if (families == 0)
			return true;
	}
	return false;
}

static void
check_router(const struct drain_checking *k)
{
	unsigned families, family;
	const char *peer = k->c->peer;

	if (peer != NULL) {
		if (peer[0] != '\0')
			drain_check_unmet(k, true, "other_router: %.170s",
			    peer);
		return;
	}
	if (!is_connected(k, 0)) {
		drain_check_unmet(k, true,
		    "other_router: no other router of this AS is connected, so "
		    "nobody would carry the traffic");
		return;
	}
	families = drain_check_families(k->c->o);
	for (family = 0; family < FAMILIES; family++)
		if (!is_connected(k, families & 1U << family))
			drain_check_unmet(k, true,
			    "other_router: no session with another router of "
			    "this AS carries %s, so nobody would carry that "
			    "traffic",
			    family_name(family));
}

/* What a copy of this map could not do. */
static void
check_map(const struct drain_checking *k, const char *map, bool out)
{
	const struct frr_node *tree = k->c->o->tree, *entry = NULL, *node;

	while (map[0] != '\0' &&
	    (entry = route_map_next_permit(tree, map, entry)) != NULL) {
		if (frr_tree_child_prefix(entry, "call", NULL) != NULL)
			drain_check_unmet(k, true,
			    "route_map: %s calls another map, which may set "
			    "what the drain sets",
			    map);
		node =
		    frr_tree_child_prefix(entry, "set as-path prepend", NULL);
		if (out && k->c->wanted->prepend > 0 && node != NULL &&
		    strstr(node->line, "last-as") != NULL)
			drain_check_unmet(k, true,
			    "route_map: %s prepends \"last-as\": nothing can "
			    "be prepended besides",
			    map);
	}
}

static void
check_maps(const struct drain_checking *k)
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
check_others(const struct drain_checking *k)
{
	const struct operation_list *list = k->c->lasting;
	const struct drain *d = k->c->wanted;
	size_t i;

	if (k->c->confirm != NULL)
		drain_check_unmet(k, false,
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
		drain_check_unmet(k, false,
		    "operation: %s (%s of %s) is under way", op->id, op->kind,
		    op->resource);
	}
}

/* What a drain keeps of each of them is kept for so many. */
static void
check_number(const struct drain_checking *k)
{
	const struct upstream_list *list = &k->c->o->upstreams;

	if (list->n > DRAIN_FACTS_MAX)
		drain_check_unmet(k, false,
		    "neighbors: this router has %zu, and a drain of the router "
		    "goes up to %d: drain them one by one",
		    list->n, (int)DRAIN_FACTS_MAX);
}

int
drain_check(const struct drain_check *c, struct err *err)
{
	struct drain_checking k = { .c = c };
	const struct upstream *up;
	struct err why;

	err_clear(&why);
	k.err = &why;
	router_read(c->o->tree, &c->o->host, &k.router);
	check_others(&k);
	check_maps(&k);
	if (drain_is_router(c->wanted)) {
		check_number(&k);
		check_router(&k);
	} else {
		up =
		    adopt_find_neighbor(&c->o->upstreams, &c->wanted->neighbor);
		if (up != NULL)
			drain_check_path(&k, up);
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
