/* api/audit.c - who changed what, to read and to verify. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "api/audit.h"
#include "api/page.h"
#include "api/reader.h"
#include "api/reply.h"
#include "api/request.h"
#include "api/routes.h"
#include "base/err.h"
#include "base/mem.h"
#include "base/number.h"
#include "base/rfc3339.h"
#include "engine/parts.h"
#include "engine/worker.h"
#include "model/json.h"
#include "store/audit.h"

static json_t *
row_json(const struct audit_row *row)
{
	json_t *json = json_object();

	json_put(json, "seq", json_integer((json_int_t)row->seq));
	json_put(json, "time", json_time_or_null(row->time_ms));
	json_put(json, "kind", json_text(row->kind));
	json_put(json, "about",
	    json_int_or_null(row->about == 0 ? -1 : row->about));
	json_put(json, "actor", json_text_or_null(row->actor));
	json_put(json, "token_id", json_text_or_null(row->token_id));
	json_put(json, "peer", json_text_or_null(row->peer));
	json_put(json, "request_id", json_text_or_null(row->request_id));
	json_put(json, "method", json_text_or_null(row->method));
	json_put(json, "path", json_text_or_null(row->path));
	json_put(json, "resource", json_text_or_null(row->resource));
	json_put(json, "operation", json_text_or_null(row->operation));
	json_put(json, "reason", json_text_or_null(row->reason));
	json_put(json, "ticket", json_text_or_null(row->ticket));
	json_put(json, "before", json_stored(row->before));
	json_put(json, "after", json_stored(row->after));
	json_put(json, "commands", json_stored(row->commands));
	json_put(json, "outcome", json_text_or_null(row->outcome));
	json_put(json, "detail", json_text_or_null(row->detail));
	json_put(json, "hash", json_text(row->hash));
	return json;
}

static int
read_time(const struct request *req, const char *name, int64_t *out,
    struct err *err)
{
	const char *text = request_query_value(req, name);

	*out = 0;
	if (text == NULL || rfc3339_parse(out, text, err) == 0)
		return 0;
	(void)err_prefix(err, "%s", name);
	return -1;
}

/* NULL when absent; -1 for a word that no outcome has. */
static int
read_outcome(const struct request *req, const char **out, struct err *err)
{
	static const char *const known[] = { "applied", "undone", "failed" };
	const char *text = request_query_value(req, "outcome");
	size_t i;

	*out = text;
	for (i = 0; text != NULL && i < sizeof(known) / sizeof(known[0]); i++)
		if (strcmp(text, known[i]) == 0)
			return 0;
	if (text == NULL)
		return 0;
	return err_set(err, ERR_INVALID,
	    "outcome must be applied, undone or failed");
}

static int
read_filter(const struct request *req, struct audit_filter *f, unsigned *limit,
    struct err *err)
{
	static const char *const known[] = { "limit", "cursor", "actor",
		"resource", "outcome", "since", "until", NULL };
	const char *cursor = request_query_value(req, "cursor");
	uint64_t seq = 0;

	memset(f, 0, sizeof(*f));
	if (request_query_check(req, known, err) == -1 ||
	    page_limit(req, limit, err) == -1 ||
	    read_time(req, "since", &f->since_ms, err) == -1 ||
	    read_time(req, "until", &f->until_ms, err) == -1 ||
	    read_outcome(req, &f->outcome, err) == -1)
		return -1;
	if (cursor != NULL &&
	    number_parse_u64(&seq, cursor, 1, INT64_MAX, err) == -1) {
		(void)err_prefix(err, "cursor");
		return -1;
	}
	f->before_seq = (int64_t)seq;
	f->limit = *limit + 1;
	f->actor = request_query_value(req, "actor");
	f->resource = request_query_value(req, "resource");
	return 0;
}

static bool
wants_lines(const struct request *req)
{
	char accept[FRAME_HEADER_MAX + 1];

	request_header(req, FRAME_ACCEPT, accept, sizeof(accept));
	return strstr(accept, "application/x-ndjson") != NULL;
}

/* Filters walk the log, and its rows are large: not on the main thread. */
struct list_job {
	struct request req; /* a copy: frame and token are gone by then */
	struct ticket ticket;
	struct audit_filter filter; /* its texts are in req */
	unsigned limit;
	bool lines;
};

enum {
	PAGE_BYTES = 4 * 1024 * 1024
};

/* How many rows make a page: limit, or fewer when they are large. */
static size_t
page_rows(const struct audit_list *list, size_t limit)
{
	size_t i, bytes = 0;

	for (i = 0; i < list->n && i < limit; i++) {
		const struct audit_row *row = &list->rows[i];

		bytes += 512;
		bytes += row->before == NULL ? 0 : strlen(row->before);
		bytes += row->after == NULL ? 0 : strlen(row->after);
		bytes += row->commands == NULL ? 0 : strlen(row->commands);
		bytes += row->detail == NULL ? 0 : strlen(row->detail);
		if (bytes > PAGE_BYTES && i > 0)
			break;
	}
	return i;
}

static void
render_page(const struct list_job *job, const struct audit_list *list,
    struct reply *reply)
{
	size_t i, n = page_rows(list, job->limit);
	char cursor[24] = "";
	json_t *json, *array;

	if (list->n > n) {
		(void)snprintf(cursor, sizeof(cursor), "%lld",
		    (long long)list->rows[n - 1].seq);
		page_link(&job->req, cursor, reply);
	}
	if (job->lines) {
		reply->content_type = "application/x-ndjson";
		for (i = 0; i < n; i++) {
			json_render(row_json(&list->rows[i]), &reply->body);
			buf_putc(&reply->body, '\n');
		}
		return;
	}
	array = json_array();
	for (i = 0; i < n; i++)
		(void)json_array_append_new(array, row_json(&list->rows[i]));
	json = json_object();
	json_put(json, "rows", array);
	json_put(json, "next_cursor", json_text_or_null(cursor));
	json_render(json, &reply->body);
}

static void
list_rows(struct worker_tools *tools, void *arg)
{
	struct list_job *job = arg;
	struct reply reply = { .status = 200 };
	struct audit_list list = { 0 };
	struct err err;

	err_clear(&err);
	if (audit_list(tools->db, &job->filter, &list, &err) == -1)
		reply_problem(&reply, &job->ticket, &err, NULL);
	else
		render_page(job, &list, &reply);
	audit_list_clear(&list);
	reply_post(&reply, &job->ticket);
	free(job);
}

int
list_audit(struct request *req, struct reply *reply, struct err *err)
{
	struct list_job *job = mem_calloc(1, sizeof(*job));

	(void)reply;
	job->req = *req;
	job->lines = wants_lines(req);
	job->req.frame = NULL;
	job->req.token = NULL;
	reply_ticket(req, &job->ticket);
	if (read_filter(&job->req, &job->filter, &job->limit, err) == -1 ||
	    worker_submit(req->parts->reader, list_rows, job, err) == -1) {
		free(job);
		return -1;
	}
	return ROUTES_LATER;
}

int
get_audit(struct request *req, struct reply *reply, struct err *err)
{
	struct audit_list one = { 0 };
	uint64_t seq;

	if (number_parse_u64(&seq, req->arg, 1, INT64_MAX, err) == -1) {
		(void)err_prefix(err, "seq");
		return -1;
	}
	if (audit_get(req->db, (int64_t)seq, &one, err) == -1)
		return -1;
	if (one.n == 0)
		return err_set(err, ERR_NOT_FOUND, "there is no audit row %s",
		    req->arg);
	json_render(row_json(&one.rows[0]), &reply->body);
	audit_list_clear(&one);
	return 0;
}

/* A long chain takes a while: the reader walks it, not the main thread. */
static void
verify(struct worker_tools *tools, void *arg)
{
	struct ticket *ticket = arg;
	struct reply reply = { .status = 200 };
	struct audit_verdict v;
	struct err err;
	json_t *json;

	err_clear(&err);
	if (audit_verify(tools->db, &v, &err) == -1) {
		reply_problem(&reply, ticket, &err, NULL);
	} else {
		json = json_object();
		json_put(json, "intact", json_boolean(v.intact));
		json_put(json, "rows", json_integer((json_int_t)v.rows));
		json_put(json, "first_bad_seq",
		    json_int_or_null(v.intact ? -1 : v.first_bad_seq));
		json_put(json, "head", json_text(v.head));
		json_put(json, "detail", json_text_or_null(v.detail));
		json_render(json, &reply.body);
	}
	reply_post(&reply, ticket);
	free(ticket);
}

int
verify_audit(struct request *req, struct reply *reply, struct err *err)
{
	(void)reply;
	return reader_run(req, verify, err);
}
