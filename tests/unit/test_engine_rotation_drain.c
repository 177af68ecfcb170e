/* tests/unit/test_engine_rotation_drain.c - a rotation's own drain, and what
 * others are told of one. */
/* links: engine/rotation_drain engine/drain_tell store/drain store/db store/sql
 * store/migrations store/operation store/seal store/keyring model/drain
 * base/addr base/buf base/clock base/crypto base/err base/log base/mem
 * base/number */
/* libs: -lsqlite3 -lsodium */
#include "base/buf.h"
#include "engine/change.h"
#include "engine/drain.h"
#include "engine/drain_tell.h"
#include "engine/drain_view.h"
#include "engine/events.h"
#include "engine/rotation_drain.h"
#include "engine/worker.h"
#include "model/drain_order.h"
#include "model/event.h"
#include "store/drain.h"
#include "store/operation.h"
#include "temp_db.h"

static const char ifog[] = "upstreams/ifog";

static struct {
	enum err_code code; /* of drain_undrain() */
	unsigned begun;
	unsigned undone;
	unsigned told;
	char line[1024];
} play;

int
drain_begin(struct worker_tools *tools, const char *subject,
    const struct drain_order *order, const struct caller *caller, bool *changed,
    struct operation *op, struct err *err)
{
	(void)tools;
	(void)op;
	(void)err;
	assert_string_equal(subject, ifog);
	assert_string_equal(caller->actor, "engine");
	assert_true(order->owner.present && order->reason.present);
	assert_string_equal(order->owner.text, "rotation");
	(void)snprintf(play.line, sizeof(play.line), "%s|%s",
	    order->ticket.present ? order->ticket.text : "-",
	    order->reason.text);
	/* Held past its time, and never in spite of the preflight. */
	assert_false(order->on_timeout.present || order->force.flag);
	*changed = play.begun++ == 0;
	return 0;
}

int
drain_undrain(struct worker_tools *tools, const char *subject,
    const char *owner, const struct caller *caller, struct operation *op,
    struct err *err)
{
	(void)tools;
	(void)caller;
	(void)op;
	assert_string_equal(subject, ifog);
	assert_string_equal(owner, "rotation");
	play.undone++;
	return play.code == ERR_NONE ? 0 : err_set(err, play.code, "no");
}

const char *
drain_view_state(const struct drain_list *list, const struct addr *neighbor)
{
	(void)neighbor;
	return list->n == 0 ? "in_service" : "draining";
}

void
events_publish_drain(struct parts *parts, const char *resource,
    const struct event_drain *e)
{
	(void)parts;
	play.told++;
	(void)snprintf(play.line, sizeof(play.line), "%s %s %s %s %s %s %s",
	    resource, e->state, e->phase == NULL ? "-" : e->phase, e->text,
	    e->reason, e->owner, e->operation);
}

static struct drain
row(const char *owner, enum drain_phase phase, enum drain_end end)
{
	struct drain d = { .phase = phase, .end = end };

	(void)snprintf(d.subject, sizeof(d.subject), "%s", ifog);
	(void)snprintf(d.owner, sizeof(d.owner), "%s", owner);
	(void)snprintf(d.why, sizeof(d.why), "rate_above_floor");
	(void)snprintf(d.reason, sizeof(d.reason), "works");
	(void)snprintf(d.ticket, sizeof(d.ticket), "CHG-1");
	(void)snprintf(d.operation, sizeof(d.operation), "op-1");
	assert_int_equal(addr_parse(&d.neighbor, "2001:db8::1", NULL), 0);
	return d;
}

static void
test_begin(void **state)
{
	struct temp_db *t = *state;
	struct worker_tools tools = { .db = t->db };
	struct rotation r = { .drain_first = true };

	memset(&play, 0, sizeof(play));
	assert_int_equal(rotation_drain_begin(&tools, &r, ifog, &t->err), 0);
	assert_string_equal(play.line, "-|new TCP-MD5 key");
	(void)snprintf(r.reason, sizeof(r.reason), "yearly");
	(void)snprintf(r.ticket, sizeof(r.ticket), "CHG-7");
	assert_int_equal(rotation_drain_begin(&tools, &r, ifog, &t->err), 0);
	assert_string_equal(play.line, "CHG-7|yearly");
	assert_int_equal(play.begun, 2);
}

static void
check_look(struct temp_db *t, enum rotation_drain want, const char *words)
{
	struct worker_tools tools = { .db = t->db };
	enum rotation_drain found = ROTATION_DRAIN_WAITS;
	char why[128] = "";

	assert_int_equal(rotation_drain_look(&tools, ifog, &found, why,
			     sizeof(why), &t->err),
	    0);
	assert_int_equal(found, want);
	assert_string_equal(why, words);
}

static void
test_look(void **state)
{
	static const struct {
		enum drain_phase phase;
		enum drain_end end;
		enum rotation_drain want;
		const char *why;
	} cases[] = {
		{ DRAIN_SIGNAL, DRAIN_END_NONE, ROTATION_DRAIN_WAITS, "" },
		{ DRAIN_PROOF, DRAIN_END_NONE, ROTATION_DRAIN_WAITS, "" },
		{ DRAIN_PROOF, DRAIN_END_BLOCKED, ROTATION_DRAIN_OVER,
		    "the traffic does not go away (rate_above_floor)" },
		{ DRAIN_DRAINED, DRAIN_END_DRAINED, ROTATION_DRAIN_DONE, "" },
		{ DRAIN_DRAINED, DRAIN_END_TIMEOUT, ROTATION_DRAIN_DONE, "" },
		{ DRAIN_RETURNING, DRAIN_END_NONE, ROTATION_DRAIN_OVER,
		    "the drain was led back" },
	};
	struct temp_db *t = *state;
	/* Somebody else's is none of ours. */
	struct drain d = row("operator", DRAIN_DRAINED, DRAIN_END_DRAINED);
	size_t i;

	assert_int_equal(drain_put(t->db, &d, &t->err), 0);
	check_look(t, ROTATION_DRAIN_OVER, "the drain was led back");
	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		d = row("rotation", cases[i].phase, cases[i].end);
		assert_int_equal(drain_put(t->db, &d, &t->err), 0);
		check_look(t, cases[i].want, cases[i].why);
	}
}

static void
test_release(void **state)
{
	struct temp_db *t = *state;
	struct worker_tools tools = { .db = t->db };

	memset(&play, 0, sizeof(play));
	assert_int_equal(rotation_drain_release(&tools, ifog, &t->err), 0);
	play.code = ERR_NOT_FOUND; /* it is gone already */
	assert_int_equal(rotation_drain_release(&tools, ifog, &t->err), 0);
	play.code = ERR_INTERNAL;
	assert_int_equal(rotation_drain_release(&tools, ifog, &t->err), -1);
	assert_int_equal(t->err.code, ERR_INTERNAL);
	assert_int_equal(play.undone, 3);
}

static void
test_told(void **state)
{
	struct temp_db *t = *state;
	struct worker_tools tools = { .db = t->db };
	struct drain d = row("fleet", DRAIN_PROOF, DRAIN_END_NONE);

	memset(&play, 0, sizeof(play));
	assert_int_equal(drain_put(t->db, &d, &t->err), 0);
	drain_tell(&tools, &d, "progress", "3 Mbit/s");
	assert_string_equal(play.line,
	    "upstreams/ifog draining proof 3 Mbit/s CHG-1 works fleet op-1");
	assert_int_equal(drain_remove(t->db, ifog, "fleet", &t->err), 0);
	drain_tell(&tools, &d, "end", "in service again");
	assert_string_equal(play.line,
	    "upstreams/ifog in_service - in service again CHG-1 works fleet "
	    "op-1");
	/* An operation whose reason is gone: told when that went. */
	d.owner[0] = '\0';
	drain_tell(&tools, &d, "end", "another order came");
	assert_int_equal(play.told, 2);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_begin, temp_db_set_up,
		    temp_db_tear_down),
		cmocka_unit_test_setup_teardown(test_look, temp_db_set_up,
		    temp_db_tear_down),
		cmocka_unit_test_setup_teardown(test_release, temp_db_set_up,
		    temp_db_tear_down),
		cmocka_unit_test_setup_teardown(test_told, temp_db_set_up,
		    temp_db_tear_down),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
