/* api/drain_reply.h - reasons and how far they are, as JSON. */
#ifndef API_DRAIN_REPLY_H
#define API_DRAIN_REPLY_H

struct addr;
struct buf;
struct db;
struct err;

/* neighbor NULL: the router's own. */
int drain_reply_body(struct db *, const char *subject,
    const struct addr *neighbor, struct buf *, struct err *);

#endif
