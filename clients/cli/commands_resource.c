/* cli/commands_resource.c - adding, changing, removing what the router has. */
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "cli/app.h"
#include "cli/body.h"
#include "cli/change.h"
#include "cli/commands.h"
#include "cli/secret_key.h"

/* The key of a session, or that it has none any more. */
static enum exits
read_key(struct app *app, json_t *body)
{
	const char *file = app->args.value[ARGS_MD5];
	const char *all = app->args.value[ARGS_FILE];
	struct buf key = BUF_SECRET;
	enum exits code = EXITS_DONE;

	if (args_has(&app->args, ARGS_NO_MD5)) {
		(void)json_object_set_new(body, "tcp_md5", json_null());
		if (file != NULL)
			return app_fail(app, EXITS_USAGE,
			    "--tcp-md5-key-file and --no-tcp-md5 exclude each "
			    "other");
	}
	if (file == NULL)
		return EXITS_DONE;
	if (strcmp(file, "-") == 0 && all != NULL && strcmp(all, "-") == 0)
		return app_fail(app, EXITS_USAGE,
		    "--file and --tcp-md5-key-file cannot both read standard "
		    "input");
	code = secret_key_read(app, file, &key);
	if (code == EXITS_DONE)
		(void)json_object_set_new(body, "tcp_md5",
		    json_pack("{s:s}", "key", buf_text(&key)));
	buf_wipe(&key);
	return code;
}

/* The file, and the options on top of it. NULL after a complaint. */
static json_t *
read_body(struct app *app, enum body_of of)
{
	const char *file = app->args.value[ARGS_FILE];
	json_t *body = file == NULL ? json_object() : body_read_file(app, file);

	if (body != NULL &&
	    (body_read_options(app, of, body) != EXITS_DONE ||
		read_key(app, body) != EXITS_DONE)) {
		json_decref(body);
		return NULL;
	}
	return body;
}

/* Takes what it sends from the command line; name NULL: the router itself. */
static enum exits
run(struct app *app, struct change *c, enum body_of of)
{
	enum exits code;

	c->plan = change_is_plan(app);
	c->body = read_body(app, of);
	if (c->body == NULL)
		return EXITS_USAGE;
	if (json_object_size(c->body) == 0) {
		json_decref(c->body);
		return app_fail(app, EXITS_USAGE,
		    "nothing is asked for: give options or --file "
		    "(mhctl help %s %s)",
		    app->args.words[0],
		    app->n_words > 1 ? app->args.words[1] : "");
	}
	code = change_make(app, c);
	json_decref(c->body);
	return code;
}

static enum exits
remove_it(struct app *app, const char *kind)
{
	const struct change c = { .method = "DELETE",
		.kind = kind,
		.name = app_word(app, 0),
		.done = "removed",
		.plan = change_is_plan(app) };

	return change_make(app, &c);
}

enum exits
commands_resource_add_upstream(struct app *app)
{
	struct change c = { .method = "PUT",
		.kind = "upstream",
		.name = app_word(app, 0),
		.done = "added",
		.only_new = true };

	return run(app, &c, BODY_UPSTREAM);
}

enum exits
commands_resource_set_upstream(struct app *app)
{
	struct change c = { .method = "PATCH",
		.kind = "upstream",
		.name = app_word(app, 0),
		.done = "changed" };

	return run(app, &c, BODY_UPSTREAM);
}

enum exits
commands_resource_remove_upstream(struct app *app)
{
	return remove_it(app, "upstream");
}

enum exits
commands_resource_add_downstream(struct app *app)
{
	struct change c = { .method = "PUT",
		.kind = "downstream",
		.name = app_word(app, 0),
		.done = "added",
		.only_new = true };

	return run(app, &c, BODY_DOWNSTREAM);
}

enum exits
commands_resource_set_downstream(struct app *app)
{
	struct change c = { .method = "PATCH",
		.kind = "downstream",
		.name = app_word(app, 0),
		.done = "changed" };

	return run(app, &c, BODY_DOWNSTREAM);
}

enum exits
commands_resource_remove_downstream(struct app *app)
{
	return remove_it(app, "downstream");
}

enum exits
commands_resource_set_router(struct app *app)
{
	struct change c = { .method = "PATCH",
		.kind = "router",
		.done = "changed" };

	return run(app, &c, BODY_ROUTER);
}
