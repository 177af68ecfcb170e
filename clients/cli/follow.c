/* cli/follow.c - waiting for an operation that lasts. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/clock.h"
#include "base/compat.h"
#include "base/err.h"
#include "base/mem.h"
#include "cli/app.h"
#include "cli/field.h"
#include "cli/follow.h"
#include "cli/interrupt.h"
#include "cli/progress.h"
#include "cli/text.h"

enum {
	POLL_MS = 500,
	TICK_MS = 50
};

struct follow {
	struct app *app;
	const char *operation;
	int64_t deadline_ms;
	bool quiet;
	struct progress progress;
	struct buf step; /* the sentence that is shown */
};

static enum exits
leave(const struct follow *f, const char *why)
{
	return app_fail(f->app, EXITS_RUNNING,
	    "%s: %s; it goes on there\n"
	    "follow it: mhctl operation show %s\n"
	    "cancel it: mhctl cancel %s",
	    f->app->target.name, why, f->operation, f->operation);
}

static bool
has_ended(const json_t *operation)
{
	static const char *const ends[] = { "done", "undone", "refused" };
	const char *state = field_word(operation, "state", "");
	size_t i;

	for (i = 0; i < NITEMS(ends); i++)
		if (strcmp(state, ends[i]) == 0)
			return true;
	return false;
}

/* A drain past its time, which nobody but a person ends. */
static bool
is_held(const json_t *operation)
{
	return strcmp(field_word(operation, "progress.end", ""), "blocked") ==
	    0;
}

/* Worth asking again: the router is busy, or is not itself just now. */
static bool
may_pass(long status)
{
	return status == 429 || status >= 500;
}

static void
show(struct follow *f, const json_t *operation)
{
	const char *text = field_text(operation, "progress.text");
	struct buf line = BUF_INIT;

	if (text == NULL || strcmp(text, buf_text(&f->step)) == 0)
		return;
	buf_reset(&f->step);
	buf_puts(&f->step, text);
	progress_say(&f->progress, buf_text(&f->step));
	if (f->progress.wanted || f->quiet)
		return;
	text_add(&line, text);
	(void)fprintf(stderr, "  %s\n", buf_text(&line));
	buf_clear(&line);
}

/* false when the deadline or Ctrl-C ended it. */
static bool
pause_here(struct follow *f)
{
	const struct timespec tick = { 0, TICK_MS * 1000000L };
	int64_t until = clock_ms() + POLL_MS;

	while (clock_left_ms(until) > 0) {
		if (interrupt_seen() || clock_left_ms(f->deadline_ms) == 0)
			return false;
		progress_tick(&f->progress);
		(void)nanosleep(&tick, NULL);
	}
	return true;
}

static enum exits
ask_until_end(struct follow *f, const struct client_request *req,
    struct client_answer *a)
{
	enum client_end end;
	struct err err;

	do {
		err_clear(&err);
		end = client_send(f->app->client, req, a, &err);
		if (interrupt_seen())
			break;
		if (end != CLIENT_ANSWERED || may_pass(a->status))
			continue;
		if (a->status < 200 || a->status > 299) {
			progress_end(&f->progress);
			return app_refused(f->app, req,
			    "mhctl operations lists the numbers", a);
		}
		if (has_ended(a->json))
			return EXITS_DONE;
		show(f, a->json);
		if (is_held(a->json)) {
			progress_end(&f->progress);
			return leave(f, "timed out, and held");
		}
	} while (pause_here(f));
	progress_end(&f->progress);
	return leave(f,
	    interrupt_seen() ? "interrupted here" : "waited long enough");
}

enum exits
follow_operation(struct app *app, const char *operation, unsigned within_s,
    bool quiet, struct client_answer *a)
{
	char *escaped = client_escape(operation);
	char *path = mem_printf("/v1/operations/%s", escaped);
	const struct client_request req = { .method = "GET", .path = path };
	struct follow f = { .app = app,
		.operation = operation,
		.deadline_ms = within_s == 0 ?
		    INT64_MAX :
		    clock_ms() + (int64_t)within_s * 1000,
		.quiet = quiet };
	enum exits code;

	interrupt_catch();
	progress_begin(&f.progress, app->target.name);
	code = ask_until_end(&f, &req, a);
	progress_end(&f.progress);
	interrupt_release();
	buf_clear(&f.step);
	free(path);
	free(escaped);
	return code;
}
