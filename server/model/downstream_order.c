/* model/downstream_order.c - a downstream as a request wants it. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/err.h"
#include "base/mem.h"
#include "base/name.h"
#include "model/check.h"
#include "model/downstream_order.h"

/* As it was read; the prefixes' texts are not kept. */
struct raw {
	struct downstream_order order;
	struct field_value n_prefixes;
	struct field_value prefixes[DOWNSTREAM_PREFIXES_MAX];
};

#define AT(member) offsetof(struct raw, order.member)

/* clang-format off */
static const struct field prefix_item[] = {
	{ .name = "", .kind = FIELD_TEXT, .check = check_prefix },
	{ .name = NULL }
};

static const struct field firewall_fields[] = {
	{ .name = "nat", .kind = FIELD_BOOL, .offset = AT(nat),
	  .nullable = true },
	{ .name = NULL }
};

static const struct field fields[] = {
	{ .name = "name", .kind = FIELD_TEXT, .offset = AT(name),
	  .check = check_name },
	{ .name = "description", .kind = FIELD_TEXT,
	  .offset = AT(description), .nullable = true, .check = check_line },
	{ .name = "", .kind = FIELD_ALSO, .base = AT(tunnel),
	  .members = tunnel_order_fields },
	{ .name = "address", .kind = FIELD_TEXT, .offset = AT(address),
	  .check = tunnel_order_check_address },
	{ .name = "peer", .kind = FIELD_TEXT, .offset = AT(peer),
	  .check = tunnel_order_check_address },
	{ .name = "prefixes", .kind = FIELD_ARRAY,
	  .offset = offsetof(struct raw, n_prefixes),
	  .base = offsetof(struct raw, prefixes),
	  .size = sizeof(struct field_value), .max = DOWNSTREAM_PREFIXES_MAX,
	  .members = prefix_item },
	{ .name = "firewall", .kind = FIELD_OBJECT,
	  .members = firewall_fields },
	{ .name = "status", .kind = FIELD_IGNORED },
	{ .name = "", .kind = FIELD_ALSO, .base = AT(options),
	  .members = order_options_fields },
	{ .name = NULL }
};
/* clang-format on */

static void
take_prefixes(struct raw *raw, struct err *err)
{
	struct downstream_order *o = &raw->order;
	char pointer[48];
	size_t i, j;

	o->has_prefixes = raw->n_prefixes.present;
	o->n_prefixes = raw->n_prefixes.number;
	if (o->has_prefixes && o->n_prefixes == 0)
		(void)err_field(err, "/prefixes",
		    "must not be empty: without a prefix it is no downstream");
	for (i = 0; i < o->n_prefixes; i++) {
		(void)prefix_parse(&o->prefixes[i], raw->prefixes[i].text, true,
		    NULL);
		for (j = 0; j < i; j++) {
			if (!prefix_equal(&o->prefixes[i], &o->prefixes[j]))
				continue;
			(void)snprintf(pointer, sizeof(pointer),
			    "/prefixes/%zu", i);
			(void)err_field(err, pointer, "is there twice");
		}
	}
}

static void
check_whole(const struct downstream_order *o, struct err *err)
{
	if (!o->tunnel.tunnel.present)
		(void)err_field(err, "/tunnel", "is missing");
	if (!o->address.present)
		(void)err_field(err, "/address", "is missing");
	if (!o->peer.present)
		(void)err_field(err, "/peer", "is missing");
	if (!o->has_prefixes)
		(void)err_field(err, "/prefixes", "is missing");
}

int
downstream_order_read(struct downstream_order *order, bool whole,
    const char *json, size_t len, struct err *err)
{
	struct raw *raw = mem_calloc(1, sizeof(*raw));
	struct err local;

	if (err == NULL)
		err = &local;
	if (fields_read(json, len, fields, raw, err) == 0) {
		take_prefixes(raw, err);
		if (whole)
			check_whole(&raw->order, err);
		if (raw->order.tunnel.tunnel.null)
			(void)err_field(err, "/tunnel",
			    "must not be null: a downstream is reached through "
			    "its tunnel");
		(void)order_options_check(&raw->order.options, err);
	}
	*order = raw->order;
	order->whole = whole;
	free(raw);
	return err->code == ERR_NONE ? 0 : -1;
}
