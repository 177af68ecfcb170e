/* api/doctor.c - GET /v1/router/doctor: what would make a change fail. */
#include <stdlib.h>

#include "api/doctor.h"
#include "api/reply.h"
#include "api/request.h"
#include "api/routes.h"
#include "base/mem.h"
#include "engine/doctor.h"
#include "engine/parts.h"
#include "engine/worker.h"

static void
examine(struct worker_tools *tools, void *arg)
{
	struct reply reply = { .status = 200 };
	struct ticket *ticket = arg;

	doctor_report(tools, &reply.body);
	reply_post(&reply, ticket);
	free(ticket);
}

int
get_doctor(struct request *req, struct reply *reply, struct err *err)
{
	struct ticket *ticket = mem_calloc(1, sizeof(*ticket));

	(void)reply;
	reply_ticket(req, ticket);
	if (worker_submit(req->parts->reader, examine, ticket, err) == -1) {
		free(ticket);
		return -1;
	}
	return ROUTES_LATER;
}
