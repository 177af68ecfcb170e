/* wire/frame.h - requests and replies between multihomed-http and -engine. */
#ifndef WIRE_FRAME_H
#define WIRE_FRAME_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/addr.h"
#include "base/buf.h"

struct err;

/*
 * On the socket: a head of FRAME_HEAD_SIZE bytes, little-endian:
 *   u32 magic, u16 kind, u16 zero, u64 id, u32 size
 * and then size bytes of payload. The id is chosen by http and comes back.
 */
enum {
	FRAME_HEAD_SIZE = 20,
	FRAME_MAX = 16 * 1024 * 1024, /* largest payload either side accepts */
	FRAME_BODY_MAX = 1024 * 1024,
	FRAME_TARGET_MAX = 4096,
	FRAME_HEADER_MAX = 1024, /* one header's value */
	FRAME_DATA_MAX = 64 * 1024,
	FRAME_DATA_IDS_MAX = 4096
};
#define FRAME_MAGIC 0x4d480001U

enum frame_kind {
	FRAME_REQUEST = 1, /* http -> engine */
	FRAME_REPLY = 2,   /* engine -> http */
	FRAME_CANCEL = 3,  /* http -> engine: the client is gone; no payload */
	FRAME_STREAM = 4, /* engine -> http: as a reply, but its body goes on */
	FRAME_DATA = 5,   /* engine -> http: more for some streams; id 0 */
	FRAME_END = 6     /* engine -> http: a stream is over; no payload */
};

/*
 * A stream is a reply without end: FRAME_STREAM, any number of FRAME_DATA that
 * name its id, and FRAME_END unless the client was gone first (FRAME_CANCEL).
 * What is sent are records, each ended by an empty line (server-sent events);
 * http may drop whole records for a client that does not read them, and tells
 * it so. One FRAME_DATA serves all streams that it names: what many listen to
 * crosses the socket once.
 */

/* The request headers that matter to the engine; all others stay in http. */
enum frame_request_header {
	FRAME_AUTHORIZATION,
	FRAME_CONTENT_TYPE,
	FRAME_ACCEPT,
	FRAME_IF_MATCH,
	FRAME_IF_NONE_MATCH,
	FRAME_IDEMPOTENCY_KEY,
	FRAME_PREFER,
	FRAME_REQUEST_ID,
	FRAME_LAST_EVENT_ID,
	FRAME_REQUEST_HEADERS /* how many */
};

/* The reply headers that the engine may set. */
enum frame_reply_header {
	FRAME_R_CONTENT_TYPE,
	FRAME_R_ETAG,
	FRAME_R_LOCATION,
	FRAME_R_RETRY_AFTER,
	FRAME_R_ALLOW,
	FRAME_R_WWW_AUTHENTICATE,
	FRAME_R_REQUEST_ID,
	FRAME_R_IDEMPOTENT_REPLAYED,
	FRAME_R_PREFERENCE_APPLIED,
	FRAME_R_LINK,
	FRAME_R_CACHE_CONTROL,
	FRAME_R_CONFIRM_PENDING,
	FRAME_REPLY_HEADERS
};

/* "Authorization", "ETag": the names on the HTTP side. */
const char *frame_request_header_name(enum frame_request_header);
const char *frame_reply_header_name(enum frame_reply_header);

struct frame_head {
	enum frame_kind kind;
	uint64_t id;
	uint32_t size;
};

/* A span of bytes inside a decoded payload: borrowed, not NUL-terminated. */
struct frame_bytes {
	const char *data; /* NULL: absent */
	size_t len;
};

/*
 * Payload of a request: u8 method length, method; u16 target length, target
 * (path and query as received, undecoded); u8 flags; u64 connection; peer as
 * text with u8 length; for each header u8 present and if so u16 length, value;
 * u32 body length, body; nothing after it.
 */
struct frame_request {
	struct frame_bytes method;
	struct frame_bytes target;
	struct frame_bytes peer; /* address text, or "unix" */
	bool secure;             /* came over TLS */
	/* The same for all requests of one TCP, TLS or UNIX connection, and of
	 * no other one, http's former lives included. 0: not known. */
	uint64_t connection;
	struct frame_bytes header[FRAME_REQUEST_HEADERS];
	struct frame_bytes body;
};

/* Payload of a reply: u16 status; headers as above; u32 body length, body. */
struct frame_reply {
	uint16_t status;
	struct frame_bytes header[FRAME_REPLY_HEADERS];
	struct frame_bytes body;
};

/* Payload of data: u32 number of ids, u64 each; u32 length, bytes. */
struct frame_data {
	size_t n_ids;
	const void *ids; /* little-endian: frame_data_id() reads them */
	struct frame_bytes bytes;
};
uint64_t frame_data_id(const struct frame_data *, size_t which);

/* Append a whole frame (head and payload) to b; failure shows in b->failed.
 * Callers keep to the limits above: breaking them is asserted. */
void frame_put_request(struct buf *b, uint64_t id,
    const struct frame_request *);
void frame_put_reply(struct buf *b, uint64_t id, const struct frame_reply *);
void frame_put_cancel(struct buf *b, uint64_t id);
void frame_put_stream(struct buf *b, uint64_t id, const struct frame_reply *);
void frame_put_data(struct buf *b, const uint64_t *ids, size_t n_ids,
    const void *bytes, size_t len);
void frame_put_end(struct buf *b, uint64_t id);

/* From exactly FRAME_HEAD_SIZE bytes. -1 and ERR_PROTOCOL on a wrong magic,
 * kind or size. */
int frame_head_read(struct frame_head *, const void *, struct err *);
/*
 * From the payload alone, exactly size bytes. The spans point into it. -1 and
 * ERR_PROTOCOL when any length disagrees, a limit is broken or bytes are left;
 * a NUL or control byte in method, target, peer or a header is refused too.
 */
int frame_request_read(struct frame_request *, const void *, size_t size,
    struct err *);
int frame_reply_read(struct frame_reply *, const void *, size_t size,
    struct err *);
int frame_data_read(struct frame_data *, const void *, size_t size,
    struct err *);

#endif
