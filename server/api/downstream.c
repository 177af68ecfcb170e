/* api/downstream.c - GET /v1/downstreams and /v1/downstreams/{name}. */
#include "api/cached.h"
#include "api/downstream.h"
#include "api/request.h"
#include "base/err.h"
#include "engine/snapshot.h"

int
list_downstreams(struct request *req, struct reply *reply, struct err *err)
{
	const struct snapshot *s;

	if (cached_get(req, reply, true, &s, err) == -1)
		return -1;
	return cached_reply(req, reply, &s->downstreams, err);
}

int
get_downstream(struct request *req, struct reply *reply, struct err *err)
{
	const struct snapshot *s;
	const struct body *body;

	if (cached_get(req, reply, true, &s, err) == -1)
		return -1;
	body = snapshot_find_downstream(s, req->arg);
	if (body == NULL)
		return err_set(err, ERR_NOT_FOUND, "there is no downstream %s",
		    req->arg);
	return cached_reply(req, reply, body, err);
}
