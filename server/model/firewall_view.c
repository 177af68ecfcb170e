/* model/firewall_view.c - our firewall rules as the API shows them. */
#include "base/buf.h"
#include "model/firewall_view.h"
#include "model/json.h"

static json_t *
address_json(const struct addr *a)
{
	char text[ADDR_TEXT_MAX];

	return json_text_or_null(addr_print(a, text));
}

static json_t *
entry_json(const struct firewall_view_entry *e)
{
	json_t *json = json_object();

	json_put(json, "interface", json_text_or_null(e->interface));
	json_put(json, "peer", address_json(&e->peer));
	json_put(json, "nat", json_boolean(e->nat));
	json_put(json, "kind", json_text_or_null(e->kind));
	json_put(json, "local", address_json(&e->local));
	json_put(json, "remote", address_json(&e->remote));
	return json;
}

void
firewall_view_render(const struct firewall_view *v, struct buf *b)
{
	json_t *json = json_object(), *router = json_array(),
	       *prefixes = json_array(), *entries = json_array(),
	       *warnings = json_array();
	char text[PREFIX_TEXT_MAX];
	size_t i;

	json_put(json, "platform", json_text(v->platform));
	json_put(json, "enabled", json_boolean(v->enabled));
	json_put(json, "attached", json_boolean(v->attached));
	json_put(json, "loaded", json_boolean(v->loaded));
	json_put(json, "as_set", json_boolean(v->as_set));
	for (i = 0; i < 2; i++)
		if (v->router[i].family != 0)
			(void)json_array_append_new(router,
			    address_json(&v->router[i]));
	json_put(json, "router_addresses", router);
	for (i = 0; i < v->n_prefixes; i++)
		(void)json_array_append_new(prefixes,
		    json_text(prefix_print(&v->prefixes[i], text)));
	json_put(json, "prefixes", prefixes);
	for (i = 0; i < v->n_entries; i++)
		(void)json_array_append_new(entries,
		    entry_json(&v->entries[i]));
	json_put(json, "entries", entries);
	json_put(json, "listing", json_text(v->listing));
	for (i = 0; i < v->n_warnings; i++)
		(void)json_array_append_new(warnings,
		    json_text(v->warnings[i]));
	json_put(json, "warnings", warnings);
	json_render(json, b);
}
