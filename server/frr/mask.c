/* frr/mask.c - configuration text without its secrets, for logs and errors. */
#include <stdio.h>
#include <string.h>

#include "base/buf.h"
#include "base/compat.h"
#include "frr/mask.h"

static const char *const secret_words[] = { "password", "passwd", "key-string",
	"md5", "authentication-key", "secret", "sha256" };

/* Bytes of the line that may be shown: up to a secret word and its blank. */
static size_t
shown(const char *line, size_t len)
{
	size_t i, j, n;

	for (i = 0; i < len; i++) {
		if (i > 0 && line[i - 1] != ' ')
			continue;
		for (j = 0; j < NITEMS(secret_words); j++) {
			n = strlen(secret_words[j]);
			if (len - i > n + 1 && line[i + n] == ' ' &&
			    memcmp(line + i, secret_words[j], n) == 0)
				return i + n + 1;
		}
	}
	return len;
}

const char *
frr_mask_line(const char *line, char *out, size_t size)
{
	size_t len = strlen(line), n = shown(line, len);

	(void)snprintf(out, size, "%.*s%s", (int)n, line, n < len ? "***" : "");
	return out;
}

void
frr_mask_text(const char *text, size_t len, struct buf *b)
{
	while (len > 0) {
		const char *nl = memchr(text, '\n', len);
		size_t line = nl == NULL ? len : (size_t)(nl - text);
		size_t n = shown(text, line);

		buf_add(b, text, n);
		if (n < line)
			buf_puts(b, "***");
		if (nl != NULL)
			buf_putc(b, '\n');
		line += nl != NULL;
		text += line;
		len -= line;
	}
}
