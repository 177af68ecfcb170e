/* http/reply.h - answers: the engine's, our own, and the last words. */
#ifndef HTTP_REPLY_H
#define HTTP_REPLY_H

#include "http/problem.h"
#include "wire/frame.h"

struct conn;
struct server;
struct MHD_Response;

/*
 * Both answer the connection's request, resume it if it is suspended, and
 * enter CONN_SENDING. owned as in link_frame_fn. Called either inside the
 * access handler or for a connection in CONN_WAITING.
 */
void reply_send(struct server *, struct conn *, const struct frame_reply *,
    void *owned);
/* The same for a stream: http/stream.h has what follows. A problem instead when
 * there are too many, of which the engine is told. */
void reply_stream(struct server *, struct conn *, const struct frame_reply *);
void reply_problem(struct server *, struct conn *, enum problem_kind,
    const char *detail);
/* Hands an answer (which it takes) to libmicrohttpd, inside the access handler
 * or for a suspended connection. */
void reply_give(struct server *, struct conn *, unsigned status,
    struct MHD_Response *);
/*
 * Writes a problem past libmicrohttpd, which cannot be asked in the middle of
 * an upload or a head, and for which the caller then closes the connection.
 * The request line must have been seen (nothing else is being sent then).
 */
void reply_last_words(struct server *, struct conn *, enum problem_kind,
    const char *detail);
/* The same for a client that never became a connection; takes fd. */
void reply_refuse(struct server *, int fd, enum problem_kind,
    const char *detail);
/* Gives the request an id of ours. */
void reply_make_id(struct server *, char *out, size_t size);

#endif
