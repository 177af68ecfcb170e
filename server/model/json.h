/* model/json.h - small helpers over jansson for the rooms that print JSON. */
#ifndef MODEL_JSON_H
#define MODEL_JSON_H

#include <stdint.h>

#include <jansson.h>

struct buf;

/* Once, before any JSON is made: from now on jansson wipes all memory that it
 * gives back, since a request or the journal may hold a password. */
void json_wipe_memory(void);

/* New references; "" becomes null. Text that is not UTF-8 (a router may hold
 * any bytes) has its bad bytes replaced, never lost as a whole. */
json_t *json_text_or_null(const char *);
json_t *json_text(const char *);
/* null when value is -1. */
json_t *json_int_or_null(int64_t);
/* RFC 3339 from wall-clock milliseconds; null for 0. */
json_t *json_time_or_null(int64_t wall_ms);
/* A parsed document from stored JSON text; null when NULL or damaged. */
json_t *json_stored(const char *);
/* Compact, in insertion order; takes the reference. */
void json_render(json_t *, struct buf *);
/* Takes the reference; dies when out of memory. */
void json_put(json_t *object, const char *name, json_t *value);

#endif
