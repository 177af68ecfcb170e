/* base/name.c - words that are safe to hand to a tool, by construction. */
/* names: line_text */
#include <string.h>

#include "base/err.h"
#include "base/name.h"

#define UPPER "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
#define LOWER "abcdefghijklmnopqrstuvwxyz"
#define DIGITS "0123456789"

/* Copies in to out when it is 1 to size - 1 characters of allowed ones. */
static int
copy_allowed(char *out, size_t size, const char *in, const char *allowed)
{
	size_t len = strnlen(in, size);

	if (len == 0 || len >= size || strspn(in, allowed) != len)
		return -1;
	memcpy(out, in, len + 1);
	return 0;
}

int
name_parse(struct name *name, const char *in, struct err *err)
{
	struct name n = { { 0 } };

	if (copy_allowed(n.s, sizeof(n.s), in, LOWER DIGITS "-") == -1 ||
	    n.s[0] < 'a' || n.s[0] > 'z')
		return err_set(err, ERR_INVALID,
		    "a name is 1 to 31 of a-z 0-9 -, starting with a letter");
	*name = n;
	return 0;
}

int
policy_name_parse(struct policy_name *name, const char *in, struct err *err)
{
	struct policy_name n = { { 0 } };

	if (copy_allowed(n.s, sizeof(n.s), in, UPPER LOWER DIGITS "_-") == -1 ||
	    n.s[0] == '-')
		return err_set(err, ERR_INVALID,
		    "a route map's or list's name is 1 to 63 of A-Z a-z 0-9 _ "
		    "-, not starting with -");
	*name = n;
	return 0;
}

int
if_name_parse(struct if_name *name, const char *in, struct err *err)
{
	struct if_name n = { { 0 } };

	if (copy_allowed(n.s, sizeof(n.s), in, UPPER LOWER DIGITS "._-") ==
		-1 ||
	    strchr(UPPER LOWER, n.s[0]) == NULL)
		return err_set(err, ERR_INVALID,
		    "an interface is 1 to 15 of A-Z a-z 0-9 . _ -, starting "
		    "with a letter");
	*name = n;
	return 0;
}

int
name_parse_tunnel(struct if_name *name, const char *in, struct err *err)
{
	/* Names that tools read as something else, and what Linux makes by
	 * itself. Its gre0 is an ordinary name on FreeBSD: system/linux knows.
	 */
	static const char *const never[] = { "lo", "all", "default", "sit0",
		"tunl0", "ip6tnl0", "ip6gre0", "gretap0", "erspan0" };
	struct if_name n;
	size_t i;

	if (if_name_parse(&n, in, err) == -1)
		return -1;
	if (n.s[strspn(n.s, LOWER DIGITS "_-")] != '\0' ||
	    strchr(LOWER, n.s[0]) == NULL)
		return err_set(err, ERR_INVALID,
		    "a tunnel's name is 1 to 15 of a-z 0-9 _ -, starting with "
		    "a letter");
	for (i = 0; i < sizeof(never) / sizeof(never[0]); i++)
		if (strcmp(n.s, never[i]) == 0)
			return err_set(err, ERR_INVALID,
			    "%s is not for tunnels of ours", n.s);
	*name = n;
	return 0;
}

/* Length of the well-formed sequence at p, 0 when there is none. RFC 3629. */
static size_t
utf8_sequence(const unsigned char *p, size_t left)
{
	size_t i, n;
	unsigned long code;

	if (p[0] < 0x80)
		return p[0] != 0;
	if (p[0] >= 0xc2 && p[0] <= 0xdf)
		n = 2;
	else if (p[0] >= 0xe0 && p[0] <= 0xef)
		n = 3;
	else if (p[0] >= 0xf0 && p[0] <= 0xf4)
		n = 4;
	else
		return 0;
	if (left < n)
		return 0;
	code = p[0] & (0xffU >> (n + 1));
	for (i = 1; i < n; i++) {
		if ((p[i] & 0xc0) != 0x80)
			return 0;
		code = code << 6 | (p[i] & 0x3fU);
	}
	if ((n == 3 && code < 0x800) || (n == 4 && code < 0x10000) ||
	    (code >= 0xd800 && code <= 0xdfff) || code > 0x10ffff)
		return 0;
	return n;
}

bool
name_is_utf8(const char *text, size_t len)
{
	const unsigned char *p = (const unsigned char *)text;
	size_t n;

	while (len > 0) {
		n = utf8_sequence(p, len);
		if (n == 0)
			return false;
		p += n;
		len -= n;
	}
	return true;
}

/* A control character: C0, DEL, or C1 (U+0080 to U+009F, 0xc2 0x80-0x9f). */
static bool
has_control(const char *text)
{
	const unsigned char *p = (const unsigned char *)text;

	for (; *p != '\0'; p++) {
		if (*p < 0x20 || *p == 0x7f)
			return true;
		if (*p == 0xc2 && p[1] >= 0x80 && p[1] <= 0x9f)
			return true;
	}
	return false;
}

int
line_text_parse(struct line_text *text, const char *in, struct err *err)
{
	size_t len = strnlen(in, sizeof(text->s));

	if (len == 0 || len >= sizeof(text->s))
		return err_set(err, ERR_INVALID, "must be 1 to 80 bytes");
	if (!name_is_utf8(in, len))
		return err_set(err, ERR_INVALID, "must be valid UTF-8");
	if (has_control(in))
		return err_set(err, ERR_INVALID,
		    "must not hold line breaks or other control characters");
	if (strpbrk(in, "|?\"\\") != NULL || in[0] == '!' || in[0] == '#')
		return err_set(err, ERR_INVALID,
		    "must not hold | ? \" or \\, nor start with ! or #");
	if (in[0] == ' ' || in[len - 1] == ' ' || strstr(in, "  ") != NULL)
		return err_set(err, ERR_INVALID,
		    "must not start or end with a blank or hold two in a row");
	memset(text, 0, sizeof(*text));
	memcpy(text->s, in, len + 1);
	return 0;
}
