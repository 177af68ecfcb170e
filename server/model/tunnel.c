/* model/tunnel.c - a tunnel as the API shows it. */
#include "model/json.h"
#include "model/tunnel.h"

const char *
tunnel_kind_name(enum tunnel_kind kind)
{
	return kind == TUNNEL_GRE ? "gre" : "gif";
}

json_t *
tunnel_json(const struct tunnel *t)
{
	char text[ADDR_TEXT_MAX];
	json_t *json;

	if (!t->present)
		return json_null();
	json = json_object();
	json_put(json, "kind", json_string(tunnel_kind_name(t->kind)));
	json_put(json, "interface", json_text(t->interface));
	json_put(json, "local", json_text(addr_print(&t->local, text)));
	json_put(json, "remote", json_text(addr_print(&t->remote, text)));
	json_put(json, "prefix_length",
	    json_int_or_null(t->prefix_length == 0 ? -1 : t->prefix_length));
	json_put(json, "mtu", json_integer(t->mtu));
	return json;
}

json_t *
tunnel_managed_json(const struct tunnel *t)
{
	if (!t->present)
		return json_null();
	return json_string(t->owned ? "multihomed" : "hand");
}

uint32_t
tunnel_default_mtu(enum tunnel_kind kind, uint8_t outer_family)
{
	uint32_t outer = outer_family == 6 ? 40 : 20;

	return 1500 - outer - (kind == TUNNEL_GRE ? 4 : 0);
}
