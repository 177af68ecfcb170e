/* model/problem.c - a problem document (RFC 9457) that somebody else sent. */
#include <stdio.h>
#include <string.h>

#include <jansson.h>

#include "model/problem.h"

static const char *
text(const json_t *object, const char *member)
{
	return json_string_value(json_object_get(object, member));
}

static void
read_all(const json_t *json, const char *detail, struct problem_told *told)
{
	const json_t *field =
	    json_array_get(json_object_get(json, "errors"), 0);
	const char *pointer = text(field, "pointer");
	const char *what = text(field, "detail");
	const char *code = text(json, "code");
	json_int_t status = json_integer_value(json_object_get(json, "status"));

	if (pointer != NULL && what != NULL)
		(void)snprintf(told->detail, sizeof(told->detail), "%s: %s %s",
		    detail, pointer, what);
	else
		(void)snprintf(told->detail, sizeof(told->detail), "%s",
		    detail);
	if (code != NULL && strlen(code) < sizeof(told->code))
		(void)snprintf(told->code, sizeof(told->code), "%s", code);
	if (status >= 400 && status <= 599)
		told->status = (unsigned)status;
}

bool
problem_read(const char *json_text, struct problem_told *told)
{
	json_t *json = json_loads(json_text, JSON_DISABLE_EOF_CHECK, NULL);
	const char *detail = text(json, "detail");

	memset(told, 0, sizeof(*told));
	if (detail != NULL)
		read_all(json, detail, told);
	json_decref(json);
	return detail != NULL;
}
