/* api/dispatch.c - from a request's frame to its answer's. */
#include <stdio.h>
#include <string.h>

#include "api/auth.h"
#include "api/dispatch.h"
#include "api/reply.h"
#include "api/request.h"
#include "api/routes.h"
#include "base/err.h"
#include "base/log.h"
#include "wire/frame.h"

static int
find_route(struct request *req, struct reply *reply, const struct route **route,
    struct err *err)
{
	*route = routes_find(req->method, req->path, req->arg, sizeof(req->arg),
	    reply->allow, sizeof(reply->allow));
	if (*route != NULL) {
		reply->allow[0] = '\0';
		return 0;
	}
	if (reply->allow[0] != '\0')
		return err_set(err, ERR_METHOD, "%s: %s is not possible here",
		    req->path, req->method);
	return err_set(err, ERR_NOT_FOUND, "there is no such resource");
}

int
dispatch_request(struct parts *parts, struct db *db, unsigned generation,
    uint64_t id, const void *payload, size_t size, struct buf *out)
{
	struct frame_request frame;
	struct request req = { .parts = parts,
		.db = db,
		.id = id,
		.generation = generation,
		.frame = &frame };
	struct reply reply = { .status = 200 };
	const struct route *route;
	struct ticket ticket;
	struct err err;
	int rc;

	err_clear(&err);
	if (frame_request_read(&frame, payload, size, &err) == -1) {
		log_error("http: %s", err.text);
		return -1;
	}
	rc = request_read(&req, &err);
	reply_ticket(&req, &ticket);
	if (rc == 0)
		rc = find_route(&req, &reply, &route, &err);
	if (rc == 0)
		rc = auth_check(&req, route, &err);
	ticket.known = req.token != NULL;
	if (rc == 0)
		rc = route->handler(&req, &reply, &err);
	if (rc == -1)
		reply_problem(&reply, &ticket, &err, NULL);
	if (rc != ROUTES_LATER)
		reply_frame(&reply, &ticket, out);
	reply_clear(&reply, parts);
	return 0;
}
