/* model/router_order.h - what a request asks of the router itself. */
#ifndef MODEL_ROUTER_ORDER_H
#define MODEL_ROUTER_ORDER_H

#include <stdbool.h>
#include <stddef.h>

#include "model/fields.h"
#include "model/order_options.h"
#include "model/router.h"

struct err;

/* Values of kernel_routes.number. */
enum router_order_kernel {
	ROUTER_ORDER_INSTALL,
	ROUTER_ORDER_ANNOUNCE_ONLY
};

/*
 * PUT and PATCH /v1/router. What is absent is left alone in a PATCH; in a PUT
 * local_as and router_id are left alone too, router_address becomes none,
 * bogons builtin, kernel_routes install (and prefixes none, which engine/edit.h
 * refuses when it would withdraw some unsaid).
 */
struct router_order {
	bool whole; /* PUT */
	struct order_options options;
	struct field_value local_as;
	struct field_value router_id;
	struct field_value kernel_routes; /* null: install */
	bool has_address;
	struct addr address[2]; /* IPv4, IPv6; family 0: none */
	bool has_prefixes;
	struct router_prefix prefixes[ROUTER_PREFIXES_MAX]; /* as they came */
	size_t n_prefixes;
	bool has_bogons;
	enum router_bogons bogons;
	struct prefix_rule rules[ROUTER_RULES_MAX]; /* as they came */
	size_t n_rules;
};

/*
 * Reads a request body. What GET tells beside the configuration (name, state,
 * snapshot ...) is accepted and has no effect, so that an answer can be edited
 * and sent back. Errors as fields_read(): every prefix, rule and address that
 * is refused is named with its index.
 */
int router_order_read(struct router_order *, bool whole, const char *json,
    size_t len, struct err *);

#endif
