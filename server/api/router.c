/* api/router.c - /v1/router, and GET /v1/routes/{prefix}. */
#include <stdlib.h>

#include "api/cached.h"
#include "api/order.h"
#include "api/order_read.h"
#include "api/reply.h"
#include "api/request.h"
#include "api/router.h"
#include "api/routes.h"
#include "base/err.h"
#include "base/mem.h"
#include "engine/lookup.h"
#include "engine/parts.h"
#include "engine/snapshot.h"
#include "engine/worker.h"

int
get_router(struct request *req, struct reply *reply, struct err *err)
{
	const struct snapshot *s;

	if (cached_get(req, reply, false, &s, err) == -1)
		return -1;
	return cached_reply(req, reply, &s->router, err);
}

static int
write_router(struct request *req, bool whole, struct err *err)
{
	struct order *order = order_new(req, err);

	if (order == NULL)
		return -1;
	order->change.kind = CHANGE_ROUTER;
	if (order_read_query(order, req, err) == 0 &&
	    router_order_read(&order->change.router, whole,
		req->frame->body.data, req->frame->body.len, err) == 0 &&
	    order_submit(order, err) == 0)
		return ROUTES_LATER;
	order_free(&order);
	return -1;
}

int
put_router(struct request *req, struct reply *reply, struct err *err)
{
	(void)reply;
	return write_router(req, true, err);
}

int
patch_router(struct request *req, struct reply *reply, struct err *err)
{
	(void)reply;
	return write_router(req, false, err);
}

struct route_job {
	struct ticket ticket;
	struct prefix prefix;
};

static void
look_up(struct worker_tools *tools, void *arg)
{
	struct route_job *job = arg;
	struct reply reply = { .status = 200 };
	struct err err;

	err_clear(&err);
	if (lookup_route(tools, &job->prefix, &reply.body, &err) == -1)
		reply_problem(&reply, &job->ticket, &err, NULL);
	reply_post(&reply, &job->ticket);
	free(job);
}

int
get_router_route(struct request *req, struct reply *reply, struct err *err)
{
	const struct snapshot *s;
	struct route_job *job;
	struct prefix prefix;

	if (prefix_parse(&prefix, req->arg, false, err) == -1) {
		(void)err_prefix(err, "%s", req->arg);
		return -1;
	}
	/* Waiting for a bgpd that is known not to answer helps nobody. */
	if (cached_get(req, reply, true, &s, err) == -1)
		return -1;
	if (s->stale)
		return err_set(err, ERR_UNAVAILABLE, "FRR does not answer: %s",
		    s->why);
	job = mem_calloc(1, sizeof(*job));
	reply_ticket(req, &job->ticket);
	job->prefix = prefix;
	if (worker_submit(req->parts->reader, look_up, job, err) == -1) {
		free(job);
		return -1;
	}
	return ROUTES_LATER;
}
