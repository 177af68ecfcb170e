/* engine/drain_sent.c - which of our prefixes are announced to whom. */
#include <stdlib.h>
#include <string.h>

#include "base/err.h"
#include "base/mem.h"
#include "engine/drain_sent.h"
#include "engine/observe.h"
#include "engine/prefix_list.h"
#include "engine/router_read.h"
#include "frr/frr.h"

void
drain_sent_clear(struct drain_sent_list *list)
{
	size_t i;

	for (i = 0; i < list->n; i++) {
		free(list->v[i].to);
		free(list->v[i].from_drained);
	}
	memset(list, 0, sizeof(*list));
}

static bool
is_among(const struct addr *list, size_t n, const struct addr *neighbor)
{
	size_t i;

	for (i = 0; i < n; i++)
		if (addr_equal(&list[i], neighbor))
			return true;
	return false;
}

bool
drain_sent_to(const struct drain_sent *sent, const struct addr *neighbor)
{
	return is_among(sent->to, sent->n, neighbor);
}

bool
drain_sent_by_drained(const struct drain_sent_list *list,
    const struct addr *neighbor)
{
	size_t i;

	for (i = 0; i < list->n; i++)
		if (is_among(list->v[i].from_drained, list->v[i].n_from_drained,
			neighbor))
			return true;
	return false;
}

static void
add(struct drain_sent_list *list, const struct prefix *p)
{
	size_t i;

	for (i = 0; i < list->n; i++)
		if (prefix_equal(&list->v[i].prefix, p))
			return;
	if (list->n < DRAIN_SENT_MAX)
		list->v[list->n++].prefix = *p;
}

/* A customer's, say, which is not ours and of which nothing here tells. */
static void
add_listed(struct drain_sent_list *list, const struct observation *o)
{
	static const unsigned families[] = { 4, 6 };
	struct prefix_list rules;
	size_t i, j, k;

	for (i = 0; i < o->upstreams.n; i++) {
		const struct upstream *up = &o->upstreams.v[i];

		for (j = 0; up->export_prefix_list[0] != '\0' && j < 2; j++) {
			prefix_list_read(o->tree, families[j],
			    up->export_prefix_list, &rules);
			for (k = 0; k < rules.n; k++) {
				const struct prefix_rule *r = &rules.v[k].rule;

				if (r->permit && r->ge == 0 && r->le == 0)
					add(list, &r->prefix);
			}
			prefix_list_clear(&rules);
		}
	}
}

static void
note_drained(struct drain_sent *sent, const struct frr_route *route)
{
	size_t i;

	sent->from_drained =
	    mem_calloc(route->n_paths + 1, sizeof(*sent->from_drained));
	for (i = 0; i < route->n_paths; i++) {
		const struct frr_path *path = &route->paths[i];

		if (path->internal && path->has_local_preference &&
		    path->local_preference == 0)
			sent->from_drained[sent->n_from_drained++] =
			    path->neighbor;
	}
}

static int
ask(struct frr *frr, struct drain_sent *sent, struct err *err)
{
	struct frr_route route = { 0 };
	struct prefix found;

	if (frr_observe_route(frr, &sent->prefix, &route, err) == -1)
		return -1;
	/* Not the one that covers it. */
	if (route.found &&
	    prefix_parse(&found, route.prefix, false, NULL) == 0 &&
	    prefix_equal(&found, &sent->prefix)) {
		sent->to = route.sent_to;
		sent->n = route.n_sent_to;
		route.sent_to = NULL;
		note_drained(sent, &route);
	}
	frr_route_clear(&route);
	return 0;
}

int
drain_sent_read(struct frr *frr, const struct observation *o,
    struct drain_sent_list *list, struct err *err)
{
	struct router_config *router = mem_calloc(1, sizeof(*router));
	size_t i;

	memset(list, 0, sizeof(*list));
	router_read(o->tree, &o->host, router);
	for (i = 0; i < router->n_prefixes; i++)
		add(list, &router->prefixes[i].prefix);
	free(router);
	add_listed(list, o);
	for (i = 0; i < list->n; i++)
		if (ask(frr, &list->v[i], err) == -1) {
			drain_sent_clear(list);
			return -1;
		}
	return 0;
}
