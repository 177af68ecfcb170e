/* system/linux/boot_text.c - links.batch as text: a section for each object.
 */
#include <string.h>

#include "base/buf.h"
#include "system/linux/boot_text.h"
#include "system/linux/link_words.h"
#include "system/linux/route_words.h"

static const char link_title[] = "# link ", route_title[] = "# route ",
		  end_line[] = "# end";

/* Behind the newline, or the end. */
static const char *
line_end(const char *p, const char *end)
{
	const char *newline = memchr(p, '\n', (size_t)(end - p));

	return newline == NULL ? end : newline + 1;
}

static bool
starts(const char *p, const char *end, const char *word, size_t n)
{
	return (size_t)(end - p) >= n && memcmp(p, word, n) == 0;
}

/* Is this line a section's first? */
static bool
is_title(const char *p, const char *next, struct boot_section *s)
{
	size_t n;

	s->is_link = starts(p, next, link_title, sizeof(link_title) - 1);
	n = s->is_link ? sizeof(link_title) - 1 : sizeof(route_title) - 1;
	if (!s->is_link && !starts(p, next, route_title, n))
		return false;
	s->title = p + n;
	s->title_len = (size_t)(next - s->title);
	if (s->title_len > 0 && next[-1] == '\n')
		s->title_len--;
	return true;
}

static bool
is_end(const char *p, const char *next)
{
	size_t n = (size_t)(next - p);

	if (n > 0 && next[-1] == '\n')
		n--;
	return n == sizeof(end_line) - 1 && memcmp(p, end_line, n) == 0;
}

bool
boot_text_next(const char **at, const char *end, struct boot_section *s)
{
	struct boot_section other;
	const char *p = *at, *next = p;
	bool found = false;

	for (; p < end && !found; p = found ? p : next) {
		next = line_end(p, end);
		found = is_title(p, next, s);
	}
	*at = end;
	if (!found)
		return false;
	s->begin = p;
	s->body = next;
	for (p = next; p < end; p = next) {
		next = line_end(p, end);
		if (is_end(p, next) || is_title(p, next, &other))
			break;
	}
	s->body_end = p;
	s->end = p < end && is_end(p, next) ? next : p;
	*at = s->end;
	return true;
}

static void
put_section(struct buf *out, bool is_link, const char *title, const char *body)
{
	/* Somebody's last line may lack its newline. */
	if (out->len > 0 && out->data[out->len - 1] != '\n')
		buf_putc(out, '\n');
	buf_puts(out, is_link ? link_title : route_title);
	buf_puts(out, title);
	buf_putc(out, '\n');
	buf_puts(out, body);
	buf_puts(out, end_line);
	buf_putc(out, '\n');
}

static bool
is_it(const struct boot_section *s, bool is_link, const char *title)
{
	return s->is_link == is_link && s->title_len == strlen(title) &&
	    memcmp(s->title, title, s->title_len) == 0;
}

void
boot_text_edit(const char *text, size_t n, bool is_link, const char *title,
    const char *body, struct buf *out)
{
	const char *end = text + n, *at = text, *kept = text;
	bool there = false, put = body == NULL;
	struct boot_section s;

	while (boot_text_next(&at, end, &s))
		there |= is_it(&s, is_link, title);
	for (at = text; boot_text_next(&at, end, &s); kept = s.end) {
		bool it = is_it(&s, is_link, title);

		buf_add(out, kept, (size_t)(s.begin - kept));
		if (!put && (there ? it : is_link && !s.is_link)) {
			put_section(out, is_link, title, body);
			put = true;
		}
		if (!it)
			buf_add(out, s.begin, (size_t)(s.end - s.begin));
	}
	buf_add(out, kept, (size_t)(end - kept));
	if (!put)
		put_section(out, is_link, title, body);
}

static void
put_words(const struct link_words *w, struct buf *b)
{
	char line[LINK_WORDS_LINE_MAX];

	link_words_line(w, line);
	buf_puts(b, line);
}

void
boot_text_link(const struct op_link *l, struct buf *b)
{
	struct link_words w;
	size_t i;

	link_words_create(&w, l);
	put_words(&w, b);
	if (l->mtu != 0) {
		link_words_mtu(&w, l->name, l->mtu);
		put_words(&w, b);
	}
	if (strchr(l->description, '#') != NULL) {
		buf_printf(b, "# alias %s %s\n", l->name, l->description);
	} else if (l->description[0] != '\0') {
		link_words_description(&w, l->name, l->description);
		put_words(&w, b);
	}
	/* Up first: the kernel forgets the route to an IPv6 address's other
	 * end when the address comes before. */
	link_words_up(&w, l->name, 1);
	put_words(&w, b);
	for (i = 0; i < l->n_addresses && i < OP_LINK_ADDRS; i++) {
		link_words_address(&w, l->name, &l->addresses[i], "add");
		put_words(&w, b);
	}
}

void
boot_text_route(const struct op_route *r, struct buf *b)
{
	char line[ROUTE_WORDS_LINE_MAX];
	struct route_words w;

	route_words_add(&w, r);
	route_words_line(&w, line);
	buf_puts(b, line);
}
