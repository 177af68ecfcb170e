/* engine/recover.h - finish or undo what a former life had begun. */
#ifndef ENGINE_RECOVER_H
#define ENGINE_RECOVER_H

struct err;
struct worker_tools;

/*
 * Nothing when all is recovered. Otherwise each pending operation of the
 * journal, oldest first: one that was persisting and is still in effect is
 * saved and so finished, every other one is undone; the audit tells which.
 * ERR_UNAVAILABLE while that cannot be done: no other change is allowed then.
 */
int recover_now(struct worker_tools *, struct err *);
/* The same as a worker_fn for the writer; logs what it did. */
void recover_job(struct worker_tools *, void *unused);

#endif
