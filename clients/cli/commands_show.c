/* cli/commands_show.c - commands that only look. */
#include <stdlib.h>
#include <string.h>

#include "base/addr.h"
#include "base/buf.h"
#include "base/err.h"
#include "base/mem.h"
#include "base/name.h"
#include "base/number.h"
#include "cli/app.h"
#include "cli/commands.h"
#include "cli/field.h"
#include "cli/render.h"

static const char upstream_hint[] = "mhctl upstreams lists the names";

enum exits
commands_show_status(struct app *app)
{
	struct client_answer router = CLIENT_ANSWER_INIT;
	struct client_answer upstreams = CLIENT_ANSWER_INIT;
	struct buf b = BUF_INIT;
	enum exits code;
	json_t *both;

	code = app_get(app, "/v1/router", NULL, &router);
	if (code == EXITS_DONE)
		code = app_get(app, "/v1/upstreams", NULL, &upstreams);
	if (code == EXITS_DONE && args_has(&app->args, ARGS_JSON)) {
		both = json_object();
		(void)json_object_set(both, "router", router.json);
		(void)json_object_set(both, "upstreams",
		    field_at(upstreams.json, "upstreams"));
		code = app_print_json(app, both);
		json_decref(both);
	} else if (code == EXITS_DONE) {
		render_status(&b, &app->out, router.json, upstreams.json);
		code = app_print(app, &b);
	}
	client_answer_clear(&router);
	client_answer_clear(&upstreams);
	return code;
}

enum exits
commands_show_upstreams(struct app *app)
{
	return app_show(app, "/v1/upstreams", NULL, render_upstreams);
}

enum exits
commands_show_upstream(struct app *app)
{
	struct client_answer a = CLIENT_ANSWER_INIT;
	struct buf b = BUF_INIT;
	struct name name;
	struct err err;
	enum exits code;
	char *path;

	err_clear(&err);
	if (name_parse(&name, app_word(app, 0), &err) == -1)
		return app_fail(app, EXITS_USAGE, "%s: %s", app_word(app, 0),
		    err.text);
	path = mem_printf("/v1/upstreams/%s", name.s);
	code = app_get(app, path, upstream_hint, &a);
	if (code == EXITS_DONE && args_has(&app->args, ARGS_JSON)) {
		code = app_print_json(app, a.json);
	} else if (code == EXITS_DONE) {
		render_upstream(&b, &app->out, a.json, a.etag);
		code = app_print(app, &b);
	}
	free(path);
	client_answer_clear(&a);
	return code;
}

enum exits
commands_show_routes(struct app *app)
{
	const char *word = app_word(app, 0);
	char text[PREFIX_TEXT_MAX], *escaped, *path;
	struct prefix prefix;
	struct err err;
	enum exits code;

	err_clear(&err);
	if (prefix_parse(&prefix, word, false, &err) == -1)
		return app_fail(app, EXITS_USAGE, "%s: %s", word, err.text);
	/* A lone address asks for its longest match, not for its /128. */
	if (strchr(word, '/') == NULL)
		(void)addr_print(&prefix.addr, text);
	else
		(void)prefix_print(&prefix, text);
	escaped = client_escape(text);
	path = mem_printf("/v1/routes/%s", escaped);
	code = app_show(app, path,
	    "there is no route to it here; try one address inside of it",
	    render_routes);
	free(path);
	free(escaped);
	return code;
}

static void
render_operation_list(struct buf *b, const struct style *st, const json_t *body)
{
	render_operations(b, st, field_at(body, "operations"));
}

enum exits
commands_show_operations(struct app *app)
{
	const char *limit = app->args.value[ARGS_LIMIT];
	char *path;
	uint32_t n = 20;
	enum exits code;

	if (limit != NULL && number_parse_u32(&n, limit, 1, 1000, NULL) == -1)
		return app_fail(app, EXITS_USAGE,
		    "--limit is 1 to 1000, not %s", limit);
	path = mem_printf("/v1/operations?limit=%u", (unsigned)n);
	code = app_show(app, path, NULL, render_operation_list);
	free(path);
	return code;
}

enum exits
commands_show_operation(struct app *app)
{
	char *escaped = client_escape(app_word(app, 0));
	char *path = mem_printf("/v1/operations/%s", escaped);
	enum exits code;

	code = app_show(app, path, "mhctl operations lists the numbers",
	    render_operation);
	free(path);
	free(escaped);
	return code;
}

enum exits
commands_show_tokens(struct app *app)
{
	return app_show(app, "/v1/tokens", NULL, render_tokens);
}
