/* engine/recover.h - finish or undo what a former life had begun. */
#ifndef ENGINE_RECOVER_H
#define ENGINE_RECOVER_H

struct err;
struct parts;
struct worker_tools;

/*
 * Nothing when all is recovered. Otherwise each pending operation of the
 * journal, oldest first: one that was persisting and is still in effect is
 * saved and so finished, every other one is undone; the audit tells which.
 * What somebody has changed by hand meanwhile stays as they made it: such an
 * operation ends as failed, superseded. One that cannot be undone in many
 * attempts for another reason than silence ends as failed too, with that
 * reason: a router must not be locked for ever. Only the attempts of
 * recover_when_due() count, so that these last some minutes.
 * ERR_UNAVAILABLE while that cannot be done: no other change is allowed then.
 */
int recover_now(struct worker_tools *, struct err *);
/*
 * Has the writer recover when something is pending, at most one at a time and
 * ever more rarely after failures (1 s to 60 s). Called by the watcher while
 * FRR answers.
 */
void recover_when_due(struct parts *);

#endif
