/* tests/fuzz/fuzz_fields.c - any body as a change of an upstream or a clear;
 * what is accepted says the same when it is written down and read again. */
/* links: model/check model/policy model/upstream_order model/tunnel_order
 * model/order_options model/fields base/addr base/err base/name base/number
 * base/crypto base/md5key base/buf base/log base/clock */
#include <assert.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <jansson.h>

#include "base/addr.h"
#include "base/err.h"
#include "base/md5key.h"
#include "base/name.h"
#include "model/policy.h"
#include "model/upstream_order.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* A refusal says where and why, in texts that end. */
static void
check_refusal(const struct err *err)
{
	unsigned i;

	assert(err->code == ERR_INVALID || err->code == ERR_UNPROCESSABLE);
	assert(err->n_fields >= 1 && err->n_fields <= ERR_FIELDS_MAX);
	assert(memchr(err->text, '\0', sizeof(err->text)) != NULL);
	for (i = 0; i < err->n_fields; i++) {
		const struct err_field *f = &err->fields[i];

		assert(memchr(f->pointer, '\0', sizeof(f->pointer)) != NULL);
		assert(memchr(f->detail, '\0', sizeof(f->detail)) != NULL);
		assert(f->pointer[0] == '/' || f->pointer[0] == '\0');
		assert(f->detail[0] != '\0');
	}
}

static void
put(json_t *object, const char *name, const struct field_value *value,
    json_t *json)
{
	if (!value->present) {
		json_decref(json);
		return;
	}
	if (value->null) {
		json_decref(json);
		json = json_null();
	}
	assert(json_object_set_new(object, name, json) == 0);
}

static void
put_text(json_t *object, const char *name, const struct field_value *value)
{
	put(object, name, value, json_string(value->text));
}

static void
put_number(json_t *object, const char *name, const struct field_value *value)
{
	put(object, name, value, json_integer((json_int_t)value->number));
}

static void
put_flag(json_t *object, const char *name, const struct field_value *value)
{
	put(object, name, value, json_boolean(value->flag));
}

static void
put_name(json_t *object, const char *name, const struct field_value *value,
    const char *const *names)
{
	put(object, name, value, json_string(names[value->number]));
}

static void
put_options(json_t *json, const struct order_options *o)
{
	json_t *confirm = json_object();

	put_text(json, "reason", &o->reason);
	put_text(json, "ticket", &o->ticket);
	put_flag(json, "shared", &o->shared);
	put_flag(json, "allow_reset", &o->allow_reset);
	put_flag(json, "adopt", &o->adopt);
	put_number(confirm, "revert_in_s", &o->revert_in_s);
	put_text(confirm, "id", &o->confirm_id);
	put(json, "confirm", &o->confirm, confirm);
}

static void
put_tunnel(json_t *json, const struct tunnel_order *o)
{
	static const char *const kinds[] = { "gre", "gif" };
	json_t *tunnel = json_object();

	put_name(tunnel, "kind", &o->kind, kinds);
	put_text(tunnel, "interface", &o->interface);
	put_text(tunnel, "local", &o->local);
	put_text(tunnel, "remote", &o->remote);
	put_number(tunnel, "prefix_length", &o->prefix_length);
	put_number(tunnel, "mtu", &o->mtu);
	put(json, "tunnel", &o->tunnel, tunnel);
}

static void
put_import(json_t *json, const struct upstream_order *o)
{
	json_t *import = json_object(), *max = json_object();

	put_text(import, "prefix_list", &o->import_prefix_list);
	put_number(import, "local_preference", &o->local_preference);
	put_flag(import, "soft_reconfiguration", &o->soft_reconfiguration);
	put_number(max, "limit", &o->maximum_prefix_limit);
	put_number(max, "warning_percent", &o->maximum_prefix_warning);
	put_number(max, "restart_minutes", &o->maximum_prefix_restart);
	put(import, "maximum_prefix", &o->maximum_prefix, max);
	assert(json_object_set_new(json, "import", import) == 0);
}

static void
put_families(json_t *json, const struct field_value *value)
{
	json_t *families = json_array();

	if ((value->number & 1) != 0)
		assert(json_array_append_new(families,
			   json_string("ipv4-unicast")) == 0);
	if ((value->number & 2) != 0)
		assert(json_array_append_new(families,
			   json_string("ipv6-unicast")) == 0);
	put(json, "families", value, families);
}

static void
put_objects(json_t *json, const struct upstream_order *o)
{
	json_t *route = json_object(), *out = json_object();
	json_t *firewall = json_object(), *md5 = json_object();

	put_text(route, "gateway", &o->gateway);
	put(json, "host_route", &o->host_route, route);
	put_text(out, "prefix_list", &o->export_prefix_list);
	put_number(out, "as_path_prepend", &o->as_path_prepend);
	assert(json_object_set_new(json, "export", out) == 0);
	put_flag(firewall, "nat", &o->nat);
	assert(json_object_set_new(json, "firewall", firewall) == 0);
	put_flag(md5, "set", &o->tcp_md5_set);
	put_text(md5, "key", &o->tcp_md5_key);
	put(json, "tcp_md5", &o->tcp_md5, md5);
}

static char *
write_order(const struct upstream_order *o)
{
	static const char *const roles[] = { "transit", "peer", "internal" };
	json_t *json = json_object();
	char *text;

	put_text(json, "name", &o->name);
	put_text(json, "description", &o->description);
	put_name(json, "role", &o->role, roles);
	put_number(json, "remote_as", &o->remote_as);
	put_text(json, "neighbor", &o->neighbor);
	put_text(json, "local_address", &o->local_address);
	put_number(json, "ebgp_multihop", &o->ebgp_multihop);
	put_flag(json, "next_hop_self", &o->next_hop_self);
	put_number(json, "capacity_mbps", &o->capacity_mbps);
	put_families(json, &o->families);
	put_tunnel(json, &o->tunnel);
	put_import(json, o);
	put_objects(json, o);
	put_options(json, &o->options);
	text = json_dumps(json, 0);
	assert(text != NULL);
	json_decref(json);
	return text;
}

/* What goes to a tool is of its kind. */
static void
check_texts(const struct upstream_order *o)
{
	struct policy_name list;
	struct line_text line;
	struct if_name name;
	struct addr addr;

	assert(o->description.text[0] == '\0' ||
	    line_text_parse(&line, o->description.text, NULL) == 0);
	assert(o->tunnel.interface.text[0] == '\0' ||
	    if_name_parse(&name, o->tunnel.interface.text, NULL) == 0);
	assert(o->neighbor.text[0] == '\0' ||
	    addr_parse(&addr, o->neighbor.text, NULL) == 0);
	assert(o->tunnel.local.text[0] == '\0' ||
	    addr_parse(&addr, o->tunnel.local.text, NULL) == 0);
	assert(o->gateway.text[0] == '\0' ||
	    addr_parse(&addr, o->gateway.text, NULL) == 0);
	assert(o->import_prefix_list.text[0] == '\0' ||
	    policy_name_parse(&list, o->import_prefix_list.text, NULL) == 0);
	assert(o->export_prefix_list.text[0] == '\0' ||
	    policy_name_parse(&list, o->export_prefix_list.text, NULL) == 0);
	assert(strpbrk(o->options.reason.text, "\r\n\x1b") == NULL);
	assert(!o->tcp_md5_key.present ||
	    md5key_check(o->tcp_md5_key.text, NULL) == 0);
}

static void
check_order(const struct upstream_order *o)
{
	static struct upstream_order again;
	char *text;

	check_texts(o);
	assert(o->local_preference.number <= UINT32_MAX);
	assert(o->as_path_prepend.number <= UPSTREAM_ORDER_PREPEND_MAX);
	assert(o->remote_as.number != 23456);
	text = write_order(o);
	assert(upstream_order_read(&again, o->whole, text, strlen(text),
		   NULL) == 0);
	assert(memcmp(o, &again, sizeof(again)) == 0);
	free(text);
}

static void
check_clear(const struct policy_clear *c)
{
	enum policy_soft soft = policy_clear_soft(c);
	const char *name = policy_soft_name(soft);

	assert((name == NULL) == (soft == POLICY_SOFT_NONE));
	assert(!c->soft.present || c->soft.null || soft < POLICY_SOFT_NONE);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct upstream_order order;
	struct policy_clear clear;
	struct err err;

	if (upstream_order_read(&order, false, (const char *)data, size,
		&err) == 0)
		check_order(&order);
	else
		check_refusal(&err);
	if (upstream_order_read(&order, true, (const char *)data, size, &err) ==
	    0)
		check_order(&order);
	else
		check_refusal(&err);
	if (policy_clear_read(&clear, (const char *)data, size, &err) == 0)
		check_clear(&clear);
	else
		check_refusal(&err);
	return 0;
}
