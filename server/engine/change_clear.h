/* engine/change_clear.h - a session is cleared: told, and seen to be done. */
#ifndef ENGINE_CHANGE_CLEAR_H
#define ENGINE_CHANGE_CLEAR_H

struct buf;
struct change_order;
struct change_result;
struct err;
struct upstream;
struct worker_tools;

/* ERR_CONFLICT when the neighbor is active in no address family. A hard clear
 * of an established session is in result->resets. */
int change_clear_plan(const struct change_order *, const struct upstream *,
    struct change_result *, struct err *);
/* A hard clear is waited for: ERR_NOT_APPLIED when the session stays as it is.
 */
int change_clear_run(struct worker_tools *, const struct change_order *,
    const struct upstream *, struct buf *log, struct err *);

#endif
