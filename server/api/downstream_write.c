/* api/downstream_write.c - making, changing and removing a downstream. */
#include "api/downstream_write.h"
#include "api/order.h"
#include "api/order_read.h"
#include "api/reply.h"
#include "api/request.h"
#include "api/routes.h"
#include "base/err.h"

static int
submit(struct order **order, struct err *err)
{
	if (order_submit(*order, err) == 0)
		return ROUTES_LATER;
	order_free(order);
	return -1;
}

static int
write_whole(struct request *req, bool whole, struct err *err)
{
	struct order *order = order_new(req, err);

	if (order == NULL)
		return -1;
	order->change.kind = CHANGE_DOWNSTREAM;
	if (order_read_query(order, req, err) == -1 ||
	    order_read_name(order, req, "downstream", whole, err) == -1 ||
	    downstream_order_read(&order->change.downstream, whole,
		req->frame->body.data, req->frame->body.len, err) == -1 ||
	    order_read_same_name(order, &order->change.downstream.name, err) ==
		-1) {
		order_free(&order);
		return -1;
	}
	return submit(&order, err);
}

int
downstream_write_put(struct request *req, struct reply *reply, struct err *err)
{
	(void)reply;
	return write_whole(req, true, err);
}

int
downstream_write_patch(struct request *req, struct reply *reply,
    struct err *err)
{
	(void)reply;
	return write_whole(req, false, err);
}

int
downstream_write_delete(struct request *req, struct reply *reply,
    struct err *err)
{
	struct order *order = order_new(req, err);

	(void)reply;
	if (order == NULL)
		return -1;
	order->change.kind = CHANGE_DOWNSTREAM_REMOVE;
	if (order_read_removal(order, req, err) == -1 ||
	    order_read_name(order, req, "downstream", false, err) == -1) {
		order_free(&order);
		return -1;
	}
	return submit(&order, err);
}
