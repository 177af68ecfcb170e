/* model/policy.c - a change of an upstream's policy, as a request asks it. */
#include <string.h>

#include "base/err.h"
#include "base/name.h"
#include "model/policy.h"

static int
check_line(const char *text, struct err *err)
{
	struct line_text line;

	return line_text_parse(&line, text, err);
}

/* Reasons and tickets are stored, never sent to a tool: any text will do that
 * is UTF-8 and keeps to one line. */
static int
check_note(const char *text, size_t max, struct err *err)
{
	const unsigned char *p;
	size_t len = strlen(text);

	if (len == 0 || len > max)
		return err_set(err, ERR_INVALID, "must be 1 to %zu bytes", max);
	for (p = (const unsigned char *)text; *p != '\0'; p++)
		if (*p < 0x20 || *p == 0x7f)
			return err_set(err, ERR_INVALID,
			    "must not hold line breaks or other control "
			    "characters");
	return 0;
}

static int
check_reason(const char *text, struct err *err)
{
	return check_note(text, POLICY_REASON_MAX, err);
}

static int
check_ticket(const char *text, struct err *err)
{
	return check_note(text, POLICY_TICKET_MAX, err);
}

#define AT(member) offsetof(struct policy_order, member)
#define CLEAR_AT(member) offsetof(struct policy_clear, member)

/* clang-format off */
static const struct field import_fields[] = {
	{ .name = "local_preference", .kind = FIELD_UINT,
	  .offset = AT(local_preference), .nullable = true,
	  .min = 0, .max = 4294967295 },
	{ .name = NULL }
};

static const struct field export_fields[] = {
	{ .name = "as_path_prepend", .kind = FIELD_UINT,
	  .offset = AT(as_path_prepend), .nullable = true,
	  .min = 0, .max = POLICY_PREPEND_MAX },
	{ .name = NULL }
};

static const struct field order_fields[] = {
	{ .name = "description", .kind = FIELD_TEXT,
	  .offset = AT(description), .nullable = true, .check = check_line },
	{ .name = "import", .kind = FIELD_OBJECT, .members = import_fields },
	{ .name = "export", .kind = FIELD_OBJECT, .members = export_fields },
	{ .name = "shared", .kind = FIELD_BOOL, .offset = AT(shared) },
	{ .name = "reason", .kind = FIELD_TEXT, .offset = AT(reason),
	  .check = check_reason },
	{ .name = "ticket", .kind = FIELD_TEXT, .offset = AT(ticket),
	  .check = check_ticket },
	{ .name = NULL }
};

static const char *const soft_names[] = { "in", "out", "both", NULL };

static const struct field clear_fields[] = {
	{ .name = "soft", .kind = FIELD_ENUM, .offset = CLEAR_AT(soft),
	  .nullable = true, .names = soft_names },
	{ .name = "reason", .kind = FIELD_TEXT, .offset = CLEAR_AT(reason),
	  .check = check_reason },
	{ .name = "ticket", .kind = FIELD_TEXT, .offset = CLEAR_AT(ticket),
	  .check = check_ticket },
	{ .name = NULL }
};
/* clang-format on */

int
policy_order_read(struct policy_order *order, const char *json, size_t len,
    struct err *err)
{
	memset(order, 0, sizeof(*order));
	return fields_read(json, len, order_fields, order, err);
}

bool
policy_order_is_empty(const struct policy_order *order)
{
	return !order->description.present &&
	    !order->local_preference.present && !order->as_path_prepend.present;
}

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
