/* engine/rotation_peer.c - the other end of a rotation, where it is ours too */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/buf.h"
#include "base/clock.h"
#include "base/err.h"
#include "base/log.h"
#include "engine/parts.h"
#include "engine/peer.h"
#include "engine/rotation_peer.h"
#include "model/rotation_peer.h"

enum {
	/* Further apart, the two would change so far from another that the
	 * session could be given up before. */
	CLOCKS_MS = 5000
};

static int
find(const struct parts *parts, struct rotation *r, const char *local_address,
    struct err *err)
{
	struct buf answer = BUF_INIT;
	int rc = -1;

	if (local_address[0] == '\0')
		return err_set(err, ERR_CONFLICT,
		    "the own address of the session is not known yet");
	if (peer_call(parts, r->with, "GET", "/v1/upstreams", NULL, &answer,
		err) == 0)
		rc = rotation_peer_find(buf_text(&answer), local_address,
		    r->with_upstream, sizeof(r->with_upstream), err);
	buf_clear(&answer);
	return rc;
}

static int
order(const struct parts *parts, struct rotation *r, struct err *err)
{
	struct buf body = BUF_SECRET, answer = BUF_INIT;
	char path[128];
	int rc = -1;

	(void)snprintf(path, sizeof(path), "/v1/upstreams/%s/tcp-md5/rotations",
	    r->with_upstream);
	rotation_peer_order(r, parts->router_name, &body);
	if (peer_call(parts, r->with, "POST", path, &body, &answer, err) == 0)
		rc = rotation_peer_taken(buf_text(&answer), r->with_operation,
		    sizeof(r->with_operation), err);
	buf_clear(&body);
	buf_clear(&answer);
	return rc;
}

/* It is staged there already: its time of birth tells the other clock. */
static int
check_clock(const struct parts *parts, const struct rotation *r,
    int64_t began_ms, struct err *err)
{
	int64_t there, now = clock_wall_ms(), off = 0;
	struct buf answer = BUF_INIT;
	char path[64];
	int rc = -1;

	(void)snprintf(path, sizeof(path), "/v1/operations/%s",
	    r->with_operation);
	if (peer_call(parts, r->with, "GET", path, NULL, &answer, err) == 0)
		rc = rotation_peer_created(buf_text(&answer), &there, err);
	buf_clear(&answer);
	if (rc == -1)
		return -1;
	if (there < began_ms)
		off = began_ms - there;
	else if (there > now)
		off = there - now;
	if (off <= CLOCKS_MS)
		return 0;
	(void)err_set(err, ERR_CONFLICT,
	    "its clock is %" PRId64 " s off: both ends change by their own "
	    "clocks",
	    off / 1000);
	return err_reason(err, "clocks_differ");
}

int
rotation_peer_stage(const struct parts *parts, struct rotation *r,
    const char *local_address, struct err *err)
{
	int64_t began = clock_wall_ms();
	int rc;

	rc = find(parts, r, local_address, err);
	if (rc == 0)
		rc = order(parts, r, err);
	if (rc == 0 && check_clock(parts, r, began, err) == -1) {
		rotation_peer_cancel(parts, r);
		rc = -1;
	}
	return rc == 0 ? 0 : err_prefix(err, "with %s", r->with);
}

void
rotation_peer_cancel(const struct parts *parts, const struct rotation *r)
{
	struct buf answer = BUF_INIT;
	char path[64];
	struct err err;

	if (r->with_operation[0] == '\0')
		return;
	err_clear(&err);
	(void)snprintf(path, sizeof(path), "/v1/operations/%s/cancel",
	    r->with_operation);
	if (peer_call(parts, r->with, "POST", path, NULL, &answer, &err) == -1)
		log_warning("rotation %s on %s cannot be cancelled: %s",
		    r->with_operation, r->with, err.text);
	buf_clear(&answer);
}
