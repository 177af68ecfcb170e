/* engine/supervisor.h - the engine's side of the operations of the parent. */
#ifndef ENGINE_SUPERVISOR_H
#define ENGINE_SUPERVISOR_H

#include <stddef.h>

#include "wire/op.h"

struct buf;
struct err;
struct supervisor;

/* fd: SETUP_OP_FD; stays the caller's. */
struct supervisor *supervisor_new(int fd);
void supervisor_free(struct supervisor **);

/*
 * Each asks the parent for one operation and waits for the end, whatever thread
 * calls: one at a time. On -1 err is the parent's own. After a timeout or a
 * broken protocol the connection is not used again: the engine ends and is
 * started anew by the parent.
 */

/*
 * Any operation. payload is the kind's struct, all its unused bytes zero. dry:
 * only tell the commands. What the operation answers is appended to out; on -1
 * the log of what had been run before it failed (may be nothing).
 */
int supervisor_ask(struct supervisor *, enum op_kind, int dry,
    const void *payload, struct buf *out, struct err *);
/* The same, but ERR_BUSY at once when the parent is at work for another thread:
 * what is looked at every second can wait, the snapshot cannot. */
int supervisor_try(struct supervisor *, enum op_kind, int dry,
    const void *payload, struct buf *out, struct err *);
/* write memory; the saved file's text is appended to file. may_go: bits of
 * OP_SAVE_IP_ROUTE ... */
int supervisor_save(struct supervisor *, unsigned may_go, struct buf *file,
    struct err *);

#endif
