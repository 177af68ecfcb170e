/* engine/publish.h - what was seen, rendered once for all who read. */
#ifndef ENGINE_PUBLISH_H
#define ENGINE_PUBLISH_H

#include <stdbool.h>
#include <stdint.h>

#include "base/err.h"
#include "engine/interface_table.h"
#include "engine/observe.h"

struct parts;

/* What the watcher knows; its thread alone touches it. */
struct watched {
	bool seen; /* last holds something */
	struct observation last;
	int64_t seen_wall_ms;
	int64_t seen_ms;
	struct observe_counters counters; /* of the last look */
	struct interface_table interfaces;
	bool whole;         /* last has all of FRR and what lies under it */
	struct err failure; /* code ERR_NONE: the last look went well */
	struct err host_failure; /* likewise, of what lies under FRR */
	bool facts_known;
	int32_t securelevel; /* -2: there is none, or not known yet */
};

/* Renders a snapshot and gives it to the readers. */
void publish(const struct watched *, struct parts *);

#endif
