/* tests/unit/transition_standin.h - a journal on disk, and below it transitions
 * that only tell what they were asked. */
#ifndef TESTS_TRANSITION_STANDIN_H
#define TESTS_TRANSITION_STANDIN_H

#include <stdbool.h>

#include "base/buf.h"
#include "engine/change.h"
#include "engine/parts.h"
#include "engine/worker.h"
#include "temp_db.h"
#include "temp_key.h"

struct frr_node;

struct transition_standin {
	struct buf trace;      /* "undo STEPS", "save", "save back" */
	const char *fails;     /* the line that fails, or NULL */
	bool in_effect;        /* of transition_is_done() */
	bool silent;           /* FRR does not answer */
	struct frr_node *tree; /* what FRR runs */
	const char *saved;     /* FRR's boot file; NULL: none */
	const char *boot_id;
	int paused;                 /* drift: must be 0 in the end */
	struct worker_tools *tools; /* of jobs: they run at once */
};
extern struct transition_standin standin;

/* A database with a journal, and one operation in it. */
struct journal {
	struct temp_db *db;
	struct keyring *keyring;
	struct parts parts;
	struct worker_tools tools;
	struct operation op;
	struct err err;
};
int journal_set_up(void **state);
int journal_tear_down(void **state);
/* As a change would begin it; lines: "PATH|OLD|NEW", NULL ends. */
void journal_begin(struct journal *, const char *const *lines,
    const char *extra, const char *value);
/* What was asked of the transition, since the last time. */
void journal_traced(const char *want);
/* The operation's state, and kind, outcome and detail of the newest row. */
void journal_check(struct journal *, const char *state, const char *row);
/* The engine dies and is started again. */
void journal_restart(struct journal *);

#endif
