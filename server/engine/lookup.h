/* engine/lookup.h - the paths to one prefix, asked of bgpd right now. */
#ifndef ENGINE_LOOKUP_H
#define ENGINE_LOOKUP_H

#include "base/addr.h"

struct buf;
struct err;
struct worker_tools;

/* JSON of GET /v1/routes/{prefix}. ERR_NOT_FOUND when there is no path,
 * ERR_UNAVAILABLE when bgpd does not answer in time. Runs on the reader. */
int lookup_route(struct worker_tools *, const struct prefix *, struct buf *,
    struct err *);

#endif
