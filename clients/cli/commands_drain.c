/* cli/commands_drain.c - out of service, and back. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/err.h"
#include "base/mem.h"
#include "base/name.h"
#include "base/number.h"
#include "cli/app.h"
#include "cli/commands.h"
#include "cli/field.h"
#include "cli/follow.h"
#include "cli/prompt.h"
#include "cli/reboot.h"
#include "cli/render.h"
#include "cli/text.h"

static const char stay_out[] = "to stay out of service, drain it again";

/* What it is about: free() it. NULL after a complaint. */
static char *
path_of(struct app *app)
{
	bool whole = args_has(&app->args, ARGS_WHOLE) ||
	    args_has(&app->args, ARGS_REBOOT);
	const char *word = app_word(app, 0);
	struct name name;
	struct err err;

	if (whole == (word != NULL)) {
		(void)app_fail(app, EXITS_USAGE,
		    "give the name of an upstream, or --whole-router");
		return NULL;
	}
	if (whole)
		return mem_strdup("/v1/router/drain");
	err_clear(&err);
	if (name_parse(&name, word, &err) == -1) {
		(void)app_fail(app, EXITS_USAGE, "%s: %s", word, err.text);
		return NULL;
	}
	return mem_printf("/v1/upstreams/%s/drain", name.s);
}

static void
put_text(const struct app *app, json_t *body, const char *member,
    enum args_option option)
{
	if (args_has(&app->args, option))
		(void)json_object_set_new(body, member,
		    json_string(app->args.value[option]));
}

static enum exits
put_number(struct app *app, json_t *body, const char *member,
    enum args_option option)
{
	const char *word = app->args.value[option];
	uint32_t n;

	if (!args_has(&app->args, option))
		return EXITS_DONE;
	if (number_parse_u32(&n, word, 0, UINT32_MAX, NULL) == -1)
		return app_fail(app, EXITS_USAGE, "--%s is a number, not %s",
		    args_name(option), word);
	(void)json_object_set_new(body, member, json_integer((json_int_t)n));
	return EXITS_DONE;
}

static enum exits
fill_body(struct app *app, json_t *body)
{
	put_text(app, body, "reason", ARGS_REASON);
	put_text(app, body, "ticket", ARGS_TICKET);
	put_text(app, body, "mode", ARGS_MODE);
	put_text(app, body, "on_timeout", ARGS_ON_TIMEOUT);
	put_text(app, body, "after_reboot", ARGS_AFTER);
	put_text(app, body, "owner", ARGS_OWNER);
	if (args_has(&app->args, ARGS_FORCE))
		(void)json_object_set_new(body, "force", json_true());
	if (args_has(&app->args, ARGS_REBOOT) &&
	    !args_has(&app->args, ARGS_OWNER))
		(void)json_object_set_new(body, "owner", json_string("reboot"));
	if (put_number(app, body, "max_wait_s", ARGS_MAX_WAIT) != EXITS_DONE ||
	    put_number(app, body, "return_after_s", ARGS_RETURN) != EXITS_DONE)
		return EXITS_USAGE;
	return put_number(app, body, "prepend", ARGS_PREPEND);
}

static enum exits
print(struct app *app, const json_t *operation, const char *words)
{
	struct buf b = BUF_INIT;

	if (args_has(&app->args, ARGS_JSON))
		return app_print_json(app, operation);
	render_operation_confirmed(&b, &app->out, app->target.name, words,
	    operation);
	return app_print(app, &b);
}

/* How it ended, from the operation's own words. */
static enum exits
print_end(struct app *app, const json_t *operation)
{
	const char *end = field_word(operation, "result.end", "ended");
	const char *why = field_text(operation, "result.why");
	char words[128];

	(void)snprintf(words, sizeof(words), "%.40s%s%.60s", end,
	    why == NULL ? "" : ": ", why == NULL ? "" : why);
	return print(app, operation, text_spell(words));
}

static enum exits
wait_for(struct app *app, const char *id, const char *instead)
{
	const char *timeout = app->args.value[ARGS_TIMEOUT];
	struct client_answer a = CLIENT_ANSWER_INIT;
	unsigned within_s =
	    timeout == NULL ? 0 : (unsigned)strtoul(timeout, NULL, 10);
	enum exits code = follow_operation(app, id, within_s,
	    args_has(&app->args, ARGS_JSON), instead, &a);

	if (code == EXITS_DONE) {
		code = print_end(app, a.json);
		if (code == EXITS_DONE &&
		    strcmp(field_word(a.json, "state", ""), "done") != 0)
			code = EXITS_FAILED;
	}
	client_answer_clear(&a);
	return code;
}

static enum exits
print_begun(struct app *app, const json_t *operation, const char *instead)
{
	char words[128];

	(void)snprintf(words, sizeof(words),
	    "begun; mhctl operation follow shows how far it is%s%s",
	    instead == NULL ? ", " : "; ",
	    instead == NULL ? "mhctl cancel leads it back" : instead);
	return print(app, operation, words);
}

/* Sends it, and stays with it if asked to. body NULL: DELETE, and the way back
 * cannot be cancelled. */
static enum exits
act(struct app *app, const char *path, const json_t *body)
{
	const char *instead = body == NULL ? stay_out : NULL;
	const char *hint = body == NULL ?
	    "mhctl status shows what is drained, and by whom; --owner NAME "
	    "ends another's drain" :
	    "mhctl upstreams lists the names";
	struct client_answer a = CLIENT_ANSWER_INIT;
	const struct client_request req = { .method =
						body == NULL ? "DELETE" : "PUT",
		.path = path,
		.body = body,
		.content_type = "application/json",
		.write = true };
	bool stay = args_has(&app->args, ARGS_WAIT) ||
	    args_has(&app->args, ARGS_REBOOT);
	bool unchanged;
	const char *id;
	enum exits code = app_call(app, &req, hint, &a);

	if (code != EXITS_DONE)
		goto out;
	unchanged = field_text(a.json, "id") == NULL;
	id = field_word(a.json, unchanged ? "operation" : "id", "-");
	if (unchanged && !args_has(&app->args, ARGS_JSON))
		(void)printf("%s: it is so already, by operation %s\n",
		    app->target.name, id);
	if (stay)
		code = wait_for(app, id, instead);
	else if (!unchanged)
		code = print_begun(app, a.json, instead);
	else if (args_has(&app->args, ARGS_JSON))
		code = app_print_json(app, a.json);
out:
	client_answer_clear(&a);
	return code;
}

/* The machine that we run on is the router that we talk to. */
static bool
is_local(const struct app *app)
{
	const char *url = app->target.url;

	if (app->target.unix_path != NULL)
		return true;
	url = strstr(url, "://");
	if (url == NULL)
		return false;
	url += 3;
	return strncmp(url, "127.0.0.1", 9) == 0 ||
	    strncmp(url, "[::1]", 5) == 0 || strncmp(url, "localhost", 9) == 0;
}

static enum exits
may_reboot(struct app *app)
{
	struct buf question = BUF_INIT;
	bool yes;
	enum exits code = app_prepare(app);

	if (code != EXITS_DONE)
		return code;
	if (!is_local(app))
		return app_fail(app, EXITS_USAGE,
		    "--reboot is for the machine that mhctl runs on: the "
		    "context must be a UNIX socket or a loopback address");
	if (args_has(&app->args, ARGS_YES))
		return EXITS_DONE;
	if (!prompt_possible())
		return app_fail(app, EXITS_USAGE,
		    "--reboot reboots this machine; nobody is here to be "
		    "asked, so give --yes, too");
	buf_puts(&question, "This drains the router ");
	text_add(&question, app->target.name);
	buf_puts(&question,
	    " and, once that is proven,\nreboots this machine.\n"
	    "Type yes to go on:");
	yes = prompt_yes(buf_text(&question));
	buf_clear(&question);
	return yes ? EXITS_DONE :
		     app_fail(app, EXITS_FAILED, "nothing was done");
}

static enum exits
reboot(struct app *app)
{
	struct err err;

	err_clear(&err);
	if (reboot_begin(&err) == -1)
		return app_fail(app, EXITS_FAILED,
		    "drained, but the machine does not reboot: %s\n%s",
		    err.text, err.output);
	if (!args_has(&app->args, ARGS_JSON))
		(void)printf("%s: the machine reboots\n", app->target.name);
	return EXITS_DONE;
}

enum exits
commands_drain(struct app *app)
{
	bool then_reboot = args_has(&app->args, ARGS_REBOOT);
	char *path = path_of(app);
	json_t *body;
	enum exits code;

	if (path == NULL)
		return EXITS_USAGE;
	body = json_object();
	code = fill_body(app, body);
	if (code == EXITS_DONE && then_reboot)
		code = may_reboot(app);
	if (code == EXITS_DONE)
		code = act(app, path, body);
	if (code == EXITS_DONE && then_reboot)
		code = reboot(app);
	json_decref(body);
	free(path);
	return code;
}

enum exits
commands_drain_undrain(struct app *app)
{
	const char *owner = app->args.value[ARGS_OWNER];
	char *path = path_of(app), *escaped, *whole;
	enum exits code;

	if (path == NULL)
		return EXITS_USAGE;
	escaped = client_escape(owner == NULL ? "operator" : owner);
	whole = mem_printf("%s?owner=%s", path, escaped);
	code = act(app, whole, NULL);
	free(whole);
	free(escaped);
	free(path);
	return code;
}
