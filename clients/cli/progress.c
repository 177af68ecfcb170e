/* cli/progress.c - one line that shows that we are waiting, and for how long.
 */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/clock.h"
#include "cli/progress.h"
#include "cli/text.h"

enum {
	NAME_COLUMNS = 40,
	SENTENCE_COLUMNS = 60
};

void
progress_begin(struct progress *p, const char *what)
{
	memset(p, 0, sizeof(*p));
	p->wanted = isatty(STDERR_FILENO);
	p->what = what;
	p->started_ms = clock_ms();
}

void
progress_say(struct progress *p, const char *sentence)
{
	progress_end(p);
	p->what = sentence;
	p->said = true;
	p->shown_s = -1;
}

void
progress_tick(struct progress *p)
{
	struct buf b = BUF_INIT;
	size_t columns = p->said ? SENTENCE_COLUMNS : NAME_COLUMNS;
	int64_t s = (clock_ms() - p->started_ms) / 1000;

	if (!p->wanted || (s < 1 && !p->said) || s == p->shown_s)
		return;
	text_add(&b, p->what);
	(void)fprintf(stderr, "\r%s%.*s ... %" PRId64 " s",
	    p->said ? "" : "waiting for ", (int)text_fit(buf_text(&b), columns),
	    buf_text(&b), s);
	(void)fflush(stderr);
	buf_clear(&b);
	p->shown_s = s;
	p->visible = true;
}

void
progress_end(struct progress *p)
{
	if (p->visible)
		(void)fprintf(stderr, "\r%74s\r", "");
	(void)fflush(stderr);
	p->visible = false;
}
