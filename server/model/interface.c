/* model/interface.c - an interface as the API shows it. */
#include "base/buf.h"
#include "model/interface.h"
#include "model/json.h"

static json_t *
managed_json(enum interface_managed managed)
{
	switch (managed) {
	case INTERFACE_MULTIHOMED:
		return json_text("multihomed");
	case INTERFACE_BY_HAND:
		return json_text("hand");
	case INTERFACE_NOT_OURS:
		break;
	}
	return json_null();
}

static json_t *
count_json(bool known, uint64_t value)
{
	return known ? json_integer((json_int_t)value) : json_null();
}

void
interface_render(const struct interface *i, struct buf *b)
{
	json_t *json = json_object(), *addresses = json_array();
	char text[ADDR_TEXT_MAX];
	unsigned n;

	json_put(json, "name", json_text(i->name));
	json_put(json, "kind", json_text(i->kind));
	json_put(json, "up", json_boolean(i->up));
	json_put(json, "mtu",
	    json_int_or_null(i->mtu == 0 ? -1 : (int64_t)i->mtu));
	json_put(json, "local", json_text_or_null(addr_print(&i->local, text)));
	json_put(json, "remote",
	    json_text_or_null(addr_print(&i->remote, text)));
	for (n = 0; n < i->n_addresses; n++)
		(void)json_array_append_new(addresses,
		    json_text(i->addresses[n]));
	json_put(json, "addresses", addresses);
	json_put(json, "description", json_text_or_null(i->description));
	json_put(json, "managed", managed_json(i->managed));
	json_put(json, "at_boot", json_boolean(i->at_boot));
	json_put(json, "rx_bytes", count_json(i->counted, i->rx_bytes));
	json_put(json, "tx_bytes", count_json(i->counted, i->tx_bytes));
	json_put(json, "rx_bps", count_json(i->rates_known, i->rx_bps));
	json_put(json, "tx_bps", count_json(i->rates_known, i->tx_bps));
	json_put(json, "upstream", json_text_or_null(i->upstream));
	json_put(json, "downstream", json_text_or_null(i->downstream));
	json_render(json, b);
}
