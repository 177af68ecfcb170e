/* api/drain.c - out of service and back: of an upstream, of the router. */
#include <stdio.h>
#include <string.h>

#include "api/cached.h"
#include "api/drain.h"
#include "api/drain_reply.h"
#include "api/operation.h"
#include "api/order.h"
#include "api/order_read.h"
#include "api/reply.h"
#include "api/request.h"
#include "api/routes.h"
#include "base/err.h"
#include "engine/drain.h"
#include "engine/lasting.h"
#include "engine/snapshot.h"
#include "engine/worker.h"

/* Whoever waits for the end; only the writer's thread looks at it. */
static TAILQ_HEAD(waiting_list, order) waiting = TAILQ_HEAD_INITIALIZER(
    waiting);

static void
fill(struct order *order, const struct operation *op, unsigned status)
{
	struct reply *reply = &order->reply;

	reply->status = status;
	reply->retry_after_s = status == 202;
	(void)snprintf(reply->location, sizeof(reply->location),
	    "/v1/operations/%s", op->id);
	buf_reset(&reply->body);
	operation_reply_body(op, order->ticket.parts, &reply->body);
}

/* An operation has ended. */
static void
tell_waiting(struct worker_tools *tools, const char *id)
{
	struct order *order, *next;
	struct operation op;

	for (order = TAILQ_FIRST(&waiting); order != NULL; order = next) {
		next = TAILQ_NEXT(order, link);
		if (strcmp(order->operation, id) != 0 ||
		    operation_get(tools->db, id, &op, NULL) == -1)
			continue;
		TAILQ_REMOVE(&waiting, order, link);
		fill(order, &op, 200);
		order->reply.location[0] = '\0';
		order->reply.preference_applied = order->patience.applied;
		operation_clear(&op);
		order_answer_when_seen(tools, order);
	}
}

/* Answered now, or with the end of the operation if the client waits. */
static int
answer_or_wait(struct order *order, const struct operation *op)
{
	fill(order, op, 202);
	if (!order->patience.limited)
		return 0;
	(void)snprintf(order->operation, sizeof(order->operation), "%s",
	    op->id);
	lasting_listen(tell_waiting);
	patience_begun(&order->patience, op);
	if (order->patience.answered)
		return 0;
	TAILQ_INSERT_TAIL(&waiting, order, link);
	return 1;
}

static int
run_put(struct worker_tools *tools, struct order *order, struct err *err)
{
	struct operation op = { 0 };
	bool changed;
	int rc;

	if (drain_begin(tools, order->subject, &order->drain,
		&order->change.caller, &changed, &op, err) == -1)
		return -1;
	if (!changed && op.state != OPERATION_RUNNING) {
		buf_printf(&order->reply.body,
		    "{\"changed\":false,\"operation\":\"%s\"}", op.id);
		rc = 0;
	} else {
		rc = answer_or_wait(order, &op);
	}
	operation_clear(&op);
	return rc;
}

static int
run_delete(struct worker_tools *tools, struct order *order, struct err *err)
{
	struct operation op = { 0 };
	int rc;

	if (drain_undrain(tools, order->subject, order->owner,
		&order->change.caller, &op, err) == -1)
		return -1;
	rc = answer_or_wait(order, &op);
	operation_clear(&op);
	return rc;
}

static int
read_subject(struct order *order, const struct request *req, bool router,
    struct err *err)
{
	if (router) {
		(void)snprintf(order->subject, sizeof(order->subject),
		    "router");
		return 0;
	}
	if (order_read_name(order, req, "upstream", false, err) == -1)
		return -1;
	(void)snprintf(order->subject, sizeof(order->subject), "upstreams/%s",
	    order->change.name.s);
	return 0;
}

static int
put(struct request *req, bool router, struct err *err)
{
	struct order *order = order_new_untagged(req, err);

	if (order == NULL)
		return -1;
	order->run = run_put;
	if (request_query_check(req, (const char *const[]) { NULL }, err) ==
		0 &&
	    read_subject(order, req, router, err) == 0 &&
	    drain_order_read(&order->drain, req->frame->body.data,
		req->frame->body.len, err) == 0 &&
	    order_submit(order, err) == 0)
		return ROUTES_LATER;
	order_free(&order);
	return -1;
}

static int
read_owner(struct order *order, const struct request *req, struct err *err)
{
	const char *owner = request_query_value(req, "owner");
	struct err why;

	err_clear(&why);
	if (owner == NULL)
		owner = "operator";
	if (drain_order_check_owner(owner, &why) == -1)
		return err_field(err, "/owner", "%s", why.text);
	(void)snprintf(order->owner, sizeof(order->owner), "%s", owner);
	return 0;
}

static int delete (struct request *req, bool router, struct err *err)
{
	static const char *const known[] = { "owner", NULL };
	struct order *order = order_new_untagged(req, err);

	if (order == NULL)
		return -1;
	order->run = run_delete;
	if (request_query_check(req, known, err) == 0 &&
	    read_owner(order, req, err) == 0 &&
	    read_subject(order, req, router, err) == 0 &&
	    order_submit(order, err) == 0)
		return ROUTES_LATER;
	order_free(&order);
	return -1;
}

int
drain_get_upstream(struct request *req, struct reply *reply, struct err *err)
{
	const struct snapshot_item *item;
	const struct snapshot *s;
	char subject[DRAIN_SUBJECT_MAX];
	struct addr neighbor;

	if (cached_get(req, reply, true, &s, err) == -1)
		return -1;
	item = snapshot_find(s, req->arg);
	if (item == NULL)
		return err_set(err, ERR_NOT_FOUND, "there is no upstream %s",
		    req->arg);
	neighbor = item->neighbor;
	(void)snprintf(subject, sizeof(subject), "upstreams/%.40s", req->arg);
	return drain_reply_body(req->db, subject, &neighbor, &reply->body, err);
}

int
drain_get_router(struct request *req, struct reply *reply, struct err *err)
{
	return drain_reply_body(req->db, "router", NULL, &reply->body, err);
}

int
drain_put_upstream(struct request *req, struct reply *reply, struct err *err)
{
	(void)reply;
	return put(req, false, err);
}

int
drain_put_router(struct request *req, struct reply *reply, struct err *err)
{
	(void)reply;
	return put(req, true, err);
}

int
drain_delete_upstream(struct request *req, struct reply *reply, struct err *err)
{
	(void)reply;
	return delete (req, false, err);
}

int
drain_delete_router(struct request *req, struct reply *reply, struct err *err)
{
	(void)reply;
	return delete (req, true, err);
}
