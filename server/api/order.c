/* api/order.c - what every write has in common, from headers to answer. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "api/order.h"
#include "api/outcome.h"
#include "api/request.h"
#include "api/rotation.h"
#include "base/clock.h"
#include "base/crypto.h"
#include "base/err.h"
#include "base/mem.h"
#include "engine/etag.h"
#include "engine/parts.h"
#include "engine/recover.h"
#include "engine/rotation.h"
#include "engine/watch.h"
#include "engine/worker.h"
#include "model/json.h"
#include "store/idempotency.h"

int
order_check_type(const struct request *req, struct err *err)
{
	static const char *const known[] = { "application/json",
		"application/merge-patch+json" };
	char type[FRAME_HEADER_MAX + 1];
	size_t i, n;

	if (strcmp(req->method, "DELETE") == 0)
		return req->frame->body.len == 0 ?
		    0 :
		    err_set(err, ERR_INVALID,
			"DELETE takes no body: what to say with it stands in "
			"the query");
	request_header(req, FRAME_CONTENT_TYPE, type, sizeof(type));
	n = strcspn(type, "; \t");
	for (i = 0; i < sizeof(known) / sizeof(known[0]); i++)
		if (strlen(known[i]) == n &&
		    strncasecmp(type, known[i], n) == 0)
			return 0;
	return err_set(err, ERR_MEDIA_TYPE,
	    "Content-Type must be application/json%s",
	    strcmp(req->method, "PATCH") == 0 ?
		" or application/merge-patch+json" :
		"");
}

static int
read_if_match(const struct request *req, struct order *order, struct err *err)
{
	char *tags = order->change.if_match, none[FRAME_HEADER_MAX + 1];

	request_header(req, FRAME_IF_MATCH, tags,
	    sizeof(order->change.if_match));
	if (tags[0] != '\0' && !etag_is_valid(tags))
		return err_set(err, ERR_INVALID,
		    "If-Match is not a list of entity tags");
	request_header(req, FRAME_IF_NONE_MATCH, none, sizeof(none));
	order->change.must_be_new =
	    strcmp(req->method, "PUT") == 0 && strcmp(none, "*") == 0;
	if (tags[0] == '\0' && !order->change.must_be_new && req->token->strict)
		return err_set(err, ERR_PRECONDITION_REQUIRED,
		    "this token demands If-Match with the ETag of what you "
		    "have read%s",
		    strcmp(req->method, "PUT") == 0 ?
			" (If-None-Match: * for what is new)" :
			"");
	return 0;
}

static int
read_key(const struct request *req, struct order *order, struct err *err)
{
	const struct frame_bytes *h =
	    &req->frame->header[FRAME_IDEMPOTENCY_KEY];
	struct crypto_hasher hasher;
	size_t i;

	if (h->data == NULL)
		return 0;
	if (h->len == 0 || h->len > 255)
		return err_set(err, ERR_INVALID,
		    "Idempotency-Key must be 1 to 255 characters");
	for (i = 0; i < h->len; i++)
		if (h->data[i] <= 0x20 || h->data[i] >= 0x7f)
			return err_set(err, ERR_INVALID,
			    "Idempotency-Key must be printable ASCII without "
			    "blanks");
	(void)snprintf(order->change.caller.idempotency_key,
	    sizeof(order->change.caller.idempotency_key), "%s %.*s",
	    req->token->id, (int)h->len, h->data);
	crypto_hasher_init(&hasher);
	crypto_hasher_add(&hasher, req->method, strlen(req->method) + 1);
	crypto_hasher_add(&hasher, req->frame->target.data,
	    req->frame->target.len);
	crypto_hasher_add(&hasher, "", 1);
	crypto_hasher_add(&hasher, req->frame->body.data, req->frame->body.len);
	crypto_hasher_end(&hasher, order->fingerprint);
	return 0;
}

void
order_caller(const struct request *req, struct caller *caller)
{
	memset(caller, 0, sizeof(*caller));
	(void)snprintf(caller->actor, sizeof(caller->actor), "%s",
	    req->token->name.s);
	(void)snprintf(caller->token_id, sizeof(caller->token_id), "%s",
	    req->token->id);
	(void)snprintf(caller->peer, sizeof(caller->peer), "%s",
	    req->has_peer ? req->peer_text : "unix");
	(void)snprintf(caller->request_id, sizeof(caller->request_id), "%s",
	    req->request_id);
	(void)snprintf(caller->method, sizeof(caller->method), "%s",
	    req->method);
	(void)snprintf(caller->path, sizeof(caller->path), "%.255s", req->path);
}

static int settle(void *, struct db *, const struct change_result *,
    const struct err *, const char **, struct err *);
static void begun(void *, const struct operation *);

static struct order *
new_order(const struct request *req, bool tagged, struct err *err)
{
	struct order *order = mem_calloc(1, sizeof(*order));
	char prefer[FRAME_HEADER_MAX + 1];

	reply_ticket(req, &order->ticket);
	order->reply.status = 200;
	order->change.settle = settle;
	order->change.begun = begun;
	order->change.arg = order;
	order->change.connection = req->frame->connection;
	order_caller(req, &order->change.caller);
	request_header(req, FRAME_PREFER, prefer, sizeof(prefer));
	patience_init(&order->patience, &order->ticket, prefer);
	if (order_check_type(req, err) == -1 ||
	    (tagged && read_if_match(req, order, err) == -1) ||
	    read_key(req, order, err) == -1) {
		order_free(&order);
		return NULL;
	}
	return order;
}

struct order *
order_new(const struct request *req, struct err *err)
{
	return new_order(req, true, err);
}

struct order *
order_new_untagged(const struct request *req, struct err *err)
{
	return new_order(req, false, err);
}

void
order_free(struct order **orderp)
{
	if (*orderp == NULL)
		return;
	(void)patience_end(&(*orderp)->patience);
	reply_clear(&(*orderp)->reply, (*orderp)->ticket.parts);
	/* It may hold a key. */
	crypto_wipe(*orderp, sizeof(**orderp));
	MEM_FREE(*orderp);
}

/* Where what a PUT has made is found. */
static void
put_location(const struct order *order, struct reply *reply)
{
	(void)snprintf(reply->location, sizeof(reply->location), "%s%s",
	    order->change.kind == CHANGE_DOWNSTREAM ? "/v1/downstreams/" :
						      "/v1/upstreams/",
	    order->change.name.s);
}

/* The status of an answer that tells of success, and where to look. */
static void
put_status(struct order *order, const struct change_result *result)
{
	struct reply *reply = &order->reply;

	reply->status = 200;
	if (order->change.dry_run)
		return;
	if (order->change.begin != NULL) {
		reply->status = 202;
		reply->retry_after_s = 1;
		(void)snprintf(reply->location, sizeof(reply->location),
		    "/v1/operations/%s", result->operation);
	} else if (result->created) {
		reply->status = 201;
		put_location(order, reply);
	}
}

/* Of an operation that was answered with, or named in the answer. */
static void
put_operation(const char *body, struct reply *reply)
{
	json_t *json = json_stored(body);
	const char *id = json_string_value(json_object_get(json, "operation"));

	if (id == NULL)
		id = json_string_value(json_object_get(json, "id"));
	if (id != NULL)
		(void)snprintf(reply->location, sizeof(reply->location),
		    "/v1/operations/%s", id);
	reply->retry_after_s = 1;
	json_decref(json);
}

static void
render_done(struct order *order, const struct change_result *result)
{
	bool dry = order->change.dry_run;

	put_status(order, result);
	(void)snprintf(order->reply.etag, sizeof(order->reply.etag), "%s",
	    dry || order->change.begin != NULL ? "" : result->etag);
	outcome_render(&order->change, result, &order->reply.body);
}

/* On the writer's thread, inside the transaction of the outcome if any. */
static int
settle(void *arg, struct db *db, const struct change_result *result,
    const struct err *failure, const char **reply_json, struct err *err)
{
	struct order *order = arg;
	const char *key = order->change.caller.idempotency_key;
	struct reply_problem_extra extra = { result->operation,
		result->audit_seq, result->touched, result->undone };

	buf_reset(&order->reply.body);
	if (failure != NULL)
		reply_problem(&order->reply, &order->ticket, failure, &extra);
	else
		render_done(order, result);
	*reply_json = buf_text(&order->reply.body);
	if (key[0] == '\0')
		return 0;
	/* What never began may be tried again with the same key. */
	if (failure != NULL && !result->touched)
		return idempotency_forget(db, key, err);
	return idempotency_finish(db, key, (int)order->reply.status,
	    order->reply.content_type == NULL ? "application/json" :
						order->reply.content_type,
	    order->reply.etag, *reply_json, err);
}

/* The operation is on disk: who does not want to wait is answered now. */
static void
begun(void *arg, const struct operation *op)
{
	struct order *order = arg;

	patience_begun(&order->patience, op);
}

/* 1: answered from what is stored; 0: go on; -1: refused. */
static int
check_key(struct order *order, struct worker_tools *tools, struct err *err)
{
	const char *key = order->change.caller.idempotency_key;
	struct idempotency known = { 0 };
	int rc = 0;

	if (key[0] == '\0' || order->change.dry_run)
		return 0;
	if (idempotency_begin(tools->db, key, order->fingerprint,
		clock_wall_ms(), &known, err) == -1)
		return -1;
	switch (known.state) {
	case IDEMPOTENCY_NEW:
		break;
	case IDEMPOTENCY_REPLAY:
		order->reply.status = (unsigned)known.status;
		order->reply.replayed = true;
		order->reply.content_type =
		    strcmp(known.content_type, "application/json") == 0 ?
		    NULL :
		    "application/problem+json";
		(void)snprintf(order->reply.etag, sizeof(order->reply.etag),
		    "%.47s", known.etag);
		if (known.status == 201)
			put_location(order, &order->reply);
		if (known.status == 202)
			put_operation(known.body, &order->reply);
		if (order->change.begin == rotation_begin &&
		    known.status == 202)
			rotation_replay(tools, known.body, &order->reply.body);
		else
			buf_puts(&order->reply.body,
			    known.body == NULL ? "" : known.body);
		rc = 1;
		break;
	case IDEMPOTENCY_RUNNING:
		(void)err_set(err, ERR_CONFLICT,
		    "the first request with this Idempotency-Key has not "
		    "ended yet");
		rc = err_reason(err, "idempotency_running");
		break;
	case IDEMPOTENCY_MISMATCH:
		(void)err_set(err, ERR_UNPROCESSABLE,
		    "this Idempotency-Key was used for another request");
		rc = err_reason(err, "idempotency_mismatch");
		break;
	}
	idempotency_clear(&known);
	return rc;
}

static void
answer(struct order *order)
{
	if (!patience_end(&order->patience))
		reply_post(&order->reply, &order->ticket);
	order_free(&order);
}

/* On the watcher's thread: whoever reads after this answer sees the change. */
static void
answer_when_seen(struct worker_tools *tools, void *arg)
{
	struct order *order = arg;

	watch_now(tools, NULL);
	answer(order);
}

void
order_answer_when_seen(struct worker_tools *tools, struct order *order)
{
	if (worker_submit(tools->parts->watcher, answer_when_seen, order,
		NULL) == -1)
		answer(order);
}

/* No change: what it says is kept for a second request with the same key. */
static int
run_other(struct worker_tools *tools, struct order *order, struct err *err)
{
	const char *key = order->change.caller.idempotency_key;
	int rc = order->run(tools, order, err);

	if (rc == -1)
		reply_problem(&order->reply, &order->ticket, err, NULL);
	if (key[0] == '\0')
		return rc;
	if (rc == -1)
		(void)idempotency_forget(tools->db, key, NULL);
	else
		(void)idempotency_finish(tools->db, key,
		    (int)order->reply.status, "application/json", "",
		    buf_text(&order->reply.body), NULL);
	return rc;
}

static void
work(struct worker_tools *tools, void *arg)
{
	struct order *order = arg;
	struct change_result result = { 0 };
	bool touched = false;
	struct err err;
	int rc;

	err_clear(&err);
	/* First, since it forgets reservations that nothing came of. */
	rc = recover_now(tools, &err);
	if (rc == 0)
		rc = check_key(order, tools, &err);
	if (rc == -1) {
		reply_problem(&order->reply, &order->ticket, &err, NULL);
	} else if (rc == 0 && order->run != NULL) {
		if (run_other(tools, order, &err) == 1)
			return;
		touched = order->reply.status == 202;
	} else if (rc == 0) {
		rc = order->change.begin != NULL ?
		    order->change.begin(tools, &order->change, &result, &err) :
		    change_run(tools, &order->change, &result, &err);
		/* A dry run has not been told; and a new key is shown in this
		 * answer only, not in what is kept of it. */
		if (rc == 0 &&
		    (order->change.dry_run || order->change.begin != NULL)) {
			order->change.shows_key = true;
			buf_wipe(&order->reply.body);
			render_done(order, &result);
		}
		if (rc == -1) {
			struct reply_problem_extra extra = { result.operation,
				result.audit_seq, result.touched,
				result.undone };

			reply_problem(&order->reply, &order->ticket, &err,
			    &extra);
		}
		touched = result.touched;
		change_result_clear(&result);
	}
	if (touched)
		order_answer_when_seen(tools, order);
	else
		answer(order);
}

int
order_submit(struct order *order, struct err *err)
{
	return worker_submit(order->ticket.parts->writer, work, order, err);
}
