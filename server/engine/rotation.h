/* engine/rotation.h - another TCP-MD5 key: planned, changed, verified. */
#ifndef ENGINE_ROTATION_H
#define ENGINE_ROTATION_H

struct caller;
struct change_order;
struct change_result;
struct err;
struct operation;
struct worker_tools;

/*
 * Phases of the operation "tcp_md5_rotation":
 *   ask       with another router: it is asked to take the order too
 *   staged    the new key lies sealed in the journal until its time
 *   drain     its upstream's traffic is moved away first, if asked
 *   change    made as a change of its own that nobody has confirmed yet
 *   verify    the session has to come up (or go on) under the new key in time;
 *             then the change is confirmed, and so saved
 *   return    it did not, and the old key is back: until the session is up
 *   recall    nothing was changed here; it is called off at the other router
 * It ends as done, or as undone with the reason; a drain of ours is led back
 * then.
 */

/* change_run_fn of POST .../tcp-md5/rotations: checks, plans and stages it. */
int rotation_begin(struct worker_tools *, struct change_order *,
    struct change_result *, struct err *);
/* lasting_step_fn and lasting_cancel_fn. */
int rotation_step(struct worker_tools *, struct operation *, struct err *);
int rotation_step_cancel(struct worker_tools *, struct operation *,
    const struct caller *, struct err *);

#endif
