/* engine/rotation_with.c - the other end takes the order too, or neither does.
 */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "base/clock.h"
#include "base/err.h"
#include "engine/change.h"
#include "engine/fault.h"
#include "engine/parts.h"
#include "engine/rotation_peer.h"
#include "engine/rotation_walk.h"
#include "engine/rotation_with.h"
#include "engine/worker.h"

enum {
	/* Further apart, the two would change so far from another that the
	 * session could be given up before. */
	CLOCKS_MS = 5000,
	/* What was sent to a router that did not answer may still come there;
	 * longer than any of its own limits. */
	LATE_MS = 60 * 1000,
	/* It has gone back by itself: its limit, and some. */
	OVER_MS = 5000,
	PAUSE_MIN_MS = 1000,
	PAUSE_MAX_MS = 60 * 1000
};

/* When the other end has verified it, or gone back. */
static int64_t
over_ms(const struct rotation *r)
{
	return r->at_ms + (int64_t)r->verify_within_s * 1000;
}

static int
call_again(struct rotation_walk *w, const char *words, const struct err *why,
    struct err *err)
{
	struct rotation *r = &w->r;
	char text[320];

	r->pause_ms *= 2;
	if (r->pause_ms < PAUSE_MIN_MS)
		r->pause_ms = PAUSE_MIN_MS;
	if (r->pause_ms > PAUSE_MAX_MS)
		r->pause_ms = PAUSE_MAX_MS;
	r->retry_ms = clock_wall_ms() + r->pause_ms;
	(void)snprintf(text, sizeof(text),
	    "%s; tried again in %" PRId64 " s: %.200s", words,
	    r->pause_ms / 1000, why->text);
	return rotation_walk_keep(w, OPERATION_RUNNING, w->op->phase, text,
	    w->op->due_ms, err);
}

/* Its time of birth there, after our row's and before now, tells the other
 * clock. */
static int
check_clock(const struct rotation_walk *w, const struct rotation_peer *peer,
    struct err *err)
{
	int64_t now = clock_wall_ms(), off = 0;

	if (peer->created_ms < w->op->created_ms)
		off = w->op->created_ms - peer->created_ms;
	else if (peer->created_ms > now)
		off = peer->created_ms - now;
	if (off <= CLOCKS_MS)
		return 0;
	(void)err_set(err, ERR_CONFLICT,
	    "with %s: its clock is %" PRId64 " s off: both ends change by "
	    "their own clocks",
	    w->r.with, off / 1000);
	return err_reason(err, "clocks_differ");
}

/* It is there: from now on each end goes by its own clock. */
static int
take_up(struct rotation_walk *w, const struct rotation_peer *peer,
    struct err *err)
{
	if (peer->state == ROTATION_PEER_NONE ||
	    peer->state == ROTATION_PEER_OFF) {
		(void)err_set(err, ERR_CONFLICT,
		    "with %s: its operation %s does not go on", w->r.with,
		    w->r.with_operation);
		return err_reason(err, "peer_refused");
	}
	if (check_clock(w, peer, err) == -1)
		return -1;
	w->r.retry_ms = w->r.pause_ms = 0;
	return rotation_walk_keep(w, OPERATION_SCHEDULED, "staged",
	    "both ends are ready", w->r.at_ms, err);
}

static int
ask(struct rotation_walk *w, struct err *err)
{
	const struct parts *parts = w->tools->parts;
	struct rotation *r = &w->r;
	struct rotation_peer peer;

	if (fault_point(parts, "rotation_ask", err) == -1)
		return -1;
	r->asked_ms = clock_wall_ms();
	if (rotation_peer_stage(parts, r, err) == -1) {
		r->with_refused = err->code != ERR_UNAVAILABLE;
		return -1;
	}
	if (fault_point(parts, "rotation_asked", err) == -1 ||
	    rotation_peer_look(parts, r, &peer, err) == -1)
		return -1;
	return take_up(w, &peer, err);
}

static void
add_why(struct rotation *r, const char *text)
{
	size_t len = strlen(r->why);

	(void)snprintf(r->why + len, sizeof(r->why) - len, "; %s %s", r->with,
	    text);
}

/* Nothing of ours will change there any more. */
static bool
is_off(const struct rotation *r, const struct rotation_peer *peer)
{
	switch (peer->state) {
	case ROTATION_PEER_NONE:
		return r->with_refused ||
		    clock_wall_ms() > r->asked_ms + LATE_MS;
	case ROTATION_PEER_GOES:
		return false;
	case ROTATION_PEER_OFF:
	case ROTATION_PEER_DONE:
		break;
	}
	return true;
}

static int
call_off(struct rotation_walk *w, struct err *err)
{
	const struct parts *parts = w->tools->parts;
	struct rotation *r = &w->r;
	struct rotation_peer peer;
	struct err why;
	int rc;

	err_clear(&why);
	if (fault_point(parts, "rotation_recall", err) == -1)
		return -1;
	rc = rotation_peer_cancel(parts, r, &peer, &why);
	if (fault_point(parts, "rotation_recalled", err) == -1)
		return -1;
	if (rc == 0 && is_off(r, &peer)) {
		if (peer.state == ROTATION_PEER_DONE)
			add_why(r, "has the new key for good");
		return rotation_walk_end(w, false, -1, err);
	}
	if (rc == 0)
		(void)err_set(&why, ERR_UNAVAILABLE,
		    "with %s: it does not know of it, or goes on", r->with);
	if (clock_wall_ms() <= over_ms(r) + OVER_MS)
		return call_again(w, "not called off at the other end yet",
		    &why, err);
	add_why(r, "could not be told until its time was over");
	return rotation_walk_end(w, false, -1, err);
}

int
rotation_with_drop(struct rotation_walk *w, struct err *err)
{
	if (w->r.with[0] == '\0')
		return rotation_walk_end(w, false, -1, err);
	w->r.retry_ms = w->r.pause_ms = 0;
	if (rotation_walk_keep(w, OPERATION_RUNNING, "recall",
		"calling it off at the other end", over_ms(&w->r) + OVER_MS,
		err) == -1)
		return -1;
	return call_off(w, err);
}

static int
drop_because(struct rotation_walk *w, const char *text, struct err *err)
{
	(void)snprintf(w->r.why, sizeof(w->r.why), "%.200s", text);
	return rotation_with_drop(w, err);
}

int
rotation_with_begin(struct rotation_walk *w, struct err *err)
{
	struct err local, unsaid;

	if (err == NULL)
		err = &local;
	if (ask(w, err) == 0)
		return 0;
	err_clear(&unsaid);
	(void)snprintf(w->r.why, sizeof(w->r.why), "%.200s", err->text);
	if (w->r.with_refused)
		(void)rotation_walk_end(w, false, -1, &unsaid);
	else
		(void)rotation_with_drop(w, &unsaid);
	return -1;
}

/* We died while it was asked, and nobody waits for the answer any more. */
static int
ask_again(struct rotation_walk *w, struct err *err)
{
	const struct parts *parts = w->tools->parts;
	struct rotation *r = &w->r;
	struct rotation_peer peer;
	struct err why;
	int rc;

	err_clear(&why);
	rc = rotation_peer_look(parts, r, &peer, &why);
	if (rc == 0 && peer.state != ROTATION_PEER_NONE) {
		rc = take_up(w, &peer, &why);
	} else if (clock_wall_ms() >= r->at_ms) {
		/* Also when it does not answer: it would be alone. */
		rc = err_set(&why, ERR_CONFLICT,
		    "its time passed before %s had taken the order", r->with);
	} else if (rc == 0) {
		rc = ask(w, &why);
	}
	if (rc == 0)
		return 0;
	if (why.code == ERR_UNAVAILABLE)
		return call_again(w, "asking the other end", &why, err);
	return drop_because(w, why.text, err);
}

int
rotation_with_step(struct rotation_walk *w, struct err *err)
{
	if (clock_wall_ms() < w->r.retry_ms)
		return 0;
	return strcmp(w->op->phase, "ask") == 0 ? ask_again(w, err) :
						  call_off(w, err);
}

int
rotation_with_return(struct rotation_walk *w, struct err *err)
{
	struct rotation_peer peer;

	if (w->r.with[0] == '\0')
		return 0;
	if (rotation_peer_cancel(w->tools->parts, &w->r, &peer, err) == -1)
		return -1;
	if (peer.state != ROTATION_PEER_DONE)
		return 0;
	(void)err_set(err, ERR_CONFLICT,
	    "%s has verified the new key: it stays on both ends", w->r.with);
	return err_reason(err, "not_pending");
}

int
rotation_with_leave(struct rotation_walk *w, const struct caller *caller,
    struct err *err)
{
	char text[80];

	(void)snprintf(text, sizeof(text),
	    "could not be told until %.31s gave that up", caller->actor);
	add_why(&w->r, text);
	return rotation_walk_end(w, false, -1, err);
}
