/* cli/app.c - what every command works with. */
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/err.h"
#include "base/number.h"
#include "cli/app.h"
#include "cli/render.h"
#include "cli/text.h"

const char *
app_word(const struct app *app, size_t i)
{
	i += app->n_words;
	return i < app->args.n ? app->args.words[i] : NULL;
}

static void
put(struct buf *b)
{
	(void)fflush(stdout);
	(void)fwrite(buf_text(b), 1, b->len, stderr);
	buf_clear(b);
}

enum exits
app_fail(const struct app *app, enum exits code, const char *fmt, ...)
{
	struct buf b = BUF_INIT, text = BUF_INIT;
	char line[2048];
	va_list ap;

	va_start(ap, fmt);
	(void)vsnprintf(line, sizeof(line), fmt, ap);
	va_end(ap);
	style_begin(&app->err, STYLE_BAD, &b);
	buf_puts(&b, "mhctl:");
	style_end(&app->err, STYLE_BAD, &b);
	/* The first line behind the name, more lines below it. */
	text_add_lines(&text, "", line);
	buf_putc(&b, ' ');
	buf_add(&b, buf_text(&text), text.len);
	buf_clear(&text);
	put(&b);
	return code;
}

enum exits
app_print(struct app *app, struct buf *b)
{
	bool failed = b->failed ||
	    fwrite(buf_text(b), 1, b->len, stdout) != b->len ||
	    fflush(stdout) != 0;

	buf_clear(b);
	if (failed)
		return app_fail(app, EXITS_FAILED, "standard output: %s",
		    strerror(errno));
	return EXITS_DONE;
}

enum exits
app_print_json(struct app *app, const json_t *json)
{
	/* A terminal gets no character it could obey. */
	size_t flags = JSON_INDENT(2) | JSON_ENCODE_ANY |
	    (app->out.terminal ? JSON_ENSURE_ASCII : 0);
	char *text = json_dumps(json, flags);
	struct buf b = BUF_INIT;

	if (text != NULL)
		buf_puts(&b, text);
	buf_putc(&b, '\n');
	free(text);
	return app_print(app, &b);
}

enum exits
app_print_answer(struct app *app, const struct client_answer *a)
{
	struct buf b = BUF_SECRET;
	size_t n = a->body.len;

	if (!app->lines || app->out.terminal)
		return app_print_json(app, a->json);
	while (n > 0 && (unsigned char)a->body.data[n - 1] <= ' ')
		n--;
	buf_add(&b, buf_text(&a->body), n);
	buf_putc(&b, '\n');
	return app_print(app, &b);
}

enum exits
app_prepare(struct app *app)
{
	struct client_options options = { .verbose = args_has(&app->args,
					      ARGS_VERBOSE) };
	const char *timeout = app->args.value[ARGS_TIMEOUT];
	struct err err;
	uint32_t s;

	if (app->client != NULL)
		return EXITS_DONE;
	err_clear(&err);
	if (timeout != NULL) {
		if (number_parse_u32(&s, timeout, 1, 86400, &err) == -1)
			return app_fail(app, EXITS_USAGE,
			    "--timeout is 1 to 86400 seconds, not %s", timeout);
		options.timeout_s = s;
	}
	if (target_find(&app->target, &app->args, &err) == -1)
		return app_fail(app,
		    err.code == ERR_INVALID ? EXITS_USAGE : EXITS_FAILED, "%s",
		    err.text);
	app->client = client_new(&app->target, &options, &err);
	if (app->client == NULL)
		return app_fail(app, EXITS_FAILED, "%s", err.text);
	return EXITS_DONE;
}

static enum exits
exit_of_status(long status, const char *code, bool write)
{
	switch (status) {
	case 401:
	case 403:
		return EXITS_NOT_PERMITTED;
	case 409:
	case 412:
		return EXITS_CONFLICT;
	case 504:
		return write ? EXITS_RUNNING : EXITS_FAILED;
	default:
		return write && strcmp(code, "timeout") == 0 ? EXITS_RUNNING :
							       EXITS_FAILED;
	}
}

enum exits
app_refused(struct app *app, const struct client_request *req, const char *hint,
    const struct client_answer *a)
{
	const struct render_problem p = { .router = app->target.name,
		.status = a->status,
		.request_id = a->request_id,
		.retry_after_s = a->retry_after_s,
		.write = req->write,
		.hint = hint };
	const char *code = json_string_value(json_object_get(a->json, "code"));
	struct buf b = BUF_INIT;

	if (args_has(&app->args, ARGS_JSON) && a->json != NULL)
		(void)app_print_answer(app, a);
	render_problem(&b, &app->err, &p, a->json);
	put(&b);
	return exit_of_status(a->status, code == NULL ? "" : code, req->write);
}

enum exits
app_say_end(struct app *app, enum client_end end, bool write,
    const struct err *err)
{
	const struct target *t = &app->target;

	switch (end) {
	case CLIENT_ANSWERED:
		break;
	case CLIENT_UNREACHABLE:
		return app_fail(app, EXITS_UNREACHABLE,
		    "%s: cannot be reached at %s%s%s: %s\n"
		    "next: see that multihomed runs there and that the "
		    "context is right (mhctl context list)",
		    t->name, t->url, t->unix_path == NULL ? "" : " through ",
		    t->unix_path == NULL ? "" : t->unix_path, err->text);
	case CLIENT_UNKNOWN:
		return app_fail(app, EXITS_UNREACHABLE,
		    "%s: the connection broke after the change was sent, and "
		    "so did the second attempt: %s\n"
		    "whether it was done is not known here\n"
		    "next: when the router answers again: mhctl operations",
		    t->name, err->text);
	case CLIENT_TIMED_OUT:
		if (!write)
			return app_fail(app, EXITS_UNREACHABLE,
			    "%s: %s\nnext: try again, or wait longer with "
			    "--timeout SECONDS",
			    t->name, err->text);
		return app_fail(app, EXITS_RUNNING,
		    "%s: %s; the change may still be running there\n"
		    "next: see how it ends: mhctl operations",
		    t->name, err->text);
	case CLIENT_INTERRUPTED:
		return app_fail(app, EXITS_RUNNING,
		    "%s: interrupted here; the change goes on there\n"
		    "next: see how it ends: mhctl operations",
		    t->name);
	case CLIENT_FOREIGN:
		break;
	}
	return app_fail(app, EXITS_FAILED,
	    "%s: the answer from %s is not understood: %s\n"
	    "next: is that the address of multihomed? mhctl context list",
	    t->name, t->url, err->text);
}

static enum exits
call(struct app *app, const struct client_request *req, const char *hint,
    long harmless, struct client_answer *a)
{
	enum client_end end;
	enum exits code = app_prepare(app);
	struct err err;

	if (code != EXITS_DONE)
		return code;
	err_clear(&err);
	end = client_send(app->client, req, a, &err);
	if (end != CLIENT_ANSWERED)
		return app_say_end(app, end, req->write, &err);
	if (a->status == harmless) {
		client_answer_clear(a);
		return EXITS_DONE;
	}
	if (a->status < 200 || a->status > 299)
		return app_refused(app, req, hint, a);
	return EXITS_DONE;
}

enum exits
app_call(struct app *app, const struct client_request *req, const char *hint,
    struct client_answer *a)
{
	return call(app, req, hint, 0, a);
}

enum exits
app_peek(struct app *app, const char *path, const char *hint, long status,
    struct client_answer *a)
{
	const struct client_request req = { .method = "GET", .path = path };

	return call(app, &req, hint, status, a);
}

enum exits
app_get(struct app *app, const char *path, const char *hint,
    struct client_answer *a)
{
	const struct client_request req = { .method = "GET", .path = path };

	return app_call(app, &req, hint, a);
}

enum exits
app_show(struct app *app, const char *path, const char *hint,
    app_render_fn *render)
{
	struct client_answer a = CLIENT_ANSWER_INIT;
	struct buf b = BUF_INIT;
	enum exits code = app_get(app, path, hint, &a);

	if (code == EXITS_DONE && args_has(&app->args, ARGS_JSON)) {
		code = app_print_json(app, a.json);
	} else if (code == EXITS_DONE) {
		render(&b, &app->out, a.json);
		code = app_print(app, &b);
	}
	client_answer_clear(&a);
	return code;
}

void
app_clear(struct app *app)
{
	client_free(&app->client);
	target_clear(&app->target);
}
