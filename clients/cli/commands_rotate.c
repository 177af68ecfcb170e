/* cli/commands_rotate.c - a new TCP-MD5 key for a session. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/clock.h"
#include "base/err.h"
#include "base/mem.h"
#include "base/number.h"
#include "cli/app.h"
#include "cli/body.h"
#include "cli/change.h"
#include "cli/commands.h"
#include "cli/field.h"
#include "cli/follow.h"
#include "cli/render.h"
#include "cli/secret_key.h"
#include "cli/text.h"
#include "cli/when.h"

enum {
	VERIFY_S = 180, /* the router's default */
	SPARE_S = 120,  /* to apply it, and to take it back */
	DRAIN_S = 600   /* the router's default, to drain it first */
};

struct rotate {
	struct app *app;
	json_t *body;
	bool generated; /* the key alone goes to standard output */
};

/* Words go where the key does not. */
static enum exits
say(const struct rotate *r, struct buf *b)
{
	if (!r->generated)
		return app_print(r->app, b);
	(void)fwrite(buf_text(b), 1, b->len, stderr);
	buf_clear(b);
	return EXITS_DONE;
}

static enum exits
add_key(struct rotate *r)
{
	const struct args *args = &r->app->args;
	const char *file = args->value[ARGS_KEY_FILE];
	struct buf key = BUF_SECRET;
	enum exits code;

	if (args_has(args, ARGS_GENERATE) && file != NULL)
		return app_fail(r->app, EXITS_USAGE,
		    "--generate and --key-file exclude each other");
	/* The plan is the same whatever the key is: nobody needs to type it. */
	if (args_has(args, ARGS_GENERATE) ||
	    (file == NULL && args_has(args, ARGS_DRY_RUN))) {
		body_put(r->body, "generate", json_true());
		return EXITS_DONE;
	}
	code = secret_key_read(r->app, file, &key);
	if (code == EXITS_DONE)
		body_put(r->body, "key", json_string(buf_text(&key)));
	buf_wipe(&key);
	return code;
}

static enum exits
add_options(struct rotate *r)
{
	const struct args *args = &r->app->args;
	const char *within = args->value[ARGS_WITHIN];
	const char *method = args->value[ARGS_METHOD];
	char at[CLOCK_TEXT_MAX];
	uint32_t s;
	struct err err;

	err_clear(&err);
	if (within != NULL) {
		if (number_parse_u32(&s, within, 10, 3600, NULL) == -1)
			return app_fail(r->app, EXITS_USAGE,
			    "--verify-within is 10 to 3600 seconds, not %s",
			    within);
		body_put(r->body, "verify_within_s",
		    json_integer((json_int_t)s));
	}
	if (method != NULL) {
		if (strcmp(method, "gentle") != 0 &&
		    strcmp(method, "reset") != 0)
			return app_fail(r->app, EXITS_USAGE,
			    "--method is gentle or reset, not %s", method);
		body_put(r->body, "method", json_string(method));
	}
	if (args_has(args, ARGS_AT)) {
		if (when_parse_ahead(args->value[ARGS_AT], clock_wall_ms(), at,
			&err) == -1)
			return app_fail(r->app, EXITS_USAGE, "--at: %s",
			    err.text);
		body_put(r->body, "at", json_string(at));
	}
	if (args_has(args, ARGS_DRAIN_FIRST))
		body_put(r->body, "drain_first", json_true());
	if (args_has(args, ARGS_WITH))
		body_put(r->body, "with", json_string(args->value[ARGS_WITH]));
	return body_add_options(r->app, r->body);
}

static enum exits
send(struct rotate *r, bool plan, struct client_answer *a)
{
	char *upstream = change_path(r->app, "upstream", app_word(r->app, 0));
	char *path;
	struct client_request req = { .method = "POST",
		.body = r->body,
		.content_type = "application/json",
		.write = !plan };
	enum exits code;

	if (upstream == NULL)
		return EXITS_USAGE;
	path = mem_printf("%s/tcp-md5/rotations%s", upstream,
	    plan ? "?dry_run=true" : "");
	req.path = path;
	code = app_call(r->app, &req, "mhctl upstreams lists the names", a);
	free(path);
	free(upstream);
	return code;
}

static enum exits
print_plan(struct rotate *r, const struct client_answer *a)
{
	struct app *app = r->app;
	struct buf b = BUF_INIT;

	if (args_has(&app->args, ARGS_JSON))
		return app_print_answer(app, a);
	render_rotation_plan(&b, &app->out, app->target.name, a->json,
	    args_has(&app->args, ARGS_UNDO));
	return app_print(app, &b);
}

/* RFC 3339 UTC texts of one length compare as they stand. */
static bool
is_ahead(const json_t *answer)
{
	const char *at = field_text(answer, "at");
	char now[CLOCK_TEXT_MAX];

	(void)clock_print(clock_wall_ms(), now);
	return at != NULL && strncmp(at, now, 19) > 0;
}

/* The first answer, and the key that nobody will see again. */
static enum exits
print_begun(struct rotate *r, const struct client_answer *a, bool ahead)
{
	const char *key = field_text(a->json, "key");
	struct app *app = r->app;
	struct buf b = BUF_SECRET;
	enum exits code;

	if (args_has(&app->args, ARGS_JSON))
		return app_print_answer(app, a);
	r->generated = key != NULL;
	render_rotation(&b, r->generated ? &app->err : &app->out,
	    app->target.name, a->json, ahead);
	if (r->generated && field_text(a->json, "with.router") == NULL)
		buf_puts(&b,
		    "The new key is shown this once; give it to the "
		    "provider.\n");
	else if (r->generated)
		buf_puts(&b,
		    "The new key is shown this once; both ends have it "
		    "already.\n");
	code = say(r, &b);
	if (key != NULL) {
		text_add(&b, key);
		buf_putc(&b, '\n');
		code = app_print(app, &b);
	}
	return code;
}

static enum exits
print_end(struct rotate *r, const struct client_answer *a)
{
	bool done = strcmp(field_word(a->json, "state", ""), "done") == 0;
	struct app *app = r->app;
	struct buf b = BUF_INIT;
	enum exits code = EXITS_DONE;

	if (args_has(&app->args, ARGS_JSON))
		code = app_print_answer(app, a);
	if (!done) {
		render_rotation_failed(&b, a->json);
		code = app_fail(app, EXITS_FAILED, "%s", buf_text(&b));
	} else if (!args_has(&app->args, ARGS_JSON)) {
		render_rotation_done(&b, r->generated ? &app->err : &app->out,
		    a->json);
		code = say(r, &b);
	}
	buf_clear(&b);
	return code;
}

static enum exits
follow(struct rotate *r, const char *operation, const json_t *begun)
{
	struct client_answer a = CLIENT_ANSWER_INIT;
	const struct args *args = &r->app->args;
	int64_t verify_s = VERIFY_S;
	uint32_t within_s;
	enum exits code;

	(void)field_int(begun, "verify_within_s", &verify_s);
	if (verify_s < 0 || verify_s > 3600)
		verify_s = VERIFY_S;
	/* Once under the new key, and once more under the old one. */
	if (number_parse_u32(&within_s,
		args_has(args, ARGS_TIMEOUT) ? args->value[ARGS_TIMEOUT] : "",
		1, 86400, NULL) == -1)
		within_s = (uint32_t)verify_s * 2 + SPARE_S +
		    (args_has(args, ARGS_DRAIN_FIRST) ? DRAIN_S : 0);
	code = follow_operation(r->app, operation, within_s,
	    args_has(args, ARGS_JSON), NULL, &a);
	if (code == EXITS_DONE)
		code = print_end(r, &a);
	client_answer_clear(&a);
	return code;
}

static enum exits
run(struct rotate *r)
{
	struct client_answer a = CLIENT_ANSWER_INIT;
	bool plan = change_is_plan(r->app), ahead;
	const char *operation;
	enum exits code = send(r, plan, &a);

	if (code != EXITS_DONE)
		goto out;
	if (plan) {
		code = print_plan(r, &a);
		goto out;
	}
	ahead = is_ahead(a.json);
	code = print_begun(r, &a, ahead);
	/* With another router it is a few seconds ahead even so. */
	if (!args_has(&r->app->args, ARGS_AT))
		ahead = false;
	operation = field_text(a.json, "operation");
	if (code == EXITS_DONE && operation != NULL && !ahead &&
	    !args_has(&r->app->args, ARGS_NO_WAIT))
		code = follow(r, operation, a.json);
out:
	client_answer_clear(&a);
	return code;
}

enum exits
commands_rotate_key(struct app *app)
{
	struct rotate r = { .app = app, .body = json_object() };
	char *path = change_path(app, "upstream", app_word(app, 0));
	enum exits code = EXITS_USAGE;

	app->lines = true;
	/* What is wrong in the line is said before a key is asked for. */
	if (path != NULL && add_options(&r) == EXITS_DONE)
		code = add_key(&r);
	if (code == EXITS_DONE)
		code = run(&r);
	free(path);
	json_decref(r.body);
	return code;
}
