/* model/problem.c - a problem document (RFC 9457) that somebody else sent. */
#include <stdio.h>

#include <jansson.h>

#include "model/problem.h"

bool
problem_detail(const char *text, char *out, size_t size)
{
	json_t *json = json_loads(text, JSON_DISABLE_EOF_CHECK, NULL);
	const json_t *field =
	    json_array_get(json_object_get(json, "errors"), 0);
	const char *detail = json_string_value(json_object_get(json, "detail"));
	const char *pointer =
	    json_string_value(json_object_get(field, "pointer"));
	const char *what = json_string_value(json_object_get(field, "detail"));

	if (detail != NULL && pointer != NULL && what != NULL)
		(void)snprintf(out, size, "%s: %s %s", detail, pointer, what);
	else if (detail != NULL)
		(void)snprintf(out, size, "%s", detail);
	json_decref(json);
	return detail != NULL;
}
