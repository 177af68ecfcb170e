/* tests/fuzz/fuzz_boot_batch.c - any links.batch: what is read of it writes
 * itself again, and an edit keeps all the rest. */
/* links: system/linux/boot_text system/linux/boot_text_read
 * system/linux/link_words system/linux/route_words wire/op wire/op_check
 * wire/op_link wire/op_key wire/op_route wire/op_firewall base/addr
 * base/buf base/err base/io base/clock base/name base/number base/run
 * base/md5key base/crypto base/log */
#include <assert.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "base/buf.h"
#include "system/linux/boot_text.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static char edited[1 << 17], again[1 << 17];

/* A link or route that is told as known is the section's very text. */
static void
check_section(const struct boot_section *s)
{
	static char bytes[8192];
	struct op_route r;
	struct op_link l;
	struct buf b;

	buf_init_fixed(&b, bytes, sizeof(bytes));
	if (s->is_link && boot_text_read_link(s, &l) && l.kind != OP_LINK_OTHER)
		boot_text_link(&l, &b);
	else if (!s->is_link && boot_text_read_route(s, &r) &&
	    r.kind != OP_ROUTE_OTHER)
		boot_text_route(&r, &b);
	else
		return;
	assert(!b.failed && b.len == (size_t)(s->body_end - s->body));
	assert(memcmp(b.data, s->body, b.len) == 0);
}

/* Setting and removing what is not there leaves the text, but for a newline
 * that its last line lacked. */
static void
check_edit(const char *text, size_t n)
{
	struct buf one, two;

	buf_init_fixed(&one, edited, sizeof(edited));
	buf_init_fixed(&two, again, sizeof(again));
	boot_text_edit(text, n, false, "2001:db8:5eed::/48", NULL, &one);
	if (one.failed || one.len != n)
		return; /* the input has it */
	assert(memcmp(one.data, text, n) == 0);
	buf_reset(&one);
	boot_text_edit(text, n, false, "2001:db8:5eed::/48", "body\n", &one);
	boot_text_edit(one.data, one.len, false, "2001:db8:5eed::/48", NULL,
	    &two);
	if (one.failed || two.failed)
		return;
	assert(two.len == n || two.len == n + 1);
	assert(memcmp(two.data, text, n) == 0);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const char *text = (const char *)data, *at = text, *end;
	struct boot_section s;

	if (size == 0 || size > 1 << 15)
		return 0;
	end = text + size;
	while (boot_text_next(&at, end, &s)) {
		assert(text <= s.begin && s.begin < s.body);
		assert(s.body <= s.body_end && s.body_end <= s.end);
		assert(s.end <= end && at == s.end);
		check_section(&s);
	}
	check_edit(text, size);
	return 0;
}
