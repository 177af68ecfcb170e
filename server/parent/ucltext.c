/* parent/ucltext.c - reads the part of UCL that our configuration needs. */
#include <string.h>

#include "base/err.h"
#include "base/number.h"
#include "parent/ucltext.h"

struct seen {
	char path[UCLTEXT_PATH_MAX];
	unsigned line;
};

struct parser {
	const char *p;
	const char *end;
	unsigned line;
	ucltext_fn *fn;
	void *ctx;
	struct ucltext_item item;
	struct seen seen[UCLTEXT_KEYS_MAX];
	size_t n_seen;
	struct err *err;
};

static const char key_chars[] =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_-";
static const char word_chars[] =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_-./+@%";

static int
refuse(struct parser *ps, const char *what)
{
	return err_set(ps->err, ERR_INVALID, "line %u: %s", ps->line, what);
}

static int
peek(const struct parser *ps)
{
	return ps->p < ps->end ? (unsigned char)*ps->p : -1;
}

static bool
is_in(int c, const char *chars)
{
	return c > 0 && strchr(chars, c) != NULL;
}

/* C comments nest in UCL. */
static int
skip_comment(struct parser *ps)
{
	unsigned depth = 0, first = ps->line;

	for (; ps->p < ps->end; ps->p++) {
		bool pair = ps->p + 1 < ps->end;

		if (*ps->p == '\n')
			ps->line++;
		if (pair && ps->p[0] == '/' && ps->p[1] == '*') {
			depth++;
			ps->p++;
		} else if (pair && ps->p[0] == '*' && ps->p[1] == '/') {
			ps->p++;
			if (--depth == 0) {
				ps->p++;
				return 0;
			}
		}
	}
	ps->line = first;
	return refuse(ps, "this comment has no end");
}

/* Blanks and comments; newlines too unless stay. */
static int
skip_blank(struct parser *ps, bool stay)
{
	for (;;) {
		int c = peek(ps);

		if (c == ' ' || c == '\t' || c == '\r') {
			ps->p++;
		} else if (c == '\n' && !stay) {
			ps->line++;
			ps->p++;
		} else if (c == '#') {
			while (ps->p < ps->end && *ps->p != '\n')
				ps->p++;
		} else if (c == '/' && ps->p + 1 < ps->end && ps->p[1] == '*') {
			if (skip_comment(ps) == -1)
				return -1;
		} else {
			return 0;
		}
	}
}

static int
hex4(struct parser *ps, unsigned *out)
{
	static const char digits[] = "0123456789abcdef";
	unsigned i;

	*out = 0;
	for (i = 0; i < 4; i++) {
		int c = peek(ps);
		const char *at;

		if (c >= 'A' && c <= 'F')
			c += 'a' - 'A';
		if (!is_in(c, digits))
			return -1;
		at = strchr(digits, c);
		*out = *out << 4 | (unsigned)(at - digits);
		ps->p++;
	}
	return 0;
}

/* Behind the backslash: up to 3 bytes into out, their number returned. */
static int
read_escape(struct parser *ps, char *out)
{
	static const char from[] = "\"\\/bfnrt", to[] = "\"\\/\b\f\n\r\t";
	int c = peek(ps);
	unsigned code;

	if (is_in(c, from)) {
		ps->p++;
		out[0] = to[strchr(from, c) - from];
		return 1;
	}
	ps->p++;
	if (c != 'u' || hex4(ps, &code) == -1 || code == 0 ||
	    (code >= 0xd800 && code <= 0xdfff))
		return refuse(ps,
		    "a backslash must be followed by one of "
		    "\" \\ / b f n r t or u and four digits");
	if (code < 0x80) {
		out[0] = (char)code;
		return 1;
	}
	if (code < 0x800) {
		out[0] = (char)(0xc0 | code >> 6);
		out[1] = (char)(0x80 | (code & 0x3f));
		return 2;
	}
	out[0] = (char)(0xe0 | code >> 12);
	out[1] = (char)(0x80 | (code >> 6 & 0x3f));
	out[2] = (char)(0x80 | (code & 0x3f));
	return 3;
}

static int
read_quoted(struct parser *ps, char *out, size_t size)
{
	size_t n = 0;

	ps->p++;
	for (;;) {
		int c = peek(ps);
		char bytes[4];
		int got = 1;

		if (c == -1 || c == '\n')
			return refuse(ps, "a quoted string has no end");
		if (c == '\0')
			return refuse(ps, "a NUL byte in a string");
		ps->p++;
		if (c == '"')
			break;
		bytes[0] = (char)c;
		if (c == '\\' && (got = read_escape(ps, bytes)) == -1)
			return -1;
		if (n + (size_t)got >= size)
			return refuse(ps, "this string is too long");
		memcpy(out + n, bytes, (size_t)got);
		n += (size_t)got;
	}
	out[n] = '\0';
	return 0;
}

static int
read_word(struct parser *ps, const char *chars, char *out, size_t size)
{
	size_t n = 0;

	while (is_in(peek(ps), chars)) {
		if (n + 1 >= size)
			return refuse(ps, "this word is too long");
		out[n++] = *ps->p++;
	}
	out[n] = '\0';
	return 0;
}

static void
classify_word(struct ucltext_item *item)
{
	static const char *const yes[] = { "true", "yes", "on" };
	static const char *const no[] = { "false", "no", "off" };
	size_t i;

	item->type = UCLTEXT_STRING;
	for (i = 0; i < NITEMS(yes); i++) {
		if (strcmp(item->string, yes[i]) != 0 &&
		    strcmp(item->string, no[i]) != 0)
			continue;
		item->type = UCLTEXT_BOOL;
		item->boolean = strcmp(item->string, yes[i]) == 0;
		return;
	}
	/* 0660 is octal to some and decimal to others: a word, not a number. */
	if ((item->string[0] != '0' || item->string[1] == '\0') &&
	    number_parse_u64(&item->number, item->string, 0, INT64_MAX, NULL) ==
		0)
		item->type = UCLTEXT_NUMBER;
}

static int
read_scalar(struct parser *ps)
{
	struct ucltext_item *item = &ps->item;

	item->line = ps->line;
	item->number = 0;
	item->boolean = false;
	if (peek(ps) == '"') {
		item->type = UCLTEXT_STRING;
		return read_quoted(ps, item->string, sizeof(item->string));
	}
	if (read_word(ps, word_chars, item->string, sizeof(item->string)) == -1)
		return -1;
	if (item->string[0] == '\0')
		return refuse(ps, "a value is missing, or needs double quotes");
	classify_word(item);
	return 0;
}

static int
emit(struct parser *ps)
{
	return ps->fn(ps->ctx, &ps->item, ps->err);
}

static int
read_list(struct parser *ps)
{
	struct ucltext_item *item = &ps->item;
	unsigned first = ps->line;

	ps->p++;
	item->in_list = true;
	for (item->index = 0;; item->index++) {
		if (skip_blank(ps, false) == -1)
			return -1;
		if (peek(ps) == ']')
			break;
		if (peek(ps) == -1) {
			ps->line = first;
			return refuse(ps, "this list has no end");
		}
		if (peek(ps) == '[' || peek(ps) == '{')
			return refuse(ps, "a list holds plain values only");
		if (read_scalar(ps) == -1 || emit(ps) == -1 ||
		    skip_blank(ps, false) == -1)
			return -1;
		if (peek(ps) == ',' || peek(ps) == ';')
			ps->p++;
		else if (peek(ps) != ']' && peek(ps) != -1)
			return refuse(ps, "expected ',' or ']' in a list");
	}
	ps->p++;
	if (item->index > 0)
		return 0;
	item->line = first;
	item->type = UCLTEXT_EMPTY_LIST;
	item->string[0] = '\0';
	return emit(ps);
}

/* What may stand behind a value: ';' or ',', a newline, '}' or the end. */
static int
end_value(struct parser *ps)
{
	int c;

	if (skip_blank(ps, true) == -1)
		return -1;
	c = peek(ps);
	if (c == ';' || c == ',')
		ps->p++;
	else if (c != '\n' && c != '}' && c != -1)
		return refuse(ps, "expected ';' after a value");
	return 0;
}

static int
remember(struct parser *ps)
{
	const char *path = ps->item.path;
	size_t i;

	for (i = 0; i < ps->n_seen; i++) {
		if (strcmp(ps->seen[i].path, path) == 0)
			return err_set(ps->err, ERR_INVALID,
			    "line %u: %s: given twice, first in line %u",
			    ps->line, path, ps->seen[i].line);
	}
	if (ps->n_seen == NITEMS(ps->seen))
		return refuse(ps, "too many keys");
	memcpy(ps->seen[ps->n_seen].path, path, UCLTEXT_PATH_MAX);
	ps->seen[ps->n_seen++].line = ps->line;
	return 0;
}

/* Appends the key to item.path, which holds prefix_len bytes of a section. */
static int
read_key(struct parser *ps, size_t prefix_len)
{
	char *path = ps->item.path;
	size_t room = sizeof(ps->item.path) - prefix_len;
	size_t len;

	if (peek(ps) == '.')
		return refuse(ps, "macros such as .include are not understood");
	if (peek(ps) == '"') {
		if (read_quoted(ps, path + prefix_len, room) == -1)
			return -1;
	} else if (read_word(ps, key_chars, path + prefix_len, room) == -1) {
		return -1;
	}
	len = strlen(path + prefix_len);
	if (len == 0 || strspn(path + prefix_len, key_chars) != len)
		return refuse(ps, "expected the name of a key or section");
	return remember(ps);
}

static int read_section(struct parser *, size_t prefix_len);

static int
read_entry(struct parser *ps, size_t prefix_len)
{
	struct ucltext_item *item = &ps->item;

	if (read_key(ps, prefix_len) == -1 || skip_blank(ps, false) == -1)
		return -1;
	if (peek(ps) == '=' || peek(ps) == ':') {
		ps->p++;
		if (skip_blank(ps, false) == -1)
			return -1;
	}
	if (peek(ps) == '{') {
		size_t len = strlen(item->path);

		if (prefix_len > 0 || len + 2 >= sizeof(item->path))
			return refuse(ps, "sections go only one deep");
		item->line = ps->line;
		item->type = UCLTEXT_SECTION;
		item->in_list = false;
		item->string[0] = '\0';
		if (emit(ps) == -1)
			return -1;
		item->path[len] = '.';
		ps->p++;
		return read_section(ps, len + 1);
	}
	item->in_list = false;
	item->index = 0;
	if (peek(ps) == '[') {
		if (read_list(ps) == -1)
			return -1;
	} else if (read_scalar(ps) == -1 || emit(ps) == -1) {
		return -1;
	}
	return end_value(ps);
}

/* Entries up to and including '}'. */
static int
read_section(struct parser *ps, size_t prefix_len)
{
	unsigned first = ps->line;

	for (;;) {
		int c;

		if (skip_blank(ps, false) == -1)
			return -1;
		c = peek(ps);
		if (c == -1) {
			ps->line = first;
			return refuse(ps, "this '{' has no '}'");
		}
		if (c == ';' || c == ',') {
			ps->p++;
			continue;
		}
		if (c == '}') {
			ps->p++;
			return end_value(ps);
		}
		if (read_entry(ps, prefix_len) == -1)
			return -1;
	}
}

int
ucltext_parse(const char *text, size_t len, ucltext_fn *fn, void *ctx,
    struct err *err)
{
	struct parser ps = { .p = text,
		.end = text + len,
		.line = 1,
		.fn = fn,
		.ctx = ctx,
		.err = err };

	if (skip_blank(&ps, false) == -1)
		return -1;
	if (peek(&ps) == '{') {
		ps.p++;
		if (read_section(&ps, 0) == -1)
			return -1;
	}
	for (;;) {
		if (skip_blank(&ps, false) == -1)
			return -1;
		if (peek(&ps) == -1)
			return 0;
		if (peek(&ps) == ';' || peek(&ps) == ',')
			ps.p++;
		else if (peek(&ps) == '}')
			return refuse(&ps, "this '}' has no '{'");
		else if (read_entry(&ps, 0) == -1)
			return -1;
	}
}
