/* model/drain_progress.c - how far a drain is, and how it ended, as JSON. */
#include <string.h>

#include "base/buf.h"
#include "model/drain_progress.h"
#include "model/json.h"

static char *
take(json_t *json)
{
	struct buf b = BUF_INIT;

	json_render(json, &b);
	return buf_take(&b);
}

char *
drain_progress_store(const struct drain_progress *p)
{
	json_t *json = json_object(), *gates = json_array(), *one;
	size_t i;

	json_put(json, "text", json_text(p->text));
	json_put(json, "end", json_text_or_null(p->end));
	json_put(json, "samples", json_integer(p->samples));
	json_put(json, "samples_needed", json_integer(p->samples_needed));
	json_put(json, "seconds_left", json_int_or_null(p->seconds_left));
	for (i = 0; i < p->n_gates; i++) {
		const struct drain_gate *g = &p->gates[i];

		one = json_object();
		json_put(one, "upstream", json_text(g->upstream));
		json_put(one, "met", json_boolean(g->why[0] == '\0'));
		json_put(one, "why", json_text_or_null(g->why));
		json_put(one, "text", json_text_or_null(g->text));
		json_put(one, "seconds_left",
		    json_int_or_null(g->seconds_left));
		(void)json_array_append_new(gates, one);
	}
	json_put(json, "gates", gates);
	return take(json);
}

bool
drain_progress_says(const char *stored, const char *text)
{
	json_t *json = json_stored(stored);
	const char *said = json_string_value(json_object_get(json, "text"));
	bool same = said != NULL && strcmp(said, text) == 0;

	json_decref(json);
	return same;
}

/* null where one side is not known. */
static json_t *
minus(int64_t after, int64_t before)
{
	if (after == -1 || before == -1)
		return json_null();
	return json_integer((json_int_t)(after - before));
}

static json_t *
difference_json(const char *before_text, const char *after_text)
{
	static struct drain_facts before, after; /* of the writer's thread */
	json_t *json = json_array(), *one;
	size_t i;

	drain_facts_load(&before, before_text);
	drain_facts_load(&after, after_text);
	for (i = 0; i < after.n; i++) {
		const struct drain_fact *a = &after.v[i];
		const struct drain_fact *b =
		    drain_facts_find(&before, &a->neighbor);

		if (b == NULL)
			continue;
		one = json_object();
		json_put(one, "upstream", json_text(a->upstream));
		json_put(one, "session",
		    b->established == a->established ?
			json_null() :
			json_text(a->established ? "up" : "down"));
		json_put(one, "prefixes_received",
		    minus(a->prefixes_received, b->prefixes_received));
		json_put(one, "prefixes_sent",
		    minus(a->prefixes_sent, b->prefixes_sent));
		json_put(one, "best_paths",
		    minus(a->best_paths, b->best_paths));
		json_put(one, "rx_bps", minus(a->rx_bps, b->rx_bps));
		json_put(one, "tx_bps", minus(a->tx_bps, b->tx_bps));
		(void)json_array_append_new(json, one);
	}
	return json;
}

char *
drain_progress_result(const struct drain *d, const char *end, const char *why)
{
	json_t *json = json_object();

	json_put(json, "changed", json_true());
	json_put(json, "subject", json_text(d->subject));
	json_put(json, "owner", json_text(d->owner));
	json_put(json, "end", json_text(end));
	json_put(json, "why", json_text_or_null(why));
	json_put(json, "before", json_stored(d->before));
	json_put(json, "after", json_stored(d->after));
	json_put(json, "difference", difference_json(d->before, d->after));
	return take(json);
}
