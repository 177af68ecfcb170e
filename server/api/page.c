/* api/page.c - limit and cursor of lists that come in pages. */
#include <ctype.h>
#include <stdio.h>
#include <string.h>

#include "api/page.h"
#include "api/reply.h"
#include "api/request.h"
#include "base/err.h"
#include "base/number.h"

int
page_limit(const struct request *req, unsigned *limit, struct err *err)
{
	const char *text = request_query_value(req, "limit");
	uint32_t n = PAGE_DEFAULT;

	if (text != NULL &&
	    number_parse_u32(&n, text, 1, PAGE_MAX, err) == -1) {
		(void)err_prefix(err, "limit");
		return -1;
	}
	*limit = n;
	return 0;
}

static void
add_escaped(struct buf *b, const char *text)
{
	for (; *text != '\0'; text++) {
		unsigned char c = (unsigned char)*text;

		if (isalnum(c) || strchr("-._~:", c) != NULL)
			buf_putc(b, (char)c);
		else
			buf_printf(b, "%%%02X", c);
	}
}

void
page_link(const struct request *req, const char *cursor, struct reply *reply)
{
	char text[sizeof(reply->link)];
	struct buf b;
	unsigned i;

	buf_init_fixed(&b, text, sizeof(text));
	buf_printf(&b, "<%s?cursor=", req->path);
	add_escaped(&b, cursor);
	for (i = 0; i < req->n_query; i++) {
		if (strcmp(req->query[i].name, "cursor") == 0)
			continue;
		buf_printf(&b, "&%s=", req->query[i].name);
		add_escaped(&b, req->query[i].value);
	}
	buf_puts(&b, ">; rel=\"next\"");
	/* Too long for a header: next_cursor in the body still tells. */
	if (!b.failed)
		memcpy(reply->link, text, b.len + 1);
}
