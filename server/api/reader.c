/* api/reader.c - answers that take a while to put together. */
#include <stdlib.h>

#include "api/reader.h"
#include "api/reply.h"
#include "api/request.h"
#include "api/routes.h"
#include "base/mem.h"
#include "engine/parts.h"

int
reader_run(const struct request *req, worker_fn *fn, struct err *err)
{
	struct ticket *ticket = mem_calloc(1, sizeof(*ticket));

	reply_ticket(req, ticket);
	if (worker_submit(req->parts->reader, fn, ticket, err) == 0)
		return ROUTES_LATER;
	free(ticket);
	return -1;
}
