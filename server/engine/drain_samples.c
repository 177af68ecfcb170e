/* engine/drain_samples.c - samples of drains under way, between two steps. */
#include <stdio.h>
#include <string.h>

#include "base/compat.h"
#include "engine/drain_samples.h"

/* More at a time take their samples anew now and then. */
static struct drain_samples all[32];

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
