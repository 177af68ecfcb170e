/* cli/transport.c - what libcurl is told about one request. */
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/buf.h"
#include "base/compat.h"
#include "base/version.h"
#include "cli/client.h"
#include "cli/target.h"
#include "cli/transport.h"

enum {
	CONNECT_TIMEOUT_MS = 10000
};

static size_t
on_body(char *bytes, size_t size, size_t n, void *arg)
{
	struct client_answer *a = arg;

	buf_add(&a->body, bytes, size * n);
	return a->body.failed ? 0 : size * n;
}

/* The value of "Name: value\r\n" into out, when the line is that header. */
static void
take_header(const char *line, size_t n, const char *name, char *out,
    size_t size)
{
	size_t len = strlen(name);

	if (n <= len || strncasecmp(line, name, len) != 0 || line[len] != ':')
		return;
	line += len + 1;
	n -= len + 1;
	while (n > 0 && (*line == ' ' || *line == '\t')) {
		line++;
		n--;
	}
	while (n > 0 && (unsigned char)line[n - 1] <= ' ')
		n--;
	if (n < size) {
		memcpy(out, line, n);
		out[n] = '\0';
	}
}

static size_t
on_header(char *line, size_t size, size_t n, void *arg)
{
	struct client_answer *a = arg;
	char number[16] = "";

	n *= size;
	take_header(line, n, "etag", a->etag, sizeof(a->etag));
	take_header(line, n, "x-request-id", a->request_id,
	    sizeof(a->request_id));
	take_header(line, n, "retry-after", number, sizeof(number));
	if (*number != '\0')
		a->retry_after_s = (unsigned)strtoul(number, NULL, 10);
	return n;
}

static struct curl_slist *
headers_new(const struct target *t, const struct client_request *req,
    const char *key)
{
	struct curl_slist *list = NULL, *more;
	struct buf b = BUF_INIT;
	size_t i;
	const char *const lines[][2] = {
		{ "Accept",
		    req->accept != NULL ?
			req->accept :
			"application/json, application/problem+json" },
		{ "Last-Event-ID", req->last_event_id },
		{ "Authorization", *t->token == '\0' ? NULL : t->token },
		{ "Content-Type",
		    req->body == NULL ? NULL : req->content_type },
		{ "If-Match", req->if_match },
		{ "If-None-Match", req->only_new ? "*" : NULL },
		{ "Idempotency-Key", req->write ? key : NULL },
		{ "Expect", "" }, /* curl's own: costs a round trip */
	};

	for (i = 0; i < NITEMS(lines); i++) {
		if (lines[i][1] == NULL)
			continue;
		buf_reset(&b);
		buf_printf(&b, "%s:%s%s%s", lines[i][0],
		    *lines[i][1] == '\0' ? "" : " ",
		    strcmp(lines[i][0], "Authorization") == 0 ? "Bearer " : "",
		    lines[i][1]);
		more = curl_slist_append(list, buf_text(&b));
		if (more != NULL)
			list = more;
	}
	buf_wipe(&b);
	return list;
}

static void
set_transport(const struct target *t, CURL *e)
{
	(void)curl_easy_setopt(e, CURLOPT_NOSIGNAL, 1L);
	(void)curl_easy_setopt(e, CURLOPT_PROXY, "");
	(void)curl_easy_setopt(e, CURLOPT_FOLLOWLOCATION, 0L);
#if LIBCURL_VERSION_NUM >= 0x075500
	(void)curl_easy_setopt(e, CURLOPT_PROTOCOLS_STR, "http,https");
#else
	(void)curl_easy_setopt(e, CURLOPT_PROTOCOLS,
	    (long)(CURLPROTO_HTTP | CURLPROTO_HTTPS));
#endif
	(void)curl_easy_setopt(e, CURLOPT_HTTP_VERSION,
	    (long)CURL_HTTP_VERSION_1_1);
	(void)curl_easy_setopt(e, CURLOPT_SSLVERSION,
	    (long)CURL_SSLVERSION_TLSv1_2);
	(void)curl_easy_setopt(e, CURLOPT_CONNECTTIMEOUT_MS,
	    (long)CONNECT_TIMEOUT_MS);
	(void)curl_easy_setopt(e, CURLOPT_USERAGENT, "mhctl/" VERSION);
	if (t->unix_path != NULL)
		(void)curl_easy_setopt(e, CURLOPT_UNIX_SOCKET_PATH,
		    t->unix_path);
	if (t->ca != NULL)
		(void)curl_easy_setopt(e, CURLOPT_CAINFO, t->ca);
}

static void
set_request(CURL *e, const struct client_request *req, const char *url,
    const char *body, struct client_answer *a)
{
	(void)curl_easy_setopt(e, CURLOPT_URL, url);
	if (body != NULL) {
		(void)curl_easy_setopt(e, CURLOPT_POSTFIELDSIZE,
		    (long)strlen(body));
		(void)curl_easy_setopt(e, CURLOPT_POSTFIELDS, body);
	}
	(void)curl_easy_setopt(e, CURLOPT_CUSTOMREQUEST, req->method);
	/* On a connection used before libcurl would send again by itself. */
	(void)curl_easy_setopt(e, CURLOPT_FRESH_CONNECT, req->write ? 1L : 0L);
	(void)curl_easy_setopt(e, CURLOPT_WRITEFUNCTION, on_body);
	(void)curl_easy_setopt(e, CURLOPT_WRITEDATA, a);
	(void)curl_easy_setopt(e, CURLOPT_HEADERFUNCTION, on_header);
	(void)curl_easy_setopt(e, CURLOPT_HEADERDATA, a);
}

struct curl_slist *
transport_prepare(CURL *e, const struct target *t,
    const struct client_request *req, const char *key, const char *url,
    const char *body, struct client_answer *a)
{
	struct curl_slist *headers = headers_new(t, req, key);

	curl_easy_reset(e);
	set_transport(t, e);
	set_request(e, req, url, body, a);
	(void)curl_easy_setopt(e, CURLOPT_HTTPHEADER, headers);
	return headers;
}
