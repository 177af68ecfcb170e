/* cli/commands_events.c - what happens on the router, as it happens. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/err.h"
#include "cli/app.h"
#include "cli/commands.h"
#include "cli/field.h"
#include "cli/render.h"
#include "cli/stream.h"

struct listening {
	struct app *app;
	enum exits code;
};

static bool
on_event(void *arg, const char *type, const json_t *event)
{
	struct listening *l = arg;
	struct buf b = BUF_INIT;

	if (args_has(&l->app->args, ARGS_JSON)) {
		char *text = json_dumps(event,
		    JSON_COMPACT |
			(l->app->out.terminal ? JSON_ENSURE_ASCII : 0));

		if (text != NULL)
			buf_printf(&b, "%s\n", text);
		free(text);
	} else if (strcmp(type, "hello") != 0) {
		render_event(&b, &l->app->out, event);
	}
	if (b.len > 0)
		l->code = app_print(l->app, &b);
	return l->code == EXITS_DONE;
}

static void
on_lost(void *arg, const char *why, unsigned again_s)
{
	struct listening *l = arg;

	(void)app_fail(l->app, EXITS_DONE, "%s: %s; connecting again in %u s",
	    l->app->target.name, why, again_s);
}

/* It becomes a header. */
static bool
is_id(const char *text)
{
	size_t len = strlen(text), i;

	for (i = 0; i < len; i++)
		if (text[i] <= ' ' || text[i] > '~')
			return false;
	return len > 0 && len < 256;
}

enum exits
commands_events(struct app *app)
{
	const struct client_request ask = { .method = "GET",
		.path = "/v1/events" };
	struct client_answer answer = CLIENT_ANSWER_INIT;
	struct listening l = { app, app_prepare(app) };
	struct stream s = { .types = app->args.value[ARGS_TYPES],
		.since = app->args.value[ARGS_SINCE],
		.event = on_event,
		.lost = on_lost,
		.arg = &l,
		.verbose = args_has(&app->args, ARGS_VERBOSE) };
	struct err err;

	if (l.code != EXITS_DONE)
		return l.code;
	if (s.since != NULL && !is_id(s.since))
		return app_fail(app, EXITS_USAGE,
		    "--since is an event's id, as mhctl events --json shows "
		    "it");
	if (app->args.value[ARGS_TIMEOUT] != NULL)
		s.timeout_s =
		    (unsigned)strtoul(app->args.value[ARGS_TIMEOUT], NULL, 10);
	err_clear(&err);
	switch (stream_follow(&app->target, &s, &answer, &err)) {
	case STREAM_STOPPED:
	case STREAM_INTERRUPTED:
		break;
	case STREAM_REFUSED:
		l.code = app_refused(app, &ask, NULL, &answer);
		break;
	case STREAM_UNREACHABLE:
		l.code = app_say_end(app, CLIENT_UNREACHABLE, false, &err);
		break;
	case STREAM_FOREIGN:
		l.code = app_say_end(app, CLIENT_FOREIGN, false, &err);
		break;
	}
	client_answer_clear(&answer);
	return l.code;
}

static void
on_state(void *arg, const json_t *state)
{
	struct app *app = arg;
	struct buf b = BUF_INIT;

	if (args_has(&app->args, ARGS_JSON))
		return;
	render_operation_state(&b, &app->out, state);
	(void)app_print(app, &b);
}

enum exits
commands_events_operation(struct app *app)
{
	struct client_answer answer = CLIENT_ANSWER_INIT;
	const struct stream_watch watch = { .tell = on_state, .arg = app };
	const char *id = app_word(app, 0), *state;
	enum exits code = stream_follow_operation(app, id, &watch, &answer);

	if (code == EXITS_RUNNING)
		(void)app_fail(app, code,
		    "%s goes on there\nnext: mhctl operation follow %s", id,
		    id);
	if (code == EXITS_DONE && args_has(&app->args, ARGS_JSON))
		code = app_print_json(app, answer.json);
	state = field_word(answer.json, "state", "");
	if (code == EXITS_DONE && strcmp(state, "done") != 0 &&
	    strcmp(state, "awaiting_confirm") != 0)
		code = EXITS_FAILED;
	client_answer_clear(&answer);
	return code;
}
