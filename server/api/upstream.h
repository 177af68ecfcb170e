/* api/upstream.h - the upstreams: to read, and to change their policy. */
#ifndef API_UPSTREAM_H
#define API_UPSTREAM_H

struct err;
struct reply;
struct request;

/* A token that is limited to some names sees only those. */
int list_upstreams(struct request *, struct reply *, struct err *);
int get_upstream(struct request *, struct reply *, struct err *);
int patch_upstream(struct request *, struct reply *, struct err *);

#endif
