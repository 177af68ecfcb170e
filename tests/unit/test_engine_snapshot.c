/* tests/unit/test_engine_snapshot.c - what threads hand to each other. */
/* links: engine/snapshot engine/outbox base/addr base/buf base/clock
 * base/crypto base/err base/log base/mem base/number */
#include <poll.h>
#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/buf.h"
#include "base/crypto.h"
#include "base/mem.h"
#include "engine/outbox.h"
#include "engine/snapshot.h"

static void
test_bodies(void **state)
{
	struct body a = { 0 }, b = { 0 };

	(void)state;
	snapshot_set_body(&a, mem_strdup("{\"a\":1}"), NULL);
	assert_int_equal(a.len, 7);
	assert_int_equal(strlen(a.etag), 34);
	assert_int_equal(a.etag[0], '"');
	assert_int_equal(a.etag[33], '"');
	snapshot_set_body(&b, mem_strdup("{\"a\":1}"), NULL);
	assert_string_equal(a.etag, b.etag);
	free(b.text);
	snapshot_set_body(&b, mem_strdup("{\"a\":2}"), NULL);
	assert_string_not_equal(a.etag, b.etag);
	free(b.text);
	snapshot_set_body(&b, mem_strdup(""), "\"given.tag\"");
	assert_string_equal(b.etag, "\"given.tag\"");
	assert_int_equal(b.len, 0);
	free(a.text);
	free(b.text);
}

static void
test_references(void **state)
{
	struct snapshot_box *box = snapshot_box_new();
	struct snapshot *first = snapshot_new(1), *second = snapshot_new(0);
	const struct snapshot *mine;

	(void)state;
	assert_null(snapshot_get(box));
	snapshot_put(box, NULL);
	first->freshness = mem_strdup(",");
	snapshot_set_body(&first->items[0].session, mem_strdup("s"), NULL);
	snapshot_publish(box, first);
	mine = snapshot_get(box);
	assert_ptr_equal(mine, first);
	assert_int_equal(first->references, 2);
	/* A reader may keep the old one for as long as it takes. */
	snapshot_publish(box, second);
	assert_int_equal(first->references, 1);
	assert_string_equal(mine->items[0].session.text, "s");
	snapshot_put(box, mine);
	mine = snapshot_get(box);
	assert_ptr_equal(mine, second);
	snapshot_put(box, mine);
	snapshot_box_free(&box);
	assert_null(box);
	snapshot_box_free(&box);
}

static void
test_find(void **state)
{
	struct snapshot_box *box = snapshot_box_new();
	struct snapshot *s = snapshot_new(2);
	struct addr other;

	(void)state;
	memcpy(s->items[0].name.s, "ifog", 5);
	memcpy(s->items[1].name.s, "vultr", 6);
	assert_int_equal(addr_parse(&s->items[0].neighbor, "::1", NULL), 0);
	assert_int_equal(addr_parse(&s->items[1].neighbor, "::2", NULL), 0);
	assert_int_equal(addr_parse(&other, "0.0.0.2", NULL), 0);
	assert_ptr_equal(snapshot_find(s, "vultr"), &s->items[1]);
	assert_null(snapshot_find(s, "vult"));
	assert_null(snapshot_find(s, ""));
	assert_ptr_equal(snapshot_find_neighbor(s, &s->items[0].neighbor),
	    &s->items[0]);
	assert_null(snapshot_find_neighbor(s, &other));
	snapshot_publish(box, s);
	snapshot_box_free(&box);
}

enum {
	ROUNDS = 2000
};

struct reading {
	struct snapshot_box *box;
	atomic_bool done;
	unsigned torn;
};

static void *
read_on(void *arg)
{
	struct reading *r = arg;
	const struct snapshot *s;

	while (!atomic_load(&r->done)) {
		s = snapshot_get(r->box);
		if (s != NULL &&
		    strcmp(s->router.text, s->items[0].upstream.text) != 0)
			r->torn++;
		snapshot_put(r->box, s);
	}
	return NULL;
}

/* Readers see a whole snapshot, the old one or the new one. */
static void
test_while_others_read(void **state)
{
	struct reading r = { snapshot_box_new(), false, 0 };
	pthread_t threads[2];
	struct snapshot *s;
	unsigned i;

	(void)state;
	for (i = 0; i < 2; i++)
		assert_int_equal(pthread_create(&threads[i], NULL, read_on, &r),
		    0);
	for (i = 0; i < ROUNDS; i++) {
		s = snapshot_new(1);
		snapshot_set_body(&s->router, mem_printf("%u", i), "");
		snapshot_set_body(&s->items[0].upstream, mem_printf("%u", i),
		    "");
		snapshot_publish(r.box, s);
	}
	atomic_store(&r.done, true);
	for (i = 0; i < 2; i++)
		(void)pthread_join(threads[i], NULL);
	assert_int_equal(r.torn, 0);
	s = (struct snapshot *)(uintptr_t)snapshot_get(r.box);
	assert_int_equal(s->references, 2);
	snapshot_put(r.box, s);
	snapshot_box_free(&r.box);
}

static bool
is_readable(const struct outbox *box)
{
	struct pollfd pfd = { outbox_fd(box), POLLIN, 0 };

	return poll(&pfd, 1, 0) == 1;
}

static void
post(struct outbox *box, unsigned generation, const char *text)
{
	struct buf b = BUF_INIT;

	buf_puts(&b, text);
	outbox_post(box, generation, &b);
	buf_clear(&b);
}

static void
check_taken(struct outbox *box, unsigned generation, const char *want)
{
	struct buf b = BUF_INIT;

	outbox_take(box, generation, &b);
	assert_string_equal(buf_text(&b), want);
	buf_clear(&b);
	assert_false(is_readable(box));
}

static void
test_outbox(void **state)
{
	struct outbox *box = outbox_new();
	struct buf b = BUF_INIT;

	(void)state;
	assert_false(is_readable(box));
	check_taken(box, 0, "");
	post(box, 1, "one ");
	post(box, 1, "two");
	assert_true(is_readable(box));
	buf_puts(&b, "before: ");
	outbox_take(box, 1, &b);
	assert_string_equal(buf_text(&b), "before: one two");
	buf_clear(&b);
	check_taken(box, 1, "");
	outbox_free(&box);
	assert_null(box);
	outbox_free(&box);
}

/* Answers to a former life of http reach nobody. */
static void
test_outbox_generations(void **state)
{
	struct outbox *box = outbox_new();

	(void)state;
	post(box, 1, "old");
	post(box, 2, "new");
	post(box, 1, "late");
	check_taken(box, 2, "new");
	post(box, 2, "unwanted");
	check_taken(box, 3, "");
	check_taken(box, 2, "");
	post(box, 1, "late");
	assert_false(is_readable(box));
	outbox_free(&box);
}

/* More wake-ups than a pipe holds block nobody and lose nothing. */
static void
test_outbox_full_pipe(void **state)
{
	struct outbox *box = outbox_new();
	struct buf b = BUF_INIT;
	unsigned i;

	(void)state;
	for (i = 0; i < 100000; i++)
		post(box, 1, "x");
	assert_true(is_readable(box));
	outbox_take(box, 1, &b);
	assert_int_equal(b.len, 100000);
	assert_false(is_readable(box));
	buf_clear(&b);
	outbox_free(&box);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_bodies),
		cmocka_unit_test(test_references),
		cmocka_unit_test(test_find),
		cmocka_unit_test(test_while_others_read),
		cmocka_unit_test(test_outbox),
		cmocka_unit_test(test_outbox_generations),
		cmocka_unit_test(test_outbox_full_pipe),
	};

	crypto_init();
	return cmocka_run_group_tests(tests, NULL, NULL);
}
