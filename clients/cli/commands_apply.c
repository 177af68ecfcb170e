/* cli/commands_apply.c - a file with all of a router, planned or applied. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "cli/app.h"
#include "cli/body.h"
#include "cli/change.h"
#include "cli/commands.h"
#include "cli/confirm.h"
#include "cli/field.h"
#include "cli/render.h"

enum {
	PARTS_MAX = 1024
};

/* One resource of the file. */
struct part {
	const char *kind;
	const char *name; /* NULL: the router; else borrowed from body */
	json_t *body;     /* borrowed from the file */
};

struct file {
	json_t *json;
	struct part part[PARTS_MAX];
	size_t n;
	json_t *answers; /* for --json */
};

static enum exits
add_part(struct app *app, struct file *f, const char *kind, json_t *body)
{
	bool router = strcmp(kind, "router") == 0;
	const char *name = json_string_value(json_object_get(body, "name"));

	if (!json_is_object(body) || (!router && name == NULL))
		return app_fail(app, EXITS_USAGE,
		    "%s: %s %zu is not an object%s", app_word(app, 0),
		    router ? "router" : kind, f->n,
		    router ? "" : " with a \"name\"");
	if (f->n == PARTS_MAX)
		return app_fail(app, EXITS_USAGE, "%s: more than %d parts",
		    app_word(app, 0), PARTS_MAX);
	/* Before anything is done: a bad name is no reason to stop half way. */
	if (!router) {
		char *path = change_path(app, kind, name);

		if (path == NULL)
			return EXITS_USAGE;
		free(path);
	}
	f->part[f->n++] = (struct part) { kind, router ? NULL : name, body };
	return EXITS_DONE;
}

static enum exits
add_parts(struct app *app, struct file *f, const char *kind, const char *member)
{
	json_t *list = json_object_get(f->json, member), *one;
	size_t i;

	if (list != NULL && !json_is_array(list))
		return app_fail(app, EXITS_USAGE, "%s: %s is not a list",
		    app_word(app, 0), member);
	json_array_foreach(list, i, one)
	{
		if (add_part(app, f, kind, one) != EXITS_DONE)
			return EXITS_USAGE;
	}
	return EXITS_DONE;
}

static enum exits
check_members(struct app *app, const struct file *f)
{
	const char *member;
	json_t *value;
	void *i;

	for (i = json_object_iter(f->json); i != NULL;
	     i = json_object_iter_next(f->json, i)) {
		member = json_object_iter_key(i);
		value = json_object_iter_value(i);
		if (strcmp(member, "router") != 0 &&
		    strcmp(member, "upstreams") != 0 &&
		    strcmp(member, "downstreams") != 0)
			return app_fail(app, EXITS_USAGE,
			    "%s: %s is not known: there are router, upstreams "
			    "and downstreams",
			    app_word(app, 0), member);
		if (json_is_null(value))
			return app_fail(app, EXITS_USAGE, "%s: %s is null",
			    app_word(app, 0), member);
	}
	return EXITS_DONE;
}

static enum exits
read_file(struct app *app, struct file *f)
{
	json_t *router;

	f->json = body_read_file(app, app_word(app, 0));
	if (f->json == NULL || check_members(app, f) != EXITS_DONE)
		return EXITS_USAGE;
	router = json_object_get(f->json, "router");
	if ((router != NULL &&
		add_part(app, f, "router", router) != EXITS_DONE) ||
	    add_parts(app, f, "upstream", "upstreams") != EXITS_DONE ||
	    add_parts(app, f, "downstream", "downstreams") != EXITS_DONE)
		return EXITS_USAGE;
	if (f->n == 0)
		return app_fail(app, EXITS_USAGE,
		    "%s: neither router, upstreams nor downstreams are in it",
		    app_word(app, 0));
	return EXITS_DONE;
}

/*
 * One change at a time may wait. So all but the last are confirmed from here,
 * over a connection of its own, which proves that the router is still reached.
 */
static enum exits
confirm_part(struct app *app, const json_t *answer)
{
	struct client_answer a = CLIENT_ANSWER_INIT;
	const char *operation = field_text(answer, "confirm.operation");
	enum exits code;

	if (operation == NULL)
		return EXITS_DONE;
	code = confirm_send(app, operation, "confirm", &a);
	client_answer_clear(&a);
	return code;
}

static enum exits
run_part(struct app *app, struct file *f, size_t i, bool plan)
{
	const struct part *part = &f->part[i];
	const struct change c = { .method = "PUT",
		.kind = part->kind,
		.name = part->name,
		.done = "set",
		.body = part->body,
		.plan = plan };
	struct client_answer a = CLIENT_ANSWER_INIT;
	enum exits code = change_send(app, &c, &a);

	if (code == EXITS_DONE && a.status == 202)
		code = app_fail(app, EXITS_RUNNING,
		    "%s works on it; see how it ends: mhctl operation show %s",
		    app->target.name, field_word(a.json, "id", "ID"));
	if (code == EXITS_DONE && !plan && i + 1 < f->n) {
		code = confirm_part(app, a.json);
		(void)json_object_set_new(a.json, "confirm", json_null());
	}
	if (code == EXITS_DONE && args_has(&app->args, ARGS_JSON))
		(void)json_array_append(f->answers, a.json);
	else if (code == EXITS_DONE)
		code = change_print(app, &c, a.json);
	client_answer_clear(&a);
	return code;
}

static void
add_names(struct buf *b, const struct file *f, size_t from, size_t to)
{
	size_t i;

	for (i = from; i < to; i++)
		buf_printf(b, "%s%s%s%s", i == from ? "" : ", ",
		    f->part[i].kind, f->part[i].name == NULL ? "" : " ",
		    f->part[i].name == NULL ? "" : f->part[i].name);
}

/* What is done stays done: say what that is. */
static void
say_how_far(const struct app *app, const struct file *f, size_t failed)
{
	struct buf done = BUF_INIT, left = BUF_INIT;

	add_names(&done, f, 0, failed);
	add_names(&left, f, failed, f->n);
	(void)app_fail(app, EXITS_FAILED,
	    "%s: stopped here\ndone: %s\nnot done: %s\n"
	    "next: mend it and give the same command again; what is done "
	    "is not done twice",
	    app_word(app, 0), failed == 0 ? "nothing" : buf_text(&done),
	    buf_text(&left));
	buf_clear(&done);
	buf_clear(&left);
}

static enum exits
run_all(struct app *app, struct file *f, bool plan)
{
	enum exits code = EXITS_DONE, one;
	size_t i;

	for (i = 0; i < f->n; i++) {
		if (i > 0 && !args_has(&app->args, ARGS_JSON))
			(void)putchar('\n');
		one = run_part(app, f, i, plan);
		if (one == EXITS_DONE)
			continue;
		if (!plan) {
			say_how_far(app, f, i);
			return one;
		}
		if (code == EXITS_DONE)
			code = one;
	}
	return code;
}

static enum exits
run(struct app *app, bool plan)
{
	static struct file f;
	enum exits code = read_file(app, &f);

	f.answers = json_array();
	if (code == EXITS_DONE)
		code = run_all(app, &f, plan);
	if (code != EXITS_USAGE && args_has(&app->args, ARGS_JSON))
		(void)app_print_json(app, f.answers);
	if (plan && f.n > 1 && code != EXITS_USAGE)
		(void)app_fail(app, EXITS_DONE,
		    "each part was planned for the router as it is now, not "
		    "as the parts before would leave it");
	json_decref(f.answers);
	json_decref(f.json);
	return code;
}

enum exits
commands_apply(struct app *app)
{
	return run(app, change_is_plan(app));
}

enum exits
commands_apply_plan(struct app *app)
{
	return run(app, true);
}
