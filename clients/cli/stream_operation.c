/* cli/stream_operation.c - one operation until its end. */
/* names: stream */
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/compat.h"
#include "base/err.h"
#include "base/mem.h"
#include "cli/app.h"
#include "cli/field.h"
#include "cli/interrupt.h"
#include "cli/stream.h"

struct watch {
	struct app *app;
	const char *id;
	char *path;
	stream_progress_fn *tell;
	void *arg;
	struct client_answer *answer; /* of the last look */
	bool look;                    /* something may have been missed */
	bool ended;
	enum exits code;
};

bool
stream_is_end(const char *state)
{
	static const char *const ends[] = { "done", "undone", "refused",
		"failed", "cancelled", "awaiting_confirm" };
	size_t i;

	for (i = 0; i < NITEMS(ends); i++)
		if (strcmp(state, ends[i]) == 0)
			return true;
	return false;
}

static void
take(struct watch *w, const json_t *state)
{
	if (w->tell != NULL)
		w->tell(w->arg, state);
	if (stream_is_end(field_word(state, "state", "")))
		w->ended = true;
}

/* false: it has ended, or cannot be looked at. */
static bool
look(struct watch *w)
{
	w->look = false;
	client_answer_clear(w->answer);
	w->code =
	    app_get(w->app, w->path, "mhctl operations lists them", w->answer);
	if (w->code == EXITS_DONE)
		take(w, w->answer->json);
	return w->code == EXITS_DONE && !w->ended;
}

static bool
on_event(void *arg, const char *type, const json_t *event)
{
	struct watch *w = arg;

	if (strcmp(type, "hello") == 0 || strcmp(type, "resync") == 0)
		w->look = true;
	else if (strcmp(field_word(event, "operation", ""), w->id) == 0)
		take(w, event);
	return !w->ended;
}

/* Not inside of on_event: there libcurl is at work. */
static bool
on_tick(void *arg)
{
	struct watch *w = arg;

	return !w->look || look(w);
}

static void
poll_it(struct watch *w)
{
	static const struct timespec second = { 1, 0 };

	interrupt_catch();
	while (!interrupt_seen() && look(w))
		(void)nanosleep(&second, NULL);
	if (interrupt_seen() && w->code == EXITS_DONE && !w->ended)
		w->code = EXITS_RUNNING;
	interrupt_release();
}

enum exits
stream_follow_operation(struct app *app, const char *id,
    stream_progress_fn *tell, void *arg, struct client_answer *answer)
{
	struct client_answer refusal = CLIENT_ANSWER_INIT;
	struct watch w = { .app = app,
		.id = id,
		.tell = tell,
		.arg = arg,
		.answer = answer,
		.code = app_prepare(app) };
	const struct stream s = { .types = "operation",
		.event = on_event,
		.tick = on_tick,
		.arg = &w };
	char *escaped;
	struct err err;

	if (w.code != EXITS_DONE)
		return w.code;
	err_clear(&err);
	escaped = client_escape(id);
	w.path = mem_printf("/v1/operations/%s", escaped);
	free(escaped);
	switch (stream_follow(&app->target, &s, &refusal, &err)) {
	case STREAM_STOPPED:
		/* As it is now; an event tells less. */
		if (w.code == EXITS_DONE) {
			w.tell = NULL;
			(void)look(&w);
		}
		break;
	case STREAM_INTERRUPTED:
		w.code = EXITS_RUNNING;
		break;
	case STREAM_REFUSED:
	case STREAM_UNREACHABLE:
	case STREAM_FOREIGN:
		poll_it(&w);
		break;
	}
	client_answer_clear(&refusal);
	free(w.path);
	return w.code;
}
