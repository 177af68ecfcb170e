/* api/rotation.h - POST /v1/upstreams/{name}/tcp-md5/rotations. */
#ifndef API_ROTATION_H
#define API_ROTATION_H

struct err;
struct reply;
struct request;

struct buf;
struct worker_tools;

/*
 * The first answer again, from what was kept of it, which holds no key: that is
 * in the journal, sealed, until the operation has ended.
 */
void rotation_replay(struct worker_tools *, const char *kept, struct buf *out);
int post_rotation(struct request *, struct reply *, struct err *);

#endif
