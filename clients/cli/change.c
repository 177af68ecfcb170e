/* cli/change.c - making, changing or removing one thing on the router. */
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/err.h"
#include "base/mem.h"
#include "base/name.h"
#include "cli/app.h"
#include "cli/body.h"
#include "cli/change.h"
#include "cli/field.h"
#include "cli/render.h"

bool
change_is_plan(const struct app *app)
{
	return strcmp(app->args.words[0], "plan") == 0 ||
	    args_has(&app->args, ARGS_DRY_RUN);
}

char *
change_path(struct app *app, const char *kind, const char *text)
{
	struct name name;
	struct err err;

	if (text == NULL)
		return mem_strdup("/v1/router");
	err_clear(&err);
	if (name_parse(&name, text, &err) == -1) {
		(void)app_fail(app, EXITS_USAGE, "%s: %s", text, err.text);
		return NULL;
	}
	return mem_printf("/v1/%ss/%s", kind, name.s);
}

enum exits
change_etag(struct app *app, char **etag)
{
	const char *word = app->args.value[ARGS_IF_MATCH], *s;

	*etag = NULL;
	if (word == NULL)
		return EXITS_DONE;
	for (s = word; *s > ' ' && *s <= '~'; s++)
		;
	if (*word == '\0' || *s != '\0')
		return app_fail(app, EXITS_USAGE,
		    "--if-match is an ETag as mhctl upstream show prints it");
	*etag = *word == '"' || strcmp(word, "*") == 0 ||
		strncmp(word, "W/", 2) == 0 ?
	    mem_strdup(word) :
	    mem_printf("\"%s\"", word);
	return EXITS_DONE;
}

static const char *
hint_of(const struct change *c)
{
	return strcmp(c->kind, "upstream") == 0 ?
	    "mhctl upstreams lists the names" :
	    strcmp(c->kind, "downstream") == 0 ?
	    "mhctl downstreams lists the names" :
	    NULL;
}

static enum exits
send(struct app *app, const struct change *c, const char *path,
    struct client_answer *answer)
{
	struct client_request req = { .method = c->method,
		.body = c->body,
		.content_type = strcmp(c->method, "PATCH") == 0 ?
		    "application/merge-patch+json" :
		    "application/json",
		.only_new = c->only_new,
		.write = !c->plan };
	char *etag = NULL, *query, *whole;
	enum exits code = change_etag(app, &etag);

	if (code != EXITS_DONE)
		return code;
	query = c->body == NULL ? body_query(app, c->plan) :
				  mem_strdup(c->plan ? "?dry_run=true" : "");
	if (query == NULL ||
	    (c->body != NULL && body_add_options(app, c->body) != EXITS_DONE)) {
		free(query);
		free(etag);
		return EXITS_USAGE;
	}
	whole = mem_printf("%s%s", path, query);
	req.path = whole;
	req.if_match = etag;
	code = app_call(app, &req, hint_of(c), answer);
	free(whole);
	free(query);
	free(etag);
	return code;
}

enum exits
change_send(struct app *app, const struct change *c,
    struct client_answer *answer)
{
	char *path = change_path(app, c->kind, c->name);
	enum exits code;

	if (path == NULL)
		return EXITS_USAGE;
	code = send(app, c, path, answer);
	free(path);
	return code;
}

enum exits
change_print(struct app *app, const struct change *c, const json_t *answer)
{
	const struct render_resource r = { .router = app->target.name,
		.kind = c->kind,
		.name = c->name,
		.done = c->done };
	struct buf b = BUF_INIT;

	if (c->plan)
		render_resource_plan(&b, &app->out, &r, answer,
		    args_has(&app->args, ARGS_UNDO));
	else
		render_resource(&b, &app->out, &r, answer);
	return app_print(app, &b);
}

enum exits
change_make(struct app *app, const struct change *c)
{
	struct client_answer a = CLIENT_ANSWER_INIT;
	enum exits code = change_send(app, c, &a);

	if (code != EXITS_DONE)
		;
	else if (args_has(&app->args, ARGS_JSON))
		code = app_print_json(app, a.json);
	else if (a.status == 202)
		code = app_fail(app, EXITS_RUNNING,
		    "%s works on it; see how it ends: mhctl operation show %s",
		    app->target.name, field_word(a.json, "id", "ID"));
	else
		code = change_print(app, c, a.json);
	client_answer_clear(&a);
	return code;
}
