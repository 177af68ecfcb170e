/* model/router_order.c - what a request asks of the router itself. */
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/compat.h"
#include "base/err.h"
#include "base/mem.h"
#include "base/name.h"
#include "model/check.h"
#include "model/router_order.h"

/* As it was read; large, so it lives on the heap for as long as it takes. */
struct raw_prefix {
	struct field_value prefix;
	struct field_value originate;
	struct field_value route; /* null, or index in route_names */
	struct field_value interface;
};

struct raw {
	struct order_options options;
	struct field_value local_as;
	struct field_value router_id;
	struct field_value kernel_routes;
	struct field_value n_addresses;
	struct field_value addresses[2];
	struct field_value n_prefixes;
	struct raw_prefix prefixes[ROUTER_PREFIXES_MAX];
	struct field_value bogons; /* null, or index in bogons_names */
	struct field_value n_rules;
	struct field_value rules[ROUTER_RULES_MAX];
};

static int
check_router_id(const char *text, struct err *err)
{
	struct addr a;

	if (addr_parse(&a, text, NULL) == -1 || a.family != 4 ||
	    a.bytes[0] == 0 || a.bytes[0] >= 224)
		return err_set(err, ERR_INVALID,
		    "must be written like an IPv4 address, from 1.0.0.0 to "
		    "223.255.255.255");
	return 0;
}

static int
check_address(const char *text, struct err *err)
{
	struct addr a;

	if (addr_parse(&a, text, NULL) == -1 || a.zone[0] != '\0')
		return err_set(err, ERR_INVALID, "not an IP address");
	if (addr_is_link_local(&a))
		return err_set(err, ERR_INVALID,
		    "a link-local address says nothing to anybody else");
	return 0;
}

/* What may be announced at all: unicast, and not everything at once. */
static int
check_announced(const char *text, struct err *err)
{
	struct prefix p;

	if (check_prefix(text, err) == -1 ||
	    prefix_parse(&p, text, true, err) == -1)
		return -1;
	if (p.addr.family == 4 ? p.addr.bytes[0] == 0 ||
		    p.addr.bytes[0] == 127 || p.addr.bytes[0] >= 224 :
				 p.addr.bytes[0] == 0 ||
		    p.addr.bytes[0] == 0xff || addr_is_link_local(&p.addr))
		return err_set(err, ERR_INVALID,
		    "loopback, link-local and multicast space cannot be "
		    "announced");
	return 0;
}

static int
check_interface(const char *text, struct err *err)
{
	struct if_name name;

	return if_name_parse(&name, text, err);
}

static int
check_rule(const char *text, struct err *err)
{
	struct prefix_rule rule;

	return prefix_rule_parse(&rule, text, 0, err);
}

#define AT(member) offsetof(struct raw, member)
#define PREFIX_AT(member) offsetof(struct raw_prefix, member)

static const char *const kernel_names[] = { "install", "announce_only", NULL };
static const char *const bogons_names[] = { "builtin", NULL };
static const char *const route_names[] = { "blackhole", "reject", NULL };

/* clang-format off */
static const struct field address_item[] = {
	{ .name = "", .kind = FIELD_TEXT, .check = check_address },
	{ .name = NULL }
};

static const struct field interface_fields[] = {
	{ .name = "interface", .kind = FIELD_TEXT,
	  .offset = PREFIX_AT(interface), .check = check_interface },
	{ .name = NULL }
};

static const struct field route_ways[] = {
	{ .name = "", .kind = FIELD_OBJECT, .members = interface_fields },
	{ .name = "", .kind = FIELD_ENUM, .offset = PREFIX_AT(route),
	  .nullable = true, .names = route_names },
	{ .name = NULL }
};

static const struct field prefix_fields[] = {
	{ .name = "prefix", .kind = FIELD_TEXT, .offset = PREFIX_AT(prefix),
	  .check = check_announced },
	{ .name = "originate", .kind = FIELD_BOOL,
	  .offset = PREFIX_AT(originate) },
	{ .name = "route", .kind = FIELD_EITHER, .members = route_ways },
	{ .name = NULL }
};

static const struct field prefix_ways[] = {
	{ .name = "", .kind = FIELD_OBJECT, .members = prefix_fields },
	{ .name = "", .kind = FIELD_TEXT, .offset = PREFIX_AT(prefix),
	  .check = check_announced },
	{ .name = NULL }
};

static const struct field prefix_item[] = {
	{ .name = "", .kind = FIELD_EITHER, .members = prefix_ways },
	{ .name = NULL }
};

static const struct field rule_item[] = {
	{ .name = "", .kind = FIELD_TEXT, .check = check_rule },
	{ .name = NULL }
};

static const struct field bogons_ways[] = {
	{ .name = "", .kind = FIELD_ARRAY, .offset = AT(n_rules),
	  .base = AT(rules), .size = sizeof(struct field_value),
	  .max = ROUTER_RULES_MAX, .members = rule_item },
	{ .name = "", .kind = FIELD_ENUM, .offset = AT(bogons),
	  .nullable = true, .names = bogons_names },
	{ .name = NULL }
};

static const struct field fields[] = {
	{ .name = "local_as", .kind = FIELD_UINT, .offset = AT(local_as),
	  .min = 1, .max = 4294967294 },
	{ .name = "router_id", .kind = FIELD_TEXT, .offset = AT(router_id),
	  .check = check_router_id },
	{ .name = "router_address", .kind = FIELD_ARRAY,
	  .offset = AT(n_addresses), .base = AT(addresses),
	  .size = sizeof(struct field_value), .max = 2, .nullable = true,
	  .members = address_item },
	{ .name = "prefixes", .kind = FIELD_ARRAY, .offset = AT(n_prefixes),
	  .base = AT(prefixes), .size = sizeof(struct raw_prefix),
	  .max = ROUTER_PREFIXES_MAX, .members = prefix_item },
	{ .name = "bogons", .kind = FIELD_EITHER, .members = bogons_ways },
	{ .name = "kernel_routes", .kind = FIELD_ENUM,
	  .offset = AT(kernel_routes), .nullable = true,
	  .names = kernel_names },
	{ .name = "", .kind = FIELD_ALSO, .base = AT(options),
	  .members = order_options_fields },
	/* What GET tells and nobody sets. */
	{ .name = "name", .kind = FIELD_IGNORED },
	{ .name = "platform", .kind = FIELD_IGNORED },
	{ .name = "securelevel", .kind = FIELD_IGNORED },
	{ .name = "multihomed_version", .kind = FIELD_IGNORED },
	{ .name = "frr_version", .kind = FIELD_IGNORED },
	{ .name = "state", .kind = FIELD_IGNORED },
	{ .name = "upstreams", .kind = FIELD_IGNORED },
	{ .name = "sessions", .kind = FIELD_IGNORED },
	{ .name = "tables", .kind = FIELD_IGNORED },
	{ .name = "rx_bps", .kind = FIELD_IGNORED },
	{ .name = "tx_bps", .kind = FIELD_IGNORED },
	{ .name = "pending_confirm", .kind = FIELD_IGNORED },
	{ .name = "drift", .kind = FIELD_IGNORED },
	{ .name = "snapshot", .kind = FIELD_IGNORED },
	{ .name = "warnings", .kind = FIELD_IGNORED },
	{ .name = "writable", .kind = FIELD_IGNORED },
	{ .name = NULL }
};
/* clang-format on */

static void PRINTFLIKE(4, 5)
    refuse(struct err *err, const char *member, size_t i, const char *fmt, ...)
{
	char pointer[64], text[160];
	va_list ap;

	va_start(ap, fmt);
	(void)vsnprintf(text, sizeof(text), fmt, ap);
	va_end(ap);
	(void)snprintf(pointer, sizeof(pointer), "/%s/%zu", member, i);
	(void)err_field(err, pointer, "%s", text);
}

static void
take_addresses(struct router_order *order, const struct raw *raw,
    struct err *err)
{
	struct addr a;
	size_t i;

	order->has_address = raw->n_addresses.present;
	for (i = 0; i < raw->n_addresses.number; i++) {
		struct addr *to;

		(void)addr_parse(&a, raw->addresses[i].text, NULL);
		to = &order->address[a.family == 4 ? 0 : 1];
		if (to->family != 0)
			refuse(err, "router_address", i,
			    "there is one of this family already");
		*to = a;
	}
}

static void
take_prefix(struct router_prefix *to, const struct raw_prefix *raw)
{
	(void)prefix_parse(&to->prefix, raw->prefix.text, true, NULL);
	to->originate = !raw->originate.present || raw->originate.flag;
	to->route = ROUTER_ROUTE_BLACKHOLE;
	if (raw->interface.present) {
		to->route = ROUTER_ROUTE_INTERFACE;
		(void)snprintf(to->interface, sizeof(to->interface), "%.15s",
		    raw->interface.text);
	} else if (raw->route.null) {
		to->route = ROUTER_ROUTE_NONE;
	} else if (raw->route.present && raw->route.number == 1) {
		to->route = ROUTER_ROUTE_REJECT;
	}
}

static void
take_prefixes(struct router_order *order, const struct raw *raw,
    struct err *err)
{
	size_t i, j;

	order->has_prefixes = raw->n_prefixes.present;
	order->n_prefixes = raw->n_prefixes.number;
	for (i = 0; i < order->n_prefixes; i++) {
		if (!raw->prefixes[i].prefix.present) {
			refuse(err, "prefixes", i, "needs \"prefix\"");
			continue;
		}
		take_prefix(&order->prefixes[i], &raw->prefixes[i]);
		for (j = 0; j < i; j++)
			if (prefix_equal(&order->prefixes[i].prefix,
				&order->prefixes[j].prefix))
				refuse(err, "prefixes", i, "is there twice");
	}
}

static void
take_bogons(struct router_order *order, const struct raw *raw, struct err *err)
{
	size_t i, j;

	order->has_bogons = raw->bogons.present || raw->n_rules.present;
	if (raw->bogons.present)
		order->bogons = raw->bogons.null ? ROUTER_BOGONS_NONE :
						   ROUTER_BOGONS_BUILTIN;
	if (!raw->n_rules.present)
		return;
	order->bogons = ROUTER_BOGONS_LIST;
	order->n_rules = raw->n_rules.number;
	if (order->n_rules == 0)
		(void)err_field(err, "/bogons",
		    "a list without rules refuses everything: say null for no "
		    "list");
	for (i = 0; i < order->n_rules; i++) {
		(void)prefix_rule_parse(&order->rules[i], raw->rules[i].text, 0,
		    NULL);
		for (j = 0; j < i; j++)
			if (prefix_rule_equal(&order->rules[i],
				&order->rules[j]))
				refuse(err, "bogons", i, "is there twice");
	}
}

int
router_order_read(struct router_order *order, bool whole, const char *json,
    size_t len, struct err *err)
{
	struct raw *raw = mem_calloc(1, sizeof(*raw));
	struct err local;

	if (err == NULL)
		err = &local;
	memset(order, 0, sizeof(*order));
	order->whole = whole;
	if (fields_read(json, len, fields, raw, err) == 0) {
		order->options = raw->options;
		order->local_as = raw->local_as;
		order->router_id = raw->router_id;
		order->kernel_routes = raw->kernel_routes;
		take_addresses(order, raw, err);
		take_prefixes(order, raw, err);
		take_bogons(order, raw, err);
		(void)order_options_check(&order->options, err);
	}
	free(raw);
	return err->code == ERR_NONE ? 0 : -1;
}
