/* api/operation.h - the journal, to read. */
#ifndef API_OPERATION_H
#define API_OPERATION_H

struct buf;
struct err;
struct operation;
struct reply;
struct request;

int list_operations(struct request *, struct reply *, struct err *);
int get_operation(struct request *, struct reply *, struct err *);
/* One operation as JSON. */
void operation_reply_body(const struct operation *, struct buf *);

#endif
