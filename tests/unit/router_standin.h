/* tests/unit/router_standin.h - FRR and the parent, played: a router that does
 * what it is told, writes down the order, and fails where a test wants it. */
#ifndef TESTS_ROUTER_STANDIN_H
#define TESTS_ROUTER_STANDIN_H

#include <stdbool.h>

#include "base/buf.h"
#include "engine/host.h"

struct frr_node;

struct router_standin {
	struct frr_node *tree; /* what FRR runs */
	/* What FRR runs after steps that lead there. */
	const struct frr_node *trees[2];
	struct host host;
	struct buf trace;     /* a line for each thing that was done */
	unsigned may_go;      /* of the last write memory */
	const char *fails;    /* the line of the trace that fails, or NULL */
	const char *does_not; /* the line that is told as done and is not */
};
extern struct router_standin router;

void router_standin_clear(void);

#endif
