/* cli/style.h - colour and width of the place we print to. */
#ifndef CLI_STYLE_H
#define CLI_STYLE_H

#include <stdbool.h>

struct buf;

/* width 0: not a terminal, nothing is cut to fit. */
struct style {
	bool terminal;
	bool color;
	unsigned width;
};

enum style_color {
	STYLE_PLAIN,
	STYLE_GOOD,   /* green */
	STYLE_BAD,    /* red */
	STYLE_WARN,   /* yellow */
	STYLE_STRONG, /* bold */
	STYLE_FAINT
};

/* What the descriptor is: NO_COLOR and TERM=dumb switch colour off, COLUMNS
 * is not asked (the terminal itself knows better). */
void style_detect(struct style *, int fd);

/* Colour on and off; nothing without colour. */
void style_begin(const struct style *, enum style_color, struct buf *);
void style_end(const struct style *, enum style_color, struct buf *);
/* Foreign text, made harmless (text_add), in that colour. */
void style_text(const struct style *, enum style_color, struct buf *,
    const char *);

/* The colour of a session's, operation's or outcome's word. */
enum style_color style_of_word(const char *);

#endif
