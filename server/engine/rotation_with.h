/* engine/rotation_with.h - the other end takes the order too, or neither does.
 */
#ifndef ENGINE_ROTATION_WITH_H
#define ENGINE_ROTATION_WITH_H

struct caller;
struct err;
struct rotation_walk;

/*
 * Our own row is on disk before the other end is asked (phase "ask"), and the
 * row says that it is called off there before that is tried (phase "recall"):
 * an engine that dies in between goes on with either, so that never one end
 * changes alone because of us. It is called off until the other end has said
 * that it is, or until its time is over, after which it has gone back by
 * itself.
 */

/* From rotation_begin(): staged on both. -1: the reason; the rotation has
 * ended, or is called off (or, when nothing could be noted, is asked again). */
int rotation_with_begin(struct rotation_walk *, struct err *);
/* One step in the phases "ask" and "recall". */
int rotation_with_step(struct rotation_walk *, struct err *);
/* Nothing has been changed here, and nothing will be: r.why says why. Ends it
 * when there is no other end. */
int rotation_with_drop(struct rotation_walk *, struct err *);
/* Changed here already, and to be taken back: the other end first. -1 when it
 * does not answer, ERR_CONFLICT "not_pending" when it has the key for good. */
int rotation_with_return(struct rotation_walk *, struct err *);
/* Cancelled while it is called off: it ends without the other end's word. */
int rotation_with_leave(struct rotation_walk *, const struct caller *,
    struct err *);

#endif
