/* api/operation.h - the journal, to read. */
#ifndef API_OPERATION_H
#define API_OPERATION_H

struct buf;
struct err;
struct operation;
struct parts;
struct reply;
struct request;

int list_operations(struct request *, struct reply *, struct err *);
int get_operation(struct request *, struct reply *, struct err *);
/* One operation as JSON, with what parts know of its confirmation. */
void operation_reply_body(const struct operation *, struct parts *,
    struct buf *);
/* May this token see it? ERR_FORBIDDEN. */
int operation_check_visible(const struct request *, const struct operation *,
    struct err *);

#endif
