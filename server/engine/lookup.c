/* engine/lookup.c - the paths to one prefix, asked of bgpd right now. */
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/err.h"
#include "base/mem.h"
#include "engine/lookup.h"
#include "engine/parts.h"
#include "engine/snapshot.h"
#include "engine/worker.h"
#include "frr/frr.h"
#include "model/route.h"

struct texts {
	char neighbor[ADDR_TEXT_MAX];
	char next_hop[ADDR_TEXT_MAX];
};

static void
fill(struct route_path *to, struct texts *texts, const struct frr_path *from,
    const struct snapshot *s)
{
	const struct snapshot_item *item = NULL;

	if (s != NULL && from->neighbor.family != 0)
		item = snapshot_find_neighbor(s, &from->neighbor);
	to->best = from->best;
	to->best_reason = from->best_reason;
	to->valid = from->valid;
	to->neighbor = addr_print(&from->neighbor, texts->neighbor);
	to->upstream = item == NULL ? NULL : item->name.s;
	to->internal = from->internal;
	to->local = from->local;
	to->next_hop = addr_print(&from->next_hop, texts->next_hop);
	to->local_preference =
	    from->has_local_preference ? (int64_t)from->local_preference : -1;
	to->med = from->has_med ? (int64_t)from->med : -1;
	to->as_path = from->as_path;
	to->as_path_length = from->as_path_length;
	to->origin = from->origin;
	to->communities = from->communities;
	to->large_communities = from->large_communities;
}

int
lookup_route(struct worker_tools *tools, const struct prefix *prefix,
    struct buf *b, struct err *err)
{
	struct frr_route route = { 0 };
	const struct snapshot *s;
	struct route_path *paths;
	struct texts *texts;
	char text[PREFIX_TEXT_MAX];
	size_t i;

	if (frr_observe_route(tools->frr, prefix, &route, err) == -1) {
		if (err->code == ERR_TIMEOUT)
			err->code = ERR_UNAVAILABLE;
		return -1;
	}
	if (!route.found || route.n_paths == 0) {
		frr_route_clear(&route);
		return err_set(err, ERR_NOT_FOUND, "no path to %s",
		    prefix_print(prefix, text));
	}
	s = snapshot_get(tools->parts->snapshots);
	paths = mem_calloc(route.n_paths, sizeof(*paths));
	texts = mem_calloc(route.n_paths, sizeof(*texts));
	for (i = 0; i < route.n_paths; i++)
		fill(&paths[i], &texts[i], &route.paths[i], s);
	route_render(route.prefix, paths, route.n_paths, b);
	snapshot_put(tools->parts->snapshots, s);
	free(paths);
	free(texts);
	frr_route_clear(&route);
	return 0;
}
