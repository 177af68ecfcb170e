/* engine/drain_tell.c - what others want to know of a drain. */
#include <string.h>

#include "base/err.h"
#include "base/log.h"
#include "engine/drain_tell.h"
#include "engine/drain_view.h"
#include "engine/events.h"
#include "engine/worker.h"
#include "model/drain.h"
#include "model/event.h"
#include "store/drain.h"

/* The reason is still there: it has a phase. */
static bool
is_kept(const struct drain_list *list, const struct drain *d)
{
	size_t i;

	for (i = 0; i < list->n; i++)
		if (strcmp(list->v[i].subject, d->subject) == 0 &&
		    strcmp(list->v[i].owner, d->owner) == 0)
			return true;
	return false;
}

static void
publish(struct worker_tools *tools, const struct drain *d, const char *text)
{
	char note[DRAIN_MESSAGE_MAX + 1];
	struct event_drain e = { .text = text,
		.reason = note,
		.owner = d->owner,
		.operation = d->operation };
	struct drain_list list = { 0 };
	struct err err;

	err_clear(&err);
	if (drain_list(tools->db, &list, &err) == -1) {
		log_warning("drain of %s: %s", d->subject, err.text);
		return;
	}
	e.state =
	    drain_view_state(&list, drain_is_router(d) ? NULL : &d->neighbor);
	if (is_kept(&list, d))
		e.phase = drain_phase_name(d->phase);
	drain_message(d->ticket, d->reason, note, sizeof(note));
	events_publish_drain(tools->parts, d->subject, &e);
	drain_list_clear(&list);
}

void
drain_tell(struct worker_tools *tools, const struct drain *d, const char *what,
    const char *text)
{
	/* Nobody's: its reason was told of when another order took it. */
	if (d->owner[0] != '\0')
		publish(tools, d, text);
	if (strcmp(what, "progress") == 0)
		return; /* once a second: not for the log */
	log_info("drain of %s by %s (%s): %s", d->subject, d->owner,
	    d->operation, text);
}
