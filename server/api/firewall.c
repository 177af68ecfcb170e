/* api/firewall.c - GET /v1/firewall: our rules, and whether they count. */
#include <stdlib.h>

#include "api/firewall.h"
#include "api/reader.h"
#include "api/reply.h"
#include "api/request.h"
#include "api/routes.h"
#include "base/err.h"
#include "engine/firewall_report.h"

static void
look(struct worker_tools *tools, void *arg)
{
	struct reply reply = { .status = 200 };
	struct ticket *ticket = arg;
	struct err err;

	err_clear(&err);
	if (firewall_report(tools, &reply.body, &err) == -1)
		reply_problem(&reply, ticket, &err, NULL);
	reply_post(&reply, ticket);
	free(ticket);
}

int
get_firewall(struct request *req, struct reply *reply, struct err *err)
{
	(void)reply;
	return reader_run(req, look, err);
}
