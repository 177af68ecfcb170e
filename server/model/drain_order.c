/* model/drain_order.c - a drain, as a request asks for it. */
#include <stdio.h>
#include <string.h>

#include "base/buf.h"
#include "base/err.h"
#include "base/name.h"
#include "model/drain_order.h"
#include "model/json.h"
#include "model/order_options.h"

enum {
	WAIT_DEFAULT_S = 600,
	WAIT_MAX_S = 86400,
	PREPEND_MAX = 10,
	RETURN_DEFAULT_S = 60,
	RETURN_MAX_S = 86400
};

static const char *const mode_names[] = { "shift", "shutdown", NULL };
static const char *const timeout_names[] = { "hold", "proceed", "revert",
	NULL };
enum {
	REBOOT_AUTO,
	REBOOT_STAY
};
static const char *const reboot_names[] = { "auto", "stay", NULL };

int
drain_order_check_owner(const char *text, struct err *err)
{
	struct name name;

	return name_parse(&name, text, err);
}

#define AT(member) offsetof(struct drain_order, member)

/* clang-format off */
static const struct field drain_fields[] = {
	{ .name = "reason", .kind = FIELD_TEXT, .offset = AT(reason),
	  .check = order_options_check_reason },
	{ .name = "ticket", .kind = FIELD_TEXT, .offset = AT(ticket),
	  .check = order_options_check_ticket },
	{ .name = "owner", .kind = FIELD_TEXT, .offset = AT(owner),
	  .check = drain_order_check_owner },
	{ .name = "mode", .kind = FIELD_ENUM, .offset = AT(mode),
	  .names = mode_names },
	{ .name = "max_wait_s", .kind = FIELD_UINT, .offset = AT(max_wait_s),
	  .min = 1, .max = WAIT_MAX_S },
	{ .name = "on_timeout", .kind = FIELD_ENUM, .offset = AT(on_timeout),
	  .names = timeout_names },
	{ .name = "force", .kind = FIELD_BOOL, .offset = AT(force) },
	{ .name = "prepend", .kind = FIELD_UINT, .offset = AT(prepend),
	  .min = 0, .max = PREPEND_MAX },
	{ .name = "after_reboot", .kind = FIELD_ENUM,
	  .offset = AT(after_reboot), .names = reboot_names },
	{ .name = "return_after_s", .kind = FIELD_UINT,
	  .offset = AT(return_after_s), .min = 0, .max = RETURN_MAX_S },
	{ .name = NULL }
};
/* clang-format on */

int
drain_order_read(struct drain_order *o, const char *json, size_t len,
    struct err *err)
{
	struct err why;

	memset(o, 0, sizeof(*o));
	err_clear(&why);
	if (len > 0 && fields_read(json, len, drain_fields, o, &why) == -1)
		goto bad;
	if (o->force.flag && !o->reason.present)
		(void)err_field(&why, "/reason",
		    "must say why it is forced: it is kept in the audit log");
	(void)drain_message_check(o->ticket.text, o->reason.text, &why);
	if (why.code == ERR_NONE)
		return 0;
bad:
	if (err != NULL)
		*err = why;
	return -1;
}

static uint32_t
number(const struct field_value *v, uint32_t otherwise)
{
	return v->present ? (uint32_t)v->number : otherwise;
}

void
drain_order_fill(const struct drain_order *o, bool router, struct drain *d)
{
	(void)snprintf(d->owner, sizeof(d->owner), "%.31s",
	    o->owner.present ? o->owner.text : "operator");
	(void)snprintf(d->reason, sizeof(d->reason), "%s", o->reason.text);
	(void)snprintf(d->ticket, sizeof(d->ticket), "%.79s", o->ticket.text);
	d->mode = (enum drain_mode)number(&o->mode, DRAIN_SHIFT);
	d->on_timeout = (enum drain_timeout)number(&o->on_timeout, DRAIN_HOLD);
	d->max_wait_s = number(&o->max_wait_s, WAIT_DEFAULT_S);
	d->force = o->force.flag;
	d->prepend = number(&o->prepend, 0);
	/* A router is drained for its reboot; an upstream for what its
	 * provider does. */
	d->stay = number(&o->after_reboot,
		      router ? REBOOT_AUTO : REBOOT_STAY) == REBOOT_STAY;
	d->return_after_s = number(&o->return_after_s, RETURN_DEFAULT_S);
}

bool
drain_order_is_same(const struct drain *a, const struct drain *b)
{
	return strcmp(a->reason, b->reason) == 0 &&
	    strcmp(a->ticket, b->ticket) == 0 && a->mode == b->mode &&
	    a->on_timeout == b->on_timeout && a->max_wait_s == b->max_wait_s &&
	    a->force == b->force && a->prepend == b->prepend &&
	    a->stay == b->stay && a->return_after_s == b->return_after_s;
}

char *
drain_order_render(const struct drain *d)
{
	json_t *json = json_object();
	struct buf b = BUF_INIT;

	json_put(json, "owner", json_text(d->owner));
	json_put(json, "reason", json_text(d->reason));
	json_put(json, "ticket", json_text_or_null(d->ticket));
	json_put(json, "mode", json_text(drain_mode_name(d->mode)));
	json_put(json, "max_wait_s", json_integer(d->max_wait_s));
	json_put(json, "on_timeout",
	    json_text(drain_timeout_name(d->on_timeout)));
	json_put(json, "force", json_boolean(d->force));
	json_put(json, "prepend", json_integer(d->prepend));
	json_put(json, "after_reboot", json_text(reboot_names[d->stay]));
	json_put(json, "return_after_s", json_integer(d->return_after_s));
	json_render(json, &b);
	return buf_take(&b);
}
