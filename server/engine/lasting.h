/* engine/lasting.h - operations that last: a step now and then until they end
 */
#ifndef ENGINE_LASTING_H
#define ENGINE_LASTING_H

#include <stdbool.h>

struct caller;
struct err;
struct operation;
struct parts;
struct worker_tools;

/*
 * A rotation, a drain: scheduled or running in the journal for minutes or days.
 * Whatever it changes on the router is a change of its own (engine/change.h),
 * made by one of its steps. Everything a step needs to know stands in the
 * journal, so that a step which was interrupted is simply taken again.
 */

/*
 * One step, on the writer's thread, once a second from the time that it is due;
 * after recovery, so no other change is under way. It looks at the router, goes
 * on by as much as can be done now, and notes that with operation_progress();
 * or ends it with record_end(). -1: the step failed for a reason that may pass
 * (it is logged when it is another one, and tried again).
 */
typedef int lasting_step_fn(struct worker_tools *, struct operation *,
    struct err *);
/* Ends it early, or -1 with ERR_CONFLICT when it is too late for that. */
typedef int lasting_cancel_fn(struct worker_tools *, struct operation *,
    const struct caller *, struct err *);

/* On the writer's thread: POST /v1/operations/{id}/cancel of such a one. */
int lasting_cancel(struct worker_tools *, struct operation *,
    const struct caller *, struct err *);
/* Is told the id of each one that has ended, on the writer's thread. */
typedef void lasting_listener_fn(struct worker_tools *, const char *id);
void lasting_listen(lasting_listener_fn *);
void lasting_ended(struct worker_tools *, const char *id);
/* One was begun, or is to look again at once. From any thread. */
void lasting_wake(struct parts *);
/* From the watcher's tick: asks the writer for the next steps. */
void lasting_when_due(struct parts *);

#endif
