/* engine/drain_record.h - a drain's operations: begun, noted, ended. */
#ifndef ENGINE_DRAIN_RECORD_H
#define ENGINE_DRAIN_RECORD_H

#include <stdbool.h>

struct caller;
struct db;
struct drain;
struct drain_progress;
struct drain_state;
struct err;
struct operation;
struct worker_tools;

/* A new operation that works on the row from now on, in the row's phase; the
 * row is stored with it. back: it is one that leads back. op is the caller's
 * to clear. */
int drain_record_begin(struct worker_tools *, const struct caller *, bool back,
    struct drain *, struct operation *op, struct err *);
/* Row and operation: phase and progress, when they are others than before. */
int drain_record_note(struct worker_tools *, struct drain *,
    const struct drain_state *, struct operation *,
    const struct drain_progress *, struct err *);

struct drain_record_end {
	const char *end; /* "drained", "cancelled", "returned" ... */
	const char *why; /* word, "" */
	const char *text;
	bool undone;  /* the operation did not do what it was for */
	bool removed; /* the row goes */
};
int drain_record_end(struct worker_tools *, const struct drain *,
    const struct operation *, const struct drain_record_end *, struct err *);
/* Another operation takes over: the one of the row, if it still runs, ends. */
int drain_record_replace(struct worker_tools *, const struct drain *,
    const char *end, struct err *);
/* Who asked for it. */
void drain_record_caller(const struct operation *, struct caller *);

#endif
