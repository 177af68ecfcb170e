/* api/rotation.c - another TCP-MD5 key, as an operation that lasts. */
#include "api/order.h"
#include "api/order_read.h"
#include "api/request.h"
#include "api/rotation.h"
#include "api/routes.h"
#include "base/buf.h"
#include "engine/rotation.h"
#include "engine/worker.h"
#include "model/json.h"
#include "model/rotation.h"
#include "store/operation.h"

/* Of an operation that has not ended and made its key itself. */
static json_t *
generated_key(struct worker_tools *tools, const char *id)
{
	struct operation op;
	struct rotation r;
	json_t *key = NULL;
	const char *plan;

	if (operation_get(tools->db, id, &op, NULL) == -1)
		return NULL;
	plan = operation_plan(&op, NULL);
	if (plan != NULL && rotation_load(&r, plan, NULL) == 0) {
		if (r.generated)
			key = json_text(r.key);
		rotation_wipe(&r);
	}
	operation_clear(&op);
	return key;
}

void
rotation_replay(struct worker_tools *tools, const char *kept, struct buf *out)
{
	json_t *json = json_stored(kept), *key = NULL;
	const char *id = json_string_value(json_object_get(json, "operation"));

	if (id != NULL)
		key = generated_key(tools, id);
	if (key != NULL) {
		json_put(json, "key", key);
		json_render(json, out);
	} else {
		buf_puts(out, kept);
	}
	json_decref(json);
}

int
post_rotation(struct request *req, struct reply *reply, struct err *err)
{
	struct order *order = order_new_untagged(req, err);

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
