/* cli/stream_operation.c - one operation until its end. */
/* names: stream */
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
#include "cli/interrupt.h"
#include "cli/stream.h"

enum {
	POLL_MS = 500,
	TICK_MS = 50
};

struct watch {
	struct app *app;
	const struct stream_watch *how;
	char *path;
	const char *id;
	struct client_answer *answer; /* of the last look */
	bool look;                    /* something may have been missed */
	int64_t look_ms;              /* not before */
	bool told;                    /* what is seen has been told already */
	bool known;                   /* it was seen */
	bool lost;                    /* since then, as was said */
	bool ended;
	bool enough; /* as the caller says */
	enum exits code;
};

bool
stream_is_end(const json_t *operation)
{
	static const char *const ends[] = { "done", "undone", "refused",
		"failed", "cancelled", "awaiting_confirm" };
	const char *state = field_word(operation, "state", "");
	size_t i;

	for (i = 0; i < NITEMS(ends); i++)
		if (strcmp(state, ends[i]) == 0)
			return true;
	return false;
}

static void
take(struct watch *w, const json_t *state)
{
	if (w->how->tell != NULL && !w->told)
		w->how->tell(w->how->arg, state);
	if (stream_is_end(state))
		w->ended = true;
}

/* Worth asking again: the router is busy, or is not itself just now. */
static bool
may_pass(long status)
{
	return status == 429 || status >= 500;
}

/* Once in an outage, which ends when the operation is seen again. */
static void
say_lost(struct watch *w, const char *why, const char *next)
{
	if (w->lost)
		return;
	w->lost = true;
	if (w->how->before != NULL)
		w->how->before(w->how->arg);
	(void)app_fail(w->app, EXITS_DONE, "%s: %s; %s", w->app->target.name,
	    why, next);
}

/* true: an answer that counts, not one to wait for. */
static bool
is_answered(struct watch *w, enum client_end end, const struct err *why)
{
	if (end == CLIENT_ANSWERED && !may_pass(w->answer->status)) {
		w->lost = false;
		return true;
	}
	if (!interrupt_seen())
		say_lost(w,
		    end == CLIENT_ANSWERED ? "the router is not ready" :
					     why->text,
		    "asking again");
	client_answer_clear(w->answer);
	return false;
}

/* true: there is an answer, or one to wait for. */
static bool
ask(struct watch *w)
{
	const struct client_request req = { .method = "GET", .path = w->path };
	static const char hint[] = "mhctl operations lists them";
	enum client_end end;
	struct err err;

	if (w->known) {
		err_clear(&err);
		end = client_send(w->app->client, &req, w->answer, &err);
		if (!is_answered(w, end, &err))
			return true;
	} else {
		w->code = app_get(w->app, w->path, hint, w->answer);
		w->known = w->code == EXITS_DONE;
		return w->known;
	}
	if (w->answer->status >= 200 && w->answer->status <= 299)
		return true;
	if (w->how->before != NULL)
		w->how->before(w->how->arg);
	w->code = app_refused(w->app, &req, hint, w->answer);
	return false;
}

/* false: it has ended, will not, or cannot be looked at. */
static bool
look(struct watch *w)
{
	w->look = false;
	client_answer_clear(w->answer);
	if (!ask(w))
		return false;
	if (w->answer->json == NULL) {
		w->look = true;
		w->look_ms = clock_ms() + POLL_MS;
		return true;
	}
	take(w, w->answer->json);
	w->enough = !w->ended && w->how->enough != NULL &&
	    w->how->enough(w->how->arg, w->answer->json);
	w->told = false;
	return !w->ended && !w->enough;
}

static bool
on_event(void *arg, const char *type, const json_t *event)
{
	struct watch *w = arg;

	if (strcmp(type, "hello") == 0 || strcmp(type, "resync") == 0) {
		w->look = true;
	} else if (strcmp(field_word(event, "operation", ""), w->id) == 0) {
		w->told = false;
		take(w, event);
		/* Whether that is enough an event does not tell. */
		if (!w->look && w->how->enough != NULL)
			w->look = w->told = true;
	}
	return !w->ended;
}

static bool
tick(const struct watch *w)
{
	return w->how->tick == NULL || w->how->tick(w->how->arg);
}

/* Not inside of on_event: there libcurl is at work. */
static bool
on_tick(void *arg)
{
	struct watch *w = arg;
	bool due = w->look && clock_left_ms(w->look_ms) == 0;

	return (!due || look(w)) && tick(w);
}

static void
on_lost(void *arg, const char *why, unsigned again_s)
{
	char next[48];

	(void)snprintf(next, sizeof(next), "connecting again in %u s", again_s);
	say_lost(arg, why, next);
}

/* false when the caller or Ctrl-C ended it. */
static bool
pause_here(const struct watch *w)
{
	static const struct timespec pause = { 0, TICK_MS * 1000000L };
	int64_t until = clock_ms() + POLL_MS;

	while (clock_left_ms(until) > 0) {
		if (interrupt_seen() || !tick(w))
			return false;
		(void)nanosleep(&pause, NULL);
	}
	return true;
}

static void
poll_it(struct watch *w)
{
	interrupt_catch();
	while (look(w) && pause_here(w))
		;
	interrupt_release();
}

/* By events; false: there are none. */
static bool
listen(struct watch *w)
{
	struct client_answer refusal = CLIENT_ANSWER_INIT;
	const struct stream s = { .types = "operation",
		.event = on_event,
		.tick = on_tick,
		.lost = on_lost,
		.arg = w };
	enum stream_end end;
	struct err err;

	err_clear(&err);
	end = stream_follow(&w->app->target, &s, &refusal, &err);
	client_answer_clear(&refusal);
	return end == STREAM_STOPPED || end == STREAM_INTERRUPTED;
}

enum exits
stream_follow_operation(struct app *app, const char *id,
    const struct stream_watch *how, struct client_answer *answer)
{
	/* Who has made it has seen it. app_prepare() makes the client. */
	const bool known = app->client != NULL;
	struct watch w = { .app = app,
		.how = how,
		.id = id,
		.answer = answer,
		.known = known,
		.code = app_prepare(app) };
	char *escaped;

	if (w.code != EXITS_DONE)
		return w.code;
	escaped = client_escape(id);
	w.path = mem_printf("/v1/operations/%s", escaped);
	free(escaped);
	if (!listen(&w)) {
		poll_it(&w);
	} else if (w.ended) {
		/* As it is now, however long that takes: an event tells less.
		 */
		w.told = true;
		w.ended = false;
		poll_it(&w);
	}
	free(w.path);
	if (w.code == EXITS_DONE && (!w.ended || answer->json == NULL))
		w.code = EXITS_RUNNING;
	return w.code;
}
