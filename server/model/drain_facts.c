/* model/drain_facts.c - sessions at one moment, as JSON and back. */
#include <stdio.h>
#include <string.h>

#include "base/buf.h"
#include "base/rfc3339.h"
#include "model/drain.h"
#include "model/json.h"

static json_t *
fact_json(const struct drain_fact *f)
{
	json_t *json = json_object();
	char text[ADDR_TEXT_MAX];

	json_put(json, "upstream", json_text(f->upstream));
	json_put(json, "neighbor", json_text(addr_print(&f->neighbor, text)));
	json_put(json, "established", json_boolean(f->established));
	json_put(json, "prefixes_received",
	    json_int_or_null(f->prefixes_received));
	json_put(json, "prefixes_sent", json_int_or_null(f->prefixes_sent));
	json_put(json, "best_paths", json_int_or_null(f->best_paths));
	json_put(json, "updates_sent", json_int_or_null(f->updates_sent));
	json_put(json, "established_count",
	    json_int_or_null(f->established_count));
	json_put(json, "established_at", json_time_or_null(f->established_ms));
	json_put(json, "out_queue", json_int_or_null(f->out_queue));
	json_put(json, "interface", json_text_or_null(f->interface));
	json_put(json, "rx_bps", json_int_or_null(f->rx_bps));
	json_put(json, "tx_bps", json_int_or_null(f->tx_bps));
	return json;
}

void
drain_facts_store(const struct drain_facts *facts, struct buf *b)
{
	json_t *json = json_array();
	size_t i;

	for (i = 0; i < facts->n; i++)
		(void)json_array_append_new(json, fact_json(&facts->v[i]));
	json_render(json, b);
}

static int64_t
number(const json_t *json, const char *name)
{
	const json_t *v = json_object_get(json, name);

	return json_is_integer(v) ? (int64_t)json_integer_value(v) : -1;
}

static int64_t
moment(const json_t *json, const char *name)
{
	const char *text = json_string_value(json_object_get(json, name));
	int64_t wall_ms = 0;

	if (text != NULL)
		(void)rfc3339_parse(&wall_ms, text, NULL);
	return wall_ms;
}

static void
copy(char *out, size_t size, const json_t *json, const char *name)
{
	const char *text = json_string_value(json_object_get(json, name));

	(void)snprintf(out, size, "%s", text == NULL ? "" : text);
}

static void
load(struct drain_facts *facts, const json_t *json)
{
	struct drain_fact *f = &facts->v[facts->n];
	char text[ADDR_TEXT_MAX];

	memset(f, 0, sizeof(*f));
	copy(text, sizeof(text), json, "neighbor");
	if (addr_parse(&f->neighbor, text, NULL) == -1)
		return;
	copy(f->upstream, sizeof(f->upstream), json, "upstream");
	copy(f->interface, sizeof(f->interface), json, "interface");
	f->established = json_is_true(json_object_get(json, "established"));
	f->prefixes_received = number(json, "prefixes_received");
	f->prefixes_sent = number(json, "prefixes_sent");
	f->best_paths = number(json, "best_paths");
	f->updates_sent = number(json, "updates_sent");
	f->established_count = number(json, "established_count");
	f->established_ms = moment(json, "established_at");
	f->out_queue = number(json, "out_queue");
	f->rx_bps = number(json, "rx_bps");
	f->tx_bps = number(json, "tx_bps");
	facts->n++;
}

void
drain_facts_load(struct drain_facts *facts, const char *text)
{
	json_t *json = json_stored(text), *one;
	size_t i;

	facts->n = 0;
	json_array_foreach(json, i, one)
	{
		if (facts->n < DRAIN_FACTS_MAX)
			load(facts, one);
	}
	json_decref(json);
}
