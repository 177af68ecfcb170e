/* engine/change.h - the one way in which anything is changed. */
#ifndef ENGINE_CHANGE_H
#define ENGINE_CHANGE_H

#include <stdbool.h>
#include <stdint.h>

#include "base/addr.h"
#include "base/name.h"
#include "model/downstream_order.h"
#include "model/drain.h"
#include "model/plan.h"
#include "model/policy.h"
#include "model/rotation.h"
#include "model/rotation_order.h"
#include "model/router_order.h"
#include "model/upstream_order.h"
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
	CHANGE_CLEAR,
	CHANGE_UPSTREAM, /* made, replaced or patched */
	CHANGE_UPSTREAM_REMOVE,
	CHANGE_ROUTER,
	CHANGE_DOWNSTREAM,
	CHANGE_DOWNSTREAM_REMOVE,
	CHANGE_KEY,  /* the TCP-MD5 key of an upstream becomes another */
	CHANGE_DRAIN /* what a drain adds, or takes away again */
};

struct change_order;

/* As change_run() is one. */
typedef int change_run_fn(struct worker_tools *, struct change_order *,
    struct change_result *, struct err *);

/* CHANGE_KEY. */
struct change_key {
	struct order_options options;
	char key[MD5KEY_MAX + 1]; /* wipe it */
	bool gentle; /* the kernel's keys alone, where it has any */
};

/* What each of these neighbors is to be; the others stay. */
struct drain_setting {
	struct addr neighbor;
	bool drained;
	bool native; /* see engine/drain_map.h */
	unsigned prepend;
	bool shutdown;
	char message[DRAIN_MESSAGE_MAX + 1];
};
struct drain_change {
	const char *kind;     /* "drain_signal", for the journal */
	const char *resource; /* "router", "upstreams/ifog" */
	struct drain_setting v[DRAIN_FACTS_MAX];
	size_t n;
};

struct change_order {
	enum change_kind kind;
	struct caller caller;
	uint64_t connection; /* that it came over; see engine/confirm.h */
	bool dry_run;
	struct name name;    /* of the upstream or downstream */
	char if_match[1024]; /* "": none */
	bool must_be_new;    /* If-None-Match: * */
	/* What goes with the kind. */
	struct upstream_order upstream;
	struct router_order router;
	struct downstream_order downstream;
	struct change_key key;
	struct order_options remove;
	/* NULL: change_run(); else what begins an operation that lasts, of
	 * which the kind's change is but a step. */
	change_run_fn *begin;
	/* Of rotation_begin(): */
	struct rotation_order rotation;
	struct rotation staged;
	bool shows_key;      /* in the answer that is about to go out */
	struct addr session; /* CHANGE_CLEAR */
	struct policy_clear clear;
	const struct drain_change *drain; /* reason and ticket in remove */
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
	bool created; /* the resource was not there before */
	char operation[OPERATION_ID_MAX];
	int64_t audit_seq; /* of the intent row, 0 when none */
	bool has_best_paths_moved;
	uint64_t best_paths_moved;
	struct plan plan;
	struct addr *resets; /* sessions that it resets (or would) */
	size_t n_resets;
	bool confirm_pending; /* in effect, not saved: see engine/confirm.h */
	unsigned revert_in_s;
	int64_t reverts_at_ms; /* wall clock */
	const char *member;    /* "upstream", "router", "downstream" */
	char *body; /* JSON of it afterwards; NULL for a clear or removal */
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
