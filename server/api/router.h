/* api/router.h - /v1/router, and GET /v1/routes/{prefix}. */
#ifndef API_ROUTER_H
#define API_ROUTER_H

struct err;
struct reply;
struct request;

int get_router(struct request *, struct reply *, struct err *);
int put_router(struct request *, struct reply *, struct err *);
int patch_router(struct request *, struct reply *, struct err *);
/* Asked of bgpd on the reader's thread: never of a table walk. */
int get_router_route(struct request *, struct reply *, struct err *);

#endif
