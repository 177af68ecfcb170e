/* engine/rotation_peer.h - the other end of a rotation, where it is ours too */
#ifndef ENGINE_ROTATION_PEER_H
#define ENGINE_ROTATION_PEER_H

struct err;
struct parts;
struct rotation;

/*
 * Stages the same key for the same time on the router r->with: there it is the
 * upstream whose neighbor is our local_address. Each end then changes by its
 * own clock and goes back by itself when the session does not come up: nothing
 * more has to be said between the two. Fills with_operation and with_upstream.
 * -1: as peer_call(), ERR_CONFLICT "peer_unknown" when the other router has no
 * such session, "clocks_differ" when its clock is too far off.
 */
int rotation_peer_stage(const struct parts *, struct rotation *,
    const char *local_address, struct err *);
/* Takes it back there; says so in the log when it cannot. Nothing when there is
 * no other end. */
void rotation_peer_cancel(const struct parts *, const struct rotation *);

#endif
