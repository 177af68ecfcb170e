/* system/linux/boot_text_read.c - a section of links.batch, understood. */
/* names: boot_text */
#include <string.h>

#include "base/buf.h"
#include "base/compat.h"
#include "base/name.h"
#include "base/number.h"
#include "system/linux/boot_text.h"
#include "system/linux/link_words.h"

enum {
	BOOT_TEXT_WORDS = 24,
	BOOT_TEXT_LINE = 400,
	BOOT_TEXT_SECTION = 4096
};

/*
 * Values are picked out here without much ado: whether the section says this
 * and nothing else is seen by writing it again and comparing.
 */
struct line {
	char text[BOOT_TEXT_LINE];
	const char *v[BOOT_TEXT_WORDS];
	size_t n;
};

/* At blanks, "quoted" words as one. */
static bool
split(const char *p, size_t len, struct line *l)
{
	char *q;

	l->n = 0;
	if (len >= sizeof(l->text))
		return false;
	memcpy(l->text, p, len);
	l->text[len] = '\0';
	for (q = l->text; *q != '\0' && l->n < NITEMS(l->v);) {
		bool quoted = *q == '"';

		q += quoted;
		l->v[l->n++] = q;
		q += strcspn(q, quoted ? "\"" : " ");
		if (*q != '\0')
			*q++ = '\0';
		if (quoted && *q == ' ')
			q++;
	}
	return *q == '\0';
}

/* The word behind this one, or "". */
static const char *
after(const struct line *l, const char *word)
{
	size_t i;

	for (i = 0; i + 1 < l->n; i++)
		if (strcmp(l->v[i], word) == 0)
			return l->v[i + 1];
	return "";
}

static bool
is(const struct line *l, const char *first, const char *second)
{
	return l->n > 2 && strcmp(l->v[0], first) == 0 &&
	    strcmp(l->v[1], second) == 0;
}

static void
read_create(const struct line *line, struct op_link *l)
{
	const char *mode = after(line, "mode");
	const struct link_words_kind *k;

	k = link_words_kind_named(after(line, "type"),
	    mode[0] != '\0' ? mode : NULL);
	if (k == NULL || addr_parse(&l->local, after(line, "local"), NULL) ||
	    addr_parse(&l->remote, after(line, "remote"), NULL) ||
	    l->local.family != k->outer || l->remote.family != k->outer)
		return;
	l->kind = k->kind;
	l->inner = k->inner;
}

static void
read_address(const struct line *line, struct op_link *l)
{
	const char *peer = after(line, "peer"), *slash;
	char text[ADDR_TEXT_MAX];
	struct op_address a = { 0 };
	uint32_t len;

	slash = strchr(peer[0] != '\0' ? peer : line->v[2], '/');
	if (l->n_addresses == OP_LINK_ADDRS || slash == NULL ||
	    number_parse_u32(&len, slash + 1, 0, 128, NULL) == -1)
		return;
	a.prefix_length = (uint8_t)len;
	if (peer[0] != '\0') {
		if (slash - peer >= (int)sizeof(text))
			return;
		memcpy(text, peer, (size_t)(slash - peer));
		text[slash - peer] = '\0';
		if (addr_parse(&a.peer, text, NULL) == -1 ||
		    addr_parse(&a.address, line->v[2], NULL) == -1)
			return;
	} else {
		if (slash - line->v[2] >= (int)sizeof(text))
			return;
		memcpy(text, line->v[2], (size_t)(slash - line->v[2]));
		text[slash - line->v[2]] = '\0';
		if (addr_parse(&a.address, text, NULL) == -1)
			return;
	}
	l->addresses[l->n_addresses++] = a;
}

static void
read_description(const char *text, size_t n, struct op_link *l)
{
	if (n >= sizeof(l->description))
		return;
	memset(l->description, 0, sizeof(l->description));
	memcpy(l->description, text, n);
}

static void
read_line(const char *p, size_t n, struct op_link *l)
{
	static const char alias[] = "# alias ";
	size_t skip = sizeof(alias) + strlen(l->name);
	struct line line;

	if (n > skip && memcmp(p, alias, sizeof(alias) - 1) == 0) {
		read_description(p + skip, n - skip, l);
		return;
	}
	if (!split(p, n, &line))
		return;
	if (is(&line, "link", "add"))
		read_create(&line, l);
	else if (is(&line, "address", "add"))
		read_address(&line, l);
	else if (number_parse_u32(&l->mtu, after(&line, "mtu"), 1, 65535,
		     NULL) == 0)
		l->mtu_set = 1;
	else if (after(&line, "alias")[0] != '\0')
		read_description(after(&line, "alias"),
		    strlen(after(&line, "alias")), l);
}

static bool
same_text(const struct boot_section *s, const struct buf *b)
{
	return !b->failed && b->len == (size_t)(s->body_end - s->body) &&
	    memcmp(b->data, s->body, b->len) == 0 && s->end > s->body_end;
}

static bool
read_title(const struct boot_section *s, char *out, size_t size)
{
	if (s->title_len == 0 || s->title_len >= size ||
	    memchr(s->title, '\0', s->title_len) != NULL)
		return false;
	memcpy(out, s->title, s->title_len);
	out[s->title_len] = '\0';
	return true;
}

bool
boot_text_read_link(const struct boot_section *s, struct op_link *l)
{
	static char bytes[BOOT_TEXT_SECTION];
	const char *p, *next;
	struct if_name name;
	struct buf b;

	memset(l, 0, sizeof(*l));
	if (!s->is_link || !read_title(s, l->name, sizeof(l->name)) ||
	    if_name_parse(&name, l->name, NULL) == -1)
		return false;
	for (p = s->body; p < s->body_end; p = next) {
		next = memchr(p, '\n', (size_t)(s->body_end - p));
		if (next == NULL)
			next = s->body_end;
		read_line(p, (size_t)(next - p), l);
		if (next < s->body_end)
			next++;
	}
	l->where = OP_BOOT;
	l->up = 1;
	buf_init_fixed(&b, bytes, sizeof(bytes));
	if (l->kind != 0 && op_description_check(l->description, NULL) == -1)
		l->kind = l->description[0] == '\0' ? l->kind : 0;
	if (l->kind != 0)
		boot_text_link(l, &b);
	if (l->kind != 0 && same_text(s, &b))
		return true;
	memset(l, 0, sizeof(*l));
	memcpy(l->name, name.s, sizeof(l->name));
	l->where = OP_BOOT;
	l->kind = OP_LINK_OTHER;
	return true;
}

static void
read_route(const struct line *line, struct op_route *r)
{
	const char *via = after(line, "via"), *dev = after(line, "dev");
	struct if_name name;

	if (!is(line, "route", "add"))
		return;
	if (strcmp(line->v[2], "blackhole") == 0) {
		r->kind = OP_ROUTE_BLACKHOLE;
	} else if (strcmp(line->v[2], "unreachable") == 0) {
		r->kind = OP_ROUTE_REJECT;
	} else if (via[0] != '\0') {
		if (addr_parse(&r->gateway, via, NULL) == -1 ||
		    r->gateway.zone[0] != '\0' ||
		    r->gateway.family != r->prefix.addr.family)
			return;
		if (dev[0] != '\0') {
			if (if_name_parse(&name, dev, NULL) == -1)
				return;
			memcpy(r->gateway.zone, name.s, sizeof(name.s));
		}
		/* Zones are of link-local addresses, and those have one. */
		if (addr_is_link_local(&r->gateway) ==
		    (r->gateway.zone[0] != '\0'))
			r->kind = OP_ROUTE_GATEWAY;
	} else if (if_name_parse(&name, dev, NULL) == 0) {
		memcpy(r->interface, name.s, sizeof(r->interface));
		r->kind = OP_ROUTE_INTERFACE;
	}
}

bool
boot_text_read_route(const struct boot_section *s, struct op_route *r)
{
	static char bytes[BOOT_TEXT_SECTION];
	size_t n = (size_t)(s->body_end - s->body);
	char title[PREFIX_TEXT_MAX], printed[PREFIX_TEXT_MAX];
	struct prefix prefix;
	struct line line;
	struct buf b;

	memset(r, 0, sizeof(*r));
	if (s->is_link || !read_title(s, title, sizeof(title)) ||
	    prefix_parse(&prefix, title, true, NULL) == -1 ||
	    strcmp(prefix_print(&prefix, printed), title) != 0)
		return false;
	r->prefix = prefix;
	if (n > 0 && s->body[n - 1] == '\n' && split(s->body, n - 1, &line))
		read_route(&line, r);
	r->where = OP_BOOT;
	buf_init_fixed(&b, bytes, sizeof(bytes));
	if (r->kind != 0)
		boot_text_route(r, &b);
	if (r->kind != 0 && same_text(s, &b))
		return true;
	memset(r, 0, sizeof(*r));
	r->prefix = prefix;
	r->where = OP_BOOT;
	r->kind = OP_ROUTE_OTHER;
	return true;
}
