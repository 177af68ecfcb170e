/* cli/trace.c - what -v shows on standard error; never a token or key. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include <jansson.h>

#include "base/buf.h"
#include "cli/client.h"
#include "cli/text.h"
#include "cli/trace.h"

static const char stars[] = "****";

static void
put(struct buf *b)
{
	(void)fwrite(buf_text(b), 1, b->len, stderr);
	buf_clear(b);
}

void
trace_line(const char *mark, const char *method, const char *url)
{
	struct buf b = BUF_INIT;

	buf_printf(&b, "%s %s ", mark, method);
	text_add(&b, url);
	buf_putc(&b, '\n');
	put(&b);
}

void
trace_header(const char *mark, const char *header, size_t len)
{
	struct buf b = BUF_INIT;

	while (len > 0 && (unsigned char)header[len - 1] <= ' ')
		len--;
	if (len == 0 || header[len - 1] == ':')
		return;
	buf_printf(&b, "%s ", mark);
	if (len >= 14 && strncasecmp(header, "authorization:", 14) == 0)
		buf_printf(&b, "Authorization: Bearer %s", stars);
	else
		text_add_n(&b, header, len);
	buf_putc(&b, '\n');
	put(&b);
}

static void
hide_keys(json_t *json)
{
	const char *member;
	json_t *value;
	size_t i;

	json_array_foreach(json, i, value)
	{
		hide_keys(value);
	}
	json_object_foreach(json, member, value)
	{
		if (strcmp(member, "key") == 0 && json_is_string(value))
			(void)json_string_set(value, stars);
		else
			hide_keys(value);
	}
}

static void
put_body(const char *mark, const char *body, size_t len)
{
	json_t *json = json_loadb(body, len, JSON_DECODE_ANY, NULL);
	char *text = NULL;
	struct buf b = BUF_INIT;

	if (json != NULL) {
		hide_keys(json);
		text = json_dumps(json, JSON_COMPACT | JSON_ENCODE_ANY);
	}
	buf_printf(&b, "%s ", mark);
	if (text != NULL)
		text_add(&b, text);
	else
		text_add_n(&b, body, len);
	buf_putc(&b, '\n');
	put(&b);
	free(text);
	json_decref(json);
}

void
trace_body(const char *mark, const char *body)
{
	if (body != NULL)
		put_body(mark, body, strlen(body));
}

void
trace_answer(const struct client_answer *a, const char *failure)
{
	struct buf b = BUF_INIT;

	if (failure != NULL) {
		buf_puts(&b, "< (");
		text_add(&b, failure);
		buf_puts(&b, ")\n");
		put(&b);
		return;
	}
	buf_printf(&b, "< status %ld, %zu bytes\n", a->status, a->body.len);
	if (a->request_id[0] != '\0') {
		buf_puts(&b, "< X-Request-Id: ");
		text_add(&b, a->request_id);
		buf_putc(&b, '\n');
	}
	if (a->etag[0] != '\0') {
		buf_puts(&b, "< ETag: ");
		text_add(&b, a->etag);
		buf_putc(&b, '\n');
	}
	if (a->retry_after_s != 0)
		buf_printf(&b, "< Retry-After: %u\n", a->retry_after_s);
	put(&b);
	if (a->body.len > 0)
		put_body("<", buf_text(&a->body), a->body.len);
}
