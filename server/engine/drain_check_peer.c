/* engine/drain_check_peer.c - the other router is asked before this one goes.
 */
#include <stdio.h>

#include "base/buf.h"
#include "base/err.h"
#include "engine/drain_check.h"
#include "engine/parts.h"
#include "engine/peer.h"
#include "model/drain_peer.h"

typedef void read_fn(const char *answer, const char *name, char *why,
    size_t size);

static void
ask(const struct parts *parts, const char *path, read_fn *read,
    char out[DRAIN_CHECK_PEER_MAX])
{
	struct buf answer = BUF_INIT;
	struct err err;

	err_clear(&err);
	if (peer_call(parts, parts->drain_ask, "GET", path, NULL, &answer,
		&err) == -1)
		(void)snprintf(out, DRAIN_CHECK_PEER_MAX, "%.319s", err.text);
	else
		read(buf_text(&answer), parts->drain_ask, out,
		    DRAIN_CHECK_PEER_MAX);
	buf_clear(&answer);
}

const char *
drain_check_peer(const struct parts *parts, char out[DRAIN_CHECK_PEER_MAX])
{
	if (parts->drain_ask[0] == '\0')
		return NULL;
	out[0] = '\0';
	ask(parts, "/v1/router", drain_peer_router, out);
	if (out[0] == '\0')
		ask(parts, "/v1/upstreams", drain_peer_transit, out);
	/* The others are from its last look; this is as it is now. */
	if (out[0] == '\0')
		ask(parts, "/v1/router/drain", drain_peer_router, out);
	return out;
}
