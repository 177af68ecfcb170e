/* http/head.c - is this request head one that we pass on? */
#include <string.h>
#include <strings.h>

#include <microhttpd.h>

#include "base/number.h"
#include "http/conn.h"
#include "http/head.h"

enum {
	METHOD_MAX = 32
}; /* as wire/frame.c */

/* What one walk over the header lines gathers. */
struct scan {
	struct conn *conn;
	const char *length; /* Content-Length */
	const char *coding; /* Transfer-Encoding */
	unsigned n_hosts;
	struct head_refusal *why;
	bool refused;
};

static bool
refuse(struct head_refusal *why, enum problem_kind kind, const char *detail)
{
	why->kind = kind;
	why->detail = detail;
	return false;
}

/* RFC 9110 5.6.2: methods and header names. */
static bool
is_token(const char *s, size_t len)
{
	static const char others[] = "!#$%&'*+.^_`|~";
	size_t i;

	for (i = 0; i < len; i++) {
		char ch = s[i];

		if ((ch >= 'a' && ch <= 'z') || (ch >= 'A' && ch <= 'Z') ||
		    (ch >= '0' && ch <= '9') || ch == '-')
			continue;
		if (ch == '\0' || strchr(others, ch) == NULL)
			return false;
	}
	return len > 0;
}

/* Field values: anything but control bytes; tabs are blanks. */
static bool
is_value(const char *s, size_t len)
{
	size_t i;

	for (i = 0; i < len; i++) {
		unsigned char ch = (unsigned char)s[i];

		if ((ch < 0x20 && ch != '\t') || ch == 0x7f)
			return false;
	}
	return true;
}

static bool
is_named(const char *key, size_t key_len, const char *name)
{
	/* The first letter settles most. */
	return (key[0] | 0x20) == (name[0] | 0x20) &&
	    strncasecmp(key, name, key_len) == 0 && name[key_len] == '\0';
}

static bool
check_request_id(struct conn *c, const char *value, size_t len)
{
	static const char letters[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
				      "abcdefghijklmnopqrstuvwxyz"
				      "0123456789._-";

	if (len == 0 || len >= sizeof(c->request_id) ||
	    strspn(value, letters) < len)
		return false;
	memcpy(c->request_id, value, len);
	c->request_id[len] = '\0';
	return true;
}

/* One of the closed list, or of no interest. */
static bool
keep(struct scan *scan, const char *key, size_t key_len, const char *value,
    size_t len)
{
	struct frame_bytes *h = scan->conn->header;
	size_t i;

	for (i = 0; i < FRAME_REQUEST_HEADERS; i++)
		if (is_named(key, key_len,
			frame_request_header_name(
			    (enum frame_request_header)i)))
			break;
	if (i == FRAME_REQUEST_HEADERS)
		return true;
	if (i == FRAME_REQUEST_ID) {
		/* An unusable one is replaced by ours, as api.md has it. */
		(void)check_request_id(scan->conn, value, len);
		return true;
	}
	if (h[i].data != NULL)
		return refuse(scan->why, PROBLEM_MALFORMED,
		    "a header that may appear once appears twice");
	if (len > FRAME_HEADER_MAX)
		return refuse(scan->why, PROBLEM_LONG_HEADERS,
		    "a header is longer than 1024 bytes");
	h[i].data = value;
	h[i].len = len;
	return true;
}

static bool
look_at(struct scan *scan, const char *key, size_t key_len, const char *value,
    size_t len)
{
	while (len > 0 && (value[len - 1] == ' ' || value[len - 1] == '\t'))
		len--;
	if (!is_token(key, key_len) || !is_value(value, len))
		return refuse(scan->why, PROBLEM_MALFORMED,
		    "a header line is malformed");
	if (is_named(key, key_len, "Host"))
		scan->n_hosts++;
	else if (is_named(key, key_len, "Content-Length")) {
		if (scan->length != NULL)
			return refuse(scan->why, PROBLEM_MALFORMED,
			    "more than one Content-Length");
		scan->length = value;
	} else if (is_named(key, key_len, "Transfer-Encoding")) {
		if (scan->coding != NULL)
			return refuse(scan->why, PROBLEM_MALFORMED,
			    "more than one Transfer-Encoding");
		scan->coding = value;
	}
	return keep(scan, key, key_len, value, len);
}

static enum MHD_Result
on_header(void *cls, enum MHD_ValueKind kind, const char *key, size_t key_len,
    const char *value, size_t len)
{
	struct scan *scan = cls;

	(void)kind;
	scan->refused = !look_at(scan, key, key_len, value == NULL ? "" : value,
	    value == NULL ? 0 : len);
	return scan->refused ? MHD_NO : MHD_YES;
}

static bool
check_target(const struct conn *c, const char *version,
    struct head_refusal *why)
{
	const char *target = buf_text(&c->target);
	size_t i;

	if (c->target.len > FRAME_TARGET_MAX)
		return refuse(why, PROBLEM_LONG_TARGET,
		    "the request target is longer than 4096 bytes");
	for (i = 0; i < c->target.len; i++)
		if (target[i] < 0x21 || target[i] > 0x7e)
			return refuse(why, PROBLEM_MALFORMED,
			    "the request target holds a byte that must be "
			    "percent-encoded");
	/* A NUL byte ended our copy but not the original. */
	if (c->target.len == 0 || version != c->target_at + c->target.len + 1)
		return refuse(why, PROBLEM_MALFORMED,
		    "the request line is malformed");
	return true;
}

/* Where does this request end? Only when there is one answer. */
static bool
check_framing(const struct scan *scan, const char *version, uint32_t body_max,
    struct head_refusal *why)
{
	bool old = strcmp(version, "HTTP/1.0") == 0;
	uint64_t length;

	if (scan->n_hosts > 1 || (scan->n_hosts == 0 && !old))
		return refuse(why, PROBLEM_MALFORMED,
		    "exactly one Host header is needed");
	if (scan->coding != NULL && (scan->length != NULL || old))
		return refuse(why, PROBLEM_MALFORMED,
		    "Transfer-Encoding does not go with Content-Length or "
		    "HTTP/1.0");
	if (scan->coding != NULL && strcasecmp(scan->coding, "chunked") != 0)
		return refuse(why, PROBLEM_CODING,
		    "the only transfer coding is chunked");
	if (scan->length == NULL)
		return true;
	if (number_parse_u64(&length, scan->length, 0, UINT64_MAX, NULL) == -1)
		return refuse(why, PROBLEM_MALFORMED,
		    "Content-Length is no number");
	if (length > body_max)
		return refuse(why, PROBLEM_TOO_LARGE,
		    "the body is larger than this server accepts");
	return true;
}

bool
head_check(struct conn *c, struct MHD_Connection *mhd, const char *method,
    const char *version, const struct head_limits *limits,
    struct head_refusal *why)
{
	const union MHD_ConnectionInfo *info;
	struct scan scan = { .conn = c, .why = why };
	size_t len = strlen(method);

	if (len > METHOD_MAX || !is_token(method, len))
		return refuse(why, PROBLEM_MALFORMED, "no such method");
	/* Also on refusal the client's request id is wanted. */
	(void)MHD_get_connection_values_n(mhd, MHD_HEADER_KIND, on_header,
	    &scan);
	if (!check_target(c, version, why))
		return false;
	info = MHD_get_connection_info(mhd,
	    MHD_CONNECTION_INFO_REQUEST_HEADER_SIZE);
	if (info != NULL && info->header_size > limits->header_max)
		return refuse(why, PROBLEM_LONG_HEADERS,
		    "the request head is larger than this server accepts");
	if (scan.refused)
		return false;
	return check_framing(&scan, version, limits->body_max, why);
}
