/* cli/commands_resource.c - adding, changing, removing what the router has. */
#include <stdlib.h>
#include <string.h>

#include "cli/app.h"
#include "cli/body.h"
#include "cli/change.h"
#include "cli/commands.h"

/* The file, and the options on top of it. NULL after a complaint. */
static json_t *
read_body(struct app *app, enum body_of of)
{
	const char *file = app->args.value[ARGS_FILE];
	json_t *body = file == NULL ? json_object() : body_read_file(app, file);

	if (body != NULL && body_read_options(app, of, body) != EXITS_DONE) {
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
