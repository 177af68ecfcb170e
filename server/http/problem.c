/* http/problem.c - what http itself refuses, as RFC 9457 documents. */
#include <string.h>

#include "base/buf.h"
#include "http/problem.h"

#define PROBLEM_ROW(id, status, code, retry, title) \
	[id] = { status, retry, code, title },
const struct problem problems[PROBLEM_COUNT] = { PROBLEMS(PROBLEM_ROW) };

void
problem_print(struct buf *b, const struct problem *p, const char *detail,
    const char *request_id)
{
	buf_printf(b,
	    "{\"type\":\"https://multihomed.dev/problems/%s\","
	    "\"title\":\"%s\",\"status\":%u,\"code\":\"%s\",\"detail\":\"%s\","
	    "\"request_id\":\"%s\"",
	    p->code, p->title, p->status, p->code, detail, request_id);
	if (p->retry_after_s != 0)
		buf_printf(b, ",\"retry_after_s\":%u", p->retry_after_s);
	buf_puts(b, "}\n");
}

void
problem_print_answer(struct buf *b, const struct problem *p, const char *detail,
    const char *request_id)
{
	char memory[1024];
	struct buf body;

	buf_init_fixed(&body, memory, sizeof(memory));
	problem_print(&body, p, detail, request_id);
	buf_printf(b,
	    "HTTP/1.1 %u %s\r\n"
	    "Connection: close\r\n"
	    "Content-Type: application/problem+json\r\n"
	    "Content-Length: %zu\r\n"
	    "Cache-Control: no-store\r\n"
	    "X-Content-Type-Options: nosniff\r\n"
	    "X-Request-Id: %s\r\n",
	    p->status, p->title, body.len, request_id);
	if (p->retry_after_s != 0)
		buf_printf(b, "Retry-After: %u\r\n", p->retry_after_s);
	buf_puts(b, "\r\n");
	buf_add(b, body.data, body.len);
	if (body.failed)
		b->failed = true;
}
