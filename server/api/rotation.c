/* api/rotation.c - another TCP-MD5 key, as an operation that lasts. */
#include "api/order.h"
#include "api/order_read.h"
#include "api/request.h"
#include "api/rotation.h"
#include "api/routes.h"
#include "engine/rotation.h"

int
post_rotation(struct request *req, struct reply *reply, struct err *err)
{
	struct order *order = order_new(req, err);

	(void)reply;
	if (order == NULL)
		return -1;
	order->change.kind = CHANGE_KEY;
	order->change.begin = rotation_begin;
	if (order_read_query(order, req, err) == 0 &&
	    order_read_name(order, req, "upstream", false, err) == 0 &&
	    rotation_order_read(&order->change.rotation, req->frame->body.data,
		req->frame->body.len, err) == 0 &&
	    order_submit(order, err) == 0)
		return ROUTES_LATER;
	order_free(&order);
	return -1;
}
