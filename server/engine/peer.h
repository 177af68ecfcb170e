/* engine/peer.h - the other routers of ours, by their own API. */
#ifndef ENGINE_PEER_H
#define ENGINE_PEER_H

struct buf;
struct err;
struct parts;

/*
 * One request to a router of the contexts file (peers.contexts in the
 * configuration), sent by mhctl: name, address, token and CA are in that file,
 * the body goes to its standard input. The engine itself has no socket to the
 * network. Waits up to peers.timeout_ms.
 *
 * The answer's JSON is appended to answer (it may be a BUF_SECRET). -1:
 * ERR_CONFLICT "peer_refused" with the other router's own words, of which
 * answer is the problem document; ERR_UNAVAILABLE "peer_unreachable", also for
 * one that answers that it cannot now: whether it has done anything is not
 * known; ERR_CONFLICT "no_peers" when no contexts file is configured.
 */
int peer_call(const struct parts *, const char *router, const char *method,
    const char *path, const struct buf *body, struct buf *answer, struct err *);

#endif
