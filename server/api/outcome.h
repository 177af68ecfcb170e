/* api/outcome.h - what a change did, or would do, as the answer tells it. */
#ifndef API_OUTCOME_H
#define API_OUTCOME_H

#include "engine/change.h"

struct buf;

/* Appends the answer's JSON. */
void outcome_render(const struct change_order *, const struct change_result *,
    struct buf *);

#endif
