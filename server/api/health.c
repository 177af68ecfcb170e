/* api/health.c - /livez and /readyz: no token, no secrets, no versions. */
#include <string.h>

#include "api/health.h"
#include "api/reply.h"
#include "base/err.h"
#include "engine/parts.h"
#include "engine/snapshot.h"

static int
say(struct reply *reply, const char *text)
{
	reply->borrowed = text;
	reply->borrowed_len = strlen(text);
	return 0;
}

int
get_health_live(struct request *req, struct reply *reply, struct err *err)
{
	(void)req;
	(void)err;
	return say(reply, "{\"status\":\"alive\"}\n");
}

int
get_health_ready(struct request *req, struct reply *reply, struct err *err)
{
	const struct snapshot *s = snapshot_get(req->parts->snapshots);
	const char *why = NULL;

	reply->snapshot = s;
	if (s == NULL)
		why = "the router has not been looked at yet";
	else if (!s->observed || s->stale)
		why = "FRR does not answer";
	else if (!atomic_load(&req->parts->recovered))
		why = "an interrupted change is being ended";
	if (why == NULL)
		return say(reply, "{\"status\":\"ready\"}\n");
	(void)err_set(err, ERR_UNAVAILABLE, "%s", why);
	return err_reason(err, "not_ready");
}
