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

void
progress_begin(struct progress *p, const char *what)
{
	memset(p, 0, sizeof(*p));
	p->wanted = isatty(STDERR_FILENO);
	p->what = what;
	p->started_ms = clock_ms();
}

void
progress_tick(struct progress *p)
{
	struct buf b = BUF_INIT;
	int64_t s = (clock_ms() - p->started_ms) / 1000;

	if (!p->wanted || s < 1 || s == p->shown_s)
		return;
	text_add(&b, p->what);
	(void)fprintf(stderr, "\rwaiting for %.*s ... %" PRId64 " s",
	    (int)text_fit(buf_text(&b), 40), buf_text(&b), s);
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
