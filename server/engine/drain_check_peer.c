/* engine/drain_check_peer.c - the other router is asked before this one goes.
 */
#include <stdio.h>

#include "base/buf.h"
#include "base/err.h"
#include "engine/drain_check.h"
#include "engine/parts.h"
#include "engine/peer.h"
#include "frr/state.h"
#include "model/drain_peer.h"

static void
read_router(const char *answer, const char *name, unsigned families, char *why)
{
	(void)families;
	drain_peer_router(answer, name, why, DRAIN_CHECK_PEER_MAX);
}

/* A transit for each family; where nothing is announced, any. */
static void
read_upstreams(const char *answer, const char *name, unsigned families,
    char *why)
{
	unsigned i;

	drain_peer_transit(answer, name, NULL, why, DRAIN_CHECK_PEER_MAX);
	for (i = 0; i < FAMILIES && why[0] == '\0'; i++)
		if (families & 1U << i)
			drain_peer_transit(answer, name, family_name(i), why,
			    DRAIN_CHECK_PEER_MAX);
}

typedef void read_fn(const char *answer, const char *name, unsigned families,
    char *why);

static void
ask(const struct parts *parts, const char *path, read_fn *read,
    unsigned families, char out[DRAIN_CHECK_PEER_MAX])
{
	struct buf answer = BUF_INIT;
	struct err err;

	err_clear(&err);
	if (peer_call(parts, parts->drain_ask, "GET", path, NULL, &answer,
		&err) == -1)
		(void)snprintf(out, DRAIN_CHECK_PEER_MAX, "%.319s", err.text);
	else
		read(buf_text(&answer), parts->drain_ask, families, out);
	buf_clear(&answer);
}

const char *
drain_check_peer(const struct parts *parts, unsigned families,
    char out[DRAIN_CHECK_PEER_MAX])
{
	if (parts->drain_ask[0] == '\0')
		return NULL;
	out[0] = '\0';
	ask(parts, "/v1/router", read_router, families, out);
	if (out[0] == '\0')
		ask(parts, "/v1/upstreams", read_upstreams, families, out);
	/* The others are from its last look; this is as it is now. */
	if (out[0] == '\0')
		ask(parts, "/v1/router/drain", read_router, families, out);
	return out;
}
