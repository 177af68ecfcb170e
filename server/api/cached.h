/* api/cached.h - answers that the snapshot holds ready. */
#ifndef API_CACHED_H
#define API_CACHED_H

#include <stdbool.h>

struct body;
struct err;
struct reply;
struct request;
struct snapshot;

/*
 * The newest snapshot, with a reference that the reply keeps and gives back.
 * ERR_UNAVAILABLE while FRR has never answered (need_observed: also when there
 * is one without anything in it).
 */
int cached_get(const struct request *, struct reply *, bool need_observed,
    const struct snapshot **, struct err *);
/* 200 with the body, or 304 when If-None-Match has its tag. */
int cached_reply(const struct request *, struct reply *, const struct body *,
    struct err *);
enum cached_list {
	CACHED_UPSTREAMS,
	CACHED_SESSIONS
};
/* 200 with those that a token limited to some names may see. */
int cached_reply_visible(const struct request *, struct reply *,
    const struct snapshot *, enum cached_list, struct err *);

#endif
