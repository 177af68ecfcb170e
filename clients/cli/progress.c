/* cli/progress.c - one line that shows that we are waiting, and for how long.
 */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/clock.h"
#include "cli/progress.h"
#include "cli/style.h"
#include "cli/text.h"

/* What stands on the terminal's line, whoever of us has put it there. */
static size_t shown_columns;

void
progress_begin(struct progress *p, const char *name)
{
	memset(p, 0, sizeof(*p));
	p->wanted = isatty(STDERR_FILENO);
	p->name = name;
	p->started_ms = clock_ms();
}

void
progress_say(struct progress *p, const char *sentence)
{
	progress_end(p);
	p->sentence = sentence;
	p->shown_s = -1;
}

/* One less than there are: the last one would begin a new line. */
static size_t
columns(void)
{
	struct style st;

	style_detect(&st, STDERR_FILENO);
	return st.width == 0 ? 0 : st.width - 1;
}

/* A window may be narrower than when the line was written. */
static int
rest_of_line(size_t from, size_t room)
{
	size_t end = shown_columns < room ? shown_columns : room;

	return end > from ? (int)(end - from) : 0;
}

static void
draw(const struct progress *p, int64_t s)
{
	struct buf line = BUF_INIT, words = BUF_INIT;
	size_t room = columns(), used, width;
	char tail[32];

	(void)snprintf(tail, sizeof(tail), " ... %" PRId64 " s", s);
	if (p->sentence == NULL)
		buf_puts(&words, "waiting for ");
	text_add(&words, p->sentence == NULL ? p->name : p->sentence);
	used = strlen(tail);
	buf_add(&line, buf_text(&words),
	    text_fit(buf_text(&words), room > used ? room - used : 0));
	buf_puts(&line, tail);
	width = text_width(buf_text(&line));
	(void)fprintf(stderr, "\r%s%*s", buf_text(&line),
	    rest_of_line(width, room), "");
	(void)fflush(stderr);
	shown_columns = width;
	buf_clear(&words);
	buf_clear(&line);
}

void
progress_tick(struct progress *p)
{
	int64_t s = (clock_ms() - p->started_ms) / 1000;

	if (!p->wanted || (s < 1 && p->sentence == NULL) || s == p->shown_s)
		return;
	draw(p, s);
	p->shown_s = s;
	p->visible = true;
}

void
progress_end(struct progress *p)
{
	if (p->visible) {
		(void)fprintf(stderr, "\r%*s\r", rest_of_line(0, columns()),
		    "");
		shown_columns = 0;
	}
	(void)fflush(stderr);
	p->visible = false;
}
