/* engine/rotation_peer.h - the other end of a rotation, where it is ours too */
#ifndef ENGINE_ROTATION_PEER_H
#define ENGINE_ROTATION_PEER_H

#include "model/rotation_peer.h"

struct parts;

/*
 * What is said to the router r->with, one call each. Staged on both, each end
 * changes by its own clock and goes back by itself when the session does not
 * come up: nothing more has to be said between the two.
 *
 * -1 as peer_call(), where nothing else is said. Its operation there has the id
 * r->with_operation, which is of our choice: what was asked twice is one
 * operation, and it is found without having seen the answer.
 */

/* There the session is the upstream whose neighbor is our local_address; into
 * with_upstream. ERR_CONFLICT "peer_unknown". Changes nothing there. */
int rotation_peer_meet(const struct parts *, struct rotation *,
    const char *local_address, struct err *);
/* The same key for the same time. Again it changes nothing. */
int rotation_peer_stage(const struct parts *, const struct rotation *,
    struct err *);
int rotation_peer_look(const struct parts *, const struct rotation *,
    struct rotation_peer *, struct err *);
/* Called off, in whatever phase it is; and how it is there then. */
int rotation_peer_cancel(const struct parts *, const struct rotation *,
    struct rotation_peer *, struct err *);

#endif
