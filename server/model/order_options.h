/* model/order_options.h - what a request says beside the resource itself. */
#ifndef MODEL_ORDER_OPTIONS_H
#define MODEL_ORDER_OPTIONS_H

#include "model/fields.h"

struct err;

enum {
	ORDER_OPTIONS_REASON_MAX = 200,
	ORDER_OPTIONS_TICKET_MAX = 64
};

/* "reason", "ticket", "shared", "allow_reset", "adopt" and
 * "confirm": {"revert_in_s", "id"}. All absent when zeroed. */
struct order_options {
	struct field_value reason;
	struct field_value ticket;
	struct field_value shared;
	struct field_value allow_reset;
	struct field_value adopt;
	struct field_value confirm;     /* there is such a member */
	struct field_value revert_in_s; /* 10 to 3600; absent: no confirm */
	struct field_value confirm_id;  /* 1 to 20 of a-z 0-9 - */
};

/* These members beside a resource's own: an order's table has
 * { .name = "", .kind = FIELD_ALSO, .base = offsetof(struct X, options),
 *   .members = order_options_fields }. */
extern const struct field order_options_fields[];

/* Reasons and tickets are stored, never sent to a tool: any UTF-8 of one line,
 * of 1 to 200 (64) bytes. For struct field's check. */
int order_options_check_reason(const char *, struct err *);
int order_options_check_ticket(const char *, struct err *);

/* After reading a body: an id needs its revert_in_s. -1 and a bad field. */
int order_options_check(const struct order_options *, struct err *);

/* For DELETE: the same names as members of a query. values[i] NULL: absent.
 * Bad ones are ERR_UNPROCESSABLE with "/NAME" as their pointer. */
enum {
	ORDER_OPTIONS_QUERY = 7
};
extern const char *const order_options_query[ORDER_OPTIONS_QUERY + 1];
int order_options_from_query(struct order_options *,
    const char *const values[ORDER_OPTIONS_QUERY], struct err *);

#endif
