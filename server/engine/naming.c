/* engine/naming.c - short names for neighbors that were made by hand. */
#include <ctype.h>
#include <stdio.h>
#include <string.h>

#include "engine/naming.h"

enum {
	WORDS_MAX = 8,
	WORD_MAX = 24
};

static const char *const common[] = { "upstream", "transit", "peer", "edge",
	"core", "uplink", "provider", "ibgp", "ebgp", "bgp", "to", "via", "the",
	"tunnel", "downstream", "customer" };

struct words {
	char v[WORDS_MAX][WORD_MAX];
	unsigned n;
};

static bool
is_common(const char *word)
{
	size_t i;

	for (i = 0; i < sizeof(common) / sizeof(common[0]); i++)
		if (strcmp(word, common[i]) == 0)
			return true;
	return false;
}

/* Lower-case runs of letters and digits; everything else separates. */
static void
split(struct words *w, const char *text)
{
	size_t len = 0;

	w->n = 0;
	for (;; text++) {
		unsigned char c = (unsigned char)*text;

		if (c < 0x80 && isalnum(c)) {
			if (len + 1 < WORD_MAX)
				w->v[w->n][len++] = (char)tolower(c);
			continue;
		}
		if (len > 0) {
			w->v[w->n++][len] = '\0';
			len = 0;
		}
		if (c == '\0' || w->n == WORDS_MAX)
			return;
	}
}

/* Drops the common words and leading numbers, unless nothing would be left. */
static void
keep_telling(struct words *w)
{
	struct words kept = { .n = 0 };
	unsigned i;

	for (i = 0; i < w->n; i++) {
		if (is_common(w->v[i]) || (kept.n == 0 && isdigit(w->v[i][0])))
			continue;
		memcpy(kept.v[kept.n++], w->v[i], WORD_MAX);
	}
	if (kept.n == 0)
		for (i = 0; i < w->n; i++)
			if (!isdigit(w->v[i][0]))
				memcpy(kept.v[kept.n++], w->v[i], WORD_MAX);
	*w = kept;
}

static void
from_address(struct name *name, const char *address)
{
	size_t n;

	memset(name, 0, sizeof(*name));
	(void)snprintf(name->s, sizeof(name->s), "n-%s", address);
	for (n = 0; name->s[n] != '\0'; n++)
		if (!isalnum((unsigned char)name->s[n]))
			name->s[n] = '-';
	while (n > 0 && name->s[n - 1] == '-')
		name->s[--n] = '\0';
}

void
naming_suggest(struct name *name, const char *description, const char *address,
    unsigned n)
{
	struct words w;
	char suffix[12] = "";
	unsigned i, count;
	size_t len = 0, room;

	split(&w, description);
	keep_telling(&w);
	if (w.n == 0) {
		from_address(name, address);
		if (n > 0) {
			len = strnlen(name->s, sizeof(name->s) - 5);
			memset(name->s + len, 0, sizeof(name->s) - len);
			(void)snprintf(name->s + len, sizeof(name->s) - len,
			    "-%u", (n + 1) % 1000);
		}
		return;
	}
	count = n < w.n ? n + 1 : w.n;
	if (n >= w.n)
		(void)snprintf(suffix, sizeof(suffix), "-%u",
		    (n - w.n + 2) % 100000);
	room = sizeof(name->s) - 1 - strlen(suffix);
	memset(name, 0, sizeof(*name));
	for (i = 0; i < count; i++) {
		size_t word = strlen(w.v[i]);

		if (len + word + (i > 0) > room)
			break;
		if (i > 0)
			name->s[len++] = '-';
		memcpy(name->s + len, w.v[i], word);
		len += word;
	}
	(void)snprintf(name->s + len, sizeof(name->s) - len, "%s", suffix);
}
