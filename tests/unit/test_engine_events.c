/* tests/unit/test_engine_events.c - a ring: in order, resumed, and bounded. */
/* links: engine/events engine/outbox model/event model/json store/operation
 * store/db store/sql store/migrations base/addr base/buf base/clock
 * base/crypto base/err base/log base/mem base/name base/number store/seal
 * store/keyring */
/* libs: -lsqlite3 -lsodium -ljansson -lpthread */
#include <pthread.h>

#include "base/buf.h"
#include "engine/events.h"
#include "engine/outbox.h"
#include "engine/parts.h"
#include "model/event.h"
#include "store/operation.h"
#include "temp_db.h"

static struct parts parts;

static int
set_up(void **state)
{
	(void)state;
	crypto_init();
	memset(&parts, 0, sizeof(parts));
	parts.outbox = outbox_new();
	events_init(&parts);
	return 0;
}

static int
tear_down(void **state)
{
	(void)state;
	events_clear(&parts);
	outbox_free(&parts.outbox);
	return 0;
}

static void
publish(unsigned n)
{
	char object[64];

	(void)snprintf(object, sizeof(object), "{\"n\":%u}", n);
	events_publish(&parts, EVENTS_DRAIN, "upstreams/ifog", object);
}

static void
test_record(void **state)
{
	struct buf b = BUF_INIT;
	struct event event;
	char id[EVENTS_ID_MAX], want[64];

	(void)state;
	assert_int_equal(events_newest(&parts), 0);
	assert_int_equal(events_next(&parts, 0, &event, &b), EVENTS_NONE);
	events_publish(&parts, EVENTS_SESSION, "upstreams/ifog",
	    "{\"state\":\"up\",\n\"a\":\r1}");
	events_publish(&parts, EVENTS_DRIFT, NULL, "{}");
	assert_int_equal(events_newest(&parts), 2);
	assert_int_equal(events_next(&parts, 0, &event, &b), EVENTS_FOUND);
	assert_int_equal(event.number, 1);
	assert_int_equal(event.type, EVENTS_SESSION);
	assert_string_equal(event.resource, "upstreams/ifog");
	(void)snprintf(want, sizeof(want), "id: %s\nevent: session\ndata: {",
	    events_id(&parts, 1, id));
	assert_memory_equal(buf_text(&b), want, strlen(want));
	/* Three lines and an empty one, whatever the object holds. */
	assert_non_null(strstr(buf_text(&b),
	    ",\"resource\":\"upstreams/ifog\",\"state\":\"up\", \"a\": 1}\n\n"));
	buf_reset(&b);
	assert_int_equal(events_next(&parts, 1, &event, &b), EVENTS_FOUND);
	assert_string_equal(event.resource, "router");
	assert_non_null(strstr(buf_text(&b), "\"resource\":\"router\"}\n\n"));
	assert_int_equal(events_next(&parts, 2, &event, &b), EVENTS_NONE);
	buf_clear(&b);
}

static void
test_resource_is_plain(void **state)
{
	struct buf b = BUF_INIT;
	struct event event;

	(void)state;
	events_publish(&parts, EVENTS_DRAIN, "upstreams/a\",\"b\":\"c", "{}");
	assert_int_equal(events_next(&parts, 0, &event, &b), EVENTS_FOUND);
	assert_string_equal(event.resource, "router");
	buf_clear(&b);
}

static void
test_find(void **state)
{
	char id[EVENTS_ID_MAX], other[EVENTS_ID_MAX];
	uint64_t n = 99;
	size_t i;
	static const char *const bad[] = { "", "-", "1", "00000000",
		"zzzzzzzz-1", "00000000-1-1" };

	(void)state;
	for (i = 0; i < 10; i++)
		publish((unsigned)i);
	(void)events_id(&parts, 7, id);
	assert_int_equal(events_find(&parts, id, &n), EVENTS_FOUND);
	assert_int_equal(n, 7);
	assert_int_equal(events_find(&parts, events_id(&parts, 0, id), &n),
	    EVENTS_FOUND);
	assert_int_equal(events_find(&parts, events_id(&parts, 10, id), &n),
	    EVENTS_FOUND);
	/* Not told yet, and so not one of ours. */
	assert_int_equal(events_find(&parts, events_id(&parts, 11, id), &n),
	    EVENTS_NONE);
	for (i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		assert_int_equal(events_find(&parts, bad[i], &n), EVENTS_NONE);
	(void)snprintf(other, sizeof(other), "%sx", events_id(&parts, 1, id));
	assert_int_equal(events_find(&parts, other, &n), EVENTS_NONE);
	/* Another life. */
	(void)events_id(&parts, 3, other);
	events_clear(&parts);
	events_init(&parts);
	for (i = 0; i < 10; i++)
		publish((unsigned)i);
	assert_int_equal(events_find(&parts, other, &n), EVENTS_NONE);
}

/* The newest EVENTS_MAX, or as many as fit. */
static void
check_kept(uint64_t oldest, uint64_t newest)
{
	struct buf b = BUF_INIT;
	struct event event;
	char id[EVENTS_ID_MAX];
	uint64_t n, number;

	assert_int_equal(events_newest(&parts), newest);
	assert_int_equal(events_next(&parts, oldest - 2, &event, &b),
	    EVENTS_GONE);
	assert_int_equal(events_find(&parts, events_id(&parts, oldest - 2, id),
			     &number),
	    EVENTS_GONE);
	assert_int_equal(events_find(&parts, events_id(&parts, oldest - 1, id),
			     &number),
	    EVENTS_FOUND);
	for (n = oldest - 1; n < newest; n++) {
		assert_int_equal(events_next(&parts, n, &event, &b),
		    EVENTS_FOUND);
		assert_int_equal(event.number, n + 1);
	}
	assert_int_equal(events_next(&parts, n, &event, &b), EVENTS_NONE);
	assert_true(b.len <= EVENTS_BYTES_MAX);
	buf_clear(&b);
}

static void
test_bounded(void **state)
{
	char *object = malloc(EVENTS_OBJECT_MAX + 100);
	struct buf b = BUF_INIT;
	struct event event;
	unsigned i;

	(void)state;
	assert_non_null(object);
	for (i = 0; i < EVENTS_MAX * 3 + 5; i++)
		publish(i);
	check_kept(EVENTS_MAX * 2 + 6, EVENTS_MAX * 3 + 5);
	memset(object, 'x', 10000);
	memcpy(object, "{\"a\":\"", 6);
	memcpy(object + 9998, "\"}", 3);
	for (i = 0; i < 100; i++)
		events_publish(&parts, EVENTS_DRAIN, "router", object);
	i = EVENTS_MAX * 3 + 105;
	check_kept(i - EVENTS_BYTES_MAX / 10200 + 1, i);
	/* Too much for anybody: that it was is told. */
	memset(object, ' ', EVENTS_OBJECT_MAX + 1);
	object[0] = '{';
	memcpy(object + EVENTS_OBJECT_MAX, "}", 2);
	events_publish(&parts, EVENTS_DRAIN, "router", object);
	assert_int_equal(events_next(&parts, i, &event, &b), EVENTS_FOUND);
	assert_true(b.len < 300);
	buf_clear(&b);
	free(object);
}

static void
test_types(void **state)
{
	(void)state;
	assert_int_equal(events_type_parse("session"), EVENTS_SESSION);
	assert_int_equal(events_type_parse("operation"), EVENTS_OPERATION);
	assert_int_equal(events_type_parse("confirm"), EVENTS_CONFIRM);
	assert_int_equal(events_type_parse("drift"), EVENTS_DRIFT);
	assert_int_equal(events_type_parse("drain"), EVENTS_DRAIN);
	assert_int_equal(events_type_parse("hello"), 0);
	assert_int_equal(events_type_parse(""), 0);
}

static void *
publish_many(void *arg)
{
	unsigned i;

	(void)arg;
	for (i = 0; i < 2000; i++)
		publish(i);
	return NULL;
}

/* Four that publish, one that reads: each number once, or told as gone. */
static void
test_threads(void **state)
{
	pthread_t threads[4];
	struct buf b = BUF_INIT;
	struct event event;
	uint64_t seen = 0, found = 0;
	size_t i;

	(void)state;
	for (i = 0; i < 4; i++)
		assert_int_equal(pthread_create(&threads[i], NULL, publish_many,
				     NULL),
		    0);
	while (seen < 8000) {
		buf_reset(&b);
		switch (events_next(&parts, seen, &event, &b)) {
		case EVENTS_FOUND:
			assert_int_equal(event.number, seen + 1);
			seen++;
			found++;
			break;
		case EVENTS_GONE:
			seen = events_newest(&parts) - 10;
			break;
		case EVENTS_NONE:
			break;
		}
	}
	for (i = 0; i < 4; i++)
		(void)pthread_join(threads[i], NULL);
	assert_int_equal(events_newest(&parts), 8000);
	assert_true(found > 0);
	buf_clear(&b);
}

/* Once it is on disk, in the state that others see then. */
static void
test_operation_stored(void **state)
{
	struct temp_db *t;
	void *place;
	struct operation op = { .kind = "upstream", .audit_seq = 7 };
	struct buf b = BUF_INIT;
	struct event event;

	(void)state;
	assert_int_equal(temp_db_set_up(&place), 0);
	t = place;
	db_on_operation(t->db, events_operation_stored, &parts);
	memcpy(op.resource, "upstreams/ifog", 15);
	assert_int_equal(db_begin(t->db, &t->err), 0);
	assert_int_equal(operation_begin(t->db, &op, &t->err), 0);
	assert_int_equal(events_newest(&parts), 0);
	assert_int_equal(operation_set(t->db, op.id, OPERATION_PERSISTING, NULL,
			     NULL, &t->err),
	    0);
	assert_int_equal(db_commit(t->db, &t->err), 0);
	assert_int_equal(events_newest(&parts), 1);
	assert_int_equal(events_next(&parts, 0, &event, &b), EVENTS_FOUND);
	assert_int_equal(event.type, EVENTS_OPERATION);
	assert_string_equal(event.resource, "upstreams/ifog");
	assert_non_null(strstr(buf_text(&b), "\"state\":\"persisting\""));
	assert_non_null(strstr(buf_text(&b), op.id));
	/* What was rolled back never was. */
	assert_int_equal(db_begin(t->db, &t->err), 0);
	assert_int_equal(operation_set(t->db, op.id, OPERATION_DONE, NULL, NULL,
			     &t->err),
	    0);
	db_abort(t->db);
	assert_int_equal(events_newest(&parts), 1);
	assert_int_equal(operation_set(t->db, op.id, OPERATION_UNDONE, NULL,
			     "why \"not\"", &t->err),
	    0);
	buf_reset(&b);
	assert_int_equal(events_next(&parts, 1, &event, &b), EVENTS_FOUND);
	assert_non_null(strstr(buf_text(&b), "\"error\":\"why \\\"not\\\"\""));
	/* Nor what was refused. */
	assert_int_equal(operation_set(t->db, op.id, OPERATION_DONE, NULL, NULL,
			     &t->err),
	    -1);
	assert_int_equal(events_newest(&parts), 2);
	buf_clear(&b);
	(void)temp_db_tear_down(&place);
}

/* Progress within a state is told in its words; numbers are for who asks. */
static void
test_operation_progress(void **state)
{
	struct temp_db *t;
	void *place;
	struct operation op = { .kind = "upstream_drain",
		.state = OPERATION_RUNNING };
	struct buf b = BUF_INIT;
	struct event event;

	(void)state;
	assert_int_equal(temp_db_set_up(&place), 0);
	t = place;
	db_on_operation(t->db, events_operation_stored, &parts);
	memcpy(op.resource, "upstreams/ifog", 15);
	assert_int_equal(operation_begin(t->db, &op, &t->err), 0);
	assert_int_equal(events_next(&parts, 0, &event, &b), EVENTS_FOUND);
	assert_non_null(strstr(buf_text(&b), "\"phase\":null,\"text\":null"));
	buf_reset(&b);
	assert_int_equal(operation_progress(t->db, op.id, OPERATION_RUNNING,
			     "proof", "{\"text\":\"3 of 5\",\"samples\":3}", 0,
			     &t->err),
	    0);
	assert_int_equal(events_next(&parts, 1, &event, &b), EVENTS_FOUND);
	assert_non_null(strstr(buf_text(&b),
	    "\"state\":\"running\",\"phase\":\"proof\",\"text\":\"3 of 5\""));
	assert_null(strstr(buf_text(&b), "samples"));
	buf_clear(&b);
	(void)temp_db_tear_down(&place);
}

static void
test_drain(void **state)
{
	const struct event_drain told = { "drained", NULL, "back \"now\"", "",
		"operator", "op-1" };
	struct buf b = BUF_INIT;
	struct event event;

	(void)state;
	events_publish_drain(&parts, "upstreams/ifog", &told);
	assert_int_equal(events_next(&parts, 0, &event, &b), EVENTS_FOUND);
	assert_int_equal(event.type, EVENTS_DRAIN);
	assert_non_null(strstr(buf_text(&b),
	    "\"resource\":\"upstreams/ifog\",\"state\":\"drained\","
	    "\"phase\":null,\"text\":\"back \\\"now\\\"\",\"reason\":null,"
	    "\"owner\":\"operator\",\"operation\":\"op-1\"}\n\n"));
	buf_clear(&b);
}

/* Parts of a test: nobody to tell. */
static void
test_nobody(void **state)
{
	struct parts none = { .queue_max = 0 };
	const struct event_confirm confirm = { "op-1", "pending", 0, NULL };

	(void)state;
	events_publish(&none, EVENTS_DRAIN, "router", "{}");
	events_publish_confirm(&none, "router", &confirm);
	events_clear(&none);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_record, set_up, tear_down),
		cmocka_unit_test_setup_teardown(test_resource_is_plain, set_up,
		    tear_down),
		cmocka_unit_test_setup_teardown(test_find, set_up, tear_down),
		cmocka_unit_test_setup_teardown(test_bounded, set_up,
		    tear_down),
		cmocka_unit_test(test_types),
		cmocka_unit_test_setup_teardown(test_threads, set_up,
		    tear_down),
		cmocka_unit_test_setup_teardown(test_operation_stored, set_up,
		    tear_down),
		cmocka_unit_test_setup_teardown(test_operation_progress, set_up,
		    tear_down),
		cmocka_unit_test_setup_teardown(test_drain, set_up, tear_down),
		cmocka_unit_test(test_nobody),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
