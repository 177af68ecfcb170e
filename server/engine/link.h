/* engine/link.h - the frame socket to http, as buffers and whole frames. */
#ifndef ENGINE_LINK_H
#define ENGINE_LINK_H

#include <stdint.h>

#include "base/buf.h"

struct err;

/* Zeroed with fd -1: no http yet. */
struct link {
	int fd;              /* owned; -1: none */
	unsigned generation; /* counts the sockets we were given */
	struct buf in;
	struct buf out;
};

/* What to do with one whole request: 0, or -1 when http is not to be trusted
 * any more. Answers are appended to link->out. */
typedef int link_request_fn(void *arg, struct link *, uint64_t id,
    const void *payload, uint32_t size);

/* Nobody waits for the answer any more. */
typedef void link_cancel_fn(void *arg, uint64_t id);

void link_init(struct link *);
/* Takes fd; whatever was under way on the old one is dropped. */
void link_replace(struct link *, int fd);
void link_close(struct link *);
/* Reads what is there and calls fn for each whole request. -1: closed by the
 * other side or broken; link is closed then. */
int link_read(struct link *, link_request_fn *fn, link_cancel_fn *cancel,
    void *arg);
/* Writes as much as goes without waiting. -1 as above. */
int link_write(struct link *);

#endif
