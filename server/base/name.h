/* base/name.h - words that are safe to hand to a tool, by construction. */
#ifndef BASE_NAME_H
#define BASE_NAME_H

#include <stdbool.h>
#include <stddef.h>

struct err;

/* A resource of ours: 1 to 31 of a-z 0-9 -, starting with a letter. */
struct name {
	char s[32];
};

/*
 * A route map, prefix list or similar of FRR's: 1 to 63 of A-Za-z0-9_-, not
 * starting with '-'. (FRR 8.4 crashes on an apostrophe and on long names.)
 */
struct policy_name {
	char s[64];
};

/* An interface: 1 to 15 of A-Za-z0-9._-, starting with a letter. */
struct if_name {
	char s[16];
};

/*
 * One line of text for people that FRR may store too: 1 to 80 bytes of valid
 * UTF-8 without control characters, '|', '?', '"', '\\', leading '!' or '#',
 * and with single blanks inside only.
 */
struct line_text {
	char s[81];
};

int name_parse(struct name *, const char *, struct err *);
int policy_name_parse(struct policy_name *, const char *, struct err *);
int if_name_parse(struct if_name *, const char *, struct err *);
/* The interface of a tunnel of ours: lower case letters, none of the names
 * that tools or the Linux kernel keep for something else. */
int name_parse_tunnel(struct if_name *, const char *, struct err *);
int line_text_parse(struct line_text *, const char *, struct err *);

/* Well-formed UTF-8 (RFC 3629: no surrogates, no overlong forms, no NUL). */
bool name_is_utf8(const char *, size_t len);

#endif
