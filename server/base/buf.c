/* base/buf.c - a growing byte buffer that remembers failure. */
#include <assert.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"

void
buf_init(struct buf *b, size_t max)
{
	memset(b, 0, sizeof(*b));
	b->max = max;
}

void
buf_init_fixed(struct buf *b, void *mem, size_t size)
{
	assert(size > 0);
	memset(b, 0, sizeof(*b));
	b->data = mem;
	b->data[0] = '\0';
	b->cap = size;
	b->max = size - 1;
	b->fixed = true;
}

void
buf_clear(struct buf *b)
{
	bool secret = b->secret;

	if (secret && b->data != NULL)
		explicit_bzero(b->data, b->cap);
	if (!b->fixed)
		free(b->data);
	memset(b, 0, sizeof(*b));
	b->secret = secret;
}

void
buf_reset(struct buf *b)
{
	if (b->secret && b->len > 0)
		explicit_bzero(b->data, b->len);
	b->len = 0;
	b->failed = false;
	if (b->data != NULL)
		b->data[0] = '\0';
}

void
buf_wipe(struct buf *b)
{
	if (b->data != NULL)
		explicit_bzero(b->data, b->cap);
	buf_clear(b);
}

/* realloc, but what held a secret is not given back as it was. */
static char *
grow(const struct buf *b, size_t cap)
{
	char *data;

	if (!b->secret)
		return realloc(b->data, cap);
	data = malloc(cap);
	if (data != NULL && b->cap > 0) {
		memcpy(data, b->data, b->len);
		data[b->len] = '\0';
		explicit_bzero(b->data, b->cap);
		free(b->data);
	}
	return data;
}

char *
buf_room(struct buf *b, size_t n)
{
	size_t cap, need;
	char *data;

	if (b->failed)
		return NULL;
	if (n > SIZE_MAX / 4 - b->len || (b->max != 0 && b->len + n > b->max)) {
		b->failed = true;
		return NULL;
	}
	need = b->len + n + 1;
	if (need > b->cap) {
		if (b->fixed) {
			b->failed = true;
			return NULL;
		}
		cap = b->cap < 256 ? 256 : b->cap;
		while (cap < need)
			cap *= 2;
		data = grow(b, cap);
		if (data == NULL) {
			b->failed = true;
			return NULL;
		}
		b->data = data;
		b->cap = cap;
	}
	return b->data + b->len;
}

void
buf_add(struct buf *b, const void *bytes, size_t n)
{
	char *to = buf_room(b, n);

	if (to == NULL)
		return;
	if (n > 0)
		memcpy(to, bytes, n);
	b->len += n;
	b->data[b->len] = '\0';
}

void
buf_puts(struct buf *b, const char *s)
{
	buf_add(b, s, strlen(s));
}

void
buf_putc(struct buf *b, char c)
{
	buf_add(b, &c, 1);
}

void
buf_printf(struct buf *b, const char *fmt, ...)
{
	va_list ap;
	char *to;
	int n;

	va_start(ap, fmt);
	n = vsnprintf(NULL, 0, fmt, ap);
	va_end(ap);
	if (n < 0) {
		b->failed = true;
		return;
	}
	to = buf_room(b, (size_t)n);
	if (to == NULL)
		return;
	va_start(ap, fmt);
	(void)vsnprintf(to, (size_t)n + 1, fmt, ap);
	va_end(ap);
	b->len += (size_t)n;
}

void
buf_hex(struct buf *b, const void *bytes, size_t n)
{
	static const char digits[] = "0123456789abcdef";
	const unsigned char *p = bytes;
	size_t i;

	for (i = 0; i < n; i++) {
		buf_putc(b, digits[p[i] >> 4]);
		buf_putc(b, digits[p[i] & 15]);
	}
}

static void
add_number(struct buf *b, uint64_t value, size_t n)
{
	unsigned char bytes[8];
	size_t i;

	for (i = 0; i < n; i++)
		bytes[i] = (unsigned char)(value >> (8 * i));
	buf_add(b, bytes, n);
}

static int
nibble(char c)
{
	const char *digits = "0123456789abcdef";
	const char *p = c == '\0' ? NULL : strchr(digits, c);

	return p == NULL ? -1 : (int)(p - digits);
}

int
buf_unhex(struct buf *b, const char *text)
{
	size_t i, len = strlen(text), before = b->len;

	for (i = 0; i + 1 < len; i += 2) {
		int high = nibble(text[i]), low = nibble(text[i + 1]);

		if (high == -1 || low == -1)
			break;
		buf_u8(b, (uint8_t)(high << 4 | low));
	}
	if (i == len)
		return 0;
	b->len = before;
	return -1;
}

void
buf_u8(struct buf *b, uint8_t value)
{
	add_number(b, value, 1);
}

void
buf_u16(struct buf *b, uint16_t value)
{
	add_number(b, value, 2);
}

void
buf_u32(struct buf *b, uint32_t value)
{
	add_number(b, value, 4);
}

void
buf_u64(struct buf *b, uint64_t value)
{
	add_number(b, value, 8);
}

void
buf_drop(struct buf *b, size_t n)
{
	assert(n <= b->len);
	if (n == 0)
		return;
	memmove(b->data, b->data + n, b->len - n);
	b->len -= n;
	if (b->secret)
		explicit_bzero(b->data + b->len, n);
	b->data[b->len] = '\0';
}

const char *
buf_text(const struct buf *b)
{
	return b->failed || b->data == NULL ? "" : b->data;
}

char *
buf_take(struct buf *b)
{
	char *data;

	assert(!b->fixed);
	if (b->failed || buf_room(b, 0) == NULL) {
		buf_clear(b);
		return NULL;
	}
	data = b->data;
	data[b->len] = '\0';
	b->data = NULL;
	b->len = b->cap = 0;
	return data;
}
