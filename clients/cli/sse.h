/* cli/sse.h - server-sent events out of a stream of bytes. */
#ifndef CLI_SSE_H
#define CLI_SSE_H

#include <stdbool.h>
#include <stddef.h>

#include "base/buf.h"

enum {
	SSE_ID_MAX = 256,
	SSE_TYPE_MAX = 32,
	SSE_RECORD_MAX = 1024 * 1024 /* of one event */
};

/* As the HTML standard reads it: lines end with LF, CR or both. */
struct sse {
	struct buf line;
	struct buf data;
	char type[SSE_TYPE_MAX]; /* of the event under way; "": message */
	char id[SSE_ID_MAX];     /* the last one of this stream */
	char last_id[SSE_ID_MAX];
	bool has_data;
	bool after_cr; /* a LF would belong to it */
	bool begun;    /* a byte order mark may stand only before that */
	bool failed;   /* an event was too large; see sse_feed */
};

void sse_init(struct sse *);
void sse_clear(struct sse *);
/* A new connection: what had come in part is forgotten, the last id stays. */
void sse_again(struct sse *);

/* data is a C string; one that holds a NUL byte ends there. */
typedef void sse_event_fn(void *arg, const char *type, const char *data);
/* -1: an event larger than SSE_RECORD_MAX; nothing more is understood. */
int sse_feed(struct sse *, const char *bytes, size_t n, sse_event_fn *,
    void *arg);
/* For Last-Event-ID; "" when none was seen. */
const char *sse_last_id(const struct sse *);

#endif
