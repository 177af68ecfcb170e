/* engine/drain_check_path.h - if this upstream goes, does another way remain?
 */
#ifndef ENGINE_DRAIN_CHECK_PATH_H
#define ENGINE_DRAIN_CHECK_PATH_H

#include <stdbool.h>

#include "base/compat.h"
#include "model/router.h"

struct drain_check;
struct drain_facts;
struct err;
struct upstream;

/* One preflight under way. */
struct drain_checking {
	const struct drain_check *c;
	struct router_config router;
	struct err *err;
	struct drain_facts *shut; /* of drain_check_path() alone */
};
/* Adds a condition that is not met; force overrides it where it may. */
void drain_check_unmet(const struct drain_checking *, bool may_force,
    const char *fmt, ...) PRINTFLIKE(3, 4);

/* What the upstream is good for has to be there elsewhere, with room for the
 * traffic. */
void drain_check_path(struct drain_checking *, const struct upstream *);

#endif
