/* engine/change.h - the one way in which anything is changed. */
#ifndef ENGINE_CHANGE_H
#define ENGINE_CHANGE_H

#include <stdbool.h>
#include <stdint.h>

#include "base/addr.h"
#include "base/name.h"
#include "model/plan.h"
#include "model/policy.h"
#include "store/operation.h"

struct db;
struct err;
struct worker_tools;
struct change_result;

/* Who asks, for the audit. */
struct caller {
	char actor[32];
	char token_id[16];
	char peer[64];
	char request_id[72];
	char method[16];
	char path[256];
	char idempotency_key[300]; /* "": none */
};

/*
 * Called once when the end of a change is known: with failure NULL when it is
 * done, else with what went wrong. When something had been touched it runs
 * inside the transaction that stores the outcome, so that the answer is on
 * disk exactly when the outcome is. *reply is the answer's JSON, borrowed from
 * arg. 0, or -1 when the database failed.
 */
typedef int change_settle_fn(void *arg, struct db *,
    const struct change_result *, const struct err *failure, const char **reply,
    struct err *);

enum change_kind {
	CHANGE_POLICY,
	CHANGE_CLEAR
};

struct change_order {
	enum change_kind kind;
	struct caller caller;
	bool dry_run;
	struct name upstream; /* CHANGE_POLICY */
	char if_match[1024];  /* "": none */
	struct policy_order policy;
	struct addr session; /* CHANGE_CLEAR */
	struct policy_clear clear;
	/* Called when the operation is on disk, for respond-async; may be
	 * NULL. */
	void (*begun)(void *arg, const struct operation *);
	change_settle_fn *settle;
	void *arg; /* of both */
};

struct change_result {
	bool changed; /* or, for a dry run: would change */
	bool touched; /* an operation was begun */
	bool undone;  /* failed, and the router is as it was */
	char operation[OPERATION_ID_MAX];
	int64_t audit_seq; /* of the intent row, 0 when none */
	bool has_best_paths_moved;
	uint64_t best_paths_moved;
	struct plan plan;
	char *upstream; /* JSON of the upstream afterwards; NULL for a clear */
	char etag[48];
};
void change_result_clear(struct change_result *);

/*
 * After recover_now(): observe, edit, plan, journal, apply, verify, persist,
 * tell; any failure is undone and verified too. Runs on the writer's thread. 0
 * when the new state was seen and saved (or there was nothing to do, or
 * dry_run); -1 with err, and result->touched / ->undone say how far it went.
 * settle has been called in either case, except for a dry run.
 */
int change_run(struct worker_tools *, const struct change_order *,
    struct change_result *, struct err *);

#endif
