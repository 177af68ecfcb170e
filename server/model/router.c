/* model/router.c - the router itself, as GET /v1/router shows it. */
#include "base/buf.h"
#include "base/version.h"
#include "model/json.h"
#include "model/router.h"
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

void
router_render(const struct router *r, struct buf *b)
{
	json_t *json = json_object(), *prefixes = json_array(),
	       *sessions = json_object();
	size_t i;

	json_put(json, "name", json_text(r->name));
	json_put(json, "platform", json_text(r->platform));
	json_put(json, "multihomed_version", json_text(VERSION));
	json_put(json, "frr_version", json_text_or_null(r->frr_version));
	json_put(json, "local_as",
	    json_int_or_null(r->local_as == 0 ? -1 : (int64_t)r->local_as));
	json_put(json, "router_id", json_text_or_null(r->router_id));
	json_put(json, "state", json_text("in_service"));
	for (i = 0; i < r->n_prefixes; i++)
		(void)json_array_append_new(prefixes,
		    json_text(r->prefixes[i]));
	json_put(json, "prefixes", prefixes);
	json_put(json, "upstreams", json_integer((json_int_t)r->n_sessions));
	json_put(sessions, "configured",
	    json_integer((json_int_t)r->n_sessions));
	json_put(sessions, "established",
	    json_integer((json_int_t)r->n_established));
	json_put(json, "sessions", sessions);
	json_put(json, "tables", tables_json(r));
	json_put(json, "rx_bps", rate_json(r, r->rx_bps));
	json_put(json, "tx_bps", rate_json(r, r->tx_bps));
	json_put(json, "snapshot", snapshot_json(&r->freshness));
	json_put(json, "warnings", warnings_json(&r->freshness));
	json_put(json, "writable", json_boolean(r->writable));
	json_render(json, b);
}
