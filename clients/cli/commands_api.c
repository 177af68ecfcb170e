/* cli/commands_api.c - one request as it is. */
#include <stdbool.h>
#include <string.h>

#include "base/compat.h"
#include "cli/app.h"
#include "cli/body.h"
#include "cli/commands.h"

static bool
is_method(const char *word)
{
	static const char *const methods[] = { "GET", "PUT", "PATCH", "POST",
		"DELETE" };
	size_t i;

	for (i = 0; i < NITEMS(methods); i++)
		if (strcmp(word, methods[i]) == 0)
			return true;
	return false;
}

/* Visible ASCII; what follows a # would not be sent. */
static bool
is_path(const char *word)
{
	const char *s;

	for (s = word; *s > ' ' && *s <= '~' && *s != '#'; s++)
		;
	return word[0] == '/' && *s == '\0';
}

static enum exits
send(struct app *app, const char *method, json_t *body)
{
	const struct client_request req = { .method = method,
		.path = app_word(app, 1),
		.body = body,
		.content_type = strcmp(method, "PATCH") == 0 ?
		    "application/merge-patch+json" :
		    "application/json",
		.write = strcmp(method, "GET") != 0 };
	struct client_answer a = CLIENT_ANSWER_INIT;
	enum exits code = app_call(app, &req, NULL, &a);

	if (code == EXITS_DONE)
		code = app_print_answer(app, &a);
	client_answer_clear(&a);
	return code;
}

enum exits
commands_api(struct app *app)
{
	const char *method = app_word(app, 0);
	const char *data = app->args.value[ARGS_DATA];
	json_t *body = NULL;
	enum exits code;

	if (!is_method(method))
		return app_fail(app, EXITS_USAGE,
		    "METHOD is GET, PUT, PATCH, POST or DELETE, not %s",
		    method);
	if (!is_path(app_word(app, 1)))
		return app_fail(app, EXITS_USAGE,
		    "PATH begins with / and is printable ASCII without blanks "
		    "and #; write others as %%20");
	if (data != NULL && strcmp(method, "GET") == 0)
		return app_fail(app, EXITS_USAGE, "GET takes no --data");
	if (data != NULL) {
		body = body_read_file(app, data);
		if (body == NULL)
			return EXITS_USAGE;
	}
	app->lines = true;
	code = send(app, method, body);
	json_decref(body);
	return code;
}
