/* api/session.c - live BGP sessions, and clearing them. */
#include "api/auth.h"
#include "api/cached.h"
#include "api/order.h"
#include "api/reply.h"
#include "api/request.h"
#include "api/routes.h"
#include "api/session.h"
#include "base/err.h"
#include "engine/snapshot.h"

int
list_sessions(struct request *req, struct reply *reply, struct err *err)
{
	const struct snapshot *s;

	if (cached_get(req, reply, true, &s, err) == -1)
		return -1;
	if (req->token->n_globs > 0)
		return cached_reply_visible(req, reply, s, CACHED_SESSIONS,
		    err);
	return cached_reply(req, reply, &s->sessions, err);
}

/* The session that the path names, which the token must be allowed to see. */
static const struct snapshot_item *
find(struct request *req, struct reply *reply, struct addr *addr,
    struct err *err)
{
	const struct snapshot_item *item;
	const struct snapshot *s;

	if (addr_parse(addr, req->arg, err) == -1) {
		(void)err_prefix(err, "%s", req->arg);
		return NULL;
	}
	if (cached_get(req, reply, true, &s, err) == -1)
		return NULL;
	item = snapshot_find_neighbor(s, addr);
	if (item == NULL) {
		(void)err_set(err, ERR_NOT_FOUND, "there is no session with %s",
		    req->arg);
		return NULL;
	}
	return auth_check_name(req, item->name.s, err) == -1 ? NULL : item;
}

int
get_session(struct request *req, struct reply *reply, struct err *err)
{
	const struct snapshot_item *item;
	struct addr addr;

	item = find(req, reply, &addr, err);
	if (item == NULL)
		return -1;
	return cached_reply(req, reply, &item->session, err);
}

int
clear_session(struct request *req, struct reply *reply, struct err *err)
{
	struct order *order;
	struct addr addr;

	order = order_new(req, err);
	if (order == NULL)
		return -1;
	order->change.kind = CHANGE_CLEAR;
	if (policy_clear_read(&order->change.clear, req->frame->body.data,
		req->frame->body.len, err) == -1 ||
	    find(req, reply, &addr, err) == NULL)
		goto fail;
	order->change.session = addr;
	if (order_submit(order, err) == 0)
		return ROUTES_LATER;
fail:
	order_free(&order);
	return -1;
}
