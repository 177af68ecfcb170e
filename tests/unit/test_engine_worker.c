/* tests/unit/test_engine_worker.c - a thread with a bounded queue of jobs. */
/* links: engine/worker engine/events engine/outbox model/event model/json
 * store/operation frr/frr frr/lock frr/state frr/json frr/version
 * frr/prefix_counts frr/family frr/route frr/vty frr/vty_decode
 * frr/vty_configure frr/vtysh frr/tree frr/tree_parse frr/tree_index
 * frr/section frr/diff frr/step frr/line frr/mask store/db store/sql
 * store/migrations store/audit base/addr base/buf base/clock base/crypto
 * base/err base/io base/log base/mem base/name base/number base/run store/seal
 * store/keyring */
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <time.h>

#include "base/clock.h"
#include "engine/parts.h"
#include "engine/worker.h"
#include "temp_db.h"

struct test {
	struct parts parts;
	struct worker *worker;
	struct err err;
	pthread_mutex_t gate; /* a job waits until it can have it */
	atomic_int begun;
	atomic_int done;
	atomic_int ticks;
	atomic_bool tools_are_good;
	char order[16];
};

/* The one that tests what is global. */
static struct test *current;

static int
set_up(void **state)
{
	struct temp_db *db;

	if (temp_db_set_up(state) != 0)
		return -1;
	db = *state;
	current = calloc(1, sizeof(*current));
	assert_non_null(current);
	(void)pthread_mutex_init(&current->gate, NULL);
	(void)snprintf(current->parts.database, sizeof(current->parts.database),
	    "%s", db->path);
	(void)snprintf(current->parts.frr.socket_dir,
	    sizeof(current->parts.frr.socket_dir), "%s", db->dir);
	return 0;
}

static int
tear_down(void **state)
{
	worker_free(&current->worker);
	(void)pthread_mutex_destroy(&current->gate);
	free(current);
	return temp_db_tear_down(state);
}

static void
start(unsigned queue_max, worker_fn *tick, unsigned tick_ms)
{
	if (worker_start(&current->worker, &current->parts, "unit", queue_max,
		tick, tick_ms, &current->err) == -1)
		fail_msg("%s", current->err.text);
}

static void
wait_until(atomic_int *number, int value)
{
	static const struct timespec pause = { 0, 1000000 };
	int64_t deadline = clock_ms() + 10000;

	while (atomic_load(number) < value) {
		assert_true(clock_left_ms(deadline) > 0);
		(void)nanosleep(&pause, NULL);
	}
}

/* Notes its letter once the gate is open. */
static void
job(struct worker_tools *tools, void *arg)
{
	atomic_fetch_add(&current->begun, 1);
	(void)pthread_mutex_lock(&current->gate);
	current->order[atomic_load(&current->done)] = *(const char *)arg;
	atomic_store(&current->tools_are_good,
	    tools->parts == &current->parts && tools->db != NULL &&
		tools->frr != NULL);
	(void)pthread_mutex_unlock(&current->gate);
	atomic_fetch_add(&current->done, 1);
}

static int
submit(const char *letter)
{
	return worker_submit(current->worker, job, (void *)(uintptr_t)letter,
	    &current->err);
}

static void
test_jobs_in_order(void **state)
{
	(void)state;
	start(8, NULL, 0);
	assert_int_equal(submit("a"), 0);
	assert_int_equal(submit("b"), 0);
	assert_int_equal(submit("c"), 0);
	wait_until(&current->done, 3);
	assert_string_equal(current->order, "abc");
	assert_true(atomic_load(&current->tools_are_good));
	/* It sleeps, and wakes again. */
	assert_int_equal(submit("d"), 0);
	wait_until(&current->done, 4);
	assert_string_equal(current->order, "abcd");
	worker_stop(current->worker);
}

static void
test_full_queue(void **state)
{
	(void)state;
	start(2, NULL, 0);
	(void)pthread_mutex_lock(&current->gate);
	assert_int_equal(submit("a"), 0);
	wait_until(&current->begun, 1); /* it waits no more: it runs */
	assert_int_equal(submit("b"), 0);
	assert_int_equal(submit("c"), 0);
	assert_int_equal(submit("d"), -1);
	assert_int_equal(current->err.code, ERR_BUSY);
	assert_string_equal(current->err.reason, "queue_full");
	assert_true(current->err.retry_after_s > 0);
	(void)pthread_mutex_unlock(&current->gate);
	wait_until(&current->done, 3);
	assert_int_equal(submit("e"), 0);
	wait_until(&current->done, 4);
	assert_string_equal(current->order, "abce");
	worker_stop(current->worker);
}

static void *
stop_it(void *arg)
{
	(void)arg;
	worker_stop(current->worker);
	return NULL;
}

/* The present job ends; what waits is dropped; nothing new is taken. */
static void
test_stop(void **state)
{
	int64_t deadline = clock_ms() + 10000;
	pthread_t thread;

	(void)state;
	start(2, NULL, 0);
	(void)pthread_mutex_lock(&current->gate);
	assert_int_equal(submit("a"), 0);
	wait_until(&current->begun, 1);
	assert_int_equal(submit("b"), 0);
	assert_int_equal(pthread_create(&thread, NULL, stop_it, NULL), 0);
	/* Full until it is stopping. */
	while (submit("c") == 0 || current->err.code == ERR_BUSY)
		assert_true(clock_left_ms(deadline) > 0);
	assert_int_equal(current->err.code, ERR_UNAVAILABLE);
	(void)pthread_mutex_unlock(&current->gate);
	(void)pthread_join(thread, NULL);
	assert_int_equal(atomic_load(&current->done), 1);
	assert_string_equal(current->order, "a");
	assert_int_equal(submit("d"), -1);
	assert_int_equal(current->err.code, ERR_UNAVAILABLE);
}

static void
tick(struct worker_tools *tools, void *unused)
{
	sigset_t blocked;

	(void)pthread_sigmask(SIG_SETMASK, NULL, &blocked);
	atomic_store(&current->tools_are_good,
	    unused == NULL && tools->db != NULL &&
		sigismember(&blocked, SIGTERM) == 1);
	atomic_fetch_add(&current->ticks, 1);
}

static void
test_ticks(void **state)
{
	int64_t begun = clock_ms();

	(void)state;
	start(2, tick, 20);
	wait_until(&current->ticks, 1); /* at once */
	assert_true(clock_ms() - begun < 5000);
	wait_until(&current->ticks, 4);
	assert_true(clock_ms() - begun >= 55);
	assert_true(atomic_load(&current->tools_are_good));
	assert_int_equal(submit("a"), 0);
	wait_until(&current->done, 1);
	worker_stop(current->worker);
}

/* A job need not wait for the next tick. */
static void
test_job_between_ticks(void **state)
{
	int64_t begun = clock_ms();

	(void)state;
	start(2, tick, 600000);
	wait_until(&current->ticks, 1);
	assert_int_equal(submit("a"), 0);
	wait_until(&current->done, 1);
	worker_stop(current->worker);
	assert_true(clock_ms() - begun < 10000);
	assert_int_equal(atomic_load(&current->ticks), 1);
}

static void
test_no_database(void **state)
{
	(void)state;
	(void)snprintf(current->parts.database, sizeof(current->parts.database),
	    "/nonexistent/test.db");
	assert_int_equal(worker_start(&current->worker, &current->parts, "unit",
			     2, NULL, 0, &current->err),
	    -1);
	assert_int_not_equal(current->err.code, ERR_NONE);
	assert_null(current->worker);
	worker_stop(NULL);
	worker_free(&current->worker);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_jobs_in_order),
		TEST(test_full_queue),
		TEST(test_stop),
		TEST(test_ticks),
		TEST(test_job_between_ticks),
		TEST(test_no_database),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
