/* engine/rotation.c - another TCP-MD5 key: checked, planned and staged. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/clock.h"
#include "base/crypto.h"
#include "base/err.h"
#include "base/log.h"
#include "base/md5key.h"
#include "base/rfc3339.h"
#include "engine/change.h"
#include "engine/lasting.h"
#include "engine/parts.h"
#include "engine/record.h"
#include "engine/rotation.h"
#include "engine/rotation_peer.h"
#include "engine/rotation_view.h"
#include "engine/rotation_walk.h"
#include "engine/rotation_with.h"
#include "engine/worker.h"
#include "model/rotation.h"
#include "store/db.h"
#include "store/operation.h"
#include "store/seal.h"

enum {
	/* With the other end: both must have heard of it by then. */
	TOGETHER_MS = 3000
};

static int
check_alone(struct db *db, const char *resource, struct err *err)
{
	struct operation_list list = { 0 };
	int rc = 0;
	size_t i;

	if (operation_list_lasting(db, &list, err) == -1)
		return -1;
	for (i = 0; i < list.n && rc == 0; i++) {
		if (strcmp(list.v[i].kind, "tcp_md5_rotation") != 0 ||
		    strcmp(list.v[i].resource, resource) != 0)
			continue;
		(void)err_set(err, ERR_CONFLICT,
		    "the rotation %s of this key is %s: cancel it first, or "
		    "wait for its end",
		    list.v[i].id, operation_state_name(list.v[i].state));
		rc = err_reason(err, "rotation_pending");
	}
	operation_list_clear(&list);
	return rc;
}

/* Said before the one that has it is in the way: it may be the same. */
static int
check_id(struct db *db, const char *id, struct err *err)
{
	struct operation op;

	if (id[0] == '\0' || operation_get(db, id, &op, NULL) == -1)
		return 0;
	operation_clear(&op);
	(void)err_set(err, ERR_CONFLICT,
	    "there has been an operation %s: choose another id", id);
	return err_reason(err, "id_taken");
}

/* From what was asked to what will be done; the method is known later. */
static int
fill(struct worker_tools *tools, struct change_order *order, struct err *err)
{
	const struct rotation_order *o = &order->rotation;
	struct rotation *r = &order->staged;

	memset(r, 0, sizeof(*r));
	r->upstream = order->name;
	r->generated = !o->key.present;
	if (r->generated)
		md5key_new(r->key);
	else
		(void)snprintf(r->key, sizeof(r->key), "%.80s", o->key.text);
	(void)seal_fingerprint(tools->parts->keyring, r->key, r->key_id);
	r->adopt = o->options.adopt.flag;
	r->verify_within_s = o->verify_within_s.present ?
	    (unsigned)o->verify_within_s.number :
	    ROTATION_VERIFY_S;
	(void)snprintf(r->reason, sizeof(r->reason), "%s",
	    o->options.reason.text);
	(void)snprintf(r->ticket, sizeof(r->ticket), "%.71s",
	    o->options.ticket.text);
	(void)snprintf(r->with, sizeof(r->with), "%.63s", o->with.text);
	if (o->at.present && !o->at.null &&
	    rfc3339_parse(&r->at_ms, o->at.text, err) == -1)
		return -1;
	r->drain_first = o->drain_first.flag;
	if (!r->drain_first || r->with[0] == '\0')
		return 0;
	(void)err_set(err, ERR_CONFLICT,
	    "drain_first: the other end changes at its time, and how long a "
	    "drain takes nobody knows before: drain the upstream first, then "
	    "rotate");
	return err_reason(err, "drain_unsupported");
}

/* The change as it would be by this method: finds out whether it can be made,
 * and what it takes. */
static int
plan_change(struct worker_tools *tools, struct change_order *order, bool gentle,
    struct change_result *result, struct err *err)
{
	struct change_order try = *order;
	int rc;

	try.dry_run = true;
	try.key.gentle = gentle;
	try.key.options.adopt = order->rotation.options.adopt;
	memcpy(try.key.key, order->staged.key, sizeof(try.key.key));
	rc = change_run(tools, &try, result, err);
	crypto_wipe(&try, sizeof(try));
	return rc;
}

static int
choose_method(struct worker_tools *tools, struct change_order *order,
    struct change_result *result, struct err *err)
{
	const struct field_value *asked = &order->rotation.method;
	bool named = asked->present && !asked->null;
	bool gentle = !named || asked->number == ROTATION_GENTLE;

	if (gentle && plan_change(tools, order, true, result, err) == 0) {
		order->staged.gentle = true;
		return 0;
	}
	if (gentle && (named || strcmp(err->reason, "no_kernel_keys") != 0))
		return -1;
	change_result_clear(result);
	return plan_change(tools, order, false, result, err);
}

/* The key that is set now, and the session that it is for. */
static int
know_present(const struct rotation_view *v, struct change_order *order,
    struct err *err)
{
	struct rotation *r = &order->staged;

	if (!v->found)
		return err_set(err, ERR_NOT_FOUND, "there is no upstream %s",
		    order->name.s);
	r->neighbor = v->neighbor;
	r->hold_s = (unsigned)(v->hold_ms / 1000);
	(void)snprintf(r->old_key_id, sizeof(r->old_key_id), "%s", v->key_id);
	if (strcmp(r->key_id, v->key_id) != 0)
		return 0;
	(void)err_set(err, ERR_CONFLICT, "this is the key that %s has already",
	    order->name.s);
	return err_reason(err, "same_key");
}

/* What the journal and the audit say of it. */
static int
stage(struct worker_tools *tools, struct change_order *order,
    struct change_result *result, struct operation *op, struct err *err)
{
	struct rotation *r = &order->staged;
	struct buf plan = BUF_SECRET, before = BUF_INIT, after = BUF_INIT;
	bool alone = r->with[0] == '\0';
	char resource[64];
	int rc;
	struct record record = { .caller = &order->caller,
		.kind = "tcp_md5_rotation",
		.resource = resource,
		.reason = r->reason,
		.ticket = r->ticket,
		.operation = order->rotation.id.text,
		.state = alone ? OPERATION_SCHEDULED : OPERATION_RUNNING,
		.phase = alone ? "staged" : "ask",
		.due_ms = r->at_ms == 0 ? clock_wall_ms() : r->at_ms };

	(void)snprintf(resource, sizeof(resource), "upstreams/%s",
	    order->name.s);
	rotation_store(r, &plan);
	rotation_render_audit(r, false, &before);
	rotation_render_audit(r, true, &after);
	record.stored_plan = buf_text(&plan);
	record.before = buf_text(&before);
	record.after = buf_text(&after);
	rc = record_begin(tools->db, &record, op, err);
	if (rc == 0) {
		result->touched = true;
		(void)snprintf(result->operation, sizeof(result->operation),
		    "%s", op->id);
		result->audit_seq = op->audit_seq;
	}
	buf_clear(&plan);
	buf_clear(&before);
	buf_clear(&after);
	return rc;
}

static int
prepare(struct worker_tools *tools, struct change_order *order,
    struct change_result *result, struct err *err)
{
	struct rotation *r = &order->staged;
	struct rotation_view v;
	char resource[64];

	(void)snprintf(resource, sizeof(resource), "upstreams/%s",
	    order->name.s);
	if (fill(tools, order, err) == -1 ||
	    check_id(tools->db, order->rotation.id.text, err) == -1 ||
	    check_alone(tools->db, resource, err) == -1 ||
	    rotation_view(tools, order->name.s, &v, err) == -1 ||
	    know_present(&v, order, err) == -1 ||
	    choose_method(tools, order, result, err) == -1)
		return -1;
	if (order->dry_run || r->with[0] == '\0')
		return 0;
	if (r->at_ms == 0)
		r->at_ms = clock_wall_ms() + TOGETHER_MS;
	operation_id_new(r->with_operation);
	return rotation_peer_meet(tools->parts, r, v.local_address, err);
}

/* Staged here: then the other end takes it too, or it is over. */
static int
ask_other(struct worker_tools *tools, struct change_order *order,
    struct change_result *result, struct operation *op, struct err *err)
{
	struct rotation_walk w = { .tools = tools, .op = op };
	int rc;

	if (order->staged.with[0] == '\0')
		return 0;
	w.r = order->staged;
	rc = rotation_with_begin(&w, err);
	rotation_wipe(&w.r);
	result->undone =
	    rc == -1 && (w.ended || strcmp(op->phase, "recall") == 0);
	return rc;
}

int
rotation_begin(struct worker_tools *tools, struct change_order *order,
    struct change_result *result, struct err *err)
{
	struct operation op = { 0 };
	struct err unsettled;
	const char *reply;
	int rc;

	memset(result, 0, sizeof(*result));
	plan_init(&result->plan);
	err_clear(err);
	rc = prepare(tools, order, result, err);
	if (order->dry_run)
		return rc;
	if (rc == 0)
		rc = stage(tools, order, result, &op, err);
	if (rc == 0)
		rc = ask_other(tools, order, result, &op, err);
	operation_clear(&op);
	if (rc == 0)
		result->changed = true;
	err_clear(&unsettled);
	if (order->settle(order->arg, tools->db, result, rc == 0 ? NULL : err,
		&reply, &unsettled) == -1)
		log_warning("rotation of %s: the answer cannot be kept: %s",
		    order->name.s, unsettled.text);
	if (result->touched)
		lasting_wake(tools->parts);
	return rc;
}
