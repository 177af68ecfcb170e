/* model/order_options.c - what a request says beside the resource itself. */
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include "base/err.h"
#include "base/name.h"
#include "base/number.h"
#include "model/order_options.h"

enum {
	REVERT_MIN_S = 10,
	REVERT_MAX_S = 3600,
	CONFIRM_ID_MAX = 20
};

static int
check_note(const char *text, size_t max, struct err *err)
{
	const unsigned char *p;
	size_t len = strlen(text);

	if (len == 0 || len > max)
		return err_set(err, ERR_INVALID, "must be 1 to %zu bytes", max);
	if (!name_is_utf8(text, len))
		return err_set(err, ERR_INVALID, "must be valid UTF-8");
	for (p = (const unsigned char *)text; *p != '\0'; p++)
		if (*p < 0x20 || *p == 0x7f)
			return err_set(err, ERR_INVALID,
			    "must not hold line breaks or other control "
			    "characters");
	return 0;
}

int
order_options_check_reason(const char *text, struct err *err)
{
	return check_note(text, ORDER_OPTIONS_REASON_MAX, err);
}

int
order_options_check_ticket(const char *text, struct err *err)
{
	return check_note(text, ORDER_OPTIONS_TICKET_MAX, err);
}

static int
check_confirm_id(const char *text, struct err *err)
{
	size_t len = strlen(text);

	if (len == 0 || len > CONFIRM_ID_MAX ||
	    strspn(text, "abcdefghijklmnopqrstuvwxyz0123456789-") != len)
		return err_set(err, ERR_INVALID, "must be 1 to %d of a-z 0-9 -",
		    CONFIRM_ID_MAX);
	return 0;
}

#define AT(member) offsetof(struct order_options, member)

/* clang-format off */
static const struct field confirm_fields[] = {
	{ .name = "revert_in_s", .kind = FIELD_UINT,
	  .offset = AT(revert_in_s),
	  .min = REVERT_MIN_S, .max = REVERT_MAX_S },
	{ .name = "id", .kind = FIELD_TEXT, .offset = AT(confirm_id),
	  .check = check_confirm_id },
	{ .name = NULL }
};

const struct field order_options_fields[] = {
	{ .name = "reason", .kind = FIELD_TEXT, .offset = AT(reason),
	  .check = order_options_check_reason },
	{ .name = "ticket", .kind = FIELD_TEXT, .offset = AT(ticket),
	  .check = order_options_check_ticket },
	{ .name = "shared", .kind = FIELD_BOOL, .offset = AT(shared) },
	{ .name = "allow_reset", .kind = FIELD_BOOL,
	  .offset = AT(allow_reset) },
	{ .name = "adopt", .kind = FIELD_BOOL, .offset = AT(adopt) },
	{ .name = "confirm", .kind = FIELD_OBJECT, .offset = AT(confirm),
	  .nullable = true, .members = confirm_fields },
	{ .name = NULL }
};
/* clang-format on */

int
order_options_check(const struct order_options *o, struct err *err)
{
	if (o->confirm.null)
		return err_field(err, "/confirm", "must be an object");
	if ((o->confirm.present || o->confirm_id.present) &&
	    !o->revert_in_s.present)
		return err_field(err, "/confirm/revert_in_s",
		    "says after how many seconds the change goes back: %d to "
		    "%d",
		    REVERT_MIN_S, REVERT_MAX_S);
	return 0;
}

/* In the order in which order_options_from_query reads them. */
const char *const order_options_query[ORDER_OPTIONS_QUERY + 1] = { "reason",
	"ticket", "shared", "allow_reset", "adopt", "revert_in_s", "confirm_id",
	NULL };

static void
read_flag(struct field_value *value, const char *pointer, const char *text,
    struct err *err)
{
	value->present = true;
	value->flag = strcmp(text, "true") == 0;
	if (!value->flag && strcmp(text, "false") != 0)
		(void)err_field(err, pointer, "must be true or false");
}

static void
read_seconds(struct field_value *value, const char *pointer, const char *text,
    struct err *err)
{
	value->present = true;
	if (number_parse_u64(&value->number, text, REVERT_MIN_S, REVERT_MAX_S,
		NULL) == -1)
		(void)err_field(err, pointer,
		    "must be a whole number from %d to %d", REVERT_MIN_S,
		    REVERT_MAX_S);
}

static void
read_text(struct field_value *value, const char *pointer, const char *text,
    int (*check)(const char *, struct err *), struct err *err)
{
	struct err why;

	value->present = true;
	err_clear(&why);
	if (check(text, &why) == -1)
		(void)err_field(err, pointer, "%s", why.text);
	else
		(void)snprintf(value->text, sizeof(value->text), "%s", text);
}

int
order_options_from_query(struct order_options *o,
    const char *const values[ORDER_OPTIONS_QUERY], struct err *err)
{
	struct err local;

	if (err == NULL)
		err = &local;
	err_clear(err);
	memset(o, 0, sizeof(*o));
	if (values[0] != NULL)
		read_text(&o->reason, "/reason", values[0],
		    order_options_check_reason, err);
	if (values[1] != NULL)
		read_text(&o->ticket, "/ticket", values[1],
		    order_options_check_ticket, err);
	if (values[2] != NULL)
		read_flag(&o->shared, "/shared", values[2], err);
	if (values[3] != NULL)
		read_flag(&o->allow_reset, "/allow_reset", values[3], err);
	if (values[4] != NULL)
		read_flag(&o->adopt, "/adopt", values[4], err);
	if (values[5] != NULL)
		read_seconds(&o->revert_in_s, "/revert_in_s", values[5], err);
	if (values[6] != NULL)
		read_text(&o->confirm_id, "/confirm_id", values[6],
		    check_confirm_id, err);
	if (err->code == ERR_NONE && o->confirm_id.present &&
	    !o->revert_in_s.present)
		(void)err_field(err, "/revert_in_s",
		    "says after how many seconds the change goes back: %d to "
		    "%d",
		    REVERT_MIN_S, REVERT_MAX_S);
	return err->code == ERR_NONE ? 0 : -1;
}
