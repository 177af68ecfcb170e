/* cli/sse.c - server-sent events out of a stream of bytes. */
#include <stdio.h>
#include <string.h>

#include "cli/sse.h"

void
sse_init(struct sse *s)
{
	memset(s, 0, sizeof(*s));
	buf_init(&s->line, SSE_RECORD_MAX);
	buf_init(&s->data, SSE_RECORD_MAX);
}

void
sse_clear(struct sse *s)
{
	buf_clear(&s->line);
	buf_clear(&s->data);
	memset(s, 0, sizeof(*s));
}

static void
forget_event(struct sse *s)
{
	buf_reset(&s->data);
	s->type[0] = '\0';
	s->has_data = false;
}

void
sse_again(struct sse *s)
{
	forget_event(s);
	buf_reset(&s->line);
	memcpy(s->id, s->last_id, sizeof(s->id));
	s->after_cr = s->begun = s->failed = false;
}

const char *
sse_last_id(const struct sse *s)
{
	return s->last_id;
}

static void
take_field(struct sse *s, const char *name, size_t len, const char *value)
{
	if (len == 4 && memcmp(name, "data", 4) == 0) {
		if (s->has_data)
			buf_putc(&s->data, '\n');
		buf_puts(&s->data, value);
		s->has_data = true;
	} else if (len == 5 && memcmp(name, "event", 5) == 0) {
		(void)snprintf(s->type, sizeof(s->type), "%s", value);
	} else if (len == 2 && memcmp(name, "id", 2) == 0 &&
	    strlen(value) < sizeof(s->id)) {
		memcpy(s->id, value, strlen(value) + 1);
	}
}

/* The empty line: what has come is one event, or only an id. */
static void
end_event(struct sse *s, sse_event_fn *fn, void *arg)
{
	memcpy(s->last_id, s->id, sizeof(s->last_id));
	if (s->has_data && !s->data.failed)
		fn(arg, s->type[0] == '\0' ? "message" : s->type,
		    buf_text(&s->data));
	forget_event(s);
}

static void
take_line(struct sse *s, sse_event_fn *fn, void *arg)
{
	const char *line = buf_text(&s->line), *colon, *value;
	size_t len = strlen(line);

	if (!s->begun && strncmp(line, "\xef\xbb\xbf", 3) == 0) {
		line += 3;
		len -= 3;
	}
	s->begun = true;
	colon = strchr(line, ':');
	if (s->line.len == 0 || len == 0) {
		end_event(s, fn, arg);
	} else if (colon != line) { /* a colon at first: a comment */
		value = colon == NULL ? line + len : colon + 1;
		if (*value == ' ')
			value++;
		take_field(s, line,
		    colon == NULL ? len : (size_t)(colon - line), value);
	}
	buf_reset(&s->line);
}

int
sse_feed(struct sse *s, const char *bytes, size_t n, sse_event_fn *fn,
    void *arg)
{
	const char *end = bytes + n;
	size_t len;

	while (bytes < end && !s->failed) {
		if (s->after_cr && *bytes == '\n') {
			s->after_cr = false;
			bytes++;
			continue;
		}
		s->after_cr = false;
		for (len = 0; bytes + len < end && bytes[len] != '\n' &&
		     bytes[len] != '\r';
		     len++)
			;
		buf_add(&s->line, bytes, len);
		bytes += len;
		s->failed = s->line.failed || s->data.failed;
		if (bytes == end || s->failed)
			break;
		s->after_cr = *bytes++ == '\r';
		take_line(s, fn, arg);
		s->failed = s->data.failed;
	}
	return s->failed ? -1 : 0;
}
