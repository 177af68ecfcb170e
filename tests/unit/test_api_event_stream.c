/* tests/unit/test_api_event_stream.c - who is sent what, and who is not. */
/* links: api/event_stream api/request engine/events engine/outbox
 * model/event model/json model/token store/operation store/db store/sql
 * store/migrations wire/frame base/addr base/buf base/clock base/crypto
 * base/err base/log base/mem base/name base/number store/seal store/keyring */
/* libs: -lsqlite3 -lsodium -ljansson -Wl,--wrap=events_next */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "api/auth.h"
#include "api/event_stream.h"
#include "api/reply.h"
#include "api/request.h"
#include "base/buf.h"
#include "base/crypto.h"
#include "base/err.h"
#include "engine/events.h"
#include "engine/link.h"
#include "engine/outbox.h"
#include "engine/parts.h"

static struct parts parts;
static struct link link;
static struct frame_request frame;

bool
auth_is_living(struct db *db, const char *token_id)
{
	(void)db;
	return strcmp(token_id, "revoked") != 0;
}

/* The linker calls these so: engine/events.h has the real one. */
enum events_found __real_events_next(struct parts *, uint64_t, struct event *,
    struct buf *);
enum events_found __wrap_events_next(struct parts *, uint64_t, struct event *,
    struct buf *);

static unsigned meanwhile; /* the call before which another thread publishes */

enum events_found
__wrap_events_next(struct parts *of, uint64_t after, struct event *event,
    struct buf *record)
{
	if (meanwhile > 0 && --meanwhile == 0)
		events_publish(of, EVENTS_DRIFT, "router", "{}");
	return __real_events_next(of, after, event, record);
}

static int
set_up(void **state)
{
	(void)state;
	crypto_init();
	memset(&parts, 0, sizeof(parts));
	parts.outbox = outbox_new();
	events_init(&parts);
	link = (struct link) { .fd = 0, .generation = 1 };
	event_stream_run(&parts, NULL, &link);
	return 0;
}

static int
tear_down(void **state)
{
	(void)state;
	event_stream_clear();
	assert_int_equal(event_stream_left_ms(), -1);
	buf_clear(&link.out);
	events_clear(&parts);
	outbox_free(&parts.outbox);
	return 0;
}

/* GET /v1/events?QUERY; what the stream begins with is appended to b. */
static int
listen_with(uint64_t id, const char *glob, const char *types,
    const char *last_id, struct buf *b)
{
	struct token token = { .id = "t1" };
	struct request req = { .parts = &parts,
		.id = id,
		.generation = link.generation,
		.frame = &frame,
		.token = &token };
	struct reply reply = { .status = 200 };
	struct err err;
	int rc;

	if (glob != NULL) {
		(void)snprintf(token.globs[0], sizeof(token.globs[0]), "%s",
		    glob);
		token.n_globs = 1;
	}
	if (types != NULL) {
		(void)snprintf(req.query[0].name, 32, "types");
		(void)snprintf(req.query[0].value, 256, "%s", types);
		req.n_query = 1;
	}
	frame.header[FRAME_LAST_EVENT_ID].data = last_id;
	frame.header[FRAME_LAST_EVENT_ID].len =
	    last_id == NULL ? 0 : strlen(last_id);
	rc = get_event_stream(&req, &reply, &err);
	if (rc == -1)
		assert_int_equal(err.code, ERR_INVALID);
	else
		assert_true(reply.stream);
	if (b != NULL)
		buf_puts(b, buf_text(&reply.body));
	buf_clear(&reply.body);
	return rc;
}

/* "N,N:TYPE;" for each frame that went to http. */
static void
frames(struct buf *b)
{
	struct frame_head head;
	struct frame_data data;
	const char *line;
	size_t i;

	event_stream_run(&parts, NULL, &link);
	buf_reset(b);
	while (link.out.len > 0) {
		assert_int_equal(frame_head_read(&head, link.out.data, NULL),
		    0);
		assert_int_equal(head.kind, FRAME_DATA);
		assert_int_equal(frame_data_read(&data,
				     link.out.data + FRAME_HEAD_SIZE, head.size,
				     NULL),
		    0);
		for (i = 0; i < data.n_ids; i++)
			buf_printf(b, "%s%u", i == 0 ? "" : ",",
			    (unsigned)frame_data_id(&data, i));
		line = strstr(data.bytes.data, "event: ") + 7;
		buf_printf(b, ":%.*s;", (int)strcspn(line, "\n"), line);
		buf_drop(&link.out, FRAME_HEAD_SIZE + head.size);
	}
}

static void
test_one_frame_for_all(void **state)
{
	struct buf b = BUF_INIT;

	(void)state;
	assert_int_equal(listen_with(1, NULL, NULL, NULL, NULL), 0);
	assert_int_equal(listen_with(2, NULL, "drift,drain", NULL, NULL), 0);
	assert_int_equal(listen_with(3, "if*", NULL, NULL, NULL), 0);
	assert_int_equal(listen_with(4, "if*", "drift", NULL, NULL), 0);
	events_publish(&parts, EVENTS_DRAIN, "upstreams/ifog", "{}");
	events_publish(&parts, EVENTS_DRAIN, "upstreams/ifog/x", "{}");
	events_publish(&parts, EVENTS_DRIFT, "router", "{}");
	events_publish(&parts, EVENTS_SESSION, "upstreams/other", "{}");
	events_publish(&parts, EVENTS_SESSION, "downstreams/ifog", "{}");
	frames(&b);
	assert_string_equal(buf_text(&b),
	    "1,2,3:drain;1,2,3:drain;1,2:drift;1:session;1:session;");
	event_stream_cancel(1);
	event_stream_cancel(77);
	events_publish(&parts, EVENTS_SESSION, "upstreams/ifog", "{}");
	events_publish(&parts, EVENTS_CONFIRM, "router", "{}");
	frames(&b);
	assert_string_equal(buf_text(&b), "3:session;");
	buf_clear(&b);
}

static unsigned
count(const struct buf *b, const char *word)
{
	const char *at = buf_text(b);
	unsigned n = 0;

	while ((at = strstr(at, word)) != NULL) {
		at++;
		n++;
	}
	return n;
}

/* What is sent at first and what comes behind it: each event once. */
static void
test_resume(void **state)
{
	struct buf b = BUF_INIT;
	char id[EVENTS_ID_MAX];
	unsigned i;

	(void)state;
	assert_int_equal(listen_with(1, NULL, NULL, NULL, &b), 0);
	assert_int_equal(count(&b, "\nevent: "), 1);
	assert_int_equal(count(&b, "\"resumed\":false"), 1);
	for (i = 0; i < 10; i++)
		events_publish(&parts, i % 2 ? EVENTS_DRAIN : EVENTS_DRIFT,
		    "router", "{}");
	frames(&b);
	/* Two that nobody was sent yet. */
	events_publish(&parts, EVENTS_DRAIN, "router", "{}");
	events_publish(&parts, EVENTS_DRIFT, "router", "{}");
	buf_reset(&b);
	assert_int_equal(listen_with(2, NULL, "drain", events_id(&parts, 3, id),
			     &b),
	    0);
	assert_int_equal(count(&b, "\"resumed\":true"), 1);
	assert_int_equal(count(&b, "event: drain"), 4); /* 4 6 8 10 */
	assert_int_equal(count(&b, "event: drift"), 0);
	assert_int_equal(count(&b, "event: resync"), 0);
	assert_memory_equal(strstr(buf_text(&b), "id: ") + 4, id, strlen(id));
	frames(&b);
	assert_string_equal(buf_text(&b), "1,2:drain;1:drift;");
	buf_clear(&b);
}

static void
test_resync(void **state)
{
	struct buf b = BUF_INIT;
	char id[EVENTS_ID_MAX];
	unsigned i;

	(void)state;
	assert_int_equal(listen_with(1, NULL, NULL, "00-1", &b), 0);
	assert_int_equal(count(&b, "\"reason\":\"unknown_id\""), 1);
	for (i = 0; i < 10; i++)
		events_publish(&parts, EVENTS_DRAIN, "router", "{}");
	frames(&b);
	/* More than the ring holds while http took nothing. */
	for (i = 0; i < EVENTS_MAX + 10; i++)
		events_publish(&parts, EVENTS_DRAIN, "router", "{}");
	frames(&b);
	assert_string_equal(buf_text(&b), "1:resync;");
	buf_reset(&b);
	assert_int_equal(listen_with(2, NULL, NULL, events_id(&parts, 5, id),
			     &b),
	    0);
	assert_int_equal(count(&b, "\"reason\":\"too_old\""), 1);
	assert_int_equal(count(&b, "event: drain"), 0);
	buf_clear(&b);
}

/* The ring is full, and what comes next pushes out what is being copied. */
static void
test_gone_meanwhile(void **state)
{
	struct buf b = BUF_INIT;
	char id[EVENTS_ID_MAX], hello[EVENTS_ID_MAX + 8];
	unsigned i;

	(void)state;
	for (i = 0; i < EVENTS_MAX + 5; i++)
		events_publish(&parts, EVENTS_DRAIN, "router", "{}");
	event_stream_run(&parts, NULL, &link);
	meanwhile = 1;
	assert_int_equal(listen_with(1, NULL, NULL, events_id(&parts, 5, id),
			     &b),
	    0);
	assert_int_equal(count(&b, "\"reason\":\"too_old\""), 1);
	assert_int_equal(count(&b, "\"resumed\":false"), 1);
	assert_int_equal(count(&b, "event: "), 2); /* hello and resync */
	(void)snprintf(hello, sizeof(hello), "id: %s\n",
	    events_id(&parts, EVENTS_MAX + 5, id));
	assert_non_null(strstr(buf_text(&b), hello));
	frames(&b);
	assert_string_equal(buf_text(&b), "1:drift;");
	/* What has been copied before it went is none of its business. */
	meanwhile = 2;
	buf_reset(&b);
	assert_int_equal(listen_with(2, NULL, NULL, events_id(&parts, 6, id),
			     &b),
	    0);
	assert_int_equal(count(&b, "event: "), EVENTS_MAX + 1);
	assert_int_equal(count(&b, "\"resumed\":true"), 1);
	assert_int_equal(count(&b, "event: resync"), 0);
	buf_clear(&b);
}

/* http does not read: nothing is piled up for it. */
static void
test_full_link(void **state)
{
	struct buf b = BUF_INIT;
	char *much = calloc(1, 2 << 20);

	(void)state;
	assert_non_null(much);
	assert_int_equal(listen_with(1, NULL, NULL, NULL, NULL), 0);
	buf_add(&link.out, much, 2 << 20);
	events_publish(&parts, EVENTS_DRAIN, "router", "{}");
	event_stream_run(&parts, NULL, &link);
	assert_int_equal(link.out.len, 2 << 20);
	buf_reset(&link.out);
	frames(&b);
	assert_string_equal(buf_text(&b), "1:drain;");
	buf_clear(&b);
	free(much);
}

/* Those of an http that is gone are none of the new one's. */
static void
test_new_http(void **state)
{
	struct buf b = BUF_INIT;

	(void)state;
	assert_int_equal(listen_with(1, NULL, NULL, NULL, NULL), 0);
	link.generation++;
	events_publish(&parts, EVENTS_DRAIN, "router", "{}");
	frames(&b);
	assert_string_equal(buf_text(&b), "");
	assert_int_equal(event_stream_left_ms(), -1);
	assert_int_equal(listen_with(1, NULL, NULL, NULL, NULL), 0);
	assert_in_range(event_stream_left_ms(), 14000, 15000);
	events_publish(&parts, EVENTS_DRAIN, "router", "{}");
	frames(&b);
	assert_string_equal(buf_text(&b), "1:drain;");
	buf_clear(&b);
}

static void
test_bad_types(void **state)
{
	static const char *const bad[] = { "", ",", "drain,", ",drain",
		"drains", "resync", "drain drift",
		"sessionsessionsessionsession" };
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		assert_int_equal(listen_with(1, NULL, bad[i], NULL, NULL), -1);
	assert_int_equal(event_stream_left_ms(), -1);
}

int
main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
	const struct CMUnitTest tests[] = {
		TEST(test_one_frame_for_all),
		TEST(test_resume),
		TEST(test_resync),
		TEST(test_gone_meanwhile),
		TEST(test_full_link),
		TEST(test_new_http),
		TEST(test_bad_types),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
