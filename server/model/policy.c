/* model/policy.c - a session's clear, as a request asks it. */
#include <string.h>

#include "model/order_options.h"
#include "model/policy.h"

#define CLEAR_AT(member) offsetof(struct policy_clear, member)

/* clang-format off */
static const char *const soft_names[] = { "in", "out", "both", NULL };

static const struct field clear_fields[] = {
	{ .name = "soft", .kind = FIELD_ENUM, .offset = CLEAR_AT(soft),
	  .nullable = true, .names = soft_names },
	{ .name = "reason", .kind = FIELD_TEXT, .offset = CLEAR_AT(reason),
	  .check = order_options_check_reason },
	{ .name = "ticket", .kind = FIELD_TEXT, .offset = CLEAR_AT(ticket),
	  .check = order_options_check_ticket },
	{ .name = NULL }
};
/* clang-format on */

int
policy_clear_read(struct policy_clear *clear, const char *json, size_t len,
    struct err *err)
{
	memset(clear, 0, sizeof(*clear));
	return fields_read(json, len, clear_fields, clear, err);
}

enum policy_soft
policy_clear_soft(const struct policy_clear *clear)
{
	if (!clear->soft.present || clear->soft.null)
		return POLICY_SOFT_NONE;
	return (enum policy_soft)clear->soft.number;
}

const char *
policy_soft_name(enum policy_soft soft)
{
	return soft_names[soft];
}
