/* engine/doctor.c - looks for what would make a change fail. */
#include <string.h>

#include "base/buf.h"
#include "base/err.h"
#include "engine/doctor.h"
#include "engine/parts.h"
#include "engine/supervisor.h"
#include "engine/watch.h"
#include "engine/worker.h"
#include "model/doctor.h"
#include "wire/op.h"

static enum doctor_state
state_of(uint32_t state)
{
	if (state == OP_CHECK_OK)
		return DOCTOR_OK;
	return state == OP_CHECK_WARNING ? DOCTOR_WARNING : DOCTOR_FAILED;
}

static void
platform(struct doctor *d, const struct op_facts *facts)
{
	uint32_t i;

	if (facts->securelevel == -2)
		doctor_add(d, "platform", DOCTOR_OK, NULL, "%s %s",
		    facts->platform, facts->release);
	else
		doctor_add(d, "platform", DOCTOR_OK, NULL,
		    "%s %s, securelevel %d", facts->platform, facts->release,
		    (int)facts->securelevel);
	for (i = 0; i < facts->n_checks && i < OP_CHECKS; i++) {
		const struct op_check *c = &facts->checks[i];

		doctor_add(d, c->name, state_of(c->state), c->fix, "%s",
		    c->detail);
	}
}

static void
parent(struct worker_tools *tools, struct doctor *d)
{
	static const struct op_none nothing;
	struct buf out = BUF_INIT;
	struct op_facts facts;
	struct err err;

	err_clear(&err);
	if (supervisor_ask(tools->parts->supervisor, OP_FACTS, 0, &nothing,
		&out, &err) == -1 ||
	    out.len != sizeof(facts)) {
		doctor_add(d, "platform", DOCTOR_FAILED,
		    "look into the log of the parent process",
		    "the parent cannot tell about the system: %s",
		    err.text[0] == '\0' ? "odd answer" : err.text);
	} else {
		memcpy(&facts, out.data, sizeof(facts));
		platform(d, &facts);
	}
	buf_clear(&out);
}

/* Is there an interrupted change that could not be finished yet? */
static void
journal(struct worker_tools *tools, struct doctor *d)
{
	struct err err;

	err_clear(&err);
	if (!atomic_load(&tools->parts->recovered))
		doctor_add(d, "journal", DOCTOR_FAILED,
		    "mend what GET /v1/operations says; it is tried again "
		    "every few seconds",
		    "an interrupted change waits to be finished or undone");
	else if (watch_is_settled(tools->parts, &err) == -1)
		doctor_add(d, "journal", DOCTOR_WARNING,
		    "ask again in a moment", "%s", err.text);
	else
		doctor_add(d, "journal", DOCTOR_OK, NULL,
		    "no change is left half done");
}

void
doctor_report(struct worker_tools *tools, struct buf *b)
{
	struct doctor d;

	memset(&d, 0, sizeof(d));
	doctor_frr(tools, &d);
	doctor_drain(tools, &d);
	parent(tools, &d);
	journal(tools, &d);
	doctor_render(&d, b);
}
