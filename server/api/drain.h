/* api/drain.h - out of service and back: of an upstream, of the router. */
#ifndef API_DRAIN_H
#define API_DRAIN_H

struct err;
struct reply;
struct request;

int drain_get_upstream(struct request *, struct reply *, struct err *);
int drain_put_upstream(struct request *, struct reply *, struct err *);
int drain_delete_upstream(struct request *, struct reply *, struct err *);
int drain_get_router(struct request *, struct reply *, struct err *);
int drain_put_router(struct request *, struct reply *, struct err *);
int drain_delete_router(struct request *, struct reply *, struct err *);

#endif
