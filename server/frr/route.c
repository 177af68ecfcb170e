/* frr/route.c - the paths of one prefix. */
#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "base/addr.h"
#include "base/err.h"
#include "base/mem.h"
#include "frr/json.h"
#include "frr/state.h"

/* A path per neighbor, some more with add-path. */
enum {
	ROUTE_PATHS_MAX = 4096
};

void
frr_route_clear(struct frr_route *route)
{
	free(route->paths);
	free(route->sent_to);
	memset(route, 0, sizeof(*route));
}

static bool
is_unspecified(const struct addr *addr)
{
	static const uint8_t zero[16];

	return memcmp(addr->bytes, zero, sizeof(zero)) == 0;
}

/* The global one of the next hops (a link-local one may stand beside it). */
static void
parse_next_hop(struct frr_path *path, const json_t *hops)
{
	const json_t *hop;
	struct addr addr;
	size_t i;

	json_array_foreach(hops, i, hop)
	{
		if (addr_parse(&addr, frr_json_text(hop, "ip"), NULL) == -1)
			continue;
		if (path->next_hop.family == 0 ||
		    addr_is_link_local(&path->next_hop))
			path->next_hop = addr;
	}
}

static void
parse_as_path(struct frr_path *path, const json_t *as_path)
{
	const char *text = frr_json_text(as_path, "string");

	if (strcmp(text, "Local") == 0) /* also iBGP routes of our own AS */
		text = "";
	frr_json_copy(path->as_path, sizeof(path->as_path), text);
	path->as_path_length = (unsigned)frr_json_u64(as_path, "length");
}

static void
parse_peer(struct frr_path *path, const json_t *item)
{
	const json_t *peer = json_object_get(item, "peer");

	if (addr_parse(&path->neighbor, frr_json_text(peer, "peerId"), NULL) ==
		-1 ||
	    is_unspecified(&path->neighbor))
		memset(&path->neighbor, 0, sizeof(path->neighbor));
	path->local = frr_json_bool(item, "sourced") ||
	    frr_json_bool(item, "local") ||
	    (path->neighbor.family == 0 &&
		*frr_json_text(peer, "peerId") != '\0');
	if (path->local)
		memset(&path->neighbor, 0, sizeof(path->neighbor));
	path->internal = !path->local &&
	    strcmp(frr_json_text(peer, "type"), "internal") == 0;
}

static void
parse_path(struct frr_path *path, const json_t *item)
{
	const json_t *best = json_object_get(item, "bestpath");
	const json_t *med = json_object_get(item, "med");
	char *c;

	path->valid = frr_json_bool(item, "valid");
	path->best = frr_json_bool(best, "overall");
	frr_json_copy(path->best_reason, sizeof(path->best_reason),
	    frr_json_text(best, "selectionReason"));
	parse_peer(path, item);
	parse_next_hop(path, json_object_get(item, "nexthops"));
	parse_as_path(path, json_object_get(item, "aspath"));
	path->has_local_preference =
	    json_is_integer(json_object_get(item, "locPrf"));
	path->local_preference = frr_json_as(item, "locPrf");
	path->has_med = json_is_integer(med) ||
	    json_is_integer(json_object_get(item, "metric"));
	path->med = frr_json_as(item, json_is_integer(med) ? "med" : "metric");
	frr_json_copy(path->origin, sizeof(path->origin),
	    frr_json_text(item, "origin"));
	for (c = path->origin; *c != '\0'; c++)
		*c = (char)tolower((unsigned char)*c);
	frr_json_copy(path->communities, sizeof(path->communities),
	    frr_json_text(json_object_get(item, "community"), "string"));
	frr_json_copy(path->large_communities, sizeof(path->large_communities),
	    frr_json_text(json_object_get(item, "largeCommunity"), "string"));
}

/* Neighbors by their addresses; one that is an interface is left out. */
static void
parse_sent_to(struct frr_route *route, json_t *peers)
{
	const char *name;
	json_t *peer;

	if (json_object_size(peers) == 0)
		return;
	route->sent_to =
	    mem_calloc(json_object_size(peers), sizeof(*route->sent_to));
	json_object_foreach(peers, name, peer)
	{
		if (addr_parse(&route->sent_to[route->n_sent_to], name, NULL) ==
		    0)
			route->n_sent_to++;
	}
}

static void
best_first(struct frr_route *route)
{
	struct frr_path best;
	size_t i;

	for (i = 1; i < route->n_paths; i++)
		if (route->paths[i].best) {
			best = route->paths[i];
			memmove(&route->paths[1], &route->paths[0],
			    i * sizeof(best));
			route->paths[0] = best;
			return;
		}
}

int
frr_route_parse(struct frr_route *route, const char *json, size_t len,
    struct err *err)
{
	json_t *root = frr_json_load(json, len, "one prefix", err);
	const json_t *paths, *item;
	size_t i;
	int rc = -1;

	memset(route, 0, sizeof(*route));
	if (root == NULL)
		return -1;
	if (json_object_size(root) == 0) {
		rc = 0; /* FRR's way of saying that there is none */
		goto out;
	}
	paths = json_object_get(root, "paths");
	if (!json_is_array(paths) || json_array_size(paths) > ROUTE_PATHS_MAX) {
		(void)err_set(err, ERR_TOOL,
		    "bgpd: one prefix: no list of paths%s%s",
		    *frr_json_text(root, "warning") == '\0' ? "" : ": ",
		    frr_json_text(root, "warning"));
		goto out;
	}
	frr_json_copy(route->prefix, sizeof(route->prefix),
	    frr_json_text(root, "prefix"));
	route->paths =
	    mem_calloc(json_array_size(paths), sizeof(*route->paths));
	json_array_foreach(paths, i, item)
	    parse_path(&route->paths[route->n_paths++], item);
	parse_sent_to(route, json_object_get(root, "advertisedTo"));
	route->found = route->n_paths > 0;
	best_first(route);
	rc = 0;
out:
	json_decref(root);
	return rc;
}
