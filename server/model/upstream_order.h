/* model/upstream_order.h - an upstream as a request wants it. */
#ifndef MODEL_UPSTREAM_ORDER_H
#define MODEL_UPSTREAM_ORDER_H

#include <stdbool.h>
#include <stddef.h>

#include "model/fields.h"
#include "model/order_options.h"
#include "model/tunnel_order.h"

struct err;

enum {
	UPSTREAM_ORDER_PREPEND_MAX = 10
};

/*
 * PUT (whole) and PATCH of /v1/upstreams/{name}: the members of what GET
 * answers; "status" is not looked at. Absent in a PATCH: left alone (merge
 * patch, RFC 7396); absent in a PUT: the default. null is the default, or none
 * (of prefix_list: none).
 * Each value is well-formed by itself here; what they mean together and on
 * this router is looked at by edit_upstream (engine/edit.h).
 */
struct upstream_order {
	bool whole;
	struct order_options options;
	struct field_value name;
	struct field_value description;
	struct field_value role; /* enum upstream_role */
	struct field_value remote_as;
	struct field_value neighbor;
	struct field_value local_address;
	struct field_value ebgp_multihop;
	struct field_value next_hop_self;
	struct field_value capacity_mbps;
	struct field_value families; /* bit per family of UPSTREAM_FAMILIES */
	struct tunnel_order tunnel;
	struct field_value host_route; /* present; null: none is wanted */
	struct field_value gateway;
	struct field_value import_prefix_list;
	struct field_value local_preference;
	struct field_value soft_reconfiguration;
	struct field_value maximum_prefix; /* as host_route */
	struct field_value maximum_prefix_limit;
	struct field_value maximum_prefix_warning;
	struct field_value maximum_prefix_restart;
	struct field_value export_prefix_list;
	struct field_value as_path_prepend;
	struct field_value nat;
	struct field_value tcp_md5; /* null: the password goes */
	struct field_value tcp_md5_set;
	struct field_value tcp_md5_key; /* wipe it */
};

/* ERR_INVALID or ERR_UNPROCESSABLE as fields_read. A PUT needs remote_as and
 * neighbor. */
int upstream_order_read(struct upstream_order *, bool whole, const char *json,
    size_t len, struct err *);
/* The key in it. */
void upstream_order_wipe(struct upstream_order *);
/* True when no member of the upstream is named at all. */
bool upstream_order_is_empty(const struct upstream_order *);
/* A PATCH of nothing but description, import.local_preference and
 * export.as_path_prepend: scope operate is enough. */
bool upstream_order_is_policy(const struct upstream_order *);

#endif
