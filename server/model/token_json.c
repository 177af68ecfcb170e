/* model/token_json.c - a token as GET /v1/tokens and `token list` show it. */
#include <stdlib.h>

#include <jansson.h>

#include "base/clock.h"
#include "base/compat.h"
#include "base/log.h"
#include "base/mem.h"
#include "model/token.h"
#include "model/token_json.h"

/* Out of memory ends the process, as everywhere in the engine. */
static json_t *
must(json_t *value)
{
	if (value == NULL)
		log_fatal("out of memory (token as JSON)");
	return value;
}

static void
put(json_t *object, const char *key, json_t *value)
{
	if (json_object_set_new(object, key, must(value)) == -1)
		log_fatal("out of memory (token as JSON)");
}

static void
append(json_t *array, json_t *value)
{
	if (json_array_append_new(array, must(value)) == -1)
		log_fatal("out of memory (token as JSON)");
}

static json_t *
time_json(int64_t wall_ms)
{
	char text[CLOCK_TEXT_MAX];

	if (wall_ms == 0)
		return json_null();
	return json_string(clock_print(wall_ms, text));
}

static json_t *
scopes_json(unsigned scopes)
{
	static const enum token_scope order[] = { SCOPE_READ, SCOPE_METRICS,
		SCOPE_OPERATE, SCOPE_CONFIGURE, SCOPE_ADMIN };
	json_t *array = must(json_array());
	size_t i;

	for (i = 0; i < NITEMS(order); i++) {
		if ((scopes & order[i]) != 0)
			append(array, json_string(token_scope_name(order[i])));
	}
	return array;
}

static json_t *
globs_json(const struct token *t)
{
	json_t *array = must(json_array());
	unsigned i;

	for (i = 0; i < t->n_globs; i++)
		append(array, json_string(t->globs[i]));
	return array;
}

static json_t *
networks_json(const struct token *t)
{
	json_t *array = must(json_array());
	char text[PREFIX_TEXT_MAX];
	unsigned i;

	for (i = 0; i < t->n_networks; i++)
		append(array, json_string(prefix_print(&t->networks[i], text)));
	return array;
}

json_t *
token_json(const struct token *t)
{
	json_t *object = must(json_object());

	put(object, "id", json_string(t->id));
	put(object, "name", json_string(t->name.s));
	put(object, "scopes", scopes_json(t->scopes));
	put(object, "upstreams", globs_json(t));
	put(object, "networks", networks_json(t));
	put(object, "strict", json_boolean(t->strict));
	put(object, "created_at", time_json(t->created_ms));
	put(object, "expires_at", time_json(t->expires_ms));
	put(object, "revoked_at", time_json(t->revoked_ms));
	put(object, "last_used_at", time_json(t->last_used_ms));
	return object;
}

json_t *
token_json_list(const struct token_list *list)
{
	json_t *object = must(json_object());
	json_t *array = must(json_array());
	size_t i;

	for (i = 0; i < list->n; i++)
		append(array, token_json(&list->v[i]));
	put(object, "tokens", array);
	return object;
}

/* Takes the reference. */
static char *
dump(json_t *value)
{
	char *text = json_dumps(value, JSON_COMPACT), *copy;
	json_malloc_t take;
	json_free_t give_back;

	if (text == NULL)
		log_fatal("out of memory (token as JSON)");
	json_decref(value);
	/* Its memory may not be free()'s: json_wipe_memory. */
	copy = mem_strdup(text);
	json_get_alloc_funcs(&take, &give_back);
	give_back(text);
	return copy;
}

char *
token_json_text(const struct token *t, const char *secret)
{
	json_t *object = token_json(t);

	if (secret != NULL)
		put(object, "secret", json_string(secret));
	return dump(object);
}

char *
token_json_list_text(const struct token_list *list)
{
	return dump(token_json_list(list));
}
