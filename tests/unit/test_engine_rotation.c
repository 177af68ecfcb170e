/* tests/unit/test_engine_rotation.c - a rotation from its order to its end. */
/* links: engine/rotation engine/rotation_step engine/rotation_walk
 * engine/rotation_with engine/record model/rotation
 * model/rotation_order model/order_options model/fields model/check
 * model/plan model/json store/operation store/seal store/keyring
 * store/audit store/idempotency store/db store/sql store/migrations
 * base/addr base/buf base/clock base/crypto base/err base/io base/log
 * base/md5key base/mem base/name base/number base/rfc3339
 * engine/change_settle */
/* libs: -lsqlite3 -lsodium */
#include "base/buf.h"
#include "base/clock.h"
#include "engine/change.h"
#include "engine/confirm.h"
#include "engine/lasting.h"
#include "engine/parts.h"
#include "engine/record.h"
#include "engine/rotation.h"
#include "engine/rotation_drain.h"
#include "engine/rotation_peer.h"
#include "engine/rotation_view.h"
#include "engine/watch.h"
#include "engine/worker.h"
#include "store/audit.h"
#include "store/seal.h"
#include "temp_db.h"
#include "temp_key.h"

#define KEY "the-new-key"
#define OLD_ID "kold"
#define PENDING 5000

static const struct caller ops = { .actor = "ops", .request_id = "r-1" };

/* What the steps stand on, played. */
static struct {
	struct worker_tools *tools;
	struct rotation_view view;
	bool view_fails;
	struct buf trace; /* what was asked, a line each */
	/* change_run(): */
	const char *reason; /* why it refuses; NULL: it does not */
	enum err_code code;
	bool unchanged;             /* the key is there already */
	bool dies;                  /* after the intent, before the end */
	bool kernel_keys;           /* gentle is possible */
	struct rotation_view after; /* the view once the key has changed */
	bool has_after;
	bool confirm_fails;
	enum err_code peer_refuses; /* rotation_peer_stage() */
	bool peer_silent;           /* it answers nothing */
	bool peer_deaf;             /* what it is told comes to nothing */
	enum rotation_peer_state peer;
	int64_t peer_off_ms;         /* its clock */
	enum err_code drain_refuses; /* rotation_drain_begin() */
	enum rotation_drain drain;
	bool release_fails;
	bool settled;
	bool settled_with_error;
} play;

struct test {
	struct temp_db *db;
	struct keyring *keyring;
	struct parts parts;
	struct worker_tools tools;
	char id[OPERATION_ID_MAX];
	struct err err;
};

int
rotation_view(struct worker_tools *tools, const char *upstream,
    struct rotation_view *v, struct err *err)
{
	(void)tools;
	(void)upstream;
	if (play.view_fails)
		return err_set(err, ERR_UNAVAILABLE, "bgpd is silent");
	*v = play.view;
	return 0;
}

void
change_result_clear(struct change_result *r)
{
	plan_clear(&r->plan);
}

static int
refuse(struct err *err)
{
	(void)err_set(err, play.code, "refused: %s", play.reason);
	return err_reason(err, play.reason);
}

/* The journal has an operation of it from the intent on. */
int
change_run(struct worker_tools *tools, const struct change_order *order,
    struct change_result *result, struct err *err)
{
	struct record record = { .caller = &order->caller,
		.kind = "tcp_md5_change",
		.resource = "upstreams/ifog",
		.reason = order->key.options.reason.text,
		.operation = order->key.options.confirm_id.text,
		.stored_plan = "{}" };
	struct operation op = { 0 };

	memset(result, 0, sizeof(*result));
	plan_init(&result->plan);
	buf_printf(&play.trace, "%s %s\n", order->dry_run ? "plan" : "change",
	    order->key.gentle ? "gentle" : "reset");
	assert_int_equal(order->kind, CHANGE_KEY);
	if (order->key.gentle && !play.kernel_keys) {
		(void)err_set(err, ERR_CONFLICT, "no kernel keys");
		return err_reason(err, "no_kernel_keys");
	}
	if (play.reason != NULL)
		return refuse(err);
	result->changed = !play.unchanged;
	if (order->dry_run || play.unchanged)
		return 0;
	assert_string_equal(order->key.key, KEY);
	assert_string_equal(order->caller.actor, "engine");
	assert_string_equal(order->caller.request_id, "r-1");
	assert_true(order->key.options.revert_in_s.number > 60);
	assert_int_equal(record_begin(tools->db, &record, &op, err), 0);
	operation_clear(&op);
	if (play.dies)
		return err_set(err, ERR_UNAVAILABLE, "killed");
	assert_int_equal(operation_await(tools->db,
			     order->key.options.confirm_id.text,
			     clock_wall_ms() + 60000, "{}", err),
	    0);
	if (play.has_after)
		play.view = play.after;
	return 0;
}

static int
end_change(struct worker_tools *tools, const char *id,
    enum operation_state state, struct err *err)
{
	struct operation op;
	bool waits;

	if (operation_get(tools->db, id, &op, err) == -1)
		return -1;
	waits = op.state == OPERATION_AWAITING_CONFIRM;
	operation_clear(&op);
	if (play.confirm_fails)
		return err_set(err, ERR_TOOL, "the disk is full");
	if (waits)
		return operation_set(tools->db, id, state, "{}", NULL, err);
	(void)err_set(err, ERR_CONFLICT, "it does not wait");
	return err_reason(err, "not_pending");
}

int
confirm_check_none(struct parts *parts, struct err *err)
{
	(void)parts;
	return play.reason == NULL ? 0 : refuse(err);
}

int
confirm_now(struct worker_tools *tools, const char *operation,
    uint64_t connection, const struct caller *caller, struct err *err)
{
	assert_int_equal(connection, 0);
	buf_printf(&play.trace, "confirm by %s\n", caller->actor);
	return end_change(tools, operation, OPERATION_DONE, err);
}

int
confirm_cancel(struct worker_tools *tools, const char *operation,
    uint64_t connection, const struct caller *caller, struct err *err)
{
	(void)connection;
	buf_printf(&play.trace, "take back by %s\n", caller->actor);
	return end_change(tools, operation, OPERATION_UNDONE, err);
}

/* The row of ours that the other end will have to do with is on disk. */
static void
check_own_row(const char *phase)
{
	struct operation_list list = { 0 };

	assert_int_equal(operation_list_lasting(play.tools->db, &list, NULL),
	    0);
	assert_int_equal(list.n, 1);
	assert_string_equal(list.v[0].phase, phase);
	operation_list_clear(&list);
}

static int
silent(struct err *err)
{
	if (!play.peer_silent)
		return 0;
	(void)err_set(err, ERR_UNAVAILABLE, "vtbgp does not answer");
	return err_reason(err, "peer_unreachable");
}

int
rotation_peer_meet(const struct parts *parts, struct rotation *r,
    const char *local_address, struct err *err)
{
	(void)parts;
	buf_printf(&play.trace, "meet %s from %s\n", r->with, local_address);
	(void)snprintf(r->with_upstream, sizeof(r->with_upstream), "hobgp");
	return silent(err);
}

int
rotation_peer_stage(const struct parts *parts, const struct rotation *r,
    struct err *err)
{
	(void)parts;
	buf_puts(&play.trace, "stage there\n");
	check_own_row("ask");
	assert_string_equal(r->with_upstream, "hobgp");
	assert_int_equal(strncmp(r->with_operation, "op-", 3), 0);
	if (play.peer_refuses != ERR_NONE) {
		(void)err_set(err, play.peer_refuses, "no");
		return err_reason(err, "peer_refused");
	}
	if (!play.peer_deaf)
		play.peer = ROTATION_PEER_GOES;
	return silent(err);
}

int
rotation_peer_look(const struct parts *parts, const struct rotation *r,
    struct rotation_peer *peer, struct err *err)
{
	(void)parts;
	(void)r;
	buf_puts(&play.trace, "look there\n");
	peer->state = play.peer;
	peer->created_ms = clock_wall_ms() + play.peer_off_ms;
	return silent(err);
}

int
rotation_peer_cancel(const struct parts *parts, const struct rotation *r,
    struct rotation_peer *peer, struct err *err)
{
	(void)parts;
	(void)r;
	buf_puts(&play.trace, "cancel there\n");
	if (silent(err) == -1)
		return -1;
	if (play.peer == ROTATION_PEER_GOES)
		play.peer = ROTATION_PEER_OFF;
	peer->state = play.peer;
	return 0;
}

int
rotation_drain_begin(struct worker_tools *tools, const struct rotation *r,
    const char *resource, struct err *err)
{
	(void)tools;
	assert_true(r->drain_first);
	buf_printf(&play.trace, "drain %s\n", resource);
	return play.drain_refuses == ERR_NONE ?
	    0 :
	    err_set(err, play.drain_refuses, "only_path");
}

int
rotation_drain_look(struct worker_tools *tools, const char *resource,
    enum rotation_drain *found, char *why, size_t size, struct err *err)
{
	(void)tools;
	(void)err;
	assert_string_equal(resource, "upstreams/ifog");
	*found = play.drain;
	(void)snprintf(why, size, "the traffic does not go away");
	return 0;
}

int
rotation_drain_release(struct worker_tools *tools, const char *resource,
    struct err *err)
{
	(void)tools;
	buf_printf(&play.trace, "release %s\n", resource);
	return play.release_fails ? err_set(err, ERR_TOOL, "full") : 0;
}

void
lasting_wake(struct parts *parts)
{
	(void)parts;
	buf_puts(&play.trace, "wake\n");
}

void
watch_now(struct worker_tools *tools, void *unused)
{
	(void)tools;
	(void)unused;
}

int
worker_submit(struct worker *w, worker_fn *fn, void *arg, struct err *err)
{
	(void)w;
	(void)err;
	fn(play.tools, arg);
	return 0;
}

static void
traced(const char *want)
{
	assert_string_equal(buf_text(&play.trace), want);
	buf_reset(&play.trace);
}

static int
set_up(void **state)
{
	struct test *t = calloc(1, sizeof(*t));

	assert_non_null(t);
	assert_int_equal(temp_db_set_up((void **)&t->db), 0);
	t->tools.parts = &t->parts;
	t->tools.db = t->db->db;
	t->keyring = temp_key(1, 0);
	t->parts.keyring = t->keyring;
	db_set_keyring(t->tools.db, t->keyring);
	memset(&play, 0, sizeof(play));
	play.tools = &t->tools;
	play.code = ERR_CONFLICT;
	play.view.found = play.view.established = true;
	play.view.established_ms = clock_wall_ms() - 3600 * 1000;
	play.view.messages = 100;
	play.view.counters.known = true;
	(void)snprintf(play.view.key_id, sizeof(play.view.key_id), OLD_ID);
	(void)snprintf(play.view.state, sizeof(play.view.state), "established");
	(void)snprintf(play.view.local_address, sizeof(play.view.local_address),
	    "2001:db8:300::2");
	assert_int_equal(addr_parse(&play.view.neighbor, "2001:db8:300::1",
			     NULL),
	    0);
	*state = t;
	return 0;
}

static int
tear_down(void **state)
{
	struct test *t = *state;

	buf_clear(&play.trace);
	(void)temp_db_tear_down((void **)&t->db);
	keyring_free(&t->keyring);
	free(t);
	return 0;
}

static int
settle(void *arg, struct db *db, const struct change_result *result,
    const struct err *failure, const char **reply, struct err *err)
{
	(void)arg;
	(void)db;
	(void)result;
	(void)err;
	play.settled = true;
	play.settled_with_error = failure != NULL;
	*reply = "{}";
	return 0;
}

/* Ordered and staged; json: "" for a rotation to KEY within a minute. */
static int
order_rotation(struct test *t, const char *json, bool dry_run)
{
	struct change_order *order = calloc(1, sizeof(*order));
	struct change_result result;
	int rc;

	assert_non_null(order);
	if (json[0] == '\0')
		json = "{\"key\":\"" KEY "\",\"verify_within_s\":60}";
	if (rotation_order_read(&order->rotation, json, strlen(json),
		&t->err) == -1)
		fail_msg("%s", t->err.fields[0].detail);
	order->kind = CHANGE_KEY;
	order->caller = ops;
	order->dry_run = dry_run;
	order->settle = settle;
	assert_int_equal(name_parse(&order->name, "ifog", NULL), 0);
	play.settled = play.settled_with_error = false;
	rc = rotation_begin(&t->tools, order, &result, &t->err);
	assert_int_equal(play.settled, !dry_run);
	assert_int_equal(play.settled_with_error, !dry_run && rc == -1);
	assert_int_equal(result.touched, result.operation[0] != '\0');
	assert_int_equal(result.undone, rc == -1 && result.touched);
	(void)snprintf(t->id, sizeof(t->id), "%s", result.operation);
	change_result_clear(&result);
	free(order);
	return rc;
}

/* Staged for now; what that asked is of no interest. */
static void
stage(struct test *t)
{
	if (order_rotation(t, "", false) == -1)
		fail_msg("%s", t->err.text);
	buf_reset(&play.trace);
}

static int
step(struct test *t)
{
	struct operation op;
	int rc;

	assert_int_equal(operation_get(t->tools.db, t->id, &op, &t->err), 0);
	err_clear(&t->err);
	rc = rotation_step(&t->tools, &op, &t->err);
	operation_clear(&op);
	return rc;
}

static void
stepped(struct test *t)
{
	if (step(t) == -1)
		fail_msg("%s", t->err.text);
}

static int
cancel(struct test *t)
{
	struct operation op;
	int rc;

	assert_int_equal(operation_get(t->tools.db, t->id, &op, &t->err), 0);
	err_clear(&t->err);
	rc = rotation_step_cancel(&t->tools, &op, &ops, &t->err);
	operation_clear(&op);
	return rc;
}

/* Its limit has passed. */
static void
time_is_up(struct test *t)
{
	struct operation op;

	assert_int_equal(operation_get(t->tools.db, t->id, &op, &t->err), 0);
	assert_int_equal(operation_progress(t->tools.db, t->id,
			     OPERATION_RUNNING, op.phase, NULL,
			     clock_wall_ms() - 1, &t->err),
	    0);
	operation_clear(&op);
}

static void
check_phase(struct test *t, const char *want)
{
	struct operation op;

	assert_int_equal(operation_get(t->tools.db, t->id, &op, &t->err), 0);
	assert_string_equal(op.phase, want);
	assert_true(
	    op.state == OPERATION_RUNNING || op.state == OPERATION_SCHEDULED);
	operation_clear(&op);
}

/* The operation and the last row of its audit; why by its beginning. */
static void
check_end(struct test *t, const char *state, const char *why)
{
	struct audit_filter newest = { .limit = 1 };
	struct audit_list list = { 0 };
	struct operation op;
	const char *detail;

	assert_int_equal(operation_get(t->tools.db, t->id, &op, &t->err), 0);
	assert_string_equal(operation_state_name(op.state), state);
	assert_null(op.plan);
	assert_non_null(op.result);
	assert_null(strstr(op.result, KEY));
	assert_non_null(strstr(op.result,
	    why == NULL ? "\"verified\":true" : "\"verified\":false"));
	assert_int_equal(audit_list(t->tools.db, &newest, &list, &t->err), 0);
	assert_string_equal(list.rows[0].operation, t->id);
	assert_string_equal(list.rows[0].outcome,
	    why == NULL ? "applied" : "undone");
	detail = list.rows[0].detail;
	if (why != NULL &&
	    (detail == NULL || strncmp(detail, why, strlen(why)) != 0))
		fail_msg("\"%s\" is not \"%s\"", detail, why);
	audit_list_clear(&list);
	operation_clear(&op);
}

/* So many rows say who cancelled it; the first stands after the intent. */
static void
check_cancels(struct test *t, size_t want)
{
	struct audit_filter all = { .limit = 100 };
	struct audit_list list = { 0 };
	const struct audit_row *row, *before = NULL;
	size_t i, n = 0;

	assert_int_equal(audit_list(t->tools.db, &all, &list, &t->err), 0);
	for (i = list.n; i > 0; i--) {
		row = &list.rows[i - 1];
		if (row->operation == NULL ||
		    strcmp(row->operation, t->id) != 0)
			continue;
		if (strcmp(row->kind, "cancel") == 0) {
			assert_non_null(before);
			assert_string_not_equal(before->kind, "outcome");
			assert_string_equal(row->actor, ops.actor);
			assert_string_equal(row->request_id, ops.request_id);
			assert_int_equal(row->about, 0);
			assert_null(row->outcome);
			n++;
		}
		before = row;
	}
	assert_int_equal(n, want);
	audit_list_clear(&list);
}

static void
test_staged(void **state)
{
	struct test *t = *state;
	struct operation op;
	int64_t now = clock_wall_ms();

	assert_int_equal(order_rotation(t, "", false), 0);
	traced("plan gentle\nplan reset\nwake\n");
	assert_int_equal(operation_get(t->tools.db, t->id, &op, &t->err), 0);
	assert_string_equal(op.kind, "tcp_md5_rotation");
	assert_string_equal(op.phase, "staged");
	assert_int_equal(op.state, OPERATION_SCHEDULED);
	assert_in_range(op.due_ms, now, now + PENDING);
	assert_non_null(strstr(op.plan, KEY));
	operation_clear(&op);
	/* One at a time. */
	assert_int_equal(order_rotation(t, "", false), -1);
	assert_string_equal(t->err.reason, "rotation_pending");
	assert_null(strstr(t->err.text, KEY));
}

/* Nothing of a dry run, or of one that is refused, is kept. */
static void
test_not_staged(void **state)
{
	struct test *t = *state;
	struct operation_list list = { 0 };

	assert_int_equal(order_rotation(t, "", true), 0);
	traced("plan gentle\nplan reset\n");
	play.kernel_keys = true;
	assert_int_equal(order_rotation(t, "{\"generate\":true}", true), 0);
	traced("plan gentle\n");
	assert_int_equal(order_rotation(t,
			     "{\"generate\":true,\"method\":\"reset\"}", true),
	    0);
	traced("plan reset\n");
	play.kernel_keys = false;
	assert_int_equal(order_rotation(t,
			     "{\"generate\":true,\"method\":\"gentle\"}",
			     false),
	    -1);
	assert_string_equal(t->err.reason, "no_kernel_keys");
	traced("plan gentle\n");
	play.kernel_keys = true;
	play.reason = "key_not_ours";
	assert_int_equal(order_rotation(t, "", false), -1);
	assert_string_equal(t->err.reason, "key_not_ours");
	traced("plan gentle\n");
	play.reason = NULL;
	(void)seal_fingerprint(t->keyring, KEY, play.view.key_id);
	assert_int_equal(order_rotation(t, "", false), -1);
	assert_string_equal(t->err.reason, "same_key");
	play.view.found = false;
	assert_int_equal(order_rotation(t, "", false), -1);
	assert_int_equal(t->err.code, ERR_NOT_FOUND);
	assert_int_equal(order_rotation(t,
			     "{\"generate\":true,\"drain_first\":true,"
			     "\"with\":\"vtbgp\"}",
			     false),
	    -1);
	assert_string_equal(t->err.reason, "drain_unsupported");
	traced("");
	assert_int_equal(operation_list_lasting(t->tools.db, &list, &t->err),
	    0);
	assert_int_equal(list.n, 0);
	operation_list_clear(&list);
}

/* Established since a moment after the change. */
static void
comes_up(void)
{
	play.view.established = true;
	play.view.established_ms = clock_wall_ms() + 5;
}

static const char with[] = "{\"key\":\"" KEY "\",\"with\":\"vtbgp\"}";
#define PLANNED "plan gentle\nplan reset\n"
#define MET PLANNED "meet vtbgp from 2001:db8:300::2\n"
#define ASKED MET "stage there\nlook there\n"

static void
stage_with(struct test *t)
{
	if (order_rotation(t, with, false) == -1)
		fail_msg("%s", t->err.text);
	traced(ASKED "wake\n");
	check_phase(t, "staged");
}

/* How it stands in the journal: text is part of the progress. */
static void
check_progress(struct test *t, const char *phase, const char *text)
{
	struct operation op;

	check_phase(t, phase);
	assert_int_equal(operation_get(t->tools.db, t->id, &op, &t->err), 0);
	if (op.progress == NULL || strstr(op.progress, text) == NULL)
		fail_msg("\"%s\" is not in %s", text, op.progress);
	assert_null(strstr(op.progress, KEY));
	operation_clear(&op);
}

/* As if so much time had passed for what it remembers. */
static void
ago(struct test *t, int64_t ms)
{
	struct rotation r;
	struct operation op;
	struct buf plan = BUF_SECRET;

	assert_int_equal(operation_get(t->tools.db, t->id, &op, &t->err), 0);
	assert_int_equal(rotation_load(&r, op.plan, &t->err), 0);
	r.at_ms -= ms;
	r.asked_ms -= ms;
	r.retry_ms = r.retry_ms > ms ? r.retry_ms - ms : 0;
	rotation_store(&r, &plan);
	assert_int_equal(operation_set_plan(t->tools.db, t->id, buf_text(&plan),
			     &t->err),
	    0);
	buf_clear(&plan);
	operation_clear(&op);
}

static void
test_with_another(void **state)
{
	struct test *t = *state;
	struct operation op;

	assert_int_equal(order_rotation(t, with, true), 0);
	traced(PLANNED);
	stage_with(t);
	assert_int_equal(operation_get(t->tools.db, t->id, &op, &t->err), 0);
	assert_int_equal(op.state, OPERATION_SCHEDULED);
	assert_true(op.due_ms > clock_wall_ms());
	operation_clear(&op);
	assert_int_equal(cancel(t), 0);
	traced("cancel there\n");
	check_end(t, "undone", "cancelled by ops");
}

/* It says so to the caller, and nothing is left over on either end. */
static void
test_with_refuses(void **state)
{
	struct test *t = *state;

	play.peer_silent = true;
	assert_int_equal(order_rotation(t, with, false), -1);
	assert_string_equal(t->err.reason, "peer_unreachable");
	assert_string_equal(t->id, "");
	traced(MET);
	play.peer_silent = false;
	play.peer_refuses = ERR_CONFLICT;
	assert_int_equal(order_rotation(t, with, false), -1);
	assert_string_equal(t->err.reason, "peer_refused");
	traced(MET "stage there\nwake\n");
	check_end(t, "undone", "no");
	play.peer_refuses = ERR_NONE;
	play.peer_off_ms = 3600 * 1000;
	assert_int_equal(order_rotation(t, with, false), -1);
	assert_string_equal(t->err.reason, "clocks_differ");
	traced(ASKED "cancel there\nwake\n");
	check_end(t, "undone", "with vtbgp: its clock is 3");
}

/* Whether it has taken the order nobody knows: it is called off there until it
 * says that it is not. */
static void
test_with_unknown(void **state)
{
	struct test *t = *state;

	play.peer_refuses = ERR_UNAVAILABLE;
	play.peer_silent = false;
	assert_int_equal(order_rotation(t, with, false), -1);
	assert_int_equal(t->err.code, ERR_UNAVAILABLE);
	traced(MET "stage there\ncancel there\nwake\n");
	/* It knows nothing of it, yet: what was sent may still come. */
	check_progress(t, "recall", "it does not know of it");
	assert_int_equal(order_rotation(t, "", false), -1);
	assert_string_equal(t->err.reason, "rotation_pending");
	buf_reset(&play.trace);
	t->id[0] = '\0';
}

static void
test_with_comes_late(void **state)
{
	struct test *t = *state;

	play.peer_refuses = ERR_UNAVAILABLE;
	assert_int_equal(order_rotation(t, with, false), -1);
	buf_reset(&play.trace);
	stepped(t);
	traced(""); /* not every second */
	play.peer = ROTATION_PEER_GOES;
	ago(t, 1500);
	stepped(t);
	traced("cancel there\n");
	check_end(t, "undone", "no");
}

static void
test_with_never_came(void **state)
{
	struct test *t = *state;

	play.peer_refuses = ERR_UNAVAILABLE;
	assert_int_equal(order_rotation(t, with, false), -1);
	ago(t, 61 * 1000);
	stepped(t);
	check_end(t, "undone", "no");
}

/* Cancelled while the other end is away: tried until it has heard of that. */
static void
test_with_not_told(void **state)
{
	struct test *t = *state;

	stage_with(t);
	play.peer_silent = true;
	assert_int_equal(cancel(t), 0);
	traced("cancel there\n");
	check_progress(t, "recall",
	    "tried again in 1 s: vtbgp does not answer");
	ago(t, 1500);
	stepped(t);
	traced("cancel there\n");
	check_progress(t, "recall", "tried again in 2 s");
	play.peer_silent = false;
	ago(t, 2500);
	stepped(t);
	traced("cancel there\n");
	check_end(t, "undone", "cancelled by ops");
	check_cancels(t, 1);
}

/* It has gone back by itself, or somebody does not want to wait for that. */
static void
test_with_never_told(void **state)
{
	struct test *t = *state;

	stage_with(t);
	play.peer_silent = true;
	assert_int_equal(cancel(t), 0);
	ago(t, 200 * 1000);
	stepped(t);
	check_end(t, "undone",
	    "cancelled by ops; vtbgp could not be told until its time was "
	    "over");
	play.peer_silent = false;
	buf_reset(&play.trace);
	stage_with(t);
	play.peer_silent = true;
	assert_int_equal(cancel(t), 0);
	assert_int_equal(cancel(t), 0);
	traced("cancel there\n");
	check_end(t, "undone",
	    "cancelled by ops; vtbgp could not be told until ops gave that up");
	check_cancels(t, 2);
}

/* The engine died while it asked: before, and after the other end had it. */
static void
died_asking(struct test *t)
{
	stage_with(t);
	assert_int_equal(operation_progress(t->tools.db, t->id,
			     OPERATION_RUNNING, "ask", NULL,
			     clock_wall_ms() + 3000, &t->err),
	    0);
}

static void
test_with_died_before(void **state)
{
	struct test *t = *state;

	died_asking(t);
	play.peer = ROTATION_PEER_NONE;
	play.peer_silent = true;
	stepped(t);
	traced("look there\n");
	check_progress(t, "ask", "tried again in 1 s");
	play.peer_silent = false;
	ago(t, 1100);
	stepped(t);
	traced("look there\nstage there\nlook there\n");
	check_phase(t, "staged");
}

static void
test_with_died_after(void **state)
{
	struct test *t = *state;

	died_asking(t);
	ago(t, 5000); /* it is at it: not alone */
	stepped(t);
	traced("look there\n");
	check_phase(t, "staged");
	stepped(t);
	traced("change reset\n");
	check_phase(t, "verify");
}

/* Its time has passed, and the other end has not taken it. */
static void
test_with_died_too_long(void **state)
{
	struct test *t = *state;

	died_asking(t);
	play.peer = ROTATION_PEER_NONE;
	ago(t, 62 * 1000);
	stepped(t);
	traced("look there\ncancel there\n");
	check_end(t, "undone", "its time passed before vtbgp had taken");
}

/* Changed on both: the other end goes back first, unless it has verified. */
static void
test_with_cancelled_late(void **state)
{
	struct test *t = *state;

	stage_with(t);
	ago(t, 4000);
	stepped(t);
	check_phase(t, "verify");
	play.view.established = false;
	play.peer_silent = true;
	assert_int_equal(cancel(t), -1);
	assert_string_equal(t->err.reason, "peer_unreachable");
	play.peer_silent = false;
	play.peer = ROTATION_PEER_DONE;
	assert_int_equal(cancel(t), -1);
	assert_string_equal(t->err.reason, "not_pending");
	check_phase(t, "verify");
	play.peer = ROTATION_PEER_GOES;
	buf_reset(&play.trace);
	assert_int_equal(cancel(t), 0);
	traced("cancel there\ntake back by ops\n");
	check_phase(t, "return");
	comes_up();
	stepped(t);
	check_end(t, "undone", "cancelled by ops");
}

/* Not changed here: nor there. */
static void
test_with_change_fails(void **state)
{
	struct test *t = *state;

	stage_with(t);
	play.reason = "not_applied";
	play.code = ERR_TOOL;
	ago(t, 4000);
	stepped(t);
	traced("change reset\ncancel there\n");
	check_end(t, "undone",
	    "the key could not be changed: refused: not_applied");
}

/* One id is one operation, whatever becomes of it. */
static void
test_chosen_id(void **state)
{
	static const char json[] = "{\"key\":\"" KEY "\",\"id\":\"mine-1\"}";
	struct test *t = *state;

	assert_int_equal(order_rotation(t, json, false), 0);
	assert_string_equal(t->id, "mine-1");
	assert_int_equal(order_rotation(t, json, false), -1);
	assert_string_equal(t->err.reason, "id_taken");
	(void)snprintf(t->id, sizeof(t->id), "mine-1");
	assert_int_equal(cancel(t), 0);
	assert_int_equal(order_rotation(t, json, false), -1);
	assert_string_equal(t->err.reason, "id_taken");
}

static void
test_done(void **state)
{
	struct test *t = *state;

	stage(t);
	stepped(t);
	traced("change reset\n");
	check_phase(t, "verify");
	/* The session of before the change does not count. */
	stepped(t);
	play.view.established = false;
	stepped(t);
	traced("");
	check_phase(t, "verify");
	comes_up();
	stepped(t);
	traced("confirm by engine\n");
	check_end(t, "done", NULL);
}

static void
stage_drained(struct test *t)
{
	if (order_rotation(t,
		"{\"key\":\"" KEY
		"\",\"verify_within_s\":60,\"drain_first\":true}",
		false) == -1)
		fail_msg("%s", t->err.text);
	buf_reset(&play.trace);
}

/* The key does not change before the traffic has gone, however long that is. */
static void
test_drain_first(void **state)
{
	struct test *t = *state;

	stage_drained(t);
	play.drain_refuses = ERR_UNAVAILABLE;
	assert_int_equal(step(t), -1);
	check_phase(t, "staged");
	play.drain_refuses = ERR_NONE;
	stepped(t);
	traced("drain upstreams/ifog\ndrain upstreams/ifog\n");
	check_phase(t, "drain");
	stepped(t);
	traced("");
	check_phase(t, "drain");
	play.drain = ROTATION_DRAIN_DONE;
	stepped(t);
	traced("change reset\n");
	check_phase(t, "verify");
	comes_up();
	play.release_fails = true;
	assert_int_equal(step(t), -1);
	play.release_fails = false;
	stepped(t);
	traced("confirm by engine\nrelease upstreams/ifog\n"
	       "release upstreams/ifog\n");
	check_end(t, "done", NULL);
}

/* Also led back when the old key comes back. */
static void
test_drain_first_undone(void **state)
{
	struct test *t = *state;

	stage_drained(t);
	stepped(t);
	play.drain = ROTATION_DRAIN_DONE;
	stepped(t);
	play.view.established = false;
	time_is_up(t);
	stepped(t);
	traced("drain upstreams/ifog\nchange reset\ntake back by engine\n");
	comes_up();
	stepped(t);
	traced("release upstreams/ifog\n");
	check_end(t, "undone", "the session did not come up");
}

static void
test_drain_first_not_possible(void **state)
{
	struct test *t = *state;

	stage_drained(t);
	play.drain_refuses = ERR_CONFLICT;
	stepped(t);
	traced("drain upstreams/ifog\nrelease upstreams/ifog\n");
	check_end(t, "undone",
	    "the traffic cannot be moved away first: only_path");
	play.drain_refuses = ERR_NONE;
	stage_drained(t);
	stepped(t);
	play.drain = ROTATION_DRAIN_OVER;
	play.release_fails = true;
	assert_int_equal(step(t), -1);
	play.release_fails = false;
	stepped(t);
	traced("drain upstreams/ifog\nrelease upstreams/ifog\n"
	       "release upstreams/ifog\n");
	check_end(t, "undone",
	    "the key was not changed: the traffic does not go away");
}

static void
test_drain_first_cancelled(void **state)
{
	struct test *t = *state;

	stage_drained(t);
	stepped(t);
	assert_int_equal(cancel(t), 0);
	traced("drain upstreams/ifog\nrelease upstreams/ifog\n");
	check_end(t, "undone", "cancelled by ops");
}

/* What was on its way while the kernel's key changed proves nothing. */
static void
test_gentle(void **state)
{
	struct test *t = *state;

	play.kernel_keys = true;
	play.after = play.view;
	play.after.messages = 101;
	play.has_after = true;
	stage(t);
	stepped(t);
	traced("change gentle\n");
	stepped(t);
	traced("");
	check_phase(t, "verify");
	play.view.messages = 102;
	stepped(t);
	traced("confirm by engine\n");
	check_end(t, "done", NULL);
}

/* It was down before: then it has to come up. */
static void
test_gentle_down(void **state)
{
	struct test *t = *state;

	play.kernel_keys = true;
	play.view.established = false;
	stage(t);
	stepped(t);
	play.view.messages = 500;
	stepped(t);
	traced("change gentle\n");
	comes_up();
	stepped(t);
	traced("confirm by engine\n");
	check_end(t, "done", NULL);
}

static void
test_not_in_time(void **state)
{
	struct test *t = *state;
	struct operation op;

	stage(t);
	stepped(t);
	play.view.established = false;
	play.view.counters.mismatch = 7;
	(void)snprintf(play.view.state, sizeof(play.view.state), "connect");
	time_is_up(t);
	stepped(t);
	traced("change reset\ntake back by engine\n");
	check_phase(t, "return");
	/* Until it is up, under the old key. */
	stepped(t);
	check_phase(t, "return");
	comes_up();
	stepped(t);
	traced("");
	check_end(t, "undone", "the other end did not change its key: 7 ");
	assert_int_equal(operation_get(t->tools.db, t->id, &op, &t->err), 0);
	assert_null(strstr(op.result, "\"return_ms\":null"));
	assert_non_null(strstr(op.result, "\"key_id\":\"" OLD_ID "\""));
	operation_clear(&op);
}

/* It never comes: said after a while, all the same. */
static void
test_return_times_out(void **state)
{
	struct test *t = *state;

	stage(t);
	stepped(t);
	play.view.established = false;
	time_is_up(t);
	stepped(t);
	time_is_up(t);
	stepped(t);
	check_end(t, "undone", "the session did not come up (established), ");
}

/* Another change waits to be confirmed: this one waits for that. */
static void
test_in_the_way(void **state)
{
	struct test *t = *state;

	stage(t);
	play.reason = "confirm_pending";
	assert_int_equal(step(t), -1);
	assert_int_equal(step(t), -1);
	traced("change reset\nchange reset\n");
	check_phase(t, "change");
	play.reason = "no_answer";
	play.code = ERR_UNAVAILABLE;
	assert_int_equal(step(t), -1);
	play.reason = NULL;
	stepped(t);
	traced("change reset\nchange reset\n");
	check_phase(t, "verify");
	comes_up();
	stepped(t);
	check_end(t, "done", NULL);
}

static void
test_in_the_way_too_long(void **state)
{
	struct test *t = *state;

	/* A minute ago is now, and as long as it had. */
	stage(t);
	play.reason = "confirm_pending";
	assert_int_equal(operation_progress(t->tools.db, t->id,
			     OPERATION_SCHEDULED, "staged", NULL,
			     clock_wall_ms() - 61000, &t->err),
	    0);
	stepped(t);
	traced("change reset\n");
	check_end(t, "undone",
	    "the key could not be changed: refused: confirm_pending");
}

static void
test_change_fails(void **state)
{
	struct test *t = *state;

	stage(t);
	play.reason = "not_applied";
	play.code = ERR_TOOL;
	stepped(t);
	traced("change reset\n");
	check_end(t, "undone",
	    "the key could not be changed: refused: not_applied");
}

/* By hand, before its time: nothing is begun, and nothing is waited for. */
static void
test_set_already(void **state)
{
	struct test *t = *state;

	stage(t);
	play.unchanged = true;
	stepped(t);
	traced("change reset\n");
	check_end(t, "undone", "the key is set already");
}

/* Dead before the intent, after it, and in the middle of the change. */
static void
test_crash(void **state)
{
	struct operation_list list = { 0 };
	struct test *t = *state;

	stage(t);
	play.dies = true;
	assert_int_equal(step(t), -1);
	check_phase(t, "change");
	/* Recovery has taken it back meanwhile. */
	assert_int_equal(operation_list_pending(t->tools.db, &list, &t->err),
	    0);
	assert_int_equal(list.n, 1);
	assert_int_equal(operation_set(t->tools.db, list.v[0].id,
			     OPERATION_UNDONE, NULL, NULL, &t->err),
	    0);
	operation_list_clear(&list);
	play.dies = false;
	stepped(t);
	check_phase(t, "return");
	stepped(t);
	traced("change reset\n");
	check_end(t, "undone", "multihomed or the machine was interrupted");
}

/* The change waits, and its rotation does not know that yet. */
static void
test_crash_behind(void **state)
{
	struct test *t = *state;

	play.kernel_keys = true;
	stage(t);
	stepped(t);
	assert_int_equal(operation_progress(t->tools.db, t->id,
			     OPERATION_RUNNING, "change", NULL,
			     clock_wall_ms() + 60000, &t->err),
	    0);
	play.view.messages = 200; /* some of them were signed with the old */
	stepped(t);
	check_phase(t, "verify");
	stepped(t);
	check_phase(t, "verify");
	play.view.messages = 201;
	stepped(t);
	traced("change gentle\nconfirm by engine\n");
	check_end(t, "done", NULL);
}

/* Confirmed, and dead before its own end; by hand is the same. */
static void
test_crash_at_the_end(void **state)
{
	struct operation_list list = { 0 };
	struct test *t = *state;

	stage(t);
	stepped(t);
	assert_int_equal(operation_list_pending(t->tools.db, &list, &t->err),
	    0);
	assert_int_equal(list.n, 1);
	assert_int_equal(operation_set(t->tools.db, list.v[0].id,
			     OPERATION_DONE, NULL, NULL, &t->err),
	    0);
	operation_list_clear(&list);
	stepped(t);
	traced("change reset\n");
	check_end(t, "done", NULL);
}

static void
test_cannot_be_saved(void **state)
{
	struct test *t = *state;

	stage(t);
	stepped(t);
	comes_up();
	play.confirm_fails = true;
	assert_int_equal(step(t), -1);
	check_phase(t, "verify");
	play.confirm_fails = false;
	stepped(t);
	traced("change reset\nconfirm by engine\nconfirm by engine\n");
	check_end(t, "done", NULL);
}

static void
test_cancel_staged(void **state)
{
	struct test *t = *state;

	stage(t);
	check_cancels(t, 0);
	assert_int_equal(cancel(t), 0);
	traced("");
	check_end(t, "undone", "cancelled by ops");
	check_cancels(t, 1);
}

static void
test_cancel_in_the_way(void **state)
{
	struct test *t = *state;

	stage(t);
	play.reason = "confirm_pending";
	assert_int_equal(step(t), -1);
	check_phase(t, "change");
	assert_int_equal(cancel(t), 0);
	traced("change reset\ntake back by ops\n");
	check_end(t, "undone", "cancelled by ops");
	check_cancels(t, 1);
}

static void
test_cancel_verify(void **state)
{
	struct test *t = *state;

	stage(t);
	stepped(t);
	play.view.established = false;
	play.confirm_fails = true;
	assert_int_equal(cancel(t), -1);
	check_phase(t, "verify");
	play.confirm_fails = false;
	assert_int_equal(cancel(t), 0);
	traced("change reset\ntake back by ops\ntake back by ops\n");
	check_phase(t, "return");
	/* Too late. */
	assert_int_equal(cancel(t), -1);
	assert_string_equal(t->err.reason, "not_pending");
	check_cancels(t, 2);
	comes_up();
	stepped(t);
	traced("");
	check_end(t, "undone", "cancelled by ops");
	check_cancels(t, 2);
}

static void
test_upstream_gone(void **state)
{
	struct test *t = *state;

	stage(t);
	play.view_fails = true;
	assert_int_equal(step(t), -1);
	check_phase(t, "staged");
	play.view_fails = false;
	play.view.found = play.view.established = false;
	stepped(t);
	traced("");
	check_end(t, "undone", "there is no upstream ifog any more");
}

/* Its removal waits to be confirmed: it may come back. */
static void
test_upstream_perhaps_gone(void **state)
{
	struct test *t = *state;

	stage(t);
	play.reason = "confirm_pending";
	play.view.found = play.view.established = false;
	assert_int_equal(step(t), -1);
	assert_string_equal(t->err.reason, "confirm_pending");
	check_phase(t, "staged");
	play.reason = NULL;
	play.view.found = play.view.established = true;
	stepped(t);
	traced("change reset\n");
	check_phase(t, "verify");
}

static void
test_plan_lost(void **state)
{
	struct test *t = *state;

	stage(t);
	assert_int_equal(operation_set_plan(t->tools.db, t->id,
			     "{\"upstream\":\"ifog\"}", &t->err),
	    0);
	/* As a cancellation sees it, and as a step does. */
	assert_int_equal(cancel(t), -1);
	stepped(t);
	traced("release upstreams/ifog\n");
	check_end(t, "undone", "it cannot be gone on with: the journal holds");
}

/* Sealed with a master key that is gone. */
static void
test_sealed(void **state)
{
	struct keyring *other = temp_key(9, 0);
	struct test *t = *state;

	stage(t);
	db_set_keyring(t->tools.db, other);
	stepped(t);
	traced("release upstreams/ifog\n");
	check_end(t, "undone", "it cannot be gone on with: ");
	keyring_free(&other);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_staged),
		TEST(test_not_staged),
		TEST(test_with_another),
		TEST(test_with_refuses),
		TEST(test_with_unknown),
		TEST(test_with_comes_late),
		TEST(test_with_never_came),
		TEST(test_with_not_told),
		TEST(test_with_never_told),
		TEST(test_with_died_before),
		TEST(test_with_died_after),
		TEST(test_with_died_too_long),
		TEST(test_with_cancelled_late),
		TEST(test_with_change_fails),
		TEST(test_chosen_id),
		TEST(test_done),
		TEST(test_drain_first),
		TEST(test_drain_first_undone),
		TEST(test_drain_first_not_possible),
		TEST(test_drain_first_cancelled),
		TEST(test_gentle),
		TEST(test_gentle_down),
		TEST(test_not_in_time),
		TEST(test_return_times_out),
		TEST(test_in_the_way),
		TEST(test_in_the_way_too_long),
		TEST(test_change_fails),
		TEST(test_set_already),
		TEST(test_crash),
		TEST(test_crash_behind),
		TEST(test_crash_at_the_end),
		TEST(test_cannot_be_saved),
		TEST(test_cancel_staged),
		TEST(test_cancel_in_the_way),
		TEST(test_cancel_verify),
		TEST(test_upstream_gone),
		TEST(test_upstream_perhaps_gone),
		TEST(test_plan_lost),
		TEST(test_sealed),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
