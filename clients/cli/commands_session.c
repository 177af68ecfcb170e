/* cli/commands_session.c - looking at BGP sessions and clearing them. */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/addr.h"
#include "base/buf.h"
#include "base/err.h"
#include "base/mem.h"
#include "base/name.h"
#include "cli/app.h"
#include "cli/commands.h"
#include "cli/field.h"
#include "cli/prompt.h"
#include "cli/render.h"
#include "cli/text.h"

static const char session_hint[] = "mhctl sessions lists the neighbors";

enum exits
commands_session_list(struct app *app)
{
	struct client_answer a = CLIENT_ANSWER_INIT;
	struct buf b = BUF_INIT;
	enum exits code = app_get(app, "/v1/sessions", NULL, &a);

	if (code == EXITS_DONE && args_has(&app->args, ARGS_JSON)) {
		code = app_print_json(app, a.json);
	} else if (code == EXITS_DONE) {
		render_sessions(&b, &app->out, a.json);
		code = app_print(app, &b);
	}
	client_answer_clear(&a);
	return code;
}

/* The neighbor's address for an address or an upstream's name: free() it. */
static enum exits
find_neighbor(struct app *app, const char *word, char **neighbor)
{
	struct client_answer a = CLIENT_ANSWER_INIT;
	char text[ADDR_TEXT_MAX], *path;
	struct addr addr;
	struct name name;
	enum exits code;

	*neighbor = NULL;
	if (addr_parse(&addr, word, NULL) == 0) {
		*neighbor = mem_strdup(addr_print(&addr, text));
		return EXITS_DONE;
	}
	if (name_parse(&name, word, NULL) == -1)
		return app_fail(app, EXITS_USAGE,
		    "%s is neither an address nor an upstream's name", word);
	path = mem_printf("/v1/upstreams/%s", name.s);
	code = app_get(app, path, "mhctl upstreams lists the names", &a);
	if (code == EXITS_DONE) {
		if (field_text(a.json, "neighbor") != NULL)
			*neighbor = mem_strdup(field_text(a.json, "neighbor"));
		else
			code = app_fail(app, EXITS_FAILED,
			    "%s: the router names no neighbor for it", name.s);
	}
	free(path);
	client_answer_clear(&a);
	return code;
}

enum exits
commands_session_show(struct app *app)
{
	struct client_answer a = CLIENT_ANSWER_INIT;
	char *neighbor, *escaped = NULL, *path = NULL;
	struct buf b = BUF_INIT;
	enum exits code;

	code = find_neighbor(app, app_word(app, 0), &neighbor);
	if (code == EXITS_DONE) {
		escaped = client_escape(neighbor);
		path = mem_printf("/v1/sessions/%s", escaped);
		code = app_get(app, path, session_hint, &a);
	}
	if (code == EXITS_DONE && args_has(&app->args, ARGS_JSON)) {
		code = app_print_json(app, a.json);
	} else if (code == EXITS_DONE) {
		render_session(&b, &app->out, a.json);
		code = app_print(app, &b);
	}
	free(path);
	free(escaped);
	free(neighbor);
	client_answer_clear(&a);
	return code;
}

/* Whether a hard reset may be sent: --yes, or a person says so. */
static enum exits
may_reset(struct app *app, const char *neighbor)
{
	struct buf question = BUF_INIT;
	bool yes;

	if (args_has(&app->args, ARGS_YES))
		return EXITS_DONE;
	if (!prompt_possible())
		return app_fail(app, EXITS_USAGE,
		    "--hard resets the session with %s; nobody is here to be "
		    "asked, so give --yes, too",
		    neighbor);
	buf_puts(&question, "This resets the session with ");
	text_add(&question, neighbor);
	buf_puts(&question, " on ");
	text_add(&question, app->target.name);
	buf_puts(&question,
	    ":\nall routes through it go away until it is back.\n"
	    "Type yes to go on:");
	yes = prompt_yes(buf_text(&question));
	buf_clear(&question);
	return yes ? EXITS_DONE :
		     app_fail(app, EXITS_FAILED, "nothing was done");
}

static json_t *
clear_body(const struct app *app, const char *soft)
{
	json_t *body = json_object();

	(void)json_object_set_new(body, "soft",
	    soft == NULL ? json_null() : json_string(soft));
	if (args_has(&app->args, ARGS_REASON))
		(void)json_object_set_new(body, "reason",
		    json_string(app->args.value[ARGS_REASON]));
	if (args_has(&app->args, ARGS_TICKET))
		(void)json_object_set_new(body, "ticket",
		    json_string(app->args.value[ARGS_TICKET]));
	return body;
}

static enum exits
send_clear(struct app *app, const char *neighbor, const char *soft)
{
	struct client_answer a = CLIENT_ANSWER_INIT;
	char *escaped = client_escape(neighbor);
	char *path = mem_printf("/v1/sessions/%s/clear", escaped);
	json_t *body = clear_body(app, soft);
	const struct client_request req = { .method = "POST",
		.path = path,
		.body = body,
		.content_type = "application/json",
		.write = true };
	struct buf b = BUF_INIT;
	enum exits code = app_call(app, &req, session_hint, &a);

	if (code == EXITS_DONE && args_has(&app->args, ARGS_JSON)) {
		code = app_print_json(app, a.json);
	} else if (code == EXITS_DONE) {
		render_change_cleared(&b, &app->out, app->target.name, a.json);
		code = app_print(app, &b);
	}
	json_decref(body);
	free(path);
	free(escaped);
	client_answer_clear(&a);
	return code;
}

enum exits
commands_session_clear(struct app *app)
{
	const char *soft = app->args.value[ARGS_SOFT];
	bool hard = args_has(&app->args, ARGS_HARD);
	char *neighbor;
	enum exits code;

	if (hard && soft != NULL)
		return app_fail(app, EXITS_USAGE,
		    "--soft and --hard exclude each other");
	if (soft != NULL && strcmp(soft, "in") != 0 &&
	    strcmp(soft, "out") != 0 && strcmp(soft, "both") != 0)
		return app_fail(app, EXITS_USAGE,
		    "--soft is in, out or both, not %s", soft);
	if (!hard && soft == NULL)
		soft = "both";
	code = app_prepare(app);
	if (code != EXITS_DONE)
		return code;
	code = find_neighbor(app, app_word(app, 0), &neighbor);
	if (code == EXITS_DONE && hard)
		code = may_reset(app, neighbor);
	if (code == EXITS_DONE)
		code = send_clear(app, neighbor, soft);
	free(neighbor);
	return code;
}
