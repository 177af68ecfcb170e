/* cli/commands_context.c - the routers we know. */
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/compat.h"
#include "base/err.h"
#include "base/mem.h"
#include "cli/app.h"
#include "cli/commands.h"
#include "cli/context.h"
#include "cli/field.h"
#include "cli/prompt.h"
#include "cli/table.h"
#include "cli/text.h"

static enum exits
fail(const struct app *app, const struct err *err)
{
	return app_fail(app,
	    err->code == ERR_INVALID ? EXITS_USAGE : EXITS_FAILED, "%s",
	    err->text);
}

static json_t *
list_json(const struct context_file *f)
{
	json_t *list = json_array(), *c, *row;
	const char *name, *current = context_current(f);

	json_object_foreach(field_at(f->root, "contexts"), name, c)
	{
		row = json_copy(c);
		(void)json_object_del(row, "token"); /* never shown */
		(void)json_object_set_new(row, "name", json_string(name));
		(void)json_object_set_new(row, "current",
		    json_boolean(
			current != NULL && strcmp(current, name) == 0));
		(void)json_object_set_new(row, "has_token",
		    json_boolean(field_word(c, "token", NULL) != NULL));
		(void)json_array_append_new(list, row);
	}
	return list;
}

static enum exits
print_list(struct app *app, const json_t *list)
{
	static const struct table_column columns[] = {
		{ " ", TABLE_LEFT },
		{ "NAME", TABLE_LEFT },
		{ "URL", TABLE_LEFT },
		{ "SOCKET", TABLE_LEFT },
		{ "TOKEN", TABLE_LEFT },
		{ "CA", TABLE_LEFT },
	};
	struct table *t;
	struct buf b = BUF_INIT;
	const json_t *row;
	size_t i;

	if (json_array_size(list) == 0) {
		buf_puts(&b,
		    "no router is known yet: mhctl context add NAME --url "
		    "URL\n");
		return app_print(app, &b);
	}
	t = table_new(columns, NITEMS(columns));
	json_array_foreach(list, i, row)
	{
		bool current = field_true(row, "current");
		bool token = field_true(row, "has_token");

		table_cell(t, current ? "*" : " ", STYLE_GOOD);
		table_cell(t, field_text(row, "name"),
		    current ? STYLE_STRONG : STYLE_PLAIN);
		table_cell(t, field_text(row, "url"), STYLE_PLAIN);
		table_cell(t, field_text(row, "unix"), STYLE_PLAIN);
		table_cell(t, token ? "yes" : "none",
		    token ? STYLE_PLAIN : STYLE_WARN);
		table_cell(t, field_text(row, "ca"), STYLE_PLAIN);
	}
	table_print(t, &app->out, &b);
	table_free(&t);
	return app_print(app, &b);
}

enum exits
commands_context_list(struct app *app)
{
	struct context_file f = CONTEXT_FILE_INIT;
	enum exits code;
	struct err err;
	json_t *list;

	err_clear(&err);
	if (context_open(&f, app->args.value[ARGS_CONTEXTS], &err) == -1) {
		context_close(&f);
		return fail(app, &err);
	}
	list = list_json(&f);
	code = args_has(&app->args, ARGS_JSON) ? app_print_json(app, list) :
						 print_list(app, list);
	json_decref(list);
	context_close(&f);
	return code;
}

/* One line on standard output. */
static enum exits
say(struct app *app, const char *fmt, const char *name)
{
	struct buf b = BUF_INIT;
	const char *at = strstr(fmt, "%s");

	buf_add(&b, fmt, (size_t)(at - fmt));
	text_add(&b, name);
	buf_puts(&b, at + 2);
	buf_putc(&b, '\n');
	return app_print(app, &b);
}

enum exits
commands_context_use(struct app *app)
{
	struct context_file f = CONTEXT_FILE_INIT;
	const char *name = app_word(app, 0);
	enum exits code;
	struct err err;

	err_clear(&err);
	if (context_open_to_change(&f, app->args.value[ARGS_CONTEXTS], &err) ==
	    -1) {
		code = fail(app, &err);
	} else if (context_find(&f, name) == NULL) {
		code = app_fail(app, EXITS_USAGE,
		    "there is no context %s: mhctl context list shows them",
		    name);
	} else {
		(void)json_object_set_new(f.root, "current", json_string(name));
		code = context_save(&f, &err) == -1 ?
		    fail(app, &err) :
		    say(app, "%s is the current router now", name);
	}
	context_close(&f);
	return code;
}

enum exits
commands_context_remove(struct app *app)
{
	struct context_file f = CONTEXT_FILE_INIT;
	const char *name = app_word(app, 0), *current;
	bool was_current;
	enum exits code;
	struct err err;

	err_clear(&err);
	if (context_open_to_change(&f, app->args.value[ARGS_CONTEXTS], &err) ==
	    -1) {
		code = fail(app, &err);
		goto out;
	}
	if (context_find(&f, name) == NULL) {
		code = app_fail(app, EXITS_USAGE,
		    "there is no context %s: mhctl context list shows them",
		    name);
		goto out;
	}
	current = context_current(&f);
	was_current = current != NULL && strcmp(current, name) == 0;
	(void)json_object_del(json_object_get(f.root, "contexts"), name);
	if (was_current)
		(void)json_object_set_new(f.root, "current", json_null());
	if (context_save(&f, &err) == -1)
		code = fail(app, &err);
	else
		code = say(app,
		    was_current ?
			"%s is forgotten; choose another: mhctl context use "
			"NAME" :
			"%s is forgotten",
		    name);
out:
	context_close(&f);
	return code;
}

/* What the options say, checked. NULL after a complaint. */
static json_t *
new_context(struct app *app)
{
	const char *url = app->args.value[ARGS_URL];
	const char *unix_path = app->args.value[ARGS_UNIX];
	const char *ca = app->args.value[ARGS_CA];
	char *real_ca = NULL;
	struct err err;
	json_t *c;

	err_clear(&err);
	if (url == NULL && unix_path != NULL)
		url = "http://localhost";
	if (url == NULL) {
		(void)app_fail(app, EXITS_USAGE,
		    "where is it? --url https://NAME:PORT, or --unix SOCKET");
		return NULL;
	}
	if (target_check_url(url, &err) == -1) {
		(void)fail(app, &err);
		return NULL;
	}
	if (unix_path != NULL && unix_path[0] != '/') {
		(void)app_fail(app, EXITS_USAGE,
		    "--unix is an absolute path, not %s", unix_path);
		return NULL;
	}
	if (ca != NULL &&
	    ((real_ca = realpath(ca, NULL)) == NULL ||
		access(real_ca, R_OK) == -1)) {
		(void)app_fail(app, EXITS_USAGE, "--ca %s: cannot be read", ca);
		free(real_ca);
		return NULL;
	}
	c = json_pack("{s:s, s:s?, s:s?}", "url", url, "unix", unix_path, "ca",
	    real_ca);
	free(real_ca);
	if (c == NULL)
		(void)app_fail(app, EXITS_USAGE, "that is not valid UTF-8");
	return c;
}

/* http to another machine shows the token to everyone on the way. */
static bool
is_open_road(const json_t *c)
{
	static const char *const local[] = { "localhost", "127.", "[::1]" };
	const char *url = field_word(c, "url", "");
	size_t i;

	if (field_text(c, "unix") != NULL || strncmp(url, "http://", 7) != 0)
		return false;
	for (i = 0; i < NITEMS(local); i++)
		if (strncmp(url + 7, local[i], strlen(local[i])) == 0)
			return false;
	return true;
}

static enum exits
may_replace(struct app *app, const struct context_file *f, const char *name)
{
	char *question;
	bool yes;

	if (context_find(f, name) == NULL || args_has(&app->args, ARGS_YES))
		return EXITS_DONE;
	if (!prompt_possible())
		return app_fail(app, EXITS_USAGE,
		    "there is a context %s already; --yes replaces it", name);
	question = mem_printf("There is a context %s already. "
			      "Type yes to replace it:",
	    name);
	yes = prompt_yes(question);
	free(question);
	return yes ? EXITS_DONE :
		     app_fail(app, EXITS_FAILED, "nothing was done");
}

/* Into the file; c gets the token. */
static enum exits
store(struct app *app, struct context_file *f, const char *name, json_t *c)
{
	struct buf token = BUF_INIT;
	enum exits code;
	struct err err;

	err_clear(&err);
	if (prompt_secret("Token: ", &token, &err) == -1) {
		code = app_fail(app, EXITS_USAGE, "the token: %s", err.text);
	} else if (target_check_token(buf_text(&token), &err) == -1) {
		code = fail(app, &err);
	} else {
		(void)json_object_set_new(c, "token",
		    json_string(buf_text(&token)));
		(void)json_object_set(json_object_get(f->root, "contexts"),
		    name, c);
		if (context_current(f) == NULL)
			(void)json_object_set_new(f->root, "current",
			    json_string(name));
		code =
		    context_save(f, &err) == -1 ? fail(app, &err) : EXITS_DONE;
	}
	buf_wipe(&token);
	return code;
}

enum exits
commands_context_add(struct app *app)
{
	struct context_file f = CONTEXT_FILE_INIT;
	const char *name = app_word(app, 0);
	enum exits code = EXITS_USAGE;
	json_t *c = NULL;
	struct err err;

	err_clear(&err);
	if (context_check_name(name, &err) == -1) {
		code = fail(app, &err);
		goto out;
	}
	c = new_context(app);
	if (c == NULL)
		goto out;
	if (context_open_to_change(&f, app->args.value[ARGS_CONTEXTS], &err) ==
	    -1) {
		code = fail(app, &err);
		goto out;
	}
	code = may_replace(app, &f, name);
	if (code == EXITS_DONE)
		code = store(app, &f, name, c);
	if (code != EXITS_DONE)
		goto out;
	if (is_open_road(c))
		(void)app_fail(app, EXITS_DONE,
		    "warning: over http the token travels readable to others; "
		    "use https with --ca where you can");
	code = strcmp(context_current(&f), name) == 0 ?
	    say(app, "%s is stored and current; try: mhctl status", name) :
	    say(app, "%s is stored; try: mhctl -r NAME status", name);
out:
	json_decref(c);
	context_close(&f);
	return code;
}
