/* api/operation.c - the journal, to read. */
#include <string.h>

#include "api/auth.h"
#include "api/operation.h"
#include "api/page.h"
#include "api/reply.h"
#include "api/request.h"
#include "base/err.h"
#include "engine/confirm.h"
#include "model/json.h"
#include "store/operation.h"

/* Null unless it waits for its confirmation. */
static json_t *
confirm_json(const struct operation *op, struct parts *parts)
{
	struct confirm_info info;
	json_t *json;

	if (!confirm_is_pending(parts, &info) ||
	    strcmp(info.operation, op->id) != 0)
		return json_null();
	json = json_object();
	json_put(json, "reverts_at", json_time_or_null(info.reverts_at_ms));
	json_put(json, "revert_in_s", json_integer(info.seconds_left));
	return json;
}

static json_t *
operation_json(const struct operation *op, struct parts *parts)
{
	json_t *json = json_object(), *result = json_stored(op->result);
	json_t *progress = json_stored(op->progress);

	if (!json_is_object(result)) {
		json_decref(result);
		result = json_null();
	}
	json_put(json, "id", json_text(op->id));
	json_put(json, "kind", json_text(op->kind));
	json_put(json, "resource", json_text(op->resource));
	json_put(json, "state", json_text(operation_state_name(op->state)));
	json_put(json, "actor", json_text(op->actor));
	json_put(json, "request_id", json_text_or_null(op->request_id));
	json_put(json, "audit_seq", json_integer((json_int_t)op->audit_seq));
	json_put(json, "created_at", json_time_or_null(op->created_ms));
	json_put(json, "updated_at", json_time_or_null(op->updated_ms));
	json_put(json, "confirm", confirm_json(op, parts));
	json_put(json, "phase", json_text_or_null(op->phase));
	json_put(json, "due_at", json_time_or_null(op->due_ms));
	json_put(json, "progress", progress);
	json_put(json, "error", json_text_or_null(op->error));
	json_put(json, "result", result);
	return json;
}

void
operation_reply_body(const struct operation *op, struct parts *parts,
    struct buf *b)
{
	json_render(operation_json(op, parts), b);
}

int
list_operations(struct request *req, struct reply *reply, struct err *err)
{
	static const char *const known[] = { "limit", "cursor", NULL };
	const char *cursor = request_query_value(req, "cursor");
	struct operation_list list = { 0 };
	json_t *json, *array;
	unsigned limit;
	size_t i;

	if (request_query_check(req, known, err) == -1 ||
	    page_limit(req, &limit, err) == -1)
		return -1;
	/* One more than asked for tells whether there is a next page. */
	if (operation_list(req->db, cursor == NULL ? "" : cursor, limit + 1,
		&list, err) == -1)
		return -1;
	array = json_array();
	for (i = 0; i < list.n && i < limit; i++)
		(void)json_array_append_new(array,
		    operation_json(&list.v[i], req->parts));
	json = json_object();
	json_put(json, "operations", array);
	if (list.n > limit) {
		json_put(json, "next_cursor", json_text(list.v[limit - 1].id));
		page_link(req, list.v[limit - 1].id, reply);
	} else {
		json_put(json, "next_cursor", json_null());
	}
	json_render(json, &reply->body);
	operation_list_clear(&list);
	return 0;
}

/* "upstreams/NAME" is visible to who may see NAME, all else to who sees all. */
int
operation_check_visible(const struct request *req, const struct operation *op,
    struct err *err)
{
	static const char words[] = "upstreams/";

	if (req->token->n_globs == 0)
		return 0;
	return auth_check_name(req,
	    strncmp(op->resource, words, sizeof(words) - 1) == 0 ?
		op->resource + sizeof(words) - 1 :
		"",
	    err);
}

int
get_operation(struct request *req, struct reply *reply, struct err *err)
{
	struct operation op = { 0 };
	int rc;

	if (strlen(req->arg) >= OPERATION_ID_MAX ||
	    operation_get(req->db, req->arg, &op, err) == -1) {
		if (strlen(req->arg) >= OPERATION_ID_MAX)
			return err_set(err, ERR_NOT_FOUND,
			    "there is no such operation");
		return -1;
	}
	rc = operation_check_visible(req, &op, err);
	if (rc == 0)
		operation_reply_body(&op, req->parts, &reply->body);
	operation_clear(&op);
	return rc;
}
