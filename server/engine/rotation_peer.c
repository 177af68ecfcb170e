/* engine/rotation_peer.c - the other end of a rotation, where it is ours too */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/err.h"
#include "engine/parts.h"
#include "engine/peer.h"
#include "engine/rotation_peer.h"
#include "model/problem.h"

int
rotation_peer_meet(const struct parts *parts, struct rotation *r,
    const char *local_address, struct err *err)
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
	return rc == 0 ? 0 : err_prefix(err, "with %s", r->with);
}

/* It refused with this word. */
static bool
said(const struct buf *answer, const char *code)
{
	struct problem_told told;

	return problem_read(buf_text(answer), &told) &&
	    strcmp(told.code, code) == 0;
}

int
rotation_peer_stage(const struct parts *parts, const struct rotation *r,
    struct err *err)
{
	struct buf body = BUF_SECRET, answer = BUF_INIT;
	char path[128];
	int rc;

	(void)snprintf(path, sizeof(path), "/v1/upstreams/%s/tcp-md5/rotations",
	    r->with_upstream);
	rotation_peer_order(r, parts->router_name, &body);
	rc = peer_call(parts, r->with, "POST", path, &body, &answer, err);
	if (rc == -1 && said(&answer, "id_taken"))
		rc = 0;
	buf_clear(&body);
	buf_clear(&answer);
	return rc == 0 ? 0 : err_prefix(err, "with %s", r->with);
}

/* what: "" or "/cancel". 1: it is no matter of that any more. */
static int
ask(const struct parts *parts, const struct rotation *r, const char *method,
    const char *what, struct rotation_peer *peer, struct err *err)
{
	struct buf answer = BUF_INIT;
	char path[64];
	int rc;

	memset(peer, 0, sizeof(*peer));
	(void)snprintf(path, sizeof(path), "/v1/operations/%s%s",
	    r->with_operation, what);
	rc = peer_call(parts, r->with, method, path, NULL, &answer, err);
	if (rc == 0)
		rc = rotation_peer_read(buf_text(&answer), peer, err);
	else if (said(&answer, "not_found"))
		rc = 0; /* ROTATION_PEER_NONE */
	else if (said(&answer, "not_pending"))
		rc = 1;
	buf_clear(&answer);
	return rc;
}

int
rotation_peer_look(const struct parts *parts, const struct rotation *r,
    struct rotation_peer *peer, struct err *err)
{
	return ask(parts, r, "GET", "", peer, err) == 0 ?
	    0 :
	    err_prefix(err, "with %s", r->with);
}

int
rotation_peer_cancel(const struct parts *parts, const struct rotation *r,
    struct rotation_peer *peer, struct err *err)
{
	int rc = ask(parts, r, "POST", "/cancel", peer, err);

	/* It goes back already, or has ended: which, it does not say. */
	if (rc == 1)
		rc = ask(parts, r, "GET", "", peer, err);
	return rc == 0 ? 0 : err_prefix(err, "with %s", r->with);
}
