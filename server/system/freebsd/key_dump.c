/* system/freebsd/key_dump.c - what setkey -D prints. */
#include <string.h>

#include "base/crypto.h"
#include "system/freebsd/key_dump.h"
#include "system/freebsd/words.h"

enum {
	WORDS_MAX = 32 /* an 80-byte key has 20 groups */
};

static int
digit(char c)
{
	static const char digits[] = "0123456789abcdef";
	const char *at = c == '\0' ? NULL : strchr(digits, c);

	return at == NULL ? -1 : (int)(at - digits);
}

/* Groups of up to four bytes as hexadecimal; false when they are not that. */
static bool
parse_key(char *const *groups, size_t n, struct key_way *way)
{
	size_t i;
	const char *p;
	int high, low;

	way->key_len = 0;
	for (i = 0; i < n; i++)
		for (p = groups[i]; *p != '\0'; p += 2) {
			high = digit(p[0]);
			low = high == -1 ? -1 : digit(p[1]);
			if (low == -1 || way->key_len == OP_KEY_BYTES)
				return false;
			way->key[way->key_len++] = (char)(high << 4 | low);
		}
	return way->key_len > 0;
}

/* What is known of the association whose lines are read. */
struct reading {
	struct key_way way;
	bool open; /* its first line was understood */
	bool tcp;
	bool keyed;
	bool gone; /* larval, or dead */
};

static void
begin(struct reading *r, char *line)
{
	char *v[3];

	memset(r, 0, sizeof(*r));
	r->open = words_split(line, v, 3) == 2 &&
	    addr_parse(&r->way.src, v[0], NULL) == 0 &&
	    addr_parse(&r->way.dst, v[1], NULL) == 0;
}

static void
inside(struct reading *r, char *line)
{
	char *v[WORDS_MAX];
	size_t i, n = words_split(line, v, WORDS_MAX);

	if (n == 0)
		return;
	if (n > 1 && strncmp(v[1], "mode=", 5) == 0)
		r->tcp = strcmp(v[0], "tcp") == 0;
	else if (n > 2 && strcmp(v[0], "A:") == 0 &&
	    strcmp(v[1], "tcp-md5") == 0)
		r->keyed = parse_key(v + 2, n - 2, &r->way);
	for (i = 0; i < n; i++)
		if (strcmp(v[i], "state=larval") == 0 ||
		    strcmp(v[i], "state=dead") == 0)
			r->gone = true;
}

static void
end(const struct reading *r, struct key_way *list, size_t max, size_t *n)
{
	if (r->open && r->tcp && r->keyed && !r->gone && *n < max)
		list[(*n)++] = r->way;
}

size_t
key_dump_parse(char *text, struct key_way *list, size_t max)
{
	struct reading r;
	size_t n = 0;
	char *line;

	memset(&r, 0, sizeof(r));
	while ((line = words_line(&text)) != NULL) {
		if (line[0] == '\t' || line[0] == ' ') {
			inside(&r, line);
			continue;
		}
		end(&r, list, max, &n);
		begin(&r, line);
	}
	end(&r, list, max, &n);
	crypto_wipe(&r, sizeof(r));
	return n;
}
