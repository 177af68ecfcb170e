/* api/outcome.c - what a change did, or would do, as the answer tells it. */
#include "api/outcome.h"
#include "base/buf.h"
#include "model/json.h"
#include "model/rotation.h"

static const char *
member_name(enum change_kind kind)
{
	switch (kind) {
	case CHANGE_UPSTREAM:
	case CHANGE_UPSTREAM_REMOVE:
	case CHANGE_KEY:
		return "upstream";
	case CHANGE_DOWNSTREAM:
	case CHANGE_DOWNSTREAM_REMOVE:
		return "downstream";
	case CHANGE_ROUTER:
	case CHANGE_CLEAR:
	case CHANGE_DRAIN:
		break;
	}
	return "router";
}

static json_t *
resets_json(const struct change_result *result)
{
	json_t *json = json_array();
	char text[ADDR_TEXT_MAX];
	size_t i;

	for (i = 0; i < result->n_resets; i++)
		(void)json_array_append_new(json,
		    json_text(addr_print(&result->resets[i], text)));
	return json;
}

static json_t *
plan_json(const struct plan *plan)
{
	struct buf b = BUF_INIT;
	json_t *json;

	plan_render(plan, &b);
	json = json_stored(buf_text(&b));
	buf_clear(&b);
	return json;
}

static json_t *
confirm_json(const struct change_result *result)
{
	json_t *json;

	if (!result->confirm_pending)
		return json_null();
	json = json_object();
	json_put(json, "operation", json_text(result->operation));
	json_put(json, "state", json_text("pending"));
	json_put(json, "revert_in_s", json_integer(result->revert_in_s));
	json_put(json, "reverts_at", json_time_or_null(result->reverts_at_ms));
	return json;
}

static void
put_numbers(json_t *json, const struct change_result *result)
{
	json_put(json, "operation", json_text_or_null(result->operation));
	json_put(json, "audit_seq",
	    json_int_or_null(result->audit_seq == 0 ? -1 : result->audit_seq));
}

static json_t *
clear_json(const struct change_order *order, const struct change_result *result)
{
	enum policy_soft soft = policy_clear_soft(&order->clear);
	json_t *json = json_object();
	char text[ADDR_TEXT_MAX];

	json_put(json, "changed", json_boolean(result->changed));
	json_put(json, "session", json_text(addr_print(&order->session, text)));
	json_put(json, "soft", json_text_or_null(policy_soft_name(soft)));
	put_numbers(json, result);
	return json;
}

static json_t *
change_json(const struct change_order *order,
    const struct change_result *result)
{
	json_t *json = json_object();

	json_put(json, "changed", json_boolean(result->changed));
	json_put(json, "dry_run", json_boolean(order->dry_run));
	if (!order->dry_run) {
		put_numbers(json, result);
		json_put(json, "best_paths_moved",
		    result->has_best_paths_moved ?
			json_integer((json_int_t)result->best_paths_moved) :
			json_null());
	}
	json_put(json, "sessions_reset", resets_json(result));
	if (!order->dry_run)
		json_put(json, "confirm", confirm_json(result));
	json_put(json, "plan", plan_json(&result->plan));
	if (!order->dry_run)
		json_put(json, member_name(order->kind),
		    json_stored(result->body));
	return json;
}

static json_t *
with_json(const struct rotation *r)
{
	json_t *json;

	if (r->with[0] == '\0')
		return json_null();
	json = json_object();
	json_put(json, "router", json_text(r->with));
	json_put(json, "upstream", json_text_or_null(r->with_upstream));
	json_put(json, "operation", json_text_or_null(r->with_operation));
	return json;
}

static json_t *
rotation_json(const struct change_order *order,
    const struct change_result *result)
{
	const struct rotation *r = &order->staged;
	bool shows = order->shows_key && r->generated && !order->dry_run;
	json_t *json = json_object();
	char effect[ROTATION_EFFECT_MAX];

	put_numbers(json, result);
	json_put(json, "dry_run", json_boolean(order->dry_run));
	json_put(json, "upstream", json_text(r->upstream.s));
	json_put(json, "key", shows ? json_text(r->key) : json_null());
	json_put(json, "key_id",
	    json_text_or_null(order->dry_run && r->generated ? "" : r->key_id));
	json_put(json, "method", json_text(r->gentle ? "gentle" : "reset"));
	json_put(json, "effect", json_text(rotation_effect(r, effect)));
	json_put(json, "at", json_time_or_null(r->at_ms));
	json_put(json, "verify_within_s", json_integer(r->verify_within_s));
	json_put(json, "with", with_json(r));
	json_put(json, "sessions_reset", resets_json(result));
	json_put(json, "plan", plan_json(&result->plan));
	return json;
}

void
outcome_render(const struct change_order *order,
    const struct change_result *result, struct buf *b)
{
	json_t *json;

	if (order->kind == CHANGE_CLEAR)
		json = clear_json(order, result);
	else if (order->kind == CHANGE_KEY)
		json = rotation_json(order, result);
	else
		json = change_json(order, result);
	json_render(json, b);
}
