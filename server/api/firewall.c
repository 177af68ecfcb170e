/* api/firewall.c - GET /v1/firewall: our rules, and whether they count. */
#include <stdlib.h>

#include "api/firewall.h"
#include "api/reply.h"
#include "api/request.h"
#include "api/routes.h"
#include "base/err.h"
#include "base/mem.h"
#include "engine/firewall_report.h"
#include "engine/parts.h"
#include "engine/worker.h"

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
	struct ticket *ticket = mem_calloc(1, sizeof(*ticket));

	(void)reply;
	reply_ticket(req, ticket);
	if (worker_submit(req->parts->reader, look, ticket, err) == -1) {
		free(ticket);
		return -1;
	}
	return ROUTES_LATER;
}
