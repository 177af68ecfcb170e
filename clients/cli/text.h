/* cli/text.h - words and numbers for people's eyes. */
#ifndef CLI_TEXT_H
#define CLI_TEXT_H

#include <stddef.h>
#include <stdint.h>

struct buf;

enum {
	TEXT_MAX = 48
};

/*
 * Adds foreign text with everything made visible that a terminal might obey
 * or hide: control characters, C1, direction marks, zero-width characters and
 * bytes that are no UTF-8 become \xNN or \uNNNN; a tab becomes a blank. So one
 * value can never draw outside its place.
 */
void text_add(struct buf *, const char *);
void text_add_n(struct buf *, const char *, size_t);
/* The same for several lines; each gets the indent before it and a newline
 * after it. Final empty lines are dropped. */
void text_add_lines(struct buf *, const char *indent, const char *);

/* Columns on a terminal. */
size_t text_width(const char *);
/* Bytes of s that fit into the columns. */
size_t text_fit(const char *s, size_t columns);

/* A state of the API in words, in place: "in_service" as "in service". */
char *text_spell(char *words);

/* These return out, which holds TEXT_MAX. */
/* 42s, 5m03s, 16h21m, 12d03h */
const char *text_age(int64_t seconds, char *out);
/* Three digits and a prefix: 0, 812, 88.0k, 1.20M */
const char *text_rate(double per_second, char *out);
/* "1.20 Mbit/s" */
const char *text_bits(double bits_per_second, char *out);
/* "1.20 MB" */
const char *text_bytes(double bytes, char *out);
/* "2026-03-01 02:00:00" from the RFC 3339 UTC text of the API; anything else
 * comes back as it is, made harmless and cut. */
const char *text_time(const char *rfc3339, char *out);

#endif
