/* tests/unit/test_base_buf.c - buffers grow, and remember failure. */
/* links: base/buf */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/buf.h"

static void
test_writers(void **state)
{
	struct buf b = BUF_INIT;

	(void)state;
	assert_string_equal(buf_text(&b), "");
	buf_puts(&b, "one");
	buf_putc(&b, ' ');
	buf_printf(&b, "%s %d", "two", 3);
	buf_add(&b, NULL, 0);
	buf_printf(&b, "%s", "");
	buf_hex(&b, "\x00\xff\x1a", 3);
	assert_false(b.failed);
	assert_string_equal(buf_text(&b), "one two 300ff1a");
	assert_int_equal(b.len, strlen(b.data));
	buf_reset(&b);
	assert_int_equal(b.len, 0);
	assert_string_equal(buf_text(&b), "");
	buf_clear(&b);
	buf_clear(&b);
	assert_null(b.data);
}

static void
test_numbers_are_little_endian(void **state)
{
	static const unsigned char want[] = { 0x01, 0x02, 0x01, 0x04, 0x03,
		0x02, 0x01, 0x08, 0x07, 0x06, 0x05, 0x04, 0x03, 0x02, 0x01 };
	struct buf b = BUF_INIT;

	(void)state;
	buf_u8(&b, 1);
	buf_u16(&b, 0x0102);
	buf_u32(&b, 0x01020304);
	buf_u64(&b, 0x0102030405060708);
	assert_int_equal(b.len, sizeof(want));
	assert_memory_equal(b.data, want, sizeof(want));
	buf_clear(&b);
}

static void
test_growing_keeps_the_content(void **state)
{
	struct buf b = BUF_INIT;
	size_t i;

	(void)state;
	for (i = 0; i < 100000; i++) {
		buf_putc(&b, (char)('a' + i % 26));
		if (i % 4096 == 0)
			assert_int_equal(b.data[b.len], '\0');
	}
	assert_int_equal(b.len, 100000);
	for (i = 0; i < 100000; i++)
		assert_int_equal(b.data[i], (char)('a' + i % 26));
	buf_clear(&b);
}

static void
test_a_limit_fails_for_good(void **state)
{
	struct buf b;

	(void)state;
	buf_init(&b, 8);
	buf_puts(&b, "12345678"); /* exactly */
	assert_false(b.failed);
	buf_putc(&b, '9');
	assert_true(b.failed);
	assert_string_equal(buf_text(&b), "");
	/* Later writes that would fit do nothing: no holes in the middle. */
	buf_puts(&b, "");
	buf_printf(&b, "%d", 1);
	assert_null(buf_room(&b, 0));
	assert_int_equal(b.len, 8);
	buf_reset(&b);
	assert_false(b.failed);
	buf_printf(&b, "%s", "12345678");
	assert_string_equal(buf_text(&b), "12345678");
	buf_printf(&b, "x");
	assert_true(b.failed);
	assert_null(buf_take(&b));
	assert_null(b.data);
}

static void
test_sizes_do_not_wrap(void **state)
{
	static const size_t sizes[] = { SIZE_MAX, SIZE_MAX - 1, SIZE_MAX / 2,
		SIZE_MAX / 4 };
	struct buf b = BUF_INIT;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(sizes) / sizeof(sizes[0]); i++) {
		buf_reset(&b);
		buf_putc(&b, 'x');
		assert_null(buf_room(&b, sizes[i]));
		assert_true(b.failed);
	}
	buf_clear(&b);
}

static void
test_fixed(void **state)
{
	char mem[5] = "****";
	struct buf b;

	(void)state;
	buf_init_fixed(&b, mem, sizeof(mem));
	assert_string_equal(buf_text(&b), "");
	buf_puts(&b, "1234");
	assert_false(b.failed);
	assert_ptr_equal(b.data, mem);
	buf_putc(&b, '5');
	assert_true(b.failed);
	assert_string_equal(mem, "1234");
	buf_clear(&b); /* not freed: it is the stack */
	buf_init_fixed(&b, mem, 1);
	assert_false(b.failed);
	buf_putc(&b, 'x');
	assert_true(b.failed);
	assert_string_equal(mem, "");
}

static void
test_wipe(void **state)
{
	static const char zeros[16];
	char mem[16];
	struct buf b;

	(void)state;
	buf_init_fixed(&b, mem, sizeof(mem));
	buf_puts(&b, "geheim");
	buf_drop(&b, 3); /* leaves something behind len */
	buf_wipe(&b);
	assert_memory_equal(mem, zeros, sizeof(mem));
	assert_null(b.data);
	buf_wipe(&b); /* an empty one too */
}

static void
test_room_and_drop(void **state)
{
	struct buf b = BUF_INIT;
	char *to;

	(void)state;
	to = buf_room(&b, 1000);
	assert_non_null(to);
	memset(to, 'r', 1000);
	b.len += 1000;
	buf_drop(&b, 0);
	buf_drop(&b, 997);
	assert_int_equal(b.len, 3);
	assert_string_equal(buf_text(&b), "rrr");
	buf_drop(&b, 3);
	assert_string_equal(buf_text(&b), "");
	buf_clear(&b);
}

static void
test_take(void **state)
{
	struct buf b = BUF_INIT;
	char *text;

	(void)state;
	text = buf_take(&b); /* even of nothing */
	assert_string_equal(text, "");
	free(text);
	buf_puts(&b, "mine");
	text = buf_take(&b);
	assert_string_equal(text, "mine");
	assert_null(b.data);
	assert_int_equal(b.len, 0);
	free(text);
}

/* What is given back can be looked at in a fixed buffer only. */
static void
test_secret(void **state)
{
	char mem[64], zero[64] = { 0 };
	struct buf b, grown = BUF_SECRET;
	size_t i;

	(void)state;
	buf_init_fixed(&b, mem, sizeof(mem));
	b.secret = true;
	buf_puts(&b, "hush-hush");
	buf_reset(&b);
	assert_memory_equal(mem, zero, 9);
	buf_puts(&b, "hush-hush");
	buf_drop(&b, 5);
	assert_memory_equal(mem, "hush\0\0\0\0", 8);
	buf_clear(&b);
	assert_memory_equal(mem, zero, sizeof(mem));
	assert_true(b.secret);
	for (i = 0; i < 10000; i++)
		buf_putc(&grown, (char)('a' + i % 26));
	assert_int_equal(strlen(buf_text(&grown)), 10000);
	for (i = 0; i < 10000; i++)
		assert_int_equal(grown.data[i], 'a' + (int)(i % 26));
	buf_clear(&grown);
	assert_null(grown.data);
	assert_true(grown.secret);
	buf_clear(&grown);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_writers),
		cmocka_unit_test(test_numbers_are_little_endian),
		cmocka_unit_test(test_growing_keeps_the_content),
		cmocka_unit_test(test_a_limit_fails_for_good),
		cmocka_unit_test(test_sizes_do_not_wrap),
		cmocka_unit_test(test_fixed),
		cmocka_unit_test(test_wipe),
		cmocka_unit_test(test_room_and_drop),
		cmocka_unit_test(test_secret),
		cmocka_unit_test(test_take),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
