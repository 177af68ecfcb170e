/* model/upstream.c - one neighbor as the API shows it. */
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "base/buf.h"
#include "base/clock.h"
#include "model/json.h"
#include "model/tag.h"
#include "model/upstream.h"

const char *
upstream_family_name(unsigned family)
{
	return family == 0 ? "ipv4-unicast" : "ipv6-unicast";
}

const char *
upstream_role_name(enum upstream_role role)
{
	static const char *const names[] = { "transit", "peer", "internal" };

	return names[role];
}

void
upstream_warn(struct upstream *up, const char *fmt, ...)
{
	va_list ap;

	if (up->n_warnings == UPSTREAM_WARNINGS_MAX)
		return;
	va_start(ap, fmt);
	(void)vsnprintf(up->warnings[up->n_warnings++], sizeof(up->warnings[0]),
	    fmt, ap);
	va_end(ap);
}

static json_t *
maximum_prefix_json(const struct maximum_prefix *max)
{
	json_t *json;

	if (max->limit == 0)
		return json_null();
	json = json_object();
	json_put(json, "limit", json_integer(max->limit));
	json_put(json, "warning_percent",
	    json_int_or_null(max->warning_percent == 0 ?
		    -1 :
		    (int64_t)max->warning_percent));
	json_put(json, "restart_minutes",
	    json_int_or_null(max->restart_minutes == 0 ?
		    -1 :
		    (int64_t)max->restart_minutes));
	return json;
}

static json_t *
import_json(const struct upstream *up)
{
	json_t *json = json_object();

	json_put(json, "prefix_list",
	    json_text_or_null(up->import_prefix_list));
	json_put(json, "local_preference",
	    up->has_local_preference ? json_integer(up->local_preference) :
				       json_null());
	json_put(json, "soft_reconfiguration",
	    json_boolean(up->soft_reconfiguration));
	json_put(json, "maximum_prefix",
	    maximum_prefix_json(&up->maximum_prefix));
	return json;
}

static json_t *
export_json(const struct upstream *up)
{
	json_t *json = json_object();

	json_put(json, "prefix_list",
	    json_text_or_null(up->export_prefix_list));
	json_put(json, "as_path_prepend", json_integer(up->as_path_prepend));
	return json;
}

static json_t *
host_route_json(const struct upstream *up)
{
	char text[ADDR_TEXT_MAX];
	json_t *json;

	if (!up->has_host_route)
		return json_null();
	json = json_object();
	json_put(json, "gateway", json_text(addr_print(&up->gateway, text)));
	return json;
}

/* Everything that is configured and nothing that is observed. */
static json_t *
configuration_json(const struct upstream *up)
{
	json_t *json = json_object(), *families = json_array(), *md5;
	json_t *firewall;
	char text[ADDR_TEXT_MAX];
	unsigned i;

	json_put(json, "name", json_text(up->name.s));
	json_put(json, "description", json_text_or_null(up->description));
	json_put(json, "role", json_string(upstream_role_name(up->role)));
	json_put(json, "remote_as", json_integer(up->remote_as));
	json_put(json, "neighbor", json_text(addr_print(&up->neighbor, text)));
	json_put(json, "local_address", json_text_or_null(up->local_address));
	json_put(json, "ebgp_multihop",
	    json_int_or_null(
		up->ebgp_multihop == 0 ? -1 : (int64_t)up->ebgp_multihop));
	json_put(json, "next_hop_self", json_boolean(up->next_hop_self));
	json_put(json, "capacity_mbps",
	    json_int_or_null(
		up->capacity_mbps == 0 ? -1 : (int64_t)up->capacity_mbps));
	for (i = 0; i < UPSTREAM_FAMILIES; i++)
		if (up->family[i])
			(void)json_array_append_new(families,
			    json_string(upstream_family_name(i)));
	json_put(json, "families", families);
	json_put(json, "tunnel", tunnel_json(&up->tunnel));
	json_put(json, "host_route", host_route_json(up));
	json_put(json, "import", import_json(up));
	json_put(json, "export", export_json(up));
	firewall = json_object();
	json_put(firewall, "nat", json_boolean(up->nat));
	json_put(json, "firewall", firewall);
	md5 = json_object();
	json_put(md5, "set", json_boolean(up->tcp_md5));
	json_put(md5, "key_id", json_text_or_null(up->tcp_md5_key_id));
	json_put(md5, "set_at", json_time_or_null(up->tcp_md5_since_ms));
	json_put(json, "tcp_md5", md5);
	return json;
}

static void
put_traffic(json_t *json, const struct traffic *t)
{
	json_put(json, "interface",
	    t->known ? json_text(t->interface) : json_null());
	json_put(json, "rx_bps",
	    t->known && t->rates_known ? json_integer((json_int_t)t->rx_bps) :
					 json_null());
	json_put(json, "tx_bps",
	    t->known && t->rates_known ? json_integer((json_int_t)t->tx_bps) :
					 json_null());
}

static json_t *
warnings_json(const struct upstream *up)
{
	json_t *json = json_array();
	unsigned i;

	for (i = 0; i < up->n_warnings; i++)
		(void)json_array_append_new(json, json_text(up->warnings[i]));
	return json;
}

static int64_t
key_age_s(const struct upstream *up)
{
	int64_t age_ms = clock_wall_ms() - up->tcp_md5_since_ms;

	return age_ms < 0 ? 0 : age_ms / 1000;
}

static json_t *
status_json(const struct upstream *up)
{
	const struct session *s = &up->session;
	json_t *json = json_object();
	uint64_t received = 0, sent = 0;
	unsigned i;

	for (i = 0; i < UPSTREAM_FAMILIES; i++) {
		received += s->table[i].prefixes_received;
		sent += s->table[i].prefixes_sent;
	}
	json_put(json, "session", json_text(s->known ? s->state : "unknown"));
	json_put(json, "uptime_s", json_int_or_null(s->uptime_s));
	json_put(json, "prefixes_received", json_integer((json_int_t)received));
	json_put(json, "prefixes_sent", json_integer((json_int_t)sent));
	json_put(json, "route_map_in", json_text_or_null(up->route_map_in));
	json_put(json, "route_map_out", json_text_or_null(up->route_map_out));
	json_put(json, "drain",
	    json_text(up->drain == NULL ? "in_service" : up->drain));
	json_put(json, "drain_reason", json_text_or_null(up->drain_reason));
	put_traffic(json, &s->traffic);
	/* Of the tunnel, also while no session tells where it runs. */
	if (!s->traffic.known && up->tunnel.present)
		json_put(json, "interface", json_text(up->tunnel.interface));
	json_put(json, "managed", tunnel_managed_json(&up->tunnel));
	json_put(json, "last_error", json_text_or_null(s->last_error));
	json_put(json, "tcp_md5_age_s",
	    json_int_or_null(up->tcp_md5_since_ms == 0 ? -1 : key_age_s(up)));
	json_put(json, "warnings", warnings_json(up));
	return json;
}

void
upstream_version(const struct upstream *up, char *out)
{
	struct buf b = BUF_INIT;

	json_render(configuration_json(up), &b);
	/* Two route maps that read alike today are still two. */
	buf_printf(&b, "|%s|%s", up->route_map_in, up->route_map_out);
	tag_version(&b, out);
	buf_clear(&b);
}

void
upstream_render(const struct upstream *up, struct buf *out,
    char etag[UPSTREAM_ETAG_MAX])
{
	struct buf body = BUF_INIT;
	json_t *json = configuration_json(up);
	char version[TAG_VERSION_MAX];

	json_put(json, "status", status_json(up));
	json_render(json, &body);
	upstream_version(up, version);
	tag_print(version, &body, etag);
	buf_add(out, buf_text(&body), body.len);
	buf_clear(&body);
}

void
upstream_render_policy(const struct upstream *up, struct buf *b)
{
	json_render(configuration_json(up), b);
}

static json_t *
families_json(const struct session *s)
{
	json_t *json = json_object(), *one;
	unsigned i;

	for (i = 0; i < UPSTREAM_FAMILIES; i++) {
		const struct session_table *t = &s->table[i];

		if (!t->present)
			continue;
		one = json_object();
		json_put(one, "prefixes_received",
		    json_integer((json_int_t)t->prefixes_received));
		json_put(one, "prefixes_sent",
		    json_integer((json_int_t)t->prefixes_sent));
		json_put(one, "soft_reconfiguration",
		    json_boolean(t->soft_reconfiguration));
		json_put(json, upstream_family_name(i), one);
	}
	return json;
}

static void
put_counts(json_t *json, const struct session *s)
{
	json_put(json, "established_count",
	    json_integer((json_int_t)s->established_count));
	json_put(json, "dropped_count",
	    json_integer((json_int_t)s->dropped_count));
	json_put(json, "messages_received",
	    json_integer((json_int_t)s->messages_received));
	json_put(json, "messages_sent",
	    json_integer((json_int_t)s->messages_sent));
	json_put(json, "in_queue", json_integer((json_int_t)s->in_queue));
	json_put(json, "out_queue", json_integer((json_int_t)s->out_queue));
}

void
upstream_render_session(const struct upstream *up, struct buf *b)
{
	const struct session *s = &up->session;
	json_t *json = json_object();
	char text[ADDR_TEXT_MAX];

	json_put(json, "neighbor", json_text(addr_print(&up->neighbor, text)));
	json_put(json, "upstream", json_text(up->name.s));
	json_put(json, "description", json_text_or_null(up->description));
	json_put(json, "remote_as", json_integer(up->remote_as));
	json_put(json, "local_as", json_integer(s->local_as));
	json_put(json, "state", json_text(s->known ? s->state : "unknown"));
	json_put(json, "admin_shutdown", json_boolean(s->admin_shutdown));
	json_put(json, "uptime_s", json_int_or_null(s->uptime_s));
	json_put(json, "local_address", json_text_or_null(s->local_address));
	json_put(json, "peer_hostname", json_text_or_null(s->peer_hostname));
	put_counts(json, s);
	json_put(json, "tcp_md5", json_boolean(up->tcp_md5));
	json_put(json, "families", families_json(s));
	put_traffic(json, &s->traffic);
	json_put(json, "rx_bytes",
	    s->traffic.known ? json_integer((json_int_t)s->traffic.rx_bytes) :
			       json_null());
	json_put(json, "tx_bytes",
	    s->traffic.known ? json_integer((json_int_t)s->traffic.tx_bytes) :
			       json_null());
	json_put(json, "last_reset", json_text_or_null(s->last_reset));
	json_put(json, "last_error", json_text_or_null(s->last_error));
	json_put(json, "last_shutdown_message",
	    json_text_or_null(s->last_shutdown_message));
	json_put(json, "warnings", warnings_json(up));
	json_render(json, b);
}
