/* model/drain_order.h - a drain, as a request asks for it. */
#ifndef MODEL_DRAIN_ORDER_H
#define MODEL_DRAIN_ORDER_H

#include "model/drain.h"
#include "model/fields.h"

struct drain_order {
	struct field_value reason;
	struct field_value ticket;
	struct field_value owner;
	struct field_value mode;
	struct field_value max_wait_s;
	struct field_value on_timeout;
	struct field_value force;
	struct field_value prepend;
	struct field_value after_reboot;
	struct field_value return_after_s;
};

/* ERR_UNPROCESSABLE with JSON pointers. An empty body takes all defaults. */
int drain_order_read(struct drain_order *, const char *json, size_t len,
    struct err *);
/* An owner: 1 to 31 of a-z 0-9 -, starting with a letter. */
int drain_order_check_owner(const char *, struct err *);
/* Into a new row; router: whose defaults apply. */
void drain_order_fill(const struct drain_order *, bool router, struct drain *);
/* Does the row say what the order asks for? */
bool drain_order_is_same(const struct drain *wanted, const struct drain *row);
/* The order as JSON, for the audit: new memory. */
char *drain_order_render(const struct drain *);

#endif
