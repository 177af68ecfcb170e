/* cli/text.c - words and numbers for people's eyes. */
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <wchar.h>

#include "base/buf.h"
#include "base/compat.h"
#include "cli/text.h"

struct range {
	uint32_t first;
	uint32_t last;
};

/* What a terminal obeys or does not show. */
static const struct range unsafe[] = { { 0x00, 0x1f }, { 0x7f, 0x9f },
	{ 0xad, 0xad }, { 0x61c, 0x61c }, { 0x180e, 0x180e },
	{ 0x200b, 0x200f }, { 0x2028, 0x202e }, { 0x2060, 0x206f },
	{ 0xfe00, 0xfe0f }, { 0xfeff, 0xfeff }, { 0xfff0, 0xfffb },
	{ 0xe0000, 0xe0fff } };

static bool
is_unsafe(uint32_t point)
{
	size_t i;

	for (i = 0; i < NITEMS(unsafe); i++)
		if (point >= unsafe[i].first && point <= unsafe[i].last)
			return true;
	return false;
}

/* The bytes of one UTF-8 character (RFC 3629), 0 when it is none. */
static size_t
decode(const char *text, size_t n, uint32_t *point)
{
	static const uint32_t smallest[] = { 0, 0, 0x80, 0x800, 0x10000 };
	const unsigned char *s = (const unsigned char *)text;
	size_t i, len;
	uint32_t p;

	if (s[0] < 0x80) {
		*point = s[0];
		return 1;
	}
	if (s[0] >= 0xc2 && s[0] <= 0xdf)
		len = 2;
	else if (s[0] >= 0xe0 && s[0] <= 0xef)
		len = 3;
	else if (s[0] >= 0xf0 && s[0] <= 0xf4)
		len = 4;
	else
		return 0;
	if (len > n)
		return 0;
	p = s[0] & (0xffu >> (len + 1));
	for (i = 1; i < len; i++) {
		if ((s[i] & 0xc0) != 0x80)
			return 0;
		p = p << 6 | (s[i] & 0x3f);
	}
	if (p < smallest[len] || p > 0x10ffff || (p >= 0xd800 && p <= 0xdfff))
		return 0;
	*point = p;
	return len;
}

void
text_add_n(struct buf *b, const char *s, size_t n)
{
	uint32_t point;
	size_t i, len;

	for (i = 0; i < n; i += len) {
		len = decode(s + i, n - i, &point);
		if (len == 0) {
			buf_printf(b, "\\x%02x", (unsigned char)s[i]);
			len = 1;
		} else if (point == '\t') {
			buf_putc(b, ' ');
		} else if (is_unsafe(point)) {
			buf_printf(b, point < 0x80 ? "\\x%02x" : "\\u%04x",
			    (unsigned)point);
		} else {
			buf_add(b, s + i, len);
		}
	}
}

void
text_add(struct buf *b, const char *s)
{
	text_add_n(b, s, strlen(s));
}

void
text_add_lines(struct buf *b, const char *indent, const char *s)
{
	size_t len = strlen(s), n;

	while (len > 0 && (s[len - 1] == '\n' || s[len - 1] == '\r'))
		len--;
	while (len > 0) {
		const char *newline = memchr(s, '\n', len);

		n = newline == NULL ? len : (size_t)(newline - s);
		buf_puts(b, indent);
		text_add_n(b, s, n > 0 && s[n - 1] == '\r' ? n - 1 : n);
		buf_putc(b, '\n');
		if (newline == NULL)
			break;
		s += n + 1;
		len -= n + 1;
	}
}

static size_t
point_width(uint32_t point)
{
	int width = wcwidth((wchar_t)point);

	return width < 0 ? 1 : (size_t)width;
}

char *
text_spell(char *words)
{
	char *p = words;

	while ((p = strchr(p, '_')) != NULL)
		*p = ' ';
	return words;
}

size_t
text_fit(const char *s, size_t columns)
{
	size_t len, n = strlen(s), i = 0, used = 0;
	uint32_t point;

	while (i < n) {
		len = decode(s + i, n - i, &point);
		used += len == 0 ? 1 : point_width(point);
		if (used > columns)
			break;
		i += len == 0 ? 1 : len;
	}
	return i;
}

size_t
text_width(const char *s)
{
	size_t len, n = strlen(s), i = 0, used = 0;
	uint32_t point;

	while (i < n) {
		len = decode(s + i, n - i, &point);
		used += len == 0 ? 1 : point_width(point);
		i += len == 0 ? 1 : len;
	}
	return used;
}

const char *
text_age(int64_t seconds, char *out)
{
	long long s = seconds < 0 ? 0 : seconds;

	if (s < 60)
		(void)snprintf(out, TEXT_MAX, "%llds", s);
	else if (s < 3600)
		(void)snprintf(out, TEXT_MAX, "%lldm%02llds", s / 60, s % 60);
	else if (s < 86400)
		(void)snprintf(out, TEXT_MAX, "%lldh%02lldm", s / 3600,
		    s / 60 % 60);
	else
		(void)snprintf(out, TEXT_MAX, "%lldd%02lldh", s / 86400,
		    s / 3600 % 24);
	return out;
}

/* Three digits, then gap and prefix when there is one. */
static const char *
scaled(double v, const char *gap, const char *unit, char *out)
{
	static const char prefixes[] = " kMGTPE";
	size_t i = 0;
	int digits;

	if (!(v >= 0)) /* also what is not a number */
		v = 0;
	/* 999.5 would print as 1000: the next prefix says it shorter. */
	while (v >= 999.5 && i + 2 < sizeof(prefixes)) {
		v /= 1000;
		i++;
	}
	if (v > 1e6)
		v = 999999; /* beyond all prefixes: no router does this */
	digits = i == 0 || v >= 99.95 ? 0 : v >= 9.995 ? 1 : 2;
	if (i == 0)
		(void)snprintf(out, TEXT_MAX, "%.0f%s%s", v, gap, unit);
	else
		(void)snprintf(out, TEXT_MAX, "%.*f%s%c%s", digits, v, gap,
		    prefixes[i], unit);
	return out;
}

const char *
text_rate(double per_second, char *out)
{
	return scaled(per_second, "", "", out);
}

const char *
text_bits(double bits_per_second, char *out)
{
	return scaled(bits_per_second, " ", "bit/s", out);
}

const char *
text_bytes(double bytes, char *out)
{
	return scaled(bytes, " ", "B", out);
}

const char *
text_time(const char *rfc3339, char *out)
{
	static const char shape[] = "dddd-dd-ddTdd:dd:dd";
	struct buf b = BUF_INIT;
	size_t i;

	for (i = 0; i < sizeof(shape) - 1; i++) {
		char c = rfc3339[i];

		if (shape[i] == 'd' ? c < '0' || c > '9' : c != shape[i])
			break;
	}
	if (i == sizeof(shape) - 1 && strchr(rfc3339, 'Z') != NULL) {
		(void)snprintf(out, TEXT_MAX, "%.10s %.8s", rfc3339,
		    rfc3339 + 11);
		return out;
	}
	text_add(&b, rfc3339);
	(void)snprintf(out, TEXT_MAX, "%.*s", (int)text_fit(buf_text(&b), 24),
	    buf_text(&b));
	buf_clear(&b);
	return out;
}
