/* model/route.c - the paths to one prefix, as GET /v1/routes shows them. */
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/mem.h"
#include "model/json.h"
#include "model/route.h"

/* "a b c" as an array. */
static json_t *
words_json(const char *text)
{
	json_t *json = json_array();
	size_t len;

	while (text != NULL && *text != '\0') {
		len = strcspn(text, " ");
		if (len > 0) {
			char *word = mem_strndup(text, len);

			(void)json_array_append_new(json, json_text(word));
			free(word);
		}
		text += len + (text[len] == ' ');
	}
	return json;
}

static json_t *
path_json(const struct route_path *p)
{
	json_t *json = json_object();

	json_put(json, "best", json_boolean(p->best));
	json_put(json, "best_reason", json_text_or_null(p->best_reason));
	json_put(json, "valid", json_boolean(p->valid));
	json_put(json, "neighbor", json_text_or_null(p->neighbor));
	json_put(json, "upstream", json_text_or_null(p->upstream));
	json_put(json, "internal", json_boolean(p->internal));
	json_put(json, "local", json_boolean(p->local));
	json_put(json, "next_hop", json_text_or_null(p->next_hop));
	json_put(json, "local_preference",
	    json_int_or_null(p->local_preference));
	json_put(json, "med", json_int_or_null(p->med));
	json_put(json, "as_path",
	    json_text(p->as_path == NULL ? "" : p->as_path));
	json_put(json, "as_path_length", json_integer(p->as_path_length));
	json_put(json, "origin", json_text_or_null(p->origin));
	json_put(json, "communities", words_json(p->communities));
	json_put(json, "large_communities", words_json(p->large_communities));
	return json;
}

void
route_render(const char *prefix, const struct route_path *paths, size_t n,
    struct buf *b)
{
	json_t *json = json_object(), *array = json_array();
	size_t i;

	for (i = 0; i < n; i++) {
		json_t *one = path_json(&paths[i]);

		if (paths[i].best)
			(void)json_array_insert_new(array, 0, one);
		else
			(void)json_array_append_new(array, one);
	}
	json_put(json, "prefix", json_text(prefix));
	json_put(json, "paths", array);
	json_render(json, b);
}
