/* engine/drain_samples.c - samples of drains under way, between two steps. */
#include <stdio.h>
#include <string.h>

#include "base/compat.h"
#include "engine/drain_samples.h"

/* With more at a time each would push out the one whose turn is next. */
static struct drain_samples all[256];

struct drain_samples *
drain_samples_of(const char *operation)
{
	struct drain_samples *oldest = &all[0];
	size_t i;

	for (i = 0; i < NITEMS(all); i++) {
		if (strcmp(all[i].operation, operation) == 0)
			return &all[i];
		if (all[i].at_ms < oldest->at_ms)
			oldest = &all[i];
	}
	memset(oldest, 0, sizeof(*oldest));
	(void)snprintf(oldest->operation, sizeof(oldest->operation), "%s",
	    operation);
	return oldest;
}
