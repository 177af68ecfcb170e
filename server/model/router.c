/* model/router.c - the router itself, as GET /v1/router shows it. */
#include <stdio.h>

#include "base/buf.h"
#include "base/version.h"
#include "model/json.h"
#include "model/router.h"
#include "model/tag.h"
#include "model/upstream.h"

static json_t *
snapshot_json(const struct freshness *f)
{
	json_t *json = json_object();

	json_put(json, "observed_at", json_time_or_null(f->observed_ms));
	json_put(json, "age_ms", json_int_or_null(f->age_ms));
	json_put(json, "stale", json_boolean(f->stale));
	return json;
}

static json_t *
warnings_json(const struct freshness *f)
{
	json_t *json = json_array();
	unsigned i;

	for (i = 0; i < f->n_warnings; i++)
		(void)json_array_append_new(json, json_text(f->warnings[i]));
	return json;
}

void
router_render_freshness(const struct freshness *f, struct buf *b)
{
	buf_puts(b, ",\"snapshot\":");
	json_render(snapshot_json(f), b);
	buf_puts(b, ",\"warnings\":");
	json_render(warnings_json(f), b);
}

static json_t *
tables_json(const struct router *r)
{
	json_t *json = json_object(), *one;
	unsigned i;

	for (i = 0; i < 2; i++) {
		if (!r->table[i].present)
			continue;
		one = json_object();
		json_put(one, "version",
		    json_integer((json_int_t)r->table[i].version));
		json_put(one, "routes",
		    json_integer((json_int_t)r->table[i].routes));
		json_put(json, upstream_family_name(i), one);
	}
	return json;
}

static json_t *
rate_json(const struct router *r, uint64_t rate)
{
	return r->rates_known ? json_integer((json_int_t)rate) : json_null();
}

static json_t *
prefix_json(const struct router_prefix *p)
{
	json_t *json, *route;
	char text[PREFIX_TEXT_MAX];

	(void)prefix_print(&p->prefix, text);
	if (p->originate && p->route == ROUTER_ROUTE_BLACKHOLE)
		return json_text(text);
	json = json_object();
	json_put(json, "prefix", json_text(text));
	json_put(json, "originate", json_boolean(p->originate));
	switch (p->route) {
	case ROUTER_ROUTE_NONE:
		json_put(json, "route", json_null());
		break;
	case ROUTER_ROUTE_BLACKHOLE:
		json_put(json, "route", json_text("blackhole"));
		break;
	case ROUTER_ROUTE_REJECT:
		json_put(json, "route", json_text("reject"));
		break;
	case ROUTER_ROUTE_INTERFACE:
		route = json_object();
		json_put(route, "interface", json_text(p->interface));
		json_put(json, "route", route);
		break;
	}
	return json;
}

static json_t *
prefixes_json(const struct router_config *c)
{
	json_t *json = json_array();
	size_t i;

	for (i = 0; i < c->n_prefixes; i++)
		(void)json_array_append_new(json, prefix_json(&c->prefixes[i]));
	return json;
}

static json_t *
bogons_json(const struct router_config *c)
{
	char text[PREFIX_RULE_TEXT_MAX];
	json_t *json;
	size_t i;

	if (c->bogons == ROUTER_BOGONS_NONE)
		return json_null();
	if (c->bogons == ROUTER_BOGONS_BUILTIN)
		return json_text("builtin");
	json = json_array();
	for (i = 0; i < c->n_rules; i++)
		(void)json_array_append_new(json,
		    json_text(prefix_rule_print(&c->rules[i], text)));
	return json;
}

static json_t *
addresses_json(const struct router_config *c)
{
	json_t *json = json_array();
	char text[ADDR_TEXT_MAX];
	unsigned i;

	for (i = 0; i < 2; i++)
		if (c->address[i].family != 0)
			(void)json_array_append_new(json,
			    json_text(addr_print(&c->address[i], text)));
	return json;
}

/* Members of the configuration, in PUT as in GET. */
static void
put_identity(json_t *json, const struct router_config *c, const char *router_id)
{
	json_put(json, "local_as",
	    json_int_or_null(c->local_as == 0 ? -1 : (int64_t)c->local_as));
	json_put(json, "router_id", json_text_or_null(router_id));
	json_put(json, "router_address", addresses_json(c));
}

static void
put_routing(json_t *json, const struct router_config *c)
{
	json_put(json, "prefixes", prefixes_json(c));
	json_put(json, "bogons", bogons_json(c));
	json_put(json, "kernel_routes",
	    json_text(c->announce_only ? "announce_only" : "install"));
}

void
router_render_config(const struct router_config *c, struct buf *b)
{
	json_t *json = json_object();

	put_identity(json, c, c->router_id);
	put_routing(json, c);
	json_render(json, b);
}

const struct router_prefix *
router_find_prefix(const struct router_config *c, const struct prefix *p)
{
	size_t i;

	for (i = 0; i < c->n_prefixes; i++)
		if (prefix_equal(&c->prefixes[i].prefix, p))
			return &c->prefixes[i];
	return NULL;
}

void
router_version(const struct router_config *c, char *out)
{
	struct buf b = BUF_INIT;

	router_render_config(c, &b);
	tag_version(&b, out);
	buf_clear(&b);
}

static json_t *
pending_json(const struct router *r)
{
	json_t *json;

	if (r->pending_operation[0] == '\0')
		return json_null();
	json = json_object();
	json_put(json, "operation", json_text(r->pending_operation));
	json_put(json, "reverts_at",
	    json_time_or_null(r->pending_reverts_at_ms));
	json_put(json, "revert_in_s", json_integer(r->pending_seconds));
	return json;
}

static json_t *
drift_json(const struct router *r)
{
	json_t *json = json_array(), *one;
	unsigned i;

	for (i = 0; i < r->n_drift; i++) {
		const struct router_drift *d = &r->drift[i];

		one = json_object();
		json_put(one, "seen_at", json_time_or_null(d->seen_ms));
		json_put(one, "subsystem", json_text(d->subsystem));
		json_put(one, "detail", json_text(d->detail));
		json_put(one, "audit_seq",
		    json_int_or_null(d->audit_seq == 0 ? -1 : d->audit_seq));
		(void)json_array_append_new(json, one);
	}
	return json;
}

static void
put_live(json_t *json, const struct router *r)
{
	json_t *sessions = json_object();

	json_put(json, "upstreams", json_integer((json_int_t)r->n_sessions));
	json_put(sessions, "configured",
	    json_integer((json_int_t)r->n_sessions));
	json_put(sessions, "established",
	    json_integer((json_int_t)r->n_established));
	json_put(json, "sessions", sessions);
	json_put(json, "tables", tables_json(r));
	json_put(json, "rx_bps", rate_json(r, r->rx_bps));
	json_put(json, "tx_bps", rate_json(r, r->tx_bps));
}

void
router_render(const struct router *r, struct buf *out,
    char etag[ROUTER_ETAG_MAX])
{
	struct buf body = BUF_INIT;
	json_t *json = json_object();
	char version[TAG_VERSION_MAX];

	json_put(json, "name", json_text(r->name));
	json_put(json, "platform", json_text(r->platform));
	json_put(json, "securelevel",
	    r->securelevel == -2 ? json_null() : json_integer(r->securelevel));
	json_put(json, "multihomed_version", json_text(VERSION));
	json_put(json, "frr_version", json_text_or_null(r->frr_version));
	put_identity(json, &r->config,
	    r->config.router_id[0] != '\0' ? r->config.router_id :
					     r->router_id);
	json_put(json, "state",
	    json_text(r->state == NULL ? "in_service" : r->state));
	json_put(json, "state_reason", json_text_or_null(r->state_reason));
	put_routing(json, &r->config);
	put_live(json, r);
	json_put(json, "pending_confirm", pending_json(r));
	json_put(json, "drift", drift_json(r));
	json_put(json, "snapshot", snapshot_json(&r->freshness));
	json_put(json, "warnings", warnings_json(&r->freshness));
	json_put(json, "writable", json_boolean(r->writable));
	json_render(json, &body);
	router_version(&r->config, version);
	tag_print(version, &body, etag);
	buf_add(out, buf_text(&body), body.len);
	buf_clear(&body);
}
