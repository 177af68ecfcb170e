/* model/downstream.c - a customer behind a tunnel, as the API shows it. */
#include <stdarg.h>
#include <stdio.h>

#include "base/buf.h"
#include "model/downstream.h"
#include "model/json.h"
#include "model/tag.h"

void
downstream_warn(struct downstream *d, const char *fmt, ...)
{
	va_list ap;

	if (d->n_warnings == DOWNSTREAM_WARNINGS_MAX)
		return;
	va_start(ap, fmt);
	(void)vsnprintf(d->warnings[d->n_warnings++], sizeof(d->warnings[0]),
	    fmt, ap);
	va_end(ap);
}

/* Everything that is configured and nothing that is observed. */
static json_t *
configuration_json(const struct downstream *d)
{
	json_t *json = json_object(), *prefixes = json_array(), *firewall;
	char text[PREFIX_TEXT_MAX];
	size_t i;

	json_put(json, "name", json_text(d->name.s));
	json_put(json, "description", json_text_or_null(d->description));
	json_put(json, "tunnel", tunnel_json(&d->tunnel));
	json_put(json, "address",
	    json_text_or_null(addr_print(&d->address, text)));
	json_put(json, "peer", json_text(addr_print(&d->peer, text)));
	for (i = 0; i < d->n_prefixes; i++)
		(void)json_array_append_new(prefixes,
		    json_text(prefix_print(&d->prefixes[i], text)));
	json_put(json, "prefixes", prefixes);
	firewall = json_object();
	json_put(firewall, "nat", json_boolean(d->nat));
	json_put(json, "firewall", firewall);
	return json;
}

static json_t *
status_json(const struct downstream *d)
{
	json_t *json = json_object(), *warnings = json_array();
	unsigned i;

	json_put(json, "interface", json_text_or_null(d->tunnel.interface));
	json_put(json, "up", json_boolean(d->up));
	json_put(json, "rx_bps",
	    d->rates_known ? json_integer((json_int_t)d->rx_bps) : json_null());
	json_put(json, "tx_bps",
	    d->rates_known ? json_integer((json_int_t)d->tx_bps) : json_null());
	json_put(json, "managed", tunnel_managed_json(&d->tunnel));
	for (i = 0; i < d->n_warnings; i++)
		(void)json_array_append_new(warnings,
		    json_text(d->warnings[i]));
	json_put(json, "warnings", warnings);
	return json;
}

void
downstream_render_config(const struct downstream *d, struct buf *b)
{
	json_render(configuration_json(d), b);
}

void
downstream_version(const struct downstream *d, char *out)
{
	struct buf b = BUF_INIT;

	downstream_render_config(d, &b);
	tag_version(&b, out);
	buf_clear(&b);
}

void
downstream_render(const struct downstream *d, struct buf *out,
    char etag[DOWNSTREAM_ETAG_MAX])
{
	struct buf body = BUF_INIT;
	json_t *json = configuration_json(d);
	char version[TAG_VERSION_MAX];

	json_put(json, "status", status_json(d));
	json_render(json, &body);
	downstream_version(d, version);
	tag_print(version, &body, etag);
	buf_add(out, buf_text(&body), body.len);
	buf_clear(&body);
}
