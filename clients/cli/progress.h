/* cli/progress.h - one line that shows that we are waiting, and for how long.
 */
#ifndef CLI_PROGRESS_H
#define CLI_PROGRESS_H

#include <stdbool.h>
#include <stdint.h>

/* Nothing at all unless standard error is a terminal. */
struct progress {
	bool wanted;
	const char *name;     /* borrowed: "hobgp" */
	const char *sentence; /* borrowed; NULL: "waiting for hobgp" */
	int64_t started_ms;
	int64_t shown_s;
	bool visible;
};

void progress_begin(struct progress *, const char *name);
/* Call it often; the line appears after a second and then once a second. */
void progress_tick(struct progress *);
/* From now on this stands there instead, at once; borrowed. NULL: the name
 * again. As much as the terminal is wide is shown. */
void progress_say(struct progress *, const char *sentence);
/* Takes the line away again. */
void progress_end(struct progress *);

#endif
