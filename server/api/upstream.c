/* api/upstream.c - the upstreams: to read, to make, to change, to remove. */
#include "api/auth.h"
#include "api/cached.h"
#include "api/order.h"
#include "api/order_read.h"
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
put_upstream(struct request *req, struct reply *reply, struct err *err)
{
	struct order *order = order_new(req, err);

	(void)reply;
	if (order == NULL)
		return -1;
	order->change.kind = CHANGE_UPSTREAM;
	if (order_read_query(order, req, err) == -1 ||
	    order_read_name(order, req, "upstream", true, err) == -1 ||
	    upstream_order_read(&order->change.upstream, true,
		req->frame->body.data, req->frame->body.len, err) == -1 ||
	    order_read_same_name(order, &order->change.upstream.name, err) ==
		-1)
		goto fail;
	if (order_submit(order, err) == 0)
		return ROUTES_LATER;
fail:
	order_free(&order);
	return -1;
}

/* The numbers that an operator turns every day need no more than operate. */
int
patch_upstream(struct request *req, struct reply *reply, struct err *err)
{
	struct order *order = order_new(req, err);
	const struct upstream_order *asked;

	(void)reply;
	if (order == NULL)
		return -1;
	order->change.kind = CHANGE_UPSTREAM;
	asked = &order->change.upstream;
	if (order_read_query(order, req, err) == -1 ||
	    upstream_order_read(&order->change.upstream, false,
		req->frame->body.data, req->frame->body.len, err) == -1)
		goto fail;
	if (!upstream_order_is_policy(asked) &&
	    auth_check_scope(req, SCOPE_CONFIGURE, err) == -1)
		goto fail;
	if (order_read_name(order, req, "upstream", false, err) == -1 ||
	    order_read_same_name(order, &asked->name, err) == -1)
		goto fail;
	if (order_submit(order, err) == 0)
		return ROUTES_LATER;
fail:
	order_free(&order);
	return -1;
}

int
delete_upstream(struct request *req, struct reply *reply, struct err *err)
{
	struct order *order = order_new(req, err);

	(void)reply;
	if (order == NULL)
		return -1;
	order->change.kind = CHANGE_UPSTREAM_REMOVE;
	if (order_read_removal(order, req, err) == -1 ||
	    order_read_name(order, req, "upstream", false, err) == -1)
		goto fail;
	if (order_submit(order, err) == 0)
		return ROUTES_LATER;
fail:
	order_free(&order);
	return -1;
}
