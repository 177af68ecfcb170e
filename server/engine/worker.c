/* engine/worker.c - a thread with a bounded queue of jobs. */
#include <errno.h>
#include <pthread.h>
#include <signal.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/clock.h"
#include "base/err.h"
#include "base/log.h"
#include "base/mem.h"
#include "engine/events.h"
#include "engine/parts.h"
#include "engine/worker.h"
#include "store/db.h"

struct job {
	struct job *next;
	worker_fn *fn;
	void *arg;
};

struct worker {
	pthread_t thread;
	pthread_mutex_t lock;
	pthread_cond_t wake;
	struct worker_tools tools;
	const char *label;
	worker_fn *tick;
	unsigned tick_ms;
	struct job *head;
	struct job **tail;
	unsigned n_jobs;
	unsigned max_jobs;
	bool stopping;
};

/* Waits for a job, the next tick or the end. Called with the lock held. */
static void
wait_for_work(struct worker *w, int64_t next_tick)
{
	struct timespec until;
	int64_t left;

	if (w->tick == NULL) {
		(void)pthread_cond_wait(&w->wake, &w->lock);
		return;
	}
	left = clock_left_ms(next_tick);
	(void)clock_gettime(CLOCK_MONOTONIC, &until);
	until.tv_sec += (time_t)(left / 1000);
	until.tv_nsec += (long)(left % 1000) * 1000000;
	if (until.tv_nsec >= 1000000000) {
		until.tv_sec++;
		until.tv_nsec -= 1000000000;
	}
	(void)pthread_cond_timedwait(&w->wake, &w->lock, &until);
}

static struct job *
take_job(struct worker *w)
{
	struct job *job = w->head;

	if (job == NULL)
		return NULL;
	w->head = job->next;
	if (w->head == NULL)
		w->tail = &w->head;
	w->n_jobs--;
	return job;
}

static void *
main_loop(void *arg)
{
	struct worker *w = arg;
	int64_t next_tick = clock_ms();
	struct job *job;

	(void)pthread_mutex_lock(&w->lock);
	while (!w->stopping) {
		if (w->tick != NULL && clock_ms() >= next_tick) {
			(void)pthread_mutex_unlock(&w->lock);
			w->tick(&w->tools, NULL);
			next_tick = clock_ms() + w->tick_ms;
			(void)pthread_mutex_lock(&w->lock);
		}
		job = w->stopping ? NULL : take_job(w);
		if (job == NULL) {
			if (!w->stopping)
				wait_for_work(w, next_tick);
			continue;
		}
		(void)pthread_mutex_unlock(&w->lock);
		job->fn(&w->tools, job->arg);
		free(job);
		(void)pthread_mutex_lock(&w->lock);
	}
	(void)pthread_mutex_unlock(&w->lock);
	return NULL;
}

/* The thread takes no signals: the main thread's loop handles them. */
static int
create_thread(struct worker *w, struct err *err)
{
	sigset_t all, old;
	int rc;

	(void)sigfillset(&all);
	(void)pthread_sigmask(SIG_SETMASK, &all, &old);
	rc = pthread_create(&w->thread, NULL, main_loop, w);
	(void)pthread_sigmask(SIG_SETMASK, &old, NULL);
	if (rc != 0) {
		errno = rc;
		return err_set_errno(err, ERR_SYSTEM, "%s thread", w->label);
	}
	return 0;
}

static int
open_database(struct worker *w, struct err *err)
{
	const struct parts *parts = w->tools.parts;

	if (db_open(&w->tools.db, parts->database, false, err) == -1)
		return -1;
	db_set_keyring(w->tools.db, parts->keyring);
	return 0;
}

int
worker_start(struct worker **out, struct parts *parts, const char *label,
    unsigned queue_max, worker_fn *tick, unsigned tick_ms, struct err *err)
{
	struct worker *w = mem_calloc(1, sizeof(*w));
	pthread_condattr_t attr;

	w->label = label;
	w->tick = tick;
	w->tick_ms = tick_ms;
	w->max_jobs = queue_max;
	w->tail = &w->head;
	w->tools.parts = parts;
	w->tools.frr = frr_new(&parts->frr);
	(void)pthread_mutex_init(&w->lock, NULL);
	(void)pthread_condattr_init(&attr);
	(void)pthread_condattr_setclock(&attr, CLOCK_MONOTONIC);
	(void)pthread_cond_init(&w->wake, &attr);
	(void)pthread_condattr_destroy(&attr);
	*out = w; /* before the thread runs: its first tick may need it */
	if (open_database(w, err) == -1)
		goto fail;
	db_on_operation(w->tools.db, events_operation_stored, parts);
	if (create_thread(w, err) == -1)
		goto fail;
	return 0;
fail:
	*out = NULL;
	frr_free(&w->tools.frr);
	db_close(&w->tools.db);
	free(w);
	return -1;
}

int
worker_submit(struct worker *w, worker_fn *fn, void *arg, struct err *err)
{
	struct job *job;
	int rc = -1;

	(void)pthread_mutex_lock(&w->lock);
	if (w->stopping) {
		(void)err_set(err, ERR_UNAVAILABLE, "multihomed is stopping");
	} else if (w->n_jobs >= w->max_jobs) {
		(void)err_set(err, ERR_BUSY,
		    "%u requests wait for the %s already: try again", w->n_jobs,
		    w->label);
		if (err != NULL)
			err->retry_after_s = 1;
		(void)err_reason(err, "queue_full");
	} else {
		job = mem_calloc(1, sizeof(*job));
		job->fn = fn;
		job->arg = arg;
		*w->tail = job;
		w->tail = &job->next;
		w->n_jobs++;
		(void)pthread_cond_signal(&w->wake);
		rc = 0;
	}
	(void)pthread_mutex_unlock(&w->lock);
	return rc;
}

void
worker_stop(struct worker *w)
{
	struct job *job;

	if (w == NULL)
		return;
	(void)pthread_mutex_lock(&w->lock);
	w->stopping = true;
	(void)pthread_cond_signal(&w->wake);
	(void)pthread_mutex_unlock(&w->lock);
	(void)pthread_join(w->thread, NULL);
	while ((job = take_job(w)) != NULL) {
		log_warning("%s: a waiting request was dropped", w->label);
		free(job); /* its argument goes with the process */
	}
}

void
worker_free(struct worker **wp)
{
	struct worker *w = *wp;

	if (w == NULL)
		return;
	frr_free(&w->tools.frr);
	db_close(&w->tools.db);
	(void)pthread_cond_destroy(&w->wake);
	(void)pthread_mutex_destroy(&w->lock);
	MEM_FREE(*wp);
}
