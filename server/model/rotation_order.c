/* model/rotation_order.c - a rotation of a TCP-MD5 key as a request wants it */
#include <string.h>

#include "base/clock.h"
#include "base/err.h"
#include "base/md5key.h"
#include "base/rfc3339.h"
#include "model/check.h"
#include "model/rotation_order.h"

enum {
	OURS_LEN = 3 + 16,
	CHOSEN_MAX = 20
};

const char *const rotation_order_methods[] = { "gentle", "reset", NULL };

static int
check_time(const char *text, struct err *err)
{
	int64_t at;

	return rfc3339_parse(&at, text, err);
}

/* As one of ours looks, or as a client's own with "confirm". */
static int
check_operation_id(const char *text, struct err *err)
{
	static const char low[] = "abcdefghijklmnopqrstuvwxyz0123456789-";
	static const char all[] = "abcdefghijklmnopqrstuvwxyz0123456789-_"
				  "ABCDEFGHIJKLMNOPQRSTUVWXYZ";
	size_t len = strlen(text);

	if (len == OURS_LEN && strncmp(text, "op-", 3) == 0 &&
	    strspn(text, all) == len)
		return 0;
	if (len >= 1 && len <= CHOSEN_MAX && strspn(text, low) == len)
		return 0;
	return err_set(err, ERR_INVALID,
	    "must be 1 to %d of a-z 0-9 -, or op- and 16 of A-Z a-z 0-9 - _",
	    CHOSEN_MAX);
}

#define AT(member) offsetof(struct rotation_order, member)

/* clang-format off */
static const struct field rotation_fields[] = {
	{ .name = "id", .kind = FIELD_TEXT, .offset = AT(id),
	  .check = check_operation_id },
	{ .name = "key", .kind = FIELD_TEXT, .offset = AT(key),
	  .check = md5key_check },
	{ .name = "generate", .kind = FIELD_BOOL, .offset = AT(generate) },
	{ .name = "at", .kind = FIELD_TEXT, .offset = AT(at),
	  .nullable = true, .check = check_time },
	{ .name = "verify_within_s", .kind = FIELD_UINT,
	  .offset = AT(verify_within_s), .nullable = true,
	  .min = 10, .max = 3600 },
	{ .name = "drain_first", .kind = FIELD_BOOL,
	  .offset = AT(drain_first) },
	{ .name = "method", .kind = FIELD_ENUM, .offset = AT(method),
	  .nullable = true, .names = rotation_order_methods },
	{ .name = "with", .kind = FIELD_TEXT, .offset = AT(with),
	  .nullable = true, .check = check_name },
	{ .name = "reason", .kind = FIELD_TEXT, .offset = AT(options.reason),
	  .check = order_options_check_reason },
	{ .name = "ticket", .kind = FIELD_TEXT, .offset = AT(options.ticket),
	  .check = order_options_check_ticket },
	{ .name = "adopt", .kind = FIELD_BOOL, .offset = AT(options.adopt) },
	{ .name = NULL }
};
/* clang-format on */

static void
check_at(const struct rotation_order *o, struct err *err)
{
	int64_t at, now = clock_wall_ms();

	if (!o->at.present || o->at.null ||
	    rfc3339_parse(&at, o->at.text, NULL) == -1)
		return;
	if (at < now - INT64_C(60) * 1000)
		(void)err_field(err, "/at",
		    "is in the past: leave it out for now");
	else if (at > now + (int64_t)ROTATION_AHEAD_MAX_S * 1000)
		(void)err_field(err, "/at", "is more than 400 days ahead");
}

int
rotation_order_read(struct rotation_order *o, const char *json, size_t len,
    struct err *err)
{
	struct err local;

	if (err == NULL)
		err = &local;
	memset(o, 0, sizeof(*o));
	if (fields_read(json, len, rotation_fields, o, err) == -1)
		return -1;
	if (o->key.present == (o->generate.present && o->generate.flag))
		(void)err_field(err, o->key.present ? "/generate" : "/key",
		    o->key.present ? "must be false or left out beside a key" :
				     "is missing; or say \"generate\": true");
	check_at(o, err);
	return err->code == ERR_NONE ? 0 : -1;
}
