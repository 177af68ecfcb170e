/* model/upstream_order.c - an upstream as a request wants it. */
#include <string.h>

#include "base/addr.h"
#include "base/crypto.h"
#include "base/err.h"
#include "base/md5key.h"
#include "base/name.h"
#include "model/check.h"
#include "model/upstream_order.h"

static const char *const role_names[] = { "transit", "peer", "internal", NULL };
static const char *const family_names[] = { "ipv4-unicast", "ipv6-unicast",
	NULL };

static int
check_policy_name(const char *text, struct err *err)
{
	struct policy_name name;

	return policy_name_parse(&name, text, err);
}

/* GET may tell an interface here, when FRR was given one by hand. */
static int
check_address_or_interface(const char *text, struct err *err)
{
	struct if_name name;

	if (if_name_parse(&name, text, NULL) == 0)
		return 0;
	return tunnel_order_check_address(text, err);
}

/* One by a link-local address is a neighbor that was made by hand. */
static int
check_neighbor(const char *text, struct err *err)
{
	struct addr a;

	if (addr_parse(&a, text, NULL) == 0 && addr_is_link_local(&a))
		return 0;
	return tunnel_order_check_address(text, err);
}

static int
check_gateway(const char *text, struct err *err)
{
	struct addr a;

	if (addr_parse(&a, text, err) == -1)
		return -1;
	if (!addr_is_link_local(&a))
		return tunnel_order_check_address(text, err);
	if (a.zone[0] == '\0')
		return err_set(err, ERR_INVALID,
		    "a link-local gateway needs its interface: %.40s%%INTERFACE",
		    text);
	return 0;
}

#define AT(member) offsetof(struct upstream_order, member)

/* clang-format off */
static const struct field host_route_fields[] = {
	{ .name = "gateway", .kind = FIELD_TEXT, .offset = AT(gateway),
	  .check = check_gateway },
	{ .name = NULL }
};

static const struct field maximum_prefix_fields[] = {
	{ .name = "limit", .kind = FIELD_UINT,
	  .offset = AT(maximum_prefix_limit), .min = 1, .max = 4294967295 },
	{ .name = "warning_percent", .kind = FIELD_UINT,
	  .offset = AT(maximum_prefix_warning), .nullable = true,
	  .min = 1, .max = 100 },
	{ .name = "restart_minutes", .kind = FIELD_UINT,
	  .offset = AT(maximum_prefix_restart), .nullable = true,
	  .min = 1, .max = 65535 },
	{ .name = NULL }
};

static const struct field import_fields[] = {
	{ .name = "prefix_list", .kind = FIELD_TEXT,
	  .offset = AT(import_prefix_list), .nullable = true,
	  .check = check_policy_name },
	{ .name = "local_preference", .kind = FIELD_UINT,
	  .offset = AT(local_preference), .nullable = true,
	  .min = 0, .max = 4294967295 },
	{ .name = "soft_reconfiguration", .kind = FIELD_BOOL,
	  .offset = AT(soft_reconfiguration), .nullable = true },
	{ .name = "maximum_prefix", .kind = FIELD_OBJECT,
	  .offset = AT(maximum_prefix), .nullable = true,
	  .members = maximum_prefix_fields },
	{ .name = NULL }
};

static const struct field export_fields[] = {
	{ .name = "prefix_list", .kind = FIELD_TEXT,
	  .offset = AT(export_prefix_list), .nullable = true,
	  .check = check_policy_name },
	{ .name = "as_path_prepend", .kind = FIELD_UINT,
	  .offset = AT(as_path_prepend), .nullable = true,
	  .min = 0, .max = UPSTREAM_ORDER_PREPEND_MAX },
	{ .name = NULL }
};

static const struct field firewall_fields[] = {
	{ .name = "nat", .kind = FIELD_BOOL, .offset = AT(nat),
	  .nullable = true },
	{ .name = NULL }
};

static const struct field tcp_md5_fields[] = {
	{ .name = "set", .kind = FIELD_BOOL, .offset = AT(tcp_md5_set) },
	{ .name = "key", .kind = FIELD_TEXT, .offset = AT(tcp_md5_key),
	  .check = md5key_check },
	{ .name = "key_id", .kind = FIELD_IGNORED },
	{ .name = "set_at", .kind = FIELD_IGNORED },
	{ .name = NULL }
};

static const struct field order_fields[] = {
	{ .name = "name", .kind = FIELD_TEXT, .offset = AT(name),
	  .check = check_name },
	{ .name = "description", .kind = FIELD_TEXT,
	  .offset = AT(description), .nullable = true, .check = check_line },
	{ .name = "role", .kind = FIELD_ENUM, .offset = AT(role),
	  .nullable = true, .names = role_names },
	{ .name = "remote_as", .kind = FIELD_UINT, .offset = AT(remote_as),
	  .min = 1, .max = 4294967295 },
	{ .name = "neighbor", .kind = FIELD_TEXT, .offset = AT(neighbor),
	  .check = check_neighbor },
	{ .name = "local_address", .kind = FIELD_TEXT,
	  .offset = AT(local_address), .nullable = true,
	  .check = check_address_or_interface },
	{ .name = "ebgp_multihop", .kind = FIELD_UINT,
	  .offset = AT(ebgp_multihop), .nullable = true, .min = 1, .max = 255 },
	{ .name = "next_hop_self", .kind = FIELD_BOOL,
	  .offset = AT(next_hop_self), .nullable = true },
	{ .name = "capacity_mbps", .kind = FIELD_UINT,
	  .offset = AT(capacity_mbps), .nullable = true,
	  .min = 1, .max = 10000000 },
	{ .name = "families", .kind = FIELD_SET, .offset = AT(families),
	  .nullable = true, .names = family_names },
	{ .name = "", .kind = FIELD_ALSO, .base = AT(tunnel),
	  .members = tunnel_order_fields },
	{ .name = "host_route", .kind = FIELD_OBJECT,
	  .offset = AT(host_route), .nullable = true,
	  .members = host_route_fields },
	{ .name = "import", .kind = FIELD_OBJECT, .members = import_fields },
	{ .name = "export", .kind = FIELD_OBJECT, .members = export_fields },
	{ .name = "firewall", .kind = FIELD_OBJECT,
	  .members = firewall_fields },
	{ .name = "tcp_md5", .kind = FIELD_OBJECT, .offset = AT(tcp_md5),
	  .nullable = true, .members = tcp_md5_fields },
	{ .name = "status", .kind = FIELD_IGNORED },
	{ .name = "", .kind = FIELD_ALSO, .base = AT(options),
	  .members = order_options_fields },
	{ .name = NULL }
};
/* clang-format on */

/* A neighbor's AS cannot be what other AS are written as (RFC 6793). */
static void
check_remote_as(const struct upstream_order *o, struct err *err)
{
	if (o->remote_as.number == 23456)
		(void)err_field(err, "/remote_as",
		    "23456 stands for AS numbers of four bytes and is nobody's "
		    "own");
}

static void
check_whole(const struct upstream_order *o, struct err *err)
{
	if (!o->remote_as.present)
		(void)err_field(err, "/remote_as", "is missing");
	if (!o->neighbor.present)
		(void)err_field(err, "/neighbor", "is missing");
	if (o->host_route.present && !o->host_route.null && !o->gateway.present)
		(void)err_field(err, "/host_route/gateway", "is missing");
	if (o->maximum_prefix.present && !o->maximum_prefix.null &&
	    !o->maximum_prefix_limit.present)
		(void)err_field(err, "/import/maximum_prefix/limit",
		    "is missing");
}

int
upstream_order_read(struct upstream_order *o, bool whole, const char *json,
    size_t len, struct err *err)
{
	struct err local;

	if (err == NULL)
		err = &local;
	memset(o, 0, sizeof(*o));
	o->whole = whole;
	if (fields_read(json, len, order_fields, o, err) == -1)
		return -1;
	check_remote_as(o, err);
	if (whole)
		check_whole(o, err);
	(void)order_options_check(&o->options, err);
	return err->code == ERR_NONE ? 0 : -1;
}

void
upstream_order_wipe(struct upstream_order *o)
{
	crypto_wipe(&o->tcp_md5_key, sizeof(o->tcp_md5_key));
}

/* Anything besides what scope operate may change? */
static bool
names_more(const struct upstream_order *o)
{
	return o->name.present || o->role.present || o->remote_as.present ||
	    o->neighbor.present || o->local_address.present ||
	    o->ebgp_multihop.present || o->next_hop_self.present ||
	    o->capacity_mbps.present || o->families.present ||
	    o->tunnel.tunnel.present || o->host_route.present ||
	    o->import_prefix_list.present || o->soft_reconfiguration.present ||
	    o->maximum_prefix.present || o->export_prefix_list.present ||
	    o->nat.present || o->tcp_md5.present;
}

bool
upstream_order_is_empty(const struct upstream_order *o)
{
	return !o->description.present && !o->local_preference.present &&
	    !o->as_path_prepend.present && !names_more(o);
}

bool
upstream_order_is_policy(const struct upstream_order *o)
{
	return !o->whole && !names_more(o) && !o->options.adopt.flag;
}
