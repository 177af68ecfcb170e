/* engine/drain.c - out of service, and back: what a request begins. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/clock.h"
#include "base/err.h"
#include "base/log.h"
#include "base/mem.h"
#include "engine/change.h"
#include "engine/confirm.h"
#include "engine/drain.h"
#include "engine/drain_back.h"
#include "engine/drain_before.h"
#include "engine/drain_check.h"
#include "engine/drain_look.h"
#include "engine/drain_record.h"
#include "engine/drain_sent.h"
#include "engine/fault.h"
#include "engine/lasting.h"
#include "engine/observe.h"
#include "engine/parts.h"
#include "engine/watch.h"
#include "engine/worker.h"
#include "model/drain_order.h"
#include "model/drain_progress.h"
#include "model/drain_state.h"
#include "store/drain.h"
#include "store/operation.h"

static const char upstreams[] = "upstreams/";

/* One request on its way. */
struct beginning {
	struct worker_tools *tools;
	struct observation o;
	struct drain wanted;
	struct drain old; /* of this owner; operation "": none */
};

static void
clear(struct beginning *b)
{
	observe_clear(&b->o);
	drain_clear(&b->wanted);
	drain_clear(&b->old);
}

static int
find_subject(struct beginning *b, const char *subject, struct err *err)
{
	const struct upstream *up;

	(void)snprintf(b->wanted.subject, sizeof(b->wanted.subject), "%s",
	    subject);
	if (strncmp(subject, upstreams, sizeof(upstreams) - 1) != 0)
		return 0;
	up = adopt_find(&b->o.upstreams, subject + sizeof(upstreams) - 1);
	if (up == NULL)
		return err_set(err, ERR_NOT_FOUND, "there is no upstream %s",
		    subject + sizeof(upstreams) - 1);
	b->wanted.neighbor = up->neighbor;
	return 0;
}

/* The other router; whatever it says, force overrides. */
static bool
asks(const struct beginning *b)
{
	return drain_is_router(&b->wanted) && !b->wanted.force &&
	    b->tools->parts->drain_ask[0] != '\0';
}

/* peer: what the other router says; NULL when it is not asked. */
static int
preflight(struct beginning *b, const char *peer, struct err *err)
{
	/* Every session, for the capacities. */
	const struct drain all = { .subject = "router" };
	struct operation_list lasting = { 0 };
	struct drain_facts *facts = mem_calloc(1, sizeof(*facts));
	struct drain_sent_list *sent = mem_calloc(1, sizeof(*sent));
	struct confirm_info info;
	struct drain_check check = { .o = &b->o,
		.wanted = &b->wanted,
		.facts = facts,
		.sent = sent,
		.lasting = &lasting,
		.peer = peer };
	int rc = -1;

	if (operation_list_lasting(b->tools->db, &lasting, err) == 0 &&
	    (drain_is_router(&b->wanted) ||
		drain_sent_read(b->tools->frr, &b->o, sent, err) == 0)) {
		drain_look(b->tools, &b->o, &all, false, facts);
		if (confirm_is_pending(b->tools->parts, &info))
			check.confirm = &info;
		rc = drain_check(&check, err);
	}
	operation_list_clear(&lasting);
	drain_sent_clear(sent);
	free(sent);
	free(facts);
	return rc;
}

static int
ask(struct beginning *b, struct err *err)
{
	char answer[DRAIN_CHECK_PEER_MAX];

	return preflight(b,
	    drain_check_peer(b->tools->parts, drain_check_families(&b->o),
		answer),
	    err);
}

/* What does not depend on the other router comes first: who is refused anyway
 * need not be seen by it. The answer names all the same what it says. */
static int
preflight_alone(struct beginning *b, struct err *err)
{
	struct err all;

	if (preflight(b, asks(b) ? "" : NULL, err) == 0)
		return 0;
	err_clear(&all);
	if (asks(b) && ask(b, &all) == -1 && err != NULL)
		*err = all;
	return -1;
}

/* Its row is on disk, where the other router sees it. */
static int
ask_in_sight(struct beginning *b, struct operation *op, struct err *err)
{
	struct drain_progress *p;
	struct drain_state state;
	struct drain_record_now now = { .state = &state };
	struct err why, unsaid;
	int rc;

	err_clear(&why);
	err_clear(&unsaid);
	(void)fault_point(b->tools->parts, "drain_ask", NULL);
	rc = ask(b, &why);
	(void)fault_point(b->tools->parts, "drain_asked", NULL);
	if (rc == -1) {
		if (drain_record_refuse(b->tools, &b->wanted, op, why.text,
			&unsaid) == -1)
			log_warning("%s", unsaid.text);
		operation_clear(op);
		if (err != NULL)
			*err = why;
		return -1;
	}
	p = mem_calloc(1, sizeof(*p));
	(void)snprintf(p->text, sizeof(p->text), "%s carries the traffic",
	    b->tools->parts->drain_ask);
	p->seconds_left = b->wanted.max_wait_s;
	drain_state_load(&state, b->wanted.state);
	b->wanted.phase = DRAIN_SIGNAL;
	now.progress = p;
	rc = drain_record_note(b->tools, &b->wanted, op, &now, err);
	free(p);
	return rc;
}

/* What an order of this owner has shut down: a session does not come up, amid
 * somebody's work, for another ticket. */
static bool
stays_down(const struct beginning *b)
{
	const struct drain *d = &b->wanted, *old = &b->old;
	size_t i;

	if (!drain_before_goes_on(old) || d->mode != DRAIN_SHUTDOWN ||
	    !drain_holds_down(old))
		return false;
	for (i = 0; i < b->o.upstreams.n; i++) {
		const struct upstream *up = &b->o.upstreams.v[i];

		if (drain_covers(d, &up->neighbor) &&
		    !up->session.admin_shutdown)
			return false;
	}
	return true;
}

static int
begin(struct beginning *b, const struct caller *caller, struct operation *op,
    struct err *err)
{
	struct drain *d = &b->wanted;
	const struct drain_record_begin how = { .caller = caller,
		.old = &b->old,
		.old_end = "replaced" };
	bool seen = b->old.operation[0] != '\0'; /* as out of service */

	if (preflight_alone(b, err) == -1 ||
	    (seen && asks(b) && ask(b, err) == -1))
		return -1;
	d->created_ms = clock_wall_ms();
	d->phase = stays_down(b) ? DRAIN_DOWN : DRAIN_SIGNAL;
	if (asks(b) && !seen)
		d->phase = DRAIN_ASKING;
	(void)snprintf(d->actor, sizeof(d->actor), "%s", caller->actor);
	(void)snprintf(d->boot_id, sizeof(d->boot_id), "%s",
	    confirm_boot_id(b->tools->parts));
	if (drain_before_goes_on(&b->old))
		d->created_ms = b->old.created_ms;
	d->before = drain_before(b->tools, &b->o, d, &b->old);
	drain_record_fresh(d, d->max_wait_s);
	if (drain_record_begin(b->tools, &how, d, op, err) == -1)
		return -1;
	return d->phase == DRAIN_ASKING ? ask_in_sight(b, op, err) : 0;
}

int
drain_begin(struct worker_tools *tools, const char *subject,
    const struct drain_order *order, const struct caller *caller, bool *changed,
    struct operation *op, struct err *err)
{
	struct beginning *b = mem_calloc(1, sizeof(*b));
	int rc = -1;

	b->tools = tools;
	*changed = true;
	if (watch_is_settled(tools->parts, err) == -1 ||
	    observe(tools->frr, tools->db, OBSERVE_WHOLE, &b->o, err) == -1 ||
	    observe_host(tools->parts->supervisor, tools->db, &b->o, err) ==
		-1 ||
	    find_subject(b, subject, err) == -1)
		goto out;
	drain_order_fill(order, drain_is_router(&b->wanted), &b->wanted);
	if (drain_get(tools->db, subject, b->wanted.owner, &b->old, NULL) ==
		0 &&
	    b->old.phase != DRAIN_RETURNING &&
	    drain_order_is_same(&b->wanted, &b->old)) {
		*changed = false;
		rc = operation_get(tools->db, b->old.operation, op, err);
		goto out;
	}
	rc = begin(b, caller, op, err);
	if (rc == 0)
		lasting_wake(tools->parts);
out:
	clear(b);
	free(b);
	return rc;
}

/* Who else has a reason, for the answer to a wrong owner. */
static int
not_drained(struct worker_tools *tools, const char *subject, const char *owner,
    struct err *err)
{
	struct drain_list list = { 0 };
	char others[160] = "";
	size_t i, len = 0;

	if (drain_list(tools->db, &list, err) == -1)
		return -1;
	for (i = 0; i < list.n; i++)
		if (strcmp(list.v[i].subject, subject) == 0 &&
		    len < sizeof(others))
			len +=
			    (size_t)snprintf(others + len, sizeof(others) - len,
				"%s%s", len > 0 ? ", " : "", list.v[i].owner);
	drain_list_clear(&list);
	return err_set(err, ERR_NOT_FOUND, "%s is not drained by %s%s%s",
	    subject, owner, others[0] == '\0' ? "" : ", but by ", others);
}

int
drain_undrain(struct worker_tools *tools, const char *subject,
    const char *owner, const struct caller *caller, struct operation *op,
    struct err *err)
{
	struct drain d;
	struct err why;
	int rc;

	err_clear(&why);
	if (drain_get(tools->db, subject, owner, &d, &why) == -1) {
		if (why.code == ERR_NOT_FOUND)
			return not_drained(tools, subject, owner, err);
		if (err != NULL)
			*err = why;
		return -1;
	}
	if (d.phase == DRAIN_RETURNING && !d.automatic)
		rc = operation_get(tools->db, d.operation, op, err);
	else
		rc = drain_back_order(tools, &d, caller, false, op, err);
	drain_clear(&d);
	return rc;
}

void
drain_forget(struct worker_tools *tools, const char *subject)
{
	const struct drain_record_end gone = { .end = "cancelled",
		.why = "removed",
		.text = "the upstream was removed",
		.undone = true,
		.removed = true };
	struct drain_list list = { 0 };
	struct operation op;
	struct err err;
	size_t i;

	err_clear(&err);
	if (drain_list(tools->db, &list, &err) == -1) {
		log_warning("%s", err.text);
		return;
	}
	for (i = 0; i < list.n; i++) {
		struct drain *d = &list.v[i];

		if (strcmp(d->subject, subject) != 0)
			continue;
		memset(&op, 0, sizeof(op));
		if (operation_get(tools->db, d->operation, &op, NULL) == 0 &&
		    op.state == OPERATION_RUNNING)
			(void)drain_record_end(tools, d, &op, &gone, &err);
		else
			(void)drain_remove(tools->db, subject, d->owner, &err);
		operation_clear(&op);
	}
	drain_list_clear(&list);
}

void
drain_change_done(struct worker_tools *tools, const char *kind,
    const char *resource)
{
	if (strcmp(kind, "upstream_remove") == 0)
		drain_forget(tools, resource);
}
