/* cli/follow.c - waiting for an operation that lasts. */
#include <stdio.h>
#include <string.h>

#include "base/buf.h"
#include "base/clock.h"
#include "cli/app.h"
#include "cli/field.h"
#include "cli/follow.h"
#include "cli/interrupt.h"
#include "cli/progress.h"
#include "cli/stream.h"
#include "cli/text.h"

struct follow {
	int64_t deadline_ms;
	bool quiet;
	bool held;
	bool ended; /* as an event said, if not how */
	struct progress progress;
	struct buf step; /* the sentence that is shown */
};

/* A drain past its time, which nobody but a person ends. */
static bool
on_look(void *arg, const json_t *operation)
{
	struct follow *f = arg;

	f->held =
	    strcmp(field_word(operation, "progress.end", ""), "blocked") == 0;
	return f->held;
}

static void
on_state(void *arg, const json_t *state)
{
	struct follow *f = arg;
	/* Of the operation, or of an event. */
	const char *text = field_text(state, "progress.text");
	struct buf line = BUF_INIT;

	f->ended = stream_is_end(state);
	if (text == NULL)
		text = field_text(state, "text");
	if (text == NULL || strcmp(text, buf_text(&f->step)) == 0)
		return;
	progress_end(&f->progress);
	buf_reset(&f->step);
	buf_puts(&f->step, text);
	progress_say(&f->progress, buf_text(&f->step));
	if (f->progress.wanted || f->quiet)
		return;
	text_add(&line, text);
	(void)fprintf(stderr, "  %s\n", buf_text(&line));
	buf_clear(&line);
}

static bool
on_tick(void *arg)
{
	struct follow *f = arg;

	progress_tick(&f->progress);
	return clock_left_ms(f->deadline_ms) > 0;
}

/* What stood there may not be so any more: it is told again once it is seen. */
static void
on_words(void *arg)
{
	struct follow *f = arg;

	progress_say(&f->progress, NULL);
	buf_reset(&f->step);
}

/* The wait is over, and the end was not seen. */
static enum exits
leave(struct app *app, const struct follow *f, const char *operation,
    const char *instead)
{
	const char *why = f->held ? "timed out, and held" :
	    interrupt_seen()      ? "interrupted here" :
				    "waited long enough";

	if (f->ended)
		return app_fail(app, EXITS_RUNNING,
		    "%s: %s; it has ended there\n"
		    "see how: mhctl operation show %s",
		    app->target.name, why, operation);
	return app_fail(app, EXITS_RUNNING,
	    "%s: %s; it goes on there\n"
	    "follow it: mhctl operation follow %s\n"
	    "%s%s",
	    app->target.name, why, operation,
	    instead == NULL ? "cancel it: mhctl cancel " : instead,
	    instead == NULL ? operation : "");
}

enum exits
follow_operation(struct app *app, const char *operation, unsigned within_s,
    bool quiet, const char *instead, struct client_answer *a)
{
	struct follow f = { .deadline_ms = within_s == 0 ?
		    INT64_MAX :
		    clock_ms() + (int64_t)within_s * 1000,
		.quiet = quiet };
	const struct stream_watch watch = { on_state, on_look, on_tick,
		on_words, &f };
	enum exits code;

	progress_begin(&f.progress, app->target.name);
	code = stream_follow_operation(app, operation, &watch, a);
	progress_end(&f.progress);
	buf_clear(&f.step);
	return code == EXITS_RUNNING ? leave(app, &f, operation, instead) :
				       code;
}
