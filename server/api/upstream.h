/* api/upstream.h - the upstreams: to read, to make, to change, to remove. */
#ifndef API_UPSTREAM_H
#define API_UPSTREAM_H

struct err;
struct reply;
struct request;

/* A token that is limited to some names sees only those. */
int list_upstreams(struct request *, struct reply *, struct err *);
int get_upstream(struct request *, struct reply *, struct err *);
int put_upstream(struct request *, struct reply *, struct err *);
/* operate is enough for preference, prepend and description. */
int patch_upstream(struct request *, struct reply *, struct err *);
int delete_upstream(struct request *, struct reply *, struct err *);

#endif
