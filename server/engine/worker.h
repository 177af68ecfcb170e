/* engine/worker.h - a thread with a bounded queue of jobs. */
#ifndef ENGINE_WORKER_H
#define ENGINE_WORKER_H

struct db;
struct err;
struct frr;
struct parts;
struct worker;

/* What a job may use: the thread's own connections, shared with nobody. */
struct worker_tools {
	struct parts *parts;
	struct frr *frr;
	struct db *db;
};

/* A job frees arg itself. */
typedef void worker_fn(struct worker_tools *, void *arg);

/*
 * Starts the thread. tick (may be NULL) is called first and then every
 * tick_ms, between jobs. -1 when the database cannot be opened or no thread
 * made.
 */
int worker_start(struct worker **, struct parts *, const char *label,
    unsigned queue_max, worker_fn *tick, unsigned tick_ms, struct err *);
/* ERR_BUSY with retry_after_s when queue_max jobs wait already: fn is not
 * called then and arg stays the caller's. */
int worker_submit(struct worker *, worker_fn *fn, void *arg, struct err *);
/* Lets the present job end, drops the waiting ones, joins the thread. Others
 * may still submit: they are refused. */
void worker_stop(struct worker *);
/* After every worker that may submit to it has stopped. Accepts NULL. */
void worker_free(struct worker **);

#endif
