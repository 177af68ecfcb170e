/* model/downstream_order.h - a downstream as a request wants it. */
#ifndef MODEL_DOWNSTREAM_ORDER_H
#define MODEL_DOWNSTREAM_ORDER_H

#include <stdbool.h>
#include <stddef.h>

#include "model/downstream.h"
#include "model/fields.h"
#include "model/order_options.h"
#include "model/tunnel_order.h"

struct err;

/*
 * PUT (whole) and PATCH of /v1/downstreams/{name}: the members of what GET
 * answers; "status" is not looked at. Absent in a PATCH: left alone; absent in
 * a PUT: the default, but tunnel, address, peer and prefixes must be given.
 * Each value is well-formed by itself here; what they mean together and on
 * this router is looked at by edit_downstream (engine/edit.h).
 */
struct downstream_order {
	bool whole;
	struct order_options options;
	struct field_value name;
	struct field_value description; /* null: none */
	struct tunnel_order tunnel;
	struct field_value address;
	struct field_value peer;
	struct field_value nat; /* null: false */
	bool has_prefixes;
	struct prefix prefixes[DOWNSTREAM_PREFIXES_MAX]; /* as they came */
	size_t n_prefixes;
};

int downstream_order_read(struct downstream_order *, bool whole,
    const char *json, size_t len, struct err *);

#endif
