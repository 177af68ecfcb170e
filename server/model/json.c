/* model/json.c - small helpers over jansson for the rooms that print JSON. */
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/clock.h"
#include "base/log.h"
#include "base/mem.h"
#include "base/name.h"
#include "model/json.h"

/* Its size stands before each block; malloc's alignment is kept. */
enum {
	BLOCK_HEAD = 16
};

static void *
take_block(size_t n)
{
	char *block = malloc(n + BLOCK_HEAD);

	if (block == NULL)
		return NULL;
	memcpy(block, &n, sizeof(n));
	return block + BLOCK_HEAD;
}

static void
give_back_block(void *p)
{
	char *block = p;
	size_t n;

	if (p == NULL)
		return;
	block -= BLOCK_HEAD;
	memcpy(&n, block, sizeof(n));
	explicit_bzero(p, n);
	free(block);
}

void
json_wipe_memory(void)
{
	json_set_alloc_funcs(take_block, give_back_block);
}

json_t *
json_text(const char *text)
{
	size_t i, len = strlen(text);
	json_t *json;
	char *copy;

	if (name_is_utf8(text, len)) {
		json = json_stringn_nocheck(text, len);
	} else {
		copy = mem_strdup(text);
		for (i = 0; i < len; i++)
			if ((unsigned char)copy[i] >= 0x80)
				copy[i] = '?';
		json = json_stringn_nocheck(copy, len);
		free(copy);
	}
	if (json == NULL)
		log_fatal("out of memory (JSON)");
	return json;
}

json_t *
json_text_or_null(const char *text)
{
	return text == NULL || text[0] == '\0' ? json_null() : json_text(text);
}

json_t *
json_int_or_null(int64_t value)
{
	return value == -1 ? json_null() : json_integer((json_int_t)value);
}

json_t *
json_time_or_null(int64_t wall_ms)
{
	char text[CLOCK_TEXT_MAX];

	if (wall_ms == 0)
		return json_null();
	return json_text(clock_print(wall_ms, text));
}

json_t *
json_stored(const char *text)
{
	json_t *json = NULL;

	if (text != NULL)
		json = json_loads(text, JSON_DECODE_ANY, NULL);
	return json == NULL ? json_null() : json;
}

void
json_put(json_t *object, const char *name, json_t *value)
{
	if (value == NULL ||
	    json_object_set_new_nocheck(object, name, value) == -1)
		log_fatal("out of memory (JSON)");
}

static int
add_part(const char *bytes, size_t n, void *data)
{
	buf_add(data, bytes, n);
	return 0;
}

void
json_render(json_t *json, struct buf *b)
{
	if (json == NULL ||
	    json_dump_callback(json, add_part, b,
		JSON_COMPACT | JSON_PRESERVE_ORDER | JSON_ENCODE_ANY) == -1)
		log_fatal("out of memory (JSON)");
	json_decref(json);
}
