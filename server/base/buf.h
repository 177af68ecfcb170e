/* base/buf.h - a growing byte buffer that remembers failure. */
#ifndef BASE_BUF_H
#define BASE_BUF_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/compat.h"

/*
 * Writers stay straight lines: after the first failure (out of memory, max
 * reached) every further write does nothing, and failed is checked once, at
 * the end. data is always NUL-terminated behind len when len > 0 or after
 * buf_text(). A buffer set up by buf_init_fixed never touches the heap.
 */
struct buf {
	char *data;
	size_t len;
	size_t cap;
	size_t max; /* 0: no limit of our own */
	bool failed;
	bool fixed;
	bool secret; /* wiped whenever memory is given back or reused */
};

#define BUF_INIT                                   \
	{                                          \
		NULL, 0, 0, 0, false, false, false \
	}
/* For what may hold a password: buf_clear, buf_reset and growth wipe. */
#define BUF_SECRET                                \
	{                                         \
		NULL, 0, 0, 0, false, false, true \
	}

void buf_init(struct buf *, size_t max);
/* Borrows mem until buf_clear. size counts the final NUL. */
void buf_init_fixed(struct buf *, void *mem, size_t size);
/* Frees the memory (heap buffers) and resets to empty. Accepts a clear one.
 * A secret one stays secret. */
void buf_clear(struct buf *);
/* Forgets the content, keeps the memory and clears failed. */
void buf_reset(struct buf *);
/* Overwrites the whole memory with zeros before freeing: for secrets. */
void buf_wipe(struct buf *);

void buf_add(struct buf *, const void *, size_t);
void buf_puts(struct buf *, const char *);
void buf_putc(struct buf *, char);
void buf_printf(struct buf *, const char *fmt, ...) PRINTFLIKE(2, 3);
/* Lower-case hexadecimal. */
void buf_hex(struct buf *, const void *, size_t);
/* Appends the bytes that buf_hex wrote so; -1 for anything else, and the buffer
 * is as before. */
int buf_unhex(struct buf *, const char *);
/* Little-endian integers, for the private protocols. */
void buf_u8(struct buf *, uint8_t);
void buf_u16(struct buf *, uint16_t);
void buf_u32(struct buf *, uint32_t);
void buf_u64(struct buf *, uint64_t);

/* Makes room for n more bytes and returns where they go (NULL on failure);
 * the caller then adds what it wrote to len. */
char *buf_room(struct buf *, size_t n);
/* Drops n bytes from the front. */
void buf_drop(struct buf *, size_t n);
/* The content as a C string, "" when empty or failed. Never NULL. */
const char *buf_text(const struct buf *);
/* Hands the heap memory to the caller (free() it), NULL when failed. The
 * buffer is empty afterwards. Never for a fixed buffer. */
char *buf_take(struct buf *);

#endif
