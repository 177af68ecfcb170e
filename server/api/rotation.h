/* api/rotation.h - POST /v1/upstreams/{name}/tcp-md5/rotations. */
#ifndef API_ROTATION_H
#define API_ROTATION_H

struct err;
struct reply;
struct request;

int post_rotation(struct request *, struct reply *, struct err *);

#endif
