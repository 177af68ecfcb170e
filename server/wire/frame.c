/* wire/frame.c - requests and replies between multihomed-http and -engine. */
#include <assert.h>
#include <string.h>

#include "base/err.h"
#include "wire/frame.h"

enum {
	METHOD_MAX = 32,
	PEER_MAX = ADDR_TEXT_MAX
};

static const char *const request_names[FRAME_REQUEST_HEADERS] = {
	[FRAME_AUTHORIZATION] = "Authorization",
	[FRAME_CONTENT_TYPE] = "Content-Type",
	[FRAME_ACCEPT] = "Accept",
	[FRAME_IF_MATCH] = "If-Match",
	[FRAME_IF_NONE_MATCH] = "If-None-Match",
	[FRAME_IDEMPOTENCY_KEY] = "Idempotency-Key",
	[FRAME_PREFER] = "Prefer",
	[FRAME_REQUEST_ID] = "X-Request-Id",
	[FRAME_LAST_EVENT_ID] = "Last-Event-ID",
};

static const char *const reply_names[FRAME_REPLY_HEADERS] = {
	[FRAME_R_CONTENT_TYPE] = "Content-Type",
	[FRAME_R_ETAG] = "ETag",
	[FRAME_R_LOCATION] = "Location",
	[FRAME_R_RETRY_AFTER] = "Retry-After",
	[FRAME_R_ALLOW] = "Allow",
	[FRAME_R_WWW_AUTHENTICATE] = "WWW-Authenticate",
	[FRAME_R_REQUEST_ID] = "X-Request-Id",
	[FRAME_R_IDEMPOTENT_REPLAYED] = "Idempotent-Replayed",
	[FRAME_R_PREFERENCE_APPLIED] = "Preference-Applied",
	[FRAME_R_LINK] = "Link",
	[FRAME_R_CACHE_CONTROL] = "Cache-Control",
	[FRAME_R_CONFIRM_PENDING] = "X-Confirm-Pending",
};

const char *
frame_request_header_name(enum frame_request_header header)
{
	return request_names[header];
}

const char *
frame_reply_header_name(enum frame_reply_header header)
{
	return reply_names[header];
}

/* Writes the head with a size still unknown; returns where the payload
 * starts. */
static size_t
begin(struct buf *b, enum frame_kind kind, uint64_t id)
{
	buf_u32(b, FRAME_MAGIC);
	buf_u16(b, (uint16_t)kind);
	buf_u16(b, 0);
	buf_u64(b, id);
	buf_u32(b, 0);
	return b->len;
}

static void
end(struct buf *b, size_t start)
{
	size_t size = b->len - start;
	size_t i;

	if (b->failed)
		return;
	assert(size <= FRAME_MAX);
	for (i = 0; i < 4; i++)
		b->data[start - 4 + i] = (char)(size >> (8 * i));
}

static void
put_headers(struct buf *b, const struct frame_bytes *headers, size_t n)
{
	size_t i;

	for (i = 0; i < n; i++) {
		buf_u8(b, headers[i].data != NULL);
		if (headers[i].data == NULL)
			continue;
		assert(headers[i].len <= FRAME_HEADER_MAX);
		buf_u16(b, (uint16_t)headers[i].len);
		buf_add(b, headers[i].data, headers[i].len);
	}
}

void
frame_put_request(struct buf *b, uint64_t id, const struct frame_request *req)
{
	size_t start = begin(b, FRAME_REQUEST, id);

	assert(req->method.len <= METHOD_MAX);
	assert(req->target.len <= FRAME_TARGET_MAX);
	assert(req->peer.len <= PEER_MAX);
	assert(req->body.len <= FRAME_BODY_MAX);
	buf_u8(b, (uint8_t)req->method.len);
	buf_add(b, req->method.data, req->method.len);
	buf_u16(b, (uint16_t)req->target.len);
	buf_add(b, req->target.data, req->target.len);
	buf_u8(b, req->secure);
	buf_u64(b, req->connection);
	buf_u8(b, (uint8_t)req->peer.len);
	buf_add(b, req->peer.data, req->peer.len);
	put_headers(b, req->header, FRAME_REQUEST_HEADERS);
	buf_u32(b, (uint32_t)req->body.len);
	buf_add(b, req->body.data, req->body.len);
	end(b, start);
}

static void
put_reply(struct buf *b, enum frame_kind kind, uint64_t id,
    const struct frame_reply *reply)
{
	size_t start = begin(b, kind, id);

	buf_u16(b, reply->status);
	put_headers(b, reply->header, FRAME_REPLY_HEADERS);
	buf_u32(b, (uint32_t)reply->body.len);
	buf_add(b, reply->body.data, reply->body.len);
	end(b, start);
}

void
frame_put_reply(struct buf *b, uint64_t id, const struct frame_reply *reply)
{
	put_reply(b, FRAME_REPLY, id, reply);
}

void
frame_put_stream(struct buf *b, uint64_t id, const struct frame_reply *reply)
{
	put_reply(b, FRAME_STREAM, id, reply);
}

void
frame_put_cancel(struct buf *b, uint64_t id)
{
	end(b, begin(b, FRAME_CANCEL, id));
}

void
frame_put_data(struct buf *b, const uint64_t *ids, size_t n_ids,
    const void *bytes, size_t len)
{
	size_t start = begin(b, FRAME_DATA, 0), i;

	assert(n_ids > 0 && n_ids <= FRAME_DATA_IDS_MAX);
	assert(len <= FRAME_DATA_MAX);
	buf_u32(b, (uint32_t)n_ids);
	for (i = 0; i < n_ids; i++)
		buf_u64(b, ids[i]);
	buf_u32(b, (uint32_t)len);
	buf_add(b, bytes, len);
	end(b, start);
}

void
frame_put_end(struct buf *b, uint64_t id)
{
	end(b, begin(b, FRAME_END, id));
}

/* What is left of a payload. */
struct reader {
	const unsigned char *p;
	size_t left;
	bool failed;
};

static uint64_t
get_number(struct reader *r, size_t n)
{
	uint64_t value = 0;
	size_t i;

	if (r->failed || r->left < n) {
		r->failed = true;
		return 0;
	}
	for (i = 0; i < n; i++)
		value |= (uint64_t)r->p[i] << (8 * i);
	r->p += n;
	r->left -= n;
	return value;
}

static struct frame_bytes
get_bytes(struct reader *r, size_t n, size_t max)
{
	struct frame_bytes bytes = { NULL, 0 };

	if (r->failed || n > max || r->left < n) {
		r->failed = true;
		return bytes;
	}
	bytes.data = (const char *)r->p;
	bytes.len = n;
	r->p += n;
	r->left -= n;
	return bytes;
}

/* As get_bytes, and no byte below 0x20 nor DEL: a header cannot be split. */
static struct frame_bytes
get_text(struct reader *r, size_t n, size_t max)
{
	struct frame_bytes bytes = get_bytes(r, n, max);
	size_t i;

	for (i = 0; i < bytes.len; i++) {
		unsigned char c = (unsigned char)bytes.data[i];

		if ((c < 0x20 && c != '\t') || c == 0x7f)
			r->failed = true;
	}
	return bytes;
}

static void
get_headers(struct reader *r, struct frame_bytes *headers, size_t n)
{
	uint64_t present;
	size_t i;

	for (i = 0; i < n; i++) {
		headers[i].data = NULL;
		headers[i].len = 0;
		present = get_number(r, 1);
		if (present > 1)
			r->failed = true;
		if (present == 1)
			headers[i] = get_text(r, (size_t)get_number(r, 2),
			    FRAME_HEADER_MAX);
	}
}

/* Of this kind nothing follows the head. */
static bool
is_empty(enum frame_kind kind)
{
	return kind == FRAME_CANCEL || kind == FRAME_END;
}

int
frame_head_read(struct frame_head *head, const void *bytes, struct err *err)
{
	struct reader r = { bytes, FRAME_HEAD_SIZE, false };
	uint64_t magic = get_number(&r, 4);
	uint64_t kind = get_number(&r, 2);
	uint64_t zero = get_number(&r, 2);

	head->id = get_number(&r, 8);
	head->size = (uint32_t)get_number(&r, 4);
	if (magic != FRAME_MAGIC || zero != 0)
		return err_set(err, ERR_PROTOCOL, "not a frame");
	if (kind < FRAME_REQUEST || kind > FRAME_END)
		return err_set(err, ERR_PROTOCOL, "unknown kind of frame");
	head->kind = (enum frame_kind)kind;
	if (head->size > FRAME_MAX || (is_empty(head->kind) && head->size != 0))
		return err_set(err, ERR_PROTOCOL, "frame of %u bytes",
		    (unsigned)head->size);
	if (head->kind == FRAME_DATA && head->id != 0)
		return err_set(err, ERR_PROTOCOL, "data frame with an id");
	return 0;
}

static int
finish(const struct reader *r, const char *what, struct err *err)
{
	if (r->failed)
		return err_set(err, ERR_PROTOCOL, "malformed %s frame", what);
	if (r->left != 0)
		return err_set(err, ERR_PROTOCOL,
		    "%s frame with %zu bytes too many", what, r->left);
	return 0;
}

int
frame_request_read(struct frame_request *req, const void *payload, size_t size,
    struct err *err)
{
	struct reader r = { payload, size, false };
	uint64_t secure;

	req->method = get_text(&r, (size_t)get_number(&r, 1), METHOD_MAX);
	req->target = get_text(&r, (size_t)get_number(&r, 2), FRAME_TARGET_MAX);
	secure = get_number(&r, 1);
	if (secure > 1)
		r.failed = true;
	req->secure = secure == 1;
	req->connection = get_number(&r, 8);
	req->peer = get_text(&r, (size_t)get_number(&r, 1), PEER_MAX);
	get_headers(&r, req->header, FRAME_REQUEST_HEADERS);
	req->body = get_bytes(&r, (size_t)get_number(&r, 4), FRAME_BODY_MAX);
	return finish(&r, "request", err);
}

int
frame_reply_read(struct frame_reply *reply, const void *payload, size_t size,
    struct err *err)
{
	struct reader r = { payload, size, false };

	reply->status = (uint16_t)get_number(&r, 2);
	if (reply->status < 100 || reply->status > 599)
		r.failed = true;
	get_headers(&r, reply->header, FRAME_REPLY_HEADERS);
	reply->body = get_bytes(&r, (size_t)get_number(&r, 4), FRAME_MAX);
	return finish(&r, "reply", err);
}

int
frame_data_read(struct frame_data *data, const void *payload, size_t size,
    struct err *err)
{
	struct reader r = { payload, size, false };
	uint64_t n = get_number(&r, 4);

	if (n == 0 || n > FRAME_DATA_IDS_MAX) {
		r.failed = true;
		n = 0;
	}
	data->n_ids = (size_t)n;
	data->ids =
	    get_bytes(&r, (size_t)n * 8, (size_t)FRAME_DATA_IDS_MAX * 8).data;
	data->bytes = get_bytes(&r, (size_t)get_number(&r, 4), FRAME_DATA_MAX);
	return finish(&r, "data", err);
}

uint64_t
frame_data_id(const struct frame_data *data, size_t which)
{
	struct reader r = { (const unsigned char *)data->ids + which * 8, 8,
		false };

	return get_number(&r, 8);
}
