/* api/drain_reply.c - reasons and how far they are, as JSON. */
#include <string.h>

#include "api/drain_reply.h"
#include "base/buf.h"
#include "base/clock.h"
#include "engine/drain_view.h"
#include "model/json.h"
#include "store/drain.h"
#include "store/operation.h"

static void
put_order(json_t *json, const struct drain *d)
{
	json_put(json, "subject", json_text(d->subject));
	json_put(json, "owner", json_text(d->owner));
	json_put(json, "actor", json_text(d->actor));
	json_put(json, "reason", json_text_or_null(d->reason));
	json_put(json, "ticket", json_text_or_null(d->ticket));
	json_put(json, "mode", json_text(drain_mode_name(d->mode)));
	json_put(json, "max_wait_s", json_integer(d->max_wait_s));
	json_put(json, "on_timeout",
	    json_text(drain_timeout_name(d->on_timeout)));
	json_put(json, "force", json_boolean(d->force));
	json_put(json, "prepend", json_integer(d->prepend));
	json_put(json, "after_reboot", json_text(d->stay ? "stay" : "auto"));
	json_put(json, "return_after_s", json_integer(d->return_after_s));
}

static json_t *
layer_json(struct db *db, const struct drain *d)
{
	json_t *json = json_object(), *progress = json_null();
	struct operation op;

	put_order(json, d);
	json_put(json, "created_at", json_time_or_null(d->created_ms));
	json_put(json, "age_s",
	    json_integer((clock_wall_ms() - d->created_ms) / 1000));
	json_put(json, "phase", json_text(drain_phase_name(d->phase)));
	json_put(json, "end", json_text_or_null(drain_end_name(d->end)));
	json_put(json, "why", json_text_or_null(d->why));
	json_put(json, "automatic", json_boolean(d->automatic));
	json_put(json, "operation", json_text_or_null(d->operation));
	if (operation_get(db, d->operation, &op, NULL) == 0) {
		if (op.state == OPERATION_RUNNING) {
			json_decref(progress);
			progress = json_stored(op.progress);
		}
		operation_clear(&op);
	}
	json_put(json, "progress", progress);
	json_put(json, "before", json_stored(d->before));
	json_put(json, "after", json_stored(d->after));
	return json;
}

int
drain_reply_body(struct db *db, const char *subject,
    const struct addr *neighbor, struct buf *b, struct err *err)
{
	json_t *json, *layers;
	struct drain_list list = { 0 };
	size_t i;

	if (drain_list(db, &list, err) == -1)
		return -1;
	layers = json_array();
	for (i = 0; i < list.n; i++)
		if (neighbor == NULL ? drain_is_router(&list.v[i]) :
				       drain_covers(&list.v[i], neighbor))
			(void)json_array_append_new(layers,
			    layer_json(db, &list.v[i]));
	json = json_object();
	json_put(json, "subject", json_text(subject));
	json_put(json, "state", json_text(drain_view_state(&list, neighbor)));
	json_put(json, "layers", layers);
	json_render(json, b);
	drain_list_clear(&list);
	return 0;
}
