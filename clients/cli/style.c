/* cli/style.c - colour and width of the place we print to. */
#include <sys/ioctl.h>

#include <stdlib.h>
#include <string.h>
#include <termios.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/compat.h"
#include "cli/style.h"
#include "cli/text.h"

static const char *const sgr[] = {
	[STYLE_PLAIN] = "",
	[STYLE_GOOD] = "\033[32m",
	[STYLE_BAD] = "\033[31m",
	[STYLE_WARN] = "\033[33m",
	[STYLE_STRONG] = "\033[1m",
	[STYLE_FAINT] = "\033[2m",
};

void
style_detect(struct style *st, int fd)
{
	const char *no_color = getenv("NO_COLOR"), *term = getenv("TERM");
	struct winsize size;

	memset(st, 0, sizeof(*st));
	if (!isatty(fd))
		return;
	st->terminal = true;
	st->color = (no_color == NULL || *no_color == '\0') && term != NULL &&
	    strcmp(term, "dumb") != 0;
	st->width = 80;
	if (ioctl(fd, TIOCGWINSZ, &size) == 0 && size.ws_col >= 20)
		st->width = size.ws_col;
}

void
style_begin(const struct style *st, enum style_color color, struct buf *b)
{
	if (st->color && color != STYLE_PLAIN)
		buf_puts(b, sgr[color]);
}

void
style_end(const struct style *st, enum style_color color, struct buf *b)
{
	if (st->color && color != STYLE_PLAIN)
		buf_puts(b, "\033[0m");
}

void
style_text(const struct style *st, enum style_color color, struct buf *b,
    const char *s)
{
	style_begin(st, color, b);
	text_add(b, s);
	style_end(st, color, b);
}

enum style_color
style_of_word(const char *word)
{
	/* clang-format off */
	static const struct {
		const char *word;
		enum style_color color;
	} words[] = {
		{ "established", STYLE_GOOD },
		{ "in_service", STYLE_GOOD },
		{ "applied", STYLE_GOOD },
		{ "done", STYLE_GOOD },
		{ "valid", STYLE_GOOD },
		{ "unchanged", STYLE_PLAIN },
		{ "applying", STYLE_WARN },
		{ "persisting", STYLE_WARN },
		{ "undoing", STYLE_WARN },
		{ "undone", STYLE_WARN },
		{ "awaiting_confirm", STYLE_WARN },
		{ "scheduled", STYLE_WARN },
		{ "running", STYLE_WARN },
		{ "warning", STYLE_WARN },
		{ "ok", STYLE_GOOD },
		{ "up", STYLE_GOOD },
		{ "down", STYLE_BAD },
		{ "refused", STYLE_WARN },
		{ "expired", STYLE_WARN },
		{ "draining", STYLE_WARN },
		{ "drained", STYLE_WARN },
		{ "returning", STYLE_WARN },
		{ "unfinished", STYLE_WARN },
		{ "idle", STYLE_BAD },
		{ "connect", STYLE_BAD },
		{ "active", STYLE_BAD },
		{ "open_sent", STYLE_BAD },
		{ "open_confirm", STYLE_BAD },
		{ "shutdown", STYLE_BAD },
		{ "failed", STYLE_BAD },
		{ "revoked", STYLE_BAD },
	};
	/* clang-format on */
	size_t i;

	for (i = 0; i < NITEMS(words); i++)
		if (strcmp(word, words[i].word) == 0)
			return words[i].color;
	return STYLE_PLAIN;
}
