/* api/interface.c - GET /v1/interfaces: tunnels and the rest, with traffic. */
#include "api/cached.h"
#include "api/interface.h"
#include "engine/snapshot.h"

int
list_interfaces(struct request *req, struct reply *reply, struct err *err)
{
	const struct snapshot *s;

	if (cached_get(req, reply, true, &s, err) == -1)
		return -1;
	return cached_reply(req, reply, &s->interfaces, err);
}
