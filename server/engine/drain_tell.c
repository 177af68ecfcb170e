/* engine/drain_tell.c - what others want to know of a drain. */
#include <string.h>

#include "base/log.h"
#include "engine/drain_tell.h"
#include "model/drain.h"

void
drain_tell(struct worker_tools *tools, const struct drain *d, const char *what,
    const char *text)
{
	(void)tools;
	if (strcmp(what, "progress") == 0)
		return; /* once a second: not for the log */
	log_info("drain of %s by %s (%s): %s", d->subject, d->owner,
	    d->operation, text);
}
