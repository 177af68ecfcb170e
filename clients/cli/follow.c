/* cli/follow.c - an operation that lasts, watched until it ends. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/clock.h"
#include "base/mem.h"
#include "base/number.h"
#include "cli/app.h"
#include "cli/field.h"
#include "cli/follow.h"
#include "cli/interrupt.h"
#include "cli/text.h"

enum {
	LINE_COLUMNS = 78
};

/* What was shown last. */
struct showing {
	bool terminal;
	char *last;
};

static void
show(struct showing *s, const json_t *row)
{
	struct buf b = BUF_INIT;

	text_add(&b, field_word(row, "phase", "-"));
	buf_puts(&b, ": ");
	text_add(&b, field_word(row, "progress.text", "begun"));
	if (s->last != NULL && strcmp(s->last, buf_text(&b)) == 0) {
		buf_clear(&b);
		return;
	}
	free(s->last);
	s->last = mem_strdup(buf_text(&b));
	if (s->terminal)
		(void)fprintf(stderr, "\r%-*.*s", LINE_COLUMNS,
		    (int)text_fit(s->last, LINE_COLUMNS), s->last);
	else
		(void)fprintf(stderr, "%s\n", s->last);
	(void)fflush(stderr);
	buf_clear(&b);
}

static void
end_line(const struct showing *s)
{
	if (s->terminal && s->last != NULL)
		(void)fprintf(stderr, "\r%*s\r", LINE_COLUMNS, "");
}

static enum exits
leave(struct app *app, const char *id, const char *why)
{
	return app_fail(app, EXITS_RUNNING,
	    "%s; it goes on\nnext: mhctl operation show %s follows it, mhctl "
	    "revert %s leads it back",
	    why, id, id);
}

/* EXITS_RUNNING: not yet. */
static enum exits
judge(const json_t *row)
{
	const char *state = field_word(row, "state", "");

	if (strcmp(state, "running") == 0 || strcmp(state, "scheduled") == 0)
		return EXITS_RUNNING;
	return strcmp(state, "done") == 0 ? EXITS_DONE : EXITS_FAILED;
}

/* Until it ends, is held, or nobody waits any longer. */
static enum exits
watch(struct app *app, const char *id, const char *path, int64_t until_ms,
    struct showing *s, json_t **operation)
{
	static const struct timespec pause = { 1, 0 };
	struct client_answer a;
	enum exits code;

	for (;;) {
		a = (struct client_answer)CLIENT_ANSWER_INIT;
		code = app_get(app, path, NULL, &a);
		if (code != EXITS_DONE) {
			client_answer_clear(&a);
			return interrupt_seen() ?
			    leave(app, id, "interrupted") :
			    code;
		}
		json_decref(*operation);
		*operation = json_incref(a.json);
		client_answer_clear(&a);
		show(s, *operation);
		code = judge(*operation);
		if (code != EXITS_RUNNING)
			return code;
		if (strcmp(field_word(*operation, "progress.end", ""),
			"blocked") == 0)
			return leave(app, id, "timed out, and held");
		if (until_ms != 0 && clock_ms() >= until_ms)
			return leave(app, id, "not waited for any longer");
		(void)nanosleep(&pause, NULL);
		if (interrupt_seen())
			return leave(app, id, "interrupted");
	}
}

enum exits
follow_operation(struct app *app, const char *id, json_t **operation)
{
	struct showing s = { isatty(STDERR_FILENO) != 0, NULL };
	char *escaped = client_escape(id);
	char *path = mem_printf("/v1/operations/%s", escaped);
	const char *timeout = app->args.value[ARGS_TIMEOUT];
	int64_t until_ms = 0;
	uint32_t seconds;
	enum exits code;

	*operation = NULL;
	if (timeout != NULL &&
	    number_parse_u32(&seconds, timeout, 1, UINT32_MAX, NULL) == 0)
		until_ms = clock_ms() + (int64_t)seconds * 1000;
	interrupt_catch();
	code = watch(app, id, path, until_ms, &s, operation);
	interrupt_release();
	end_line(&s);
	free(s.last);
	free(path);
	free(escaped);
	return code;
}
