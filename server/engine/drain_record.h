/* engine/drain_record.h - a drain's operations: begun, noted, ended. */
#ifndef ENGINE_DRAIN_RECORD_H
#define ENGINE_DRAIN_RECORD_H

#include <stdbool.h>
#include <stdint.h>

struct caller;
struct db;
struct drain;
struct drain_progress;
struct drain_state;
struct err;
struct operation;
struct worker_tools;

struct drain_record_begin {
	const struct caller *caller;
	bool back;               /* it leads back */
	const struct drain *old; /* whose place it takes, or NULL: as stored */
	const char *old_end;     /* "replaced", "cancelled" */
};
/*
 * A new operation that works on the row from now on, in the row's phase; the
 * row is stored with it. If the old one's operation still runs, it ends. All of
 * it is one transaction: a row never has an operation that nobody goes on with.
 * op is the caller's to clear.
 */
int drain_record_begin(struct worker_tools *, const struct drain_record_begin *,
    struct drain *, struct operation *op, struct err *);
struct drain_record_now {
	const struct drain_state *state;
	const struct drain_progress *progress;
	const struct caller *canceller; /* who turned it round; NULL: nobody */
};
/* Row and operation: phase and progress, when they are others than before. */
int drain_record_note(struct worker_tools *, struct drain *, struct operation *,
    const struct drain_record_now *, struct err *);

struct drain_record_end {
	const char *end; /* "drained", "cancelled", "returned" ... */
	const char *why; /* word, "" */
	const char *text;
	bool undone;  /* the operation did not do what it was for */
	bool removed; /* the row goes */
};
int drain_record_end(struct worker_tools *, const struct drain *,
    const struct operation *, const struct drain_record_end *, struct err *);
/* The other router said no: nothing was touched, and the row goes. */
int drain_record_refuse(struct worker_tools *, const struct drain *,
    const struct operation *, const char *text, struct err *);
/* As nothing were done yet; the time for it begins now. */
void drain_record_fresh(struct drain *, uint32_t seconds);
/* Who asked for it. */
void drain_record_caller(const struct operation *, struct caller *);

#endif
