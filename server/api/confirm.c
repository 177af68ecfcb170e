/* api/confirm.c - ending the wait of a change that asked for confirmation. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "api/auth.h"
#include "api/confirm.h"
#include "api/operation.h"
#include "api/order.h"
#include "api/reply.h"
#include "api/request.h"
#include "api/routes.h"
#include "base/err.h"
#include "base/mem.h"
#include "engine/confirm.h"
#include "engine/lasting.h"
#include "engine/parts.h"
#include "engine/recover.h"
#include "engine/watch.h"
#include "engine/worker.h"
#include "model/fields.h"
#include "store/operation.h"

enum confirm_what {
	CONFIRM_KEEP,
	CONFIRM_CANCEL,
	CONFIRM_EXTEND
};

/* One such wish on its way through the writer. */
struct confirm_job {
	struct ticket ticket;
	struct caller caller;
	struct reply reply;
	enum confirm_what what;
	char operation[OPERATION_ID_MAX];
	uint64_t connection;
	struct field_value revert_in_s;
};

static const struct field no_fields[] = { { .name = NULL } };
static const struct field extend_fields[] = {
	{ .name = "revert_in_s",
	    .kind = FIELD_UINT,
	    .offset = offsetof(struct confirm_job, revert_in_s),
	    .min = 10,
	    .max = 3600 },
	{ .name = NULL }
};

static int
act(struct worker_tools *tools, struct confirm_job *job, struct operation *op,
    struct err *err)
{
	/* Ended as it is wished: the first answer may have been lost. */
	if ((job->what == CONFIRM_KEEP && op->state == OPERATION_DONE) ||
	    (job->what == CONFIRM_CANCEL && op->state == OPERATION_UNDONE))
		return 0;
	if (job->what == CONFIRM_CANCEL &&
	    (op->state == OPERATION_SCHEDULED ||
		op->state == OPERATION_RUNNING))
		return lasting_cancel(tools, op, &job->caller, err);
	switch (job->what) {
	case CONFIRM_KEEP:
		return confirm_now(tools, job->operation, job->connection,
		    &job->caller, err);
	case CONFIRM_CANCEL:
		return confirm_cancel(tools, job->operation, job->connection,
		    &job->caller, err);
	case CONFIRM_EXTEND:
		break;
	}
	return confirm_extend(tools, job->operation,
	    (unsigned)job->revert_in_s.number, &job->caller, err);
}

static int
run(struct worker_tools *tools, struct confirm_job *job, struct err *err)
{
	struct operation op = { 0 };
	int rc;

	if (recover_now(tools, err) == -1 ||
	    operation_get(tools->db, job->operation, &op, err) == -1)
		return -1;
	rc = act(tools, job, &op, err);
	operation_clear(&op);
	if (rc == -1 ||
	    operation_get(tools->db, job->operation, &op, err) == -1)
		return -1;
	job->reply.status = 200;
	operation_reply_body(&op, tools->parts, &job->reply.body);
	operation_clear(&op);
	return 0;
}

static void
answer(struct confirm_job *job)
{
	reply_post(&job->reply, &job->ticket);
	free(job);
}

/* On the watcher's thread: whoever reads after this answer sees it. */
static void
answer_when_seen(struct worker_tools *tools, void *arg)
{
	watch_now(tools, NULL);
	answer(arg);
}

static void
work(struct worker_tools *tools, void *arg)
{
	struct confirm_job *job = arg;
	struct err err;

	err_clear(&err);
	if (run(tools, job, &err) == -1)
		reply_problem(&job->reply, &job->ticket, &err, NULL);
	else if (job->what != CONFIRM_EXTEND &&
	    worker_submit(tools->parts->watcher, answer_when_seen, job, NULL) ==
		0)
		return;
	answer(job);
}

/* What the scope operate may begin, it may end. */
static bool
is_everyday(const char *kind)
{
	return strcmp(kind, "upstream_policy") == 0 ||
	    strstr(kind, "_drain") != NULL || strstr(kind, "_undrain") != NULL;
}

/* Whoever may not see the operation, or might not have asked for it. */
static int
check_allowed(const struct request *req, struct err *err)
{
	struct operation op = { 0 };
	int rc;

	if (strlen(req->arg) >= OPERATION_ID_MAX)
		return err_set(err, ERR_NOT_FOUND,
		    "there is no such operation");
	if (operation_get(req->db, req->arg, &op, err) == -1)
		return -1;
	rc = operation_check_visible(req, &op, err);
	if (rc == 0 && !is_everyday(op.kind))
		rc = auth_check_scope(req, SCOPE_CONFIGURE, err);
	operation_clear(&op);
	return rc;
}

/* "{}", or nothing at all, which curl sends more easily. */
static int
read_body(const struct request *req, struct confirm_job *job, struct err *err)
{
	const struct frame_bytes *body = &req->frame->body;

	if (job->what != CONFIRM_EXTEND)
		return body->len == 0 ?
		    0 :
		    fields_read(body->data, body->len, no_fields, job, err);
	if (order_check_type(req, err) == -1 ||
	    fields_read(body->data, body->len, extend_fields, job, err) == -1)
		return -1;
	if (!job->revert_in_s.present)
		return err_field(err, "/revert_in_s",
		    "must be there: seconds from now, 10 to 3600");
	return 0;
}

static int
submit(struct request *req, enum confirm_what what, struct err *err)
{
	struct confirm_job *job;

	if (request_query_check(req, (const char *const[]) { NULL }, err) ==
		-1 ||
	    check_allowed(req, err) == -1)
		return -1;
	job = mem_calloc(1, sizeof(*job));
	job->what = what;
	job->connection = req->frame->connection;
	(void)snprintf(job->operation, sizeof(job->operation), "%.*s",
	    OPERATION_ID_MAX - 1, req->arg);
	reply_ticket(req, &job->ticket);
	order_caller(req, &job->caller);
	if (read_body(req, job, err) == 0 &&
	    worker_submit(req->parts->writer, work, job, err) == 0)
		return ROUTES_LATER;
	free(job);
	return -1;
}

int
confirm_post(struct request *req, struct reply *reply, struct err *err)
{
	(void)reply;
	return submit(req, CONFIRM_KEEP, err);
}

int
confirm_post_cancel(struct request *req, struct reply *reply, struct err *err)
{
	(void)reply;
	return submit(req, CONFIRM_CANCEL, err);
}

int
confirm_patch(struct request *req, struct reply *reply, struct err *err)
{
	(void)reply;
	return submit(req, CONFIRM_EXTEND, err);
}
