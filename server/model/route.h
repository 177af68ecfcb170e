/* model/route.h - the paths to one prefix, as GET /v1/routes shows them. */
#ifndef MODEL_ROUTE_H
#define MODEL_ROUTE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct buf;

/* Texts are borrowed; "" and NULL become null. */
struct route_path {
	bool best;
	const char *best_reason;
	bool valid;
	const char *neighbor;
	const char *upstream;
	bool internal;
	bool local;
	const char *next_hop;
	int64_t local_preference; /* -1: none */
	int64_t med;              /* -1: none */
	const char *as_path;
	unsigned as_path_length;
	const char *origin;
	const char *communities; /* blanks between */
	const char *large_communities;
};

/* The best path first, the others in the given order. */
void route_render(const char *prefix, const struct route_path *, size_t n,
    struct buf *);

#endif
