/* api/request.c - one request on the main thread, and who sent it. */
#include <stdio.h>
#include <string.h>

#include "api/request.h"
#include "base/crypto.h"
#include "base/err.h"
#include "base/name.h"

static int
hex_digit(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	if (c >= 'a' && c <= 'f')
		return c - 'a' + 10;
	if (c >= 'A' && c <= 'F')
		return c - 'A' + 10;
	return -1;
}

int
request_decode(char *out, size_t size, const char *in, size_t n)
{
	size_t i, len = 0;

	for (i = 0; i < n; i++) {
		unsigned char c = (unsigned char)in[i];

		if (c == '%') {
			int high, low;

			if (n - i < 3 || (high = hex_digit(in[i + 1])) == -1 ||
			    (low = hex_digit(in[i + 2])) == -1)
				return -1;
			c = (unsigned char)(high << 4 | low);
			i += 2;
		}
		if (c < 0x20 || c == 0x7f || len + 1 >= size)
			return -1;
		out[len++] = (char)c;
	}
	out[len] = '\0';
	return name_is_utf8(out, len) ? 0 : -1;
}

static bool
is_request_id(const struct frame_bytes *h)
{
	size_t i;

	if (h->data == NULL || h->len == 0 || h->len > 64)
		return false;
	for (i = 0; i < h->len; i++)
		if (strchr("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxy"
			   "z0123456789._-",
			h->data[i]) == NULL ||
		    h->data[i] == '\0')
			return false;
	return true;
}

static void
read_request_id(struct request *req)
{
	const struct frame_bytes *h = &req->frame->header[FRAME_REQUEST_ID];

	if (is_request_id(h)) {
		memcpy(req->request_id, h->data, h->len);
		req->request_id[h->len] = '\0';
		return;
	}
	memcpy(req->request_id, "r-", 2);
	crypto_random_text(req->request_id + 2, sizeof(req->request_id) - 2,
	    12);
}

static int
read_query(struct request *req, const char *text, size_t n, struct err *err)
{
	struct request_query *q;
	const char *end = text + n, *amp, *equals;
	char name[sizeof(q->name)];

	for (; text < end; text = amp + 1) {
		amp = memchr(text, '&', (size_t)(end - text));
		if (amp == NULL)
			amp = end;
		if (amp == text)
			continue;
		equals = memchr(text, '=', (size_t)(amp - text));
		if (equals == NULL)
			equals = amp;
		if (request_decode(name, sizeof(name), text,
			(size_t)(equals - text)) == -1)
			return err_set(err, ERR_INVALID,
			    "the query cannot be understood");
		if (request_query_value(req, name) != NULL)
			return err_set(err, ERR_INVALID,
			    "the query has %s twice", name);
		if (req->n_query == REQUEST_QUERY_MAX)
			return err_set(err, ERR_INVALID,
			    "the query has too many members");
		q = &req->query[req->n_query];
		memcpy(q->name, name, sizeof(name));
		if (equals == amp)
			q->value[0] = '\0';
		else if (request_decode(q->value, sizeof(q->value), equals + 1,
			     (size_t)(amp - equals - 1)) == -1)
			return err_set(err, ERR_INVALID,
			    "the value of %s in the query cannot be understood",
			    name);
		req->n_query++;
	}
	return 0;
}

int
request_read(struct request *req, struct err *err)
{
	const struct frame_request *f = req->frame;
	const char *mark;
	size_t path_len = f->target.len;

	read_request_id(req);
	(void)snprintf(req->method, sizeof(req->method), "%.*s",
	    (int)f->method.len, f->method.data);
	(void)snprintf(req->peer_text, sizeof(req->peer_text), "%.*s",
	    (int)f->peer.len, f->peer.data);
	req->has_peer = addr_parse(&req->peer, req->peer_text, NULL) == 0;
	mark = path_len == 0 ? NULL : memchr(f->target.data, '?', path_len);
	if (mark != NULL)
		path_len = (size_t)(mark - f->target.data);
	memcpy(req->path, f->target.data, path_len);
	req->path[path_len] = '\0';
	req->n_query = 0;
	if (mark == NULL)
		return 0;
	return read_query(req, mark + 1, f->target.len - path_len - 1, err);
}

const char *
request_query_value(const struct request *req, const char *name)
{
	unsigned i;

	for (i = 0; i < req->n_query; i++)
		if (strcmp(req->query[i].name, name) == 0)
			return req->query[i].value;
	return NULL;
}

int
request_query_check(const struct request *req, const char *const *known,
    struct err *err)
{
	unsigned i, j;

	for (i = 0; i < req->n_query; i++) {
		for (j = 0; known[j] != NULL; j++)
			if (strcmp(req->query[i].name, known[j]) == 0)
				break;
		if (known[j] == NULL)
			return err_set(err, ERR_INVALID,
			    "the query member %s is not known here",
			    req->query[i].name);
	}
	return 0;
}

void
request_header(const struct request *req, enum frame_request_header which,
    char *out, size_t size)
{
	const struct frame_bytes *h = &req->frame->header[which];

	(void)snprintf(out, size, "%.*s", (int)h->len,
	    h->data == NULL ? "" : h->data);
}

int
request_flag(const struct request *req, const char *name, bool *out,
    struct err *err)
{
	const char *value = request_query_value(req, name);

	*out = value != NULL && strcmp(value, "true") == 0;
	if (value != NULL && !*out && strcmp(value, "false") != 0)
		return err_set(err, ERR_INVALID,
		    "%s in the query must be true or false", name);
	return 0;
}
