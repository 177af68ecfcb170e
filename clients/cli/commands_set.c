/* cli/commands_set.c - changing an upstream, or seeing what that would do. */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/err.h"
#include "base/mem.h"
#include "base/name.h"
#include "base/number.h"
#include "cli/app.h"
#include "cli/change.h"
#include "cli/commands.h"
#include "cli/field.h"
#include "cli/render.h"

/* One member of an upstream. */
struct setting {
	const char *what;  /* for people */
	const char *group; /* "import", NULL: at the top */
	const char *member;
	const char *path;  /* both, joined by a dot */
	const char *unset; /* null in words */
};

static const struct setting preference = { "local preference", "import",
	"local_preference", "import.local_preference",
	"the default (FRR's 100)" };
static const struct setting prepend = { "AS path prepend", "export",
	"as_path_prepend", "export.as_path_prepend", "0" };
static const struct setting description = { "description", NULL, "description",
	"description", "none" };

/* The present value in words: free() it. NULL when there is none to see. */
static char *
value_words(const struct setting *s, const json_t *upstream)
{
	const json_t *v = field_at(upstream, s->path);

	if (json_is_integer(v))
		return mem_printf("%" JSON_INTEGER_FORMAT,
		    json_integer_value(v));
	if (json_is_string(v))
		return mem_printf("\"%s\"", json_string_value(v));
	return json_is_null(v) ? mem_strdup(s->unset) : NULL;
}

/* Takes value. */
static json_t *
patch_body(const struct app *app, const struct setting *s, json_t *value)
{
	json_t *body = json_object(), *group;
	const struct args *args = &app->args;

	if (s->group == NULL) {
		(void)json_object_set_new(body, s->member, value);
	} else {
		group = json_object();
		(void)json_object_set_new(group, s->member, value);
		(void)json_object_set_new(body, s->group, group);
	}
	if (args_has(args, ARGS_REASON))
		(void)json_object_set_new(body, "reason",
		    json_string(args->value[ARGS_REASON]));
	if (args_has(args, ARGS_TICKET))
		(void)json_object_set_new(body, "ticket",
		    json_string(args->value[ARGS_TICKET]));
	if (args_has(args, ARGS_SHARED))
		(void)json_object_set_new(body, "shared", json_true());
	return body;
}

static enum exits
print_change(struct app *app, const struct setting *s, const char *name,
    const json_t *before, const json_t *wanted, const json_t *answer)
{
	bool plan = change_is_plan(app);
	/* What the router has now, not only what was asked for. */
	const json_t *now = field_at(answer, "upstream");
	char *from = value_words(s, before);
	char *to = value_words(s, now != NULL && !plan ? now : wanted);
	const struct render_change c = { .router = app->target.name,
		.name = name,
		.what = s->what,
		.from = from,
		.to = to == NULL ? "?" : to };
	struct buf b = BUF_INIT;

	if (plan)
		render_change_plan(&b, &app->out, &c, answer,
		    args_has(&app->args, ARGS_UNDO));
	else
		render_change(&b, &app->out, &c, answer);
	free(from);
	free(to);
	return app_print(app, &b);
}

/* An answer of 202: the operation goes on; ours does not ask for that. */
static enum exits
print_accepted(struct app *app, const json_t *operation)
{
	return app_fail(app, EXITS_RUNNING,
	    "%s works on it; see how it ends: mhctl operation show %s",
	    app->target.name, field_word(operation, "id", "ID"));
}

/* Looks, changes, tells. Takes value. */
static enum exits
set(struct app *app, const struct setting *s, json_t *value)
{
	static const char hint[] = "mhctl upstreams lists the names";
	struct client_answer before = CLIENT_ANSWER_INIT;
	struct client_answer after = CLIENT_ANSWER_INIT;
	json_t *body = patch_body(app, s, value);
	char *etag = NULL, *path = NULL, *patch_path = NULL;
	struct client_request req = { .method = "PATCH",
		.body = body,
		.content_type = "application/merge-patch+json",
		.write = !change_is_plan(app) };
	struct name name;
	struct err err;
	enum exits code;

	err_clear(&err);
	code = change_etag(app, &etag);
	if (code != EXITS_DONE)
		goto out;
	if (name_parse(&name, app_word(app, 0), &err) == -1) {
		code = app_fail(app, EXITS_USAGE, "%s: %s", app_word(app, 0),
		    err.text);
		goto out;
	}
	path = mem_printf("/v1/upstreams/%s", name.s);
	patch_path = mem_printf("%s%s", path,
	    change_is_plan(app) ? "?dry_run=true" : "");
	req.path = patch_path;
	req.if_match = etag;
	code = app_peek(app, path, hint, 403, &before);
	if (code == EXITS_DONE)
		code = app_call(app, &req, hint, &after);
	if (code != EXITS_DONE)
		goto out;
	if (args_has(&app->args, ARGS_JSON))
		code = app_print_json(app, after.json);
	else if (after.status == 202)
		code = print_accepted(app, after.json);
	else
		code =
		    print_change(app, s, name.s, before.json, body, after.json);
out:
	json_decref(body);
	free(etag);
	free(path);
	free(patch_path);
	client_answer_clear(&before);
	client_answer_clear(&after);
	return code;
}

/* The second word as a number, for JSON. NULL after a complaint. */
static json_t *
number_word(struct app *app, const char *what)
{
	const char *word = app_word(app, 1);
	uint32_t n;

	if (number_parse_u32(&n, word, 0, UINT32_MAX, NULL) == -1) {
		(void)app_fail(app, EXITS_USAGE, "%s is a number, not %s", what,
		    word);
		return NULL;
	}
	return json_integer((json_int_t)n);
}

enum exits
commands_set_preference(struct app *app)
{
	json_t *value;

	if (strcmp(app_word(app, 1), "default") == 0)
		return set(app, &preference, json_null());
	value = number_word(app, "a local preference (or default)");
	return value == NULL ? EXITS_USAGE : set(app, &preference, value);
}

enum exits
commands_set_prepend(struct app *app)
{
	json_t *value = number_word(app, "a prepend count");

	return value == NULL ? EXITS_USAGE : set(app, &prepend, value);
}

enum exits
commands_set_description(struct app *app)
{
	const char *text = app_word(app, 1);
	bool none = args_has(&app->args, ARGS_NONE);
	json_t *value;

	if (none == (text != NULL))
		return app_fail(app, EXITS_USAGE,
		    "give the description as one word in quotes, or --none");
	value = none ? json_null() : json_string(text);
	if (value == NULL)
		return app_fail(app, EXITS_USAGE,
		    "the description is not valid UTF-8");
	return set(app, &description, value);
}
