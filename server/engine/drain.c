/* engine/drain.c - out of service, and back: what a request begins. */
#include <stdatomic.h>
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
#include "engine/drain_check.h"
#include "engine/drain_look.h"
#include "engine/drain_record.h"
#include "engine/lasting.h"
#include "engine/observe.h"
#include "engine/parts.h"
#include "engine/recover.h"
#include "engine/watch.h"
#include "engine/worker.h"
#include "model/drain_order.h"
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
	struct drain_facts facts;
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

static int
preflight(struct beginning *b, struct err *err)
{
	/* Every session, for the capacities. */
	const struct drain all = { .subject = "router" };
	struct operation_list lasting = { 0 };
	struct drain_facts *facts = mem_calloc(1, sizeof(*facts));
	struct confirm_info info;
	struct drain_check check = { .o = &b->o,
		.wanted = &b->wanted,
		.facts = facts,
		.lasting = &lasting };
	char peer[DRAIN_CHECK_PEER_MAX];
	int rc = -1;

	/* Whatever it says, force overrides. */
	if (drain_is_router(&b->wanted) && !b->wanted.force)
		check.peer = drain_check_peer(b->tools->parts, peer);

	if (operation_list_lasting(b->tools->db, &lasting, err) == 0) {
		drain_look(b->tools, &b->o, &all, false, facts);
		if (confirm_is_pending(b->tools->parts, &info))
			check.confirm = &info;
		rc = drain_check(&check, err);
	}
	operation_list_clear(&lasting);
	free(facts);
	return rc;
}

static void
fresh_state(struct drain *d, uint32_t seconds)
{
	struct drain_state state = { .best = -1 };

	state.deadline_ms = clock_wall_ms() + (int64_t)seconds * 1000;
	free(d->state);
	d->state = drain_state_store(&state);
}

/* Drained already: it was before as it was then, but what has been sent since
 * proves nothing about this order. */
static void
take_over(struct beginning *b, struct drain_facts *now)
{
	struct drain_facts *before = mem_calloc(1, sizeof(*before));
	struct buf text = BUF_INIT;
	const struct drain_fact *f;
	size_t i;

	drain_facts_load(before, b->old.before);
	drain_look(b->tools, &b->o, &b->wanted, false, now);
	for (i = 0; i < before->n; i++) {
		f = drain_facts_find(now, &before->v[i].neighbor);
		/* Nothing is announced anew unless that changes. */
		if (f == NULL || b->wanted.prepend == b->old.prepend)
			continue;
		before->v[i].updates_sent = f->updates_sent;
		before->v[i].established_count = f->established_count;
	}
	drain_facts_store(before, &text);
	free(before);
	b->wanted.before = buf_take(&text);
	b->wanted.created_ms = b->old.created_ms;
}

/* How it was before, if it is not drained already. */
static void
remember_before(struct beginning *b)
{
	struct buf text = BUF_INIT;

	if (b->old.operation[0] != '\0' && b->old.before != NULL &&
	    b->old.phase != DRAIN_RETURNING) {
		take_over(b, &b->facts);
		return;
	}
	drain_look(b->tools, &b->o, &b->wanted, true, &b->facts);
	drain_facts_store(&b->facts, &text);
	b->wanted.before = buf_take(&text);
}

static int
begin(struct beginning *b, const struct caller *caller, struct operation *op,
    struct err *err)
{
	struct drain *d = &b->wanted;

	if (preflight(b, err) == -1)
		return -1;
	d->created_ms = clock_wall_ms();
	d->phase = DRAIN_SIGNAL;
	(void)snprintf(d->actor, sizeof(d->actor), "%s", caller->actor);
	(void)snprintf(d->boot_id, sizeof(d->boot_id), "%s",
	    confirm_boot_id(b->tools->parts));
	remember_before(b);
	fresh_state(d, d->max_wait_s);
	if (b->old.operation[0] != '\0' &&
	    drain_record_replace(b->tools, &b->old, "replaced", err) == -1)
		return -1;
	return drain_record_begin(b->tools, caller, false, d, op, err);
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

/* Leads back from wherever it is. */
static int
lead_back(struct worker_tools *tools, struct drain *d,
    const struct caller *caller, bool automatic, struct operation *op,
    struct err *err)
{
	if (drain_record_replace(tools, d, "cancelled", err) == -1)
		return -1;
	d->phase = DRAIN_RETURNING;
	d->automatic = automatic;
	fresh_state(d, d->max_wait_s);
	if (drain_record_begin(tools, caller, true, d, op, err) == -1)
		return -1;
	lasting_wake(tools->parts);
	return 0;
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
		rc = lead_back(tools, &d, caller, false, op, err);
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

static atomic_bool booted, asked;

/* The reboot is over for those that were drained for no longer; also when it
 * came before the proof. */
static int
return_after_boot(struct worker_tools *tools, struct err *err)
{
	static const struct caller engine = { .actor = "engine" };
	const char *boot = confirm_boot_id(tools->parts);
	struct drain_list list = { 0 };
	struct operation op;
	size_t i;
	int rc = 0;

	if (boot[0] == '\0')
		return err_set(err, ERR_UNAVAILABLE,
		    "nobody can tell which boot of the machine this is");
	if (drain_list(tools->db, &list, err) == -1)
		return -1;
	for (i = 0; i < list.n && rc == 0; i++) {
		struct drain *d = &list.v[i];

		if (d->stay || d->phase == DRAIN_RETURNING ||
		    strcmp(d->boot_id, boot) == 0)
			continue;
		memset(&op, 0, sizeof(op));
		rc = lead_back(tools, d, &engine, true, &op, err);
		operation_clear(&op);
	}
	drain_list_clear(&list);
	return rc;
}

static void
boot_job(struct worker_tools *tools, void *unused)
{
	struct err err;

	(void)unused;
	err_clear(&err);
	if (recover_now(tools, &err) == 0) {
		if (return_after_boot(tools, &err) == 0)
			atomic_store(&booted, true);
		else
			log_warning("drains after a boot: %s", err.text);
	}
	atomic_store(&asked, false);
}

void
drain_when_booted(struct parts *parts)
{
	if (atomic_load(&booted) || !atomic_load(&parts->recovered) ||
	    watch_is_settled(parts, NULL) == -1 ||
	    atomic_exchange(&asked, true))
		return;
	if (worker_submit(parts->writer, boot_job, NULL, NULL) == -1)
		atomic_store(&asked, false);
}
