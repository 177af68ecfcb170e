/* cli/confirm.c - the change that waits for its confirmation. */
#include <stdlib.h>

#include "base/mem.h"
#include "cli/app.h"
#include "cli/confirm.h"
#include "cli/field.h"

enum exits
confirm_find(struct app *app, char **operation)
{
	struct client_answer a = CLIENT_ANSWER_INIT;
	const char *id;
	enum exits code = app_get(app, "/v1/router", NULL, &a);

	*operation = NULL;
	if (code != EXITS_DONE)
		return code;
	id = field_text(a.json, "pending_confirm.operation");
	if (id == NULL)
		code = app_fail(app, EXITS_FAILED,
		    "%s: no change waits for confirmation\n"
		    "next: mhctl operations shows how the last ones ended",
		    app->target.name);
	else
		*operation = mem_strdup(id);
	client_answer_clear(&a);
	return code;
}

enum exits
confirm_send(struct app *app, const char *operation, const char *what,
    struct client_answer *answer)
{
	char *escaped = client_escape(operation);
	char *path = mem_printf("/v1/operations/%s/%s", escaped, what);
	json_t *body = json_object();
	const struct client_request req = { .method = "POST",
		.path = path,
		.body = body,
		.content_type = "application/json",
		.write = true }; /* so on a connection of its own */
	enum exits code =
	    app_call(app, &req, "mhctl operations lists the numbers", answer);

	json_decref(body);
	free(path);
	free(escaped);
	return code;
}
