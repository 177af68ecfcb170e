/* api/upstream.c - the upstreams: to read, and to change their policy. */
#include <string.h>

#include "api/cached.h"
#include "api/order.h"
#include "api/reply.h"
#include "api/request.h"
#include "api/routes.h"
#include "api/upstream.h"
#include "base/err.h"
#include "engine/snapshot.h"

int
list_upstreams(struct request *req, struct reply *reply, struct err *err)
{
	const struct snapshot *s;

	if (cached_get(req, reply, true, &s, err) == -1)
		return -1;
	if (req->token->n_globs > 0)
		return cached_reply_visible(req, reply, s, CACHED_UPSTREAMS,
		    err);
	return cached_reply(req, reply, &s->upstreams, err);
}

int
get_upstream(struct request *req, struct reply *reply, struct err *err)
{
	const struct snapshot_item *item;
	const struct snapshot *s;

	if (cached_get(req, reply, true, &s, err) == -1)
		return -1;
	item = snapshot_find(s, req->arg);
	if (item == NULL)
		return err_set(err, ERR_NOT_FOUND, "there is no upstream %s",
		    req->arg);
	return cached_reply(req, reply, &item->upstream, err);
}

int
patch_upstream(struct request *req, struct reply *reply, struct err *err)
{
	static const char *const known[] = { "dry_run", NULL };
	struct order *order;

	(void)reply;
	order = order_new(req, err);
	if (order == NULL)
		return -1;
	order->change.kind = CHANGE_POLICY;
	if (request_query_check(req, known, err) == -1 ||
	    request_flag(req, "dry_run", &order->change.dry_run, err) == -1 ||
	    policy_order_read(&order->change.policy, req->frame->body.data,
		req->frame->body.len, err) == -1)
		goto fail;
	/* A name that could not be ours is not known, rather than wrong. */
	if (name_parse(&order->change.upstream, req->arg, NULL) == -1) {
		(void)err_set(err, ERR_NOT_FOUND, "there is no upstream %s",
		    req->arg);
		goto fail;
	}
	if (order_submit(order, err) == 0)
		return ROUTES_LATER;
fail:
	order_free(&order);
	return -1;
}
