/* api/doctor.c - GET /v1/router/doctor: what would make a change fail. */
#include <stdlib.h>

#include "api/doctor.h"
#include "api/reader.h"
#include "api/reply.h"
#include "api/request.h"
#include "api/routes.h"
#include "engine/doctor.h"

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
	(void)reply;
	return reader_run(req, examine, err);
}
