/* parent/act.h - one operation, checked already: carry it out. */
#ifndef PARENT_ACT_H
#define PARENT_ACT_H

#include <stddef.h>

struct config;
struct err;
struct op_head;

/* Once at start: reads the list of what is ours, makes the boot files whole.
 * -1 is no reason to stop: what needs them then fails, and says why. */
int act_prepare(const struct config *, struct err *);

/*
 * No heap. What the answer carries is in data, for an operation that changes
 * something also on -1: the log of what had been run. Good until the next call.
 * Refuses to touch what is not ours: ERR_CONFLICT "interface_not_ours",
 * "interface_taken", "route_not_ours", "route_exists", "key_not_ours",
 * "key_exists". What is to go and is
 * gone already is done: an undo may come twice. In dry mode it only tells the
 * commands, whatever there is.
 */
int act_run(const struct config *, const struct op_head *, const void *payload,
    const void **data, size_t *len, struct err *);

/* The answer of act_run has been copied: what of it may be secret is wiped. */
void act_forget(const void *data, size_t len);

#endif
