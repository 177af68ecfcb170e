/* engine/change_settle.h - for a change that nobody waits for. */
#ifndef ENGINE_CHANGE_SETTLE_H
#define ENGINE_CHANGE_SETTLE_H

#include "engine/change.h"

/* change_settle_fn of one that is a step of an operation that lasts: it is
 * answered by that. */
int change_settle_nothing(void *arg, struct db *, const struct change_result *,
    const struct err *failure, const char **reply, struct err *);

#endif
