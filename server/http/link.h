/* http/link.h - the frame socket to the engine, in batches both ways. */
#ifndef HTTP_LINK_H
#define HTTP_LINK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"
#include "wire/frame.h"

struct err;

enum {
	LINK_IN_SIZE = 128 * 1024, /* larger frames get memory of their own */
	LINK_OUT_MAX = 8 * 1024 * 1024 /* waiting to be sent; then "full" */
};

/* Both directions may carry a key or a token: what was handled is wiped. Not
 * the large frames, which are lists. */
struct link {
	int fd; /* -1: no engine */
	struct buf out;
	char *in; /* LINK_IN_SIZE */
	size_t in_len;
	char *big;      /* payload of a frame that in cannot hold, or NULL */
	size_t big_len; /* bytes there so far */
	struct frame_head big_head;
};

/* What has come: one of the kinds that an engine sends. */
struct link_frame {
	enum frame_kind kind;
	uint64_t id;
	struct frame_reply reply; /* FRAME_REPLY, FRAME_STREAM */
	struct frame_data data;   /* FRAME_DATA */
};

/*
 * The spans point into memory that is gone after the call, unless owned is not
 * NULL: then they point into owned, which the callee takes (free()).
 */
typedef void link_frame_fn(void *cls, const struct link_frame *, void *owned);

void link_init(struct link *);
/* Closes and frees. */
void link_clear(struct link *);
/* Takes fd, makes it non-blocking, and forgets whatever the old one had under
 * way in either direction. */
int link_set(struct link *, int fd, struct err *);
void link_drop(struct link *);
bool link_up(const struct link *);

/* False when there is no engine or too much is waiting for it; nothing has
 * been queued then. */
bool link_put_request(struct link *, uint64_t id, const struct frame_request *);
/* Never refused for lack of room: it is small and makes room elsewhere. */
void link_put_cancel(struct link *, uint64_t id);
/* Writes what the socket takes; -1: ERR_UNAVAILABLE, the caller drops it. What
 * is left then shows in link_wants_write: ask poll() for POLLOUT. */
int link_flush(struct link *, struct err *);
bool link_wants_write(const struct link *);
/*
 * Reads what is there and calls back for each frame. -1: ERR_UNAVAILABLE when
 * the engine hung up, ERR_PROTOCOL when it broke the protocol, ERR_SYSTEM; the
 * caller drops the link.
 */
int link_read(struct link *, link_frame_fn *, void *cls, struct err *);

#endif
