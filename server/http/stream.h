/* http/stream.h - answers that go on: one thread, many listeners. */
#ifndef HTTP_STREAM_H
#define HTTP_STREAM_H

#include "wire/frame.h"

struct conn;
struct server;
struct MHD_Response;

/* A client that takes nothing for so long is closed; so is one that is gone,
 * from the first heartbeat that it does not acknowledge. */
enum {
	STREAM_STALL_S = 60
};

/*
 * A connection in CONN_STREAMING is suspended while it has read everything,
 * and resumed when there is more. What comes faster than it reads waits in its
 * backlog.
 */

/* A response whose body begins with these bytes and goes on. */
struct MHD_Response *stream_new(struct conn *, const struct frame_bytes *first);
/* For those that listen, of the named ones. */
void stream_data(struct server *, const struct frame_data *);
/* After what is in its backlog it is over. */
void stream_end(struct server *, struct conn *);
void stream_end_all(struct server *);
/* The request is over, whoever ended it. */
void stream_forget(struct server *, struct conn *);

#endif
