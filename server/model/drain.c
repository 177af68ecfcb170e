/* model/drain.c - why something is out of service, and how far that is. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/compat.h"
#include "base/err.h"
#include "model/drain.h"

static const char *const modes[] = { "shift", "shutdown" };
static const char *const timeouts[] = { "hold", "proceed", "revert" };
static const char *const phases[] = { "asking", "signal", "proof", "shutdown",
	"drained", "returning" };
static const char *const ends[] = { "", "drained", "drained_by_timeout",
	"blocked" };

static int
find(const char *const *names, size_t n, const char *name)
{
	size_t i;

	for (i = 0; name != NULL && i < n; i++)
		if (strcmp(names[i], name) == 0)
			return (int)i;
	return -1;
}

const char *
drain_mode_name(enum drain_mode mode)
{
	return modes[mode];
}

const char *
drain_timeout_name(enum drain_timeout timeout)
{
	return timeouts[timeout];
}

const char *
drain_phase_name(enum drain_phase phase)
{
	return phases[phase];
}

const char *
drain_end_name(enum drain_end end)
{
	return ends[end];
}

int
drain_mode_find(const char *name)
{
	return find(modes, NITEMS(modes), name);
}

int
drain_timeout_find(const char *name)
{
	return find(timeouts, NITEMS(timeouts), name);
}

int
drain_phase_find(const char *name)
{
	return find(phases, NITEMS(phases), name);
}

int
drain_end_find(const char *name)
{
	return find(ends, NITEMS(ends), name);
}

void
drain_clear(struct drain *d)
{
	free(d->before);
	free(d->after);
	free(d->state);
	d->before = d->after = d->state = NULL;
}

void
drain_list_clear(struct drain_list *list)
{
	size_t i;

	for (i = 0; i < list->n; i++)
		drain_clear(&list->v[i]);
	free(list->v);
	list->v = NULL;
	list->n = 0;
}

bool
drain_is_router(const struct drain *d)
{
	return d->neighbor.family == 0;
}

bool
drain_covers(const struct drain *d, const struct addr *neighbor)
{
	return drain_is_router(d) || addr_equal(&d->neighbor, neighbor);
}

bool
drain_holds_down(const struct drain *d)
{
	return d->mode == DRAIN_SHUTDOWN &&
	    (d->phase == DRAIN_DOWN || d->phase == DRAIN_DRAINED);
}

void
drain_message(const char *ticket, const char *reason, char *out, size_t size)
{
	(void)snprintf(out, size, "%s%s%s", ticket,
	    ticket[0] != '\0' && reason[0] != '\0' ? " " : "", reason);
}

/* FRR reads "|" as a pipe and "?" as a question, and keeps one blank. */
int
drain_message_check(const char *ticket, const char *reason, struct err *err)
{
	const char *const texts[] = { reason, ticket };
	const char *const pointers[] = { "/reason", "/ticket" };
	char text[512];
	size_t i, len;

	drain_message(ticket, reason, text, sizeof(text));
	if (strlen(text) > DRAIN_MESSAGE_MAX)
		return err_field(err, "/reason",
		    "is %zu bytes long together with the ticket: the message "
		    "of a shutdown holds %d",
		    strlen(text), DRAIN_MESSAGE_MAX);
	for (i = 0; i < NITEMS(texts); i++) {
		len = strlen(texts[i]);
		if (strpbrk(texts[i], "|?") != NULL)
			return err_field(err, pointers[i],
			    "must not hold | or ?: the other side is told it");
		if (len > 0 &&
		    (texts[i][0] == ' ' || texts[i][len - 1] == ' ' ||
			strstr(texts[i], "  ") != NULL))
			return err_field(err, pointers[i],
			    "must hold single blanks between words only: the "
			    "other side is told it");
	}
	return 0;
}

const struct drain_fact *
drain_facts_find(const struct drain_facts *facts, const struct addr *neighbor)
{
	size_t i;

	for (i = 0; i < facts->n; i++)
		if (addr_equal(&facts->v[i].neighbor, neighbor))
			return &facts->v[i];
	return NULL;
}
