/* cli/commands_audit.c - reading the audit log. */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/clock.h"
#include "base/compat.h"
#include "base/err.h"
#include "base/mem.h"
#include "base/number.h"
#include "cli/app.h"
#include "cli/commands.h"
#include "cli/field.h"
#include "cli/render.h"
#include "cli/when.h"

enum {
	LIMIT_DEFAULT = 20,
	PAGE_MAX = 100,
	LOOK_AHEAD = 6
};

static void
add_parameter(struct buf *b, const char *name, const char *value)
{
	char *escaped;

	if (value == NULL)
		return;
	escaped = client_escape(value);
	buf_printf(b, "&%s=%s", name, escaped);
	free(escaped);
}

/* "&actor=...&since=..." */
static enum exits
filter(struct app *app, struct buf *b)
{
	static const enum args_option times[] = { ARGS_SINCE, ARGS_UNTIL };
	const char *const *value = app->args.value;
	char text[CLOCK_TEXT_MAX];
	struct err err;
	size_t i;

	err_clear(&err);
	add_parameter(b, "actor", value[ARGS_ACTOR]);
	add_parameter(b, "resource", value[ARGS_RESOURCE]);
	add_parameter(b, "outcome", value[ARGS_OUTCOME]);
	for (i = 0; i < NITEMS(times); i++) {
		if (value[times[i]] == NULL)
			continue;
		if (when_parse(value[times[i]], clock_wall_ms(), text, &err) ==
		    -1)
			return app_fail(app, EXITS_USAGE, "--%s %s: %s",
			    args_name(times[i]), value[times[i]], err.text);
		add_parameter(b, args_name(times[i]), text);
	}
	return EXITS_DONE;
}

/* An intent whose outcome is among the rows is no line of its own. */
static bool
is_line(const json_t *rows, const json_t *row)
{
	int64_t seq, about;
	const json_t *other;
	size_t i;

	if (strcmp(field_word(row, "kind", ""), "intent") != 0 ||
	    !field_int(row, "seq", &seq))
		return true;
	json_array_foreach(rows, i,
	    other) if (field_int(other, "about", &about) &&
	    about == seq) return false;
	return true;
}

/* Adds a page's rows until there are enough of them. */
static void
take_page(json_t *rows, const json_t *page, bool raw, uint32_t wanted,
    uint32_t *lines)
{
	json_t *row;
	size_t i;

	json_array_foreach(page, i, row)
	{
		bool line = raw || is_line(rows, row);

		if (line && *lines == wanted)
			return;
		(void)json_array_append(rows, row);
		*lines += line;
	}
}

/* Newest first: each row ends on the page of its cursor. */
static enum exits
fetch(struct app *app, const char *parameters, uint32_t wanted, json_t *rows)
{
	bool raw = args_has(&app->args, ARGS_JSON);
	struct client_answer a = CLIENT_ANSWER_INIT;
	char *cursor = NULL, *path, *escaped;
	uint32_t lines = 0, page;
	enum exits code;

	do {
		page = (wanted - lines) * (raw ? 1 : 2);
		escaped = client_escape(cursor == NULL ? "" : cursor);
		path = mem_printf("/v1/audit?limit=%u%s%s%s",
		    (unsigned)(page > PAGE_MAX ? PAGE_MAX : page), parameters,
		    cursor == NULL ? "" : "&cursor=", escaped);
		free(escaped);
		free(cursor);
		cursor = NULL;
		code = app_get(app, path, NULL, &a);
		free(path);
		if (code != EXITS_DONE)
			break;
		take_page(rows, field_at(a.json, "rows"), raw, wanted, &lines);
		if (field_text(a.json, "next_cursor") != NULL &&
		    json_array_size(field_at(a.json, "rows")) > 0)
			cursor = mem_strdup(field_text(a.json, "next_cursor"));
	} while (cursor != NULL && lines < wanted);
	free(cursor);
	client_answer_clear(&a);
	return code;
}

enum exits
commands_audit(struct app *app)
{
	const char *limit = app->args.value[ARGS_LIMIT];
	uint32_t wanted = LIMIT_DEFAULT;
	struct buf parameters = BUF_INIT, b = BUF_INIT;
	json_t *rows = json_array(), *body;
	enum exits code;

	if (limit != NULL &&
	    number_parse_u32(&wanted, limit, 1, 100000, NULL) == -1)
		code = app_fail(app, EXITS_USAGE,
		    "--limit is 1 to 100000, not %s", limit);
	else
		code = filter(app, &parameters);
	if (code == EXITS_DONE)
		code = fetch(app, buf_text(&parameters), wanted, rows);
	if (code == EXITS_DONE && args_has(&app->args, ARGS_JSON)) {
		body = json_object();
		(void)json_object_set(body, "rows", rows);
		code = app_print_json(app, body);
		json_decref(body);
	} else if (code == EXITS_DONE) {
		render_audits(&b, &app->out, rows);
		code = app_print(app, &b);
	}
	json_decref(rows);
	buf_clear(&parameters);
	return code;
}

/*
 * The outcome of an intent: there is one writer, so it is one of the next few
 * rows. NULL when it is not (yet); a new reference.
 */
static enum exits
find_outcome(struct app *app, int64_t seq, json_t **outcome)
{
	struct client_answer a = CLIENT_ANSWER_INIT;
	enum exits code = EXITS_DONE;
	int64_t next, about;
	char *path;

	*outcome = NULL;
	for (next = seq + 1; next <= seq + LOOK_AHEAD; next++) {
		path = mem_printf("/v1/audit/%" PRId64, next);
		code = app_peek(app, path, NULL, 404, &a);
		free(path);
		if (code != EXITS_DONE || a.json == NULL)
			break; /* behind the end of the log */
		if (field_int(a.json, "about", &about) && about == seq) {
			*outcome = json_incref(a.json);
			break;
		}
	}
	client_answer_clear(&a);
	return code;
}

enum exits
commands_audit_show(struct app *app)
{
	struct client_answer a = CLIENT_ANSWER_INIT;
	struct buf b = BUF_INIT;
	json_t *outcome = NULL;
	enum exits code;
	uint64_t seq;
	char *path;

	if (number_parse_u64(&seq, app_word(app, 0), 1, INT64_MAX / 2, NULL) ==
	    -1)
		return app_fail(app, EXITS_USAGE,
		    "a row of the audit log is a number, not %s",
		    app_word(app, 0));
	path = mem_printf("/v1/audit/%" PRIu64, seq);
	code = app_get(app, path, "mhctl audit lists the numbers", &a);
	free(path);
	if (code == EXITS_DONE && args_has(&app->args, ARGS_JSON)) {
		code = app_print_json(app, a.json);
	} else if (code == EXITS_DONE) {
		if (strcmp(field_word(a.json, "kind", ""), "intent") == 0)
			code = find_outcome(app, (int64_t)seq, &outcome);
		if (code == EXITS_DONE) {
			render_audit(&b, &app->out, a.json, outcome);
			code = app_print(app, &b);
		}
	}
	json_decref(outcome);
	client_answer_clear(&a);
	return code;
}

enum exits
commands_audit_verify(struct app *app)
{
	struct client_answer a = CLIENT_ANSWER_INIT;
	struct buf b = BUF_INIT;
	enum exits code = app_get(app, "/v1/audit/verify", NULL, &a);
	bool intact = field_true(a.json, "intact");

	if (code == EXITS_DONE && args_has(&app->args, ARGS_JSON)) {
		code = app_print_json(app, a.json);
	} else if (code == EXITS_DONE) {
		render_audit_verdict(&b, &app->out, a.json);
		code = app_print(app, &b);
	}
	if (code == EXITS_DONE && !intact)
		code = EXITS_FAILED;
	client_answer_clear(&a);
	return code;
}
