/* api/order_read.h - what path and query say about a write. */
#ifndef API_ORDER_READ_H
#define API_ORDER_READ_H

#include <stdbool.h>

struct err;
struct field_value;
struct order;
struct request;

/* dry_run, the only query member of PUT and PATCH. ERR_INVALID for others. */
int order_read_query(struct order *, const struct request *, struct err *);
/* DELETE: dry_run and the options of model/order_options.h. */
int order_read_removal(struct order *, const struct request *, struct err *);
/*
 * The name in the path. One that nothing of ours can have is ERR_UNPROCESSABLE
 * when it would be made, and ERR_NOT_FOUND when it must be there: such a thing
 * is not known, rather than wrong. what: "upstream".
 */
int order_read_name(struct order *, const struct request *, const char *what,
    bool may_be_new, struct err *);
/* ERR_UNPROCESSABLE when the body names another one than the path. */
int order_read_same_name(const struct order *, const struct field_value *,
    struct err *);

#endif
