/* model/drain_state.c - what a drain's next step has to know, kept. */
#include <string.h>

#include "base/buf.h"
#include "model/drain_state.h"
#include "model/json.h"

static int64_t
number(const json_t *json, const char *name)
{
	return (int64_t)json_integer_value(json_object_get(json, name));
}

void
drain_state_load(struct drain_state *s, const char *text)
{
	json_t *json = json_stored(text), *one;
	size_t i;

	memset(s, 0, sizeof(*s));
	s->deadline_ms = number(json, "deadline_ms");
	s->retry_ms = number(json, "retry_ms");
	s->pause_ms = number(json, "pause_ms");
	s->counted = json_is_true(json_object_get(json, "counted"));
	s->best = number(json, "best");
	s->cancelled = json_is_true(json_object_get(json, "cancelled"));
	s->expired = json_is_true(json_object_get(json, "expired"));
	json_array_foreach(json_object_get(json, "back"), i, one)
	{
		if (json_is_string(one) && s->n_back < DRAIN_FACTS_MAX &&
		    addr_parse(&s->back[s->n_back], json_string_value(one),
			NULL) == 0)
			s->n_back++;
	}
	json_decref(json);
}

char *
drain_state_store(const struct drain_state *s)
{
	json_t *json = json_object(), *back = json_array();
	struct buf b = BUF_INIT;
	char text[ADDR_TEXT_MAX];
	size_t i;

	json_put(json, "deadline_ms", json_integer(s->deadline_ms));
	json_put(json, "retry_ms", json_integer(s->retry_ms));
	json_put(json, "pause_ms", json_integer(s->pause_ms));
	json_put(json, "counted", json_boolean(s->counted));
	json_put(json, "best", json_integer(s->best));
	json_put(json, "cancelled", json_boolean(s->cancelled));
	json_put(json, "expired", json_boolean(s->expired));
	for (i = 0; i < s->n_back; i++)
		(void)json_array_append_new(back,
		    json_text(addr_print(&s->back[i], text)));
	json_put(json, "back", back);
	json_render(json, &b);
	return buf_take(&b);
}

bool
drain_state_is_back(const struct drain_state *s, const struct addr *neighbor)
{
	size_t i;

	for (i = 0; i < s->n_back; i++)
		if (addr_equal(&s->back[i], neighbor))
			return true;
	return false;
}
