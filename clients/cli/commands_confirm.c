/* cli/commands_confirm.c - keeping or taking back a change that waits. */
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/mem.h"
#include "base/number.h"
#include "cli/app.h"
#include "cli/commands.h"
#include "cli/confirm.h"
#include "cli/field.h"
#include "cli/render.h"

/* The word, or the one that waits. free() it. */
static enum exits
operation_of(struct app *app, const char *word, char **operation)
{
	if (word == NULL)
		return confirm_find(app, operation);
	*operation = mem_strdup(word);
	return app_prepare(app);
}

static enum exits
print(struct app *app, const json_t *json, const char *words)
{
	struct buf b = BUF_INIT;

	if (args_has(&app->args, ARGS_JSON))
		return app_print_json(app, json);
	render_operation_confirmed(&b, &app->out, app->target.name, words,
	    json);
	return app_print(app, &b);
}

typedef const char *words_fn(const json_t *operation);

static enum exits
end(struct app *app, const char *what, words_fn *words)
{
	struct client_answer a = CLIENT_ANSWER_INIT;
	char *operation;
	enum exits code = operation_of(app, app_word(app, 0), &operation);

	if (code == EXITS_DONE)
		code = confirm_send(app, operation, what, &a);
	if (code == EXITS_DONE)
		code = print(app, a.json, words(a.json));
	free(operation);
	client_answer_clear(&a);
	return code;
}

static const char *
confirmed_words(const json_t *operation)
{
	(void)operation;
	return "confirmed, and saved for the next start";
}

enum exits
commands_confirm(struct app *app)
{
	return end(app, "confirm", confirmed_words);
}

/* Its error has more to tell where something was changed by hand meanwhile. */
static const char *
reverted_words(const json_t *operation)
{
	return render_operation_left(operation) == NULL ?
	    "taken back: the router is as before" :
	    "taken back, but for what somebody else has changed";
}

enum exits
commands_confirm_revert(struct app *app)
{
	return end(app, "cancel", reverted_words);
}

/* What has begun goes back in its own time. */
static const char *
cancelled_words(const json_t *operation)
{
	const char *state = field_word(operation, "state", "");

	if (strcmp(state, "running") == 0 &&
	    strcmp(field_word(operation, "phase", ""), "recall") == 0)
		return "cancelled: nothing changes here, and the other end is "
		       "told until it has heard it";
	return strcmp(state, "running") == 0 || strcmp(state, "undoing") == 0 ?
	    "cancelled: it goes back now" :
	    "cancelled";
}

enum exits
commands_confirm_cancel(struct app *app)
{
	struct client_answer a = CLIENT_ANSWER_INIT;
	enum exits code = confirm_send(app, app_word(app, 0), "cancel", &a);

	if (code == EXITS_DONE)
		code = print(app, a.json, cancelled_words(a.json));
	client_answer_clear(&a);
	return code;
}

static enum exits
extend(struct app *app, const char *operation, uint32_t seconds,
    struct client_answer *a)
{
	char *escaped = client_escape(operation);
	char *path = mem_printf("/v1/operations/%s", escaped);
	json_t *body = json_pack("{s:I}", "revert_in_s", (json_int_t)seconds);
	const struct client_request req = { .method = "PATCH",
		.path = path,
		.body = body,
		.content_type = "application/merge-patch+json",
		.write = true };
	enum exits code =
	    app_call(app, &req, "mhctl operations lists the numbers", a);

	json_decref(body);
	free(path);
	free(escaped);
	return code;
}

enum exits
commands_confirm_extend(struct app *app)
{
	struct client_answer a = CLIENT_ANSWER_INIT;
	char *operation = NULL;
	uint32_t seconds;
	enum exits code;

	if (number_parse_u32(&seconds, app_word(app, 0), 10, 3600, NULL) == -1)
		return app_fail(app, EXITS_USAGE,
		    "SECONDS is 10 to 3600, not %s", app_word(app, 0));
	code = operation_of(app, app_word(app, 1), &operation);
	if (code == EXITS_DONE)
		code = extend(app, operation, seconds, &a);
	if (code == EXITS_DONE)
		code = print(app, a.json, "waits on");
	free(operation);
	client_answer_clear(&a);
	return code;
}
