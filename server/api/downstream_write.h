/* api/downstream_write.h - making, changing and removing a downstream. */
#ifndef API_DOWNSTREAM_WRITE_H
#define API_DOWNSTREAM_WRITE_H

struct err;
struct reply;
struct request;

int downstream_write_put(struct request *, struct reply *, struct err *);
int downstream_write_patch(struct request *, struct reply *, struct err *);
int downstream_write_delete(struct request *, struct reply *, struct err *);

#endif
