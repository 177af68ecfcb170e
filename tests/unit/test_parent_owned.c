/* tests/unit/test_parent_owned.c - the list of what is ours, on disk and back.
 */
/* links: parent/owned base/addr base/buf base/clock base/err base/io base/name
 * base/number */
#include <sys/stat.h>

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/buf.h"
#include "base/err.h"
#include "base/io.h"
#include "parent/owned.h"
#include "wire/op.h"

static char dir[64], path[80];
static struct err err;

static int
setup(void **state)
{
	(void)state;
	(void)snprintf(dir, sizeof(dir), "/tmp/mh_owned.XXXXXX");
	if (mkdtemp(dir) == NULL)
		return -1;
	(void)snprintf(path, sizeof(path), "%s/owned", dir);
	err_clear(&err);
	return owned_open(dir, NULL);
}

static int
teardown(void **state)
{
	(void)state;
	(void)chmod(dir, 0700);
	(void)unlink(path);
	return rmdir(dir);
}

static struct prefix
prefix(const char *text)
{
	struct prefix p;

	assert_int_equal(prefix_parse(&p, text, true, NULL), 0);
	return p;
}

static void
write_list(const char *text)
{
	assert_int_equal(io_replace_file(path, text, strlen(text), 0600, NULL),
	    0);
}

static void
assert_list(const char *text)
{
	struct buf b = BUF_INIT;

	assert_int_equal(io_read_file(path, &b, NULL), 0);
	assert_string_equal(buf_text(&b), text);
	buf_clear(&b);
}

static void
test_keys(void **state)
{
	struct addr a, b, c, first;

	(void)state;
	assert_int_equal(addr_parse(&a, "2001:db8::20", NULL), 0);
	assert_int_equal(addr_parse(&b, "2001:db8::3", NULL), 0);
	assert_int_equal(addr_parse(&c, "2001:db8::1", NULL), 0);
	assert_int_equal(owned_add_key(&a, &b, &err), 0);
	assert_int_equal(owned_add_key(&b, &a, &err), 0);
	assert_int_equal(owned_add_key(&a, &c, &err), 0);
	assert_list("key 2001:db8::20 2001:db8::1\n"
		    "key 2001:db8::20 2001:db8::3\n");
	assert_int_equal(owned_open(dir, NULL), 0);
	assert_true(owned_has_key(&b, &a, &first));
	assert_true(addr_equal(&first, &a));
	assert_false(owned_has_key(&b, &c, NULL));
	assert_int_equal(owned_drop_key(&b, &a, &err), 0);
	assert_int_equal(owned_drop_key(&b, &a, &err), 0);
	assert_list("key 2001:db8::20 2001:db8::1\n");
	write_list("key 2001:db8::1\n");
	assert_int_equal(owned_open(dir, &err), -1);
	assert_non_null(strstr(err.text, "key LOCAL REMOTE"));
}

static void
test_add_and_drop(void **state)
{
	struct prefix a = prefix("2001:db8::/32"), b = prefix("10.0.0.0/8"),
		      c = prefix("10.0.0.0/16");
	size_t n;

	(void)state;
	assert_false(owned_has_link("gre1"));
	assert_int_equal(access(path, F_OK), -1); /* nothing was asked yet */
	assert_int_equal(owned_add_link("gre2", NULL), 0);
	assert_int_equal(owned_add_route(&a, NULL), 0);
	assert_int_equal(owned_add_link("gre1", NULL), 0);
	assert_int_equal(owned_add_route(&c, NULL), 0);
	assert_int_equal(owned_add_route(&b, NULL), 0);
	assert_int_equal(owned_add_link("gre1", NULL), 0);
	assert_list("link gre1\nlink gre2\nroute 10.0.0.0/8\n"
		    "route 10.0.0.0/16\nroute 2001:db8::/32\n");
	assert_true(owned_has_link("gre2"));
	assert_false(owned_has_link("gre"));
	assert_true(owned_has_route(&c));
	(void)owned_routes(&n);
	assert_int_equal(n, 3);
	/* What a restart knows. */
	assert_int_equal(owned_open(dir, NULL), 0);
	assert_true(owned_has_link("gre1") && owned_has_route(&a));
	assert_int_equal(owned_drop_link("gre1", NULL), 0);
	assert_int_equal(owned_drop_link("gre1", NULL), 0);
	assert_int_equal(owned_drop_route(&b, NULL), 0);
	assert_int_equal(owned_drop_route(&b, NULL), 0);
	assert_list("link gre2\nroute 10.0.0.0/16\nroute 2001:db8::/32\n");
}

static void
test_damaged(void **state)
{
	static const struct {
		const char *text;
		const char *words;
	} cases[] = { { "link gre1\nlink", "owned:2: ends in the middle" },
		{ "link gre1\n\n", "owned:2: must be" },
		{ "link -x\n", "owned:1: must be" },
		{ "link a b\n", "owned:1: must be" },
		{ "route 10.0.0.1/8\n", "owned:1: must be" },
		{ "route fe80::%em0/10\n", "owned:1: must be" },
		{ "Link gre1\n", "owned:1: must be" } };
	size_t i;

	(void)state;
	for (i = 0; i < NITEMS(cases); i++) {
		write_list(cases[i].text);
		err_clear(&err);
		assert_int_equal(owned_open(dir, &err), -1);
		assert_int_equal(err.code, ERR_INVALID);
		if (strstr(err.text, cases[i].words) == NULL)
			fail_msg("%s", err.text);
		assert_false(owned_has_link("gre1"));
		/* Nothing can be recorded, so nothing can be made. */
		assert_int_equal(owned_add_link("gre1", &err), -1);
		assert_int_equal(err.code, ERR_UNAVAILABLE);
		assert_list(cases[i].text);
	}
}

/* A list that cannot be written stays as it was, in memory too. */
static void
test_unwritable(void **state)
{
	(void)state;
	assert_int_equal(owned_add_link("gre1", NULL), 0);
	(void)unlink(path);
	assert_int_equal(rmdir(dir), 0);
	assert_int_equal(owned_add_link("gre2", &err), -1);
	assert_int_equal(err.code, ERR_SYSTEM);
	assert_non_null(strstr(err.text, "the list of what is ours: "));
	assert_false(owned_has_link("gre2"));
	assert_int_equal(owned_drop_link("gre1", &err), -1);
	assert_true(owned_has_link("gre1"));
	assert_int_equal(mkdir(dir, 0700), 0);
}

static void
test_full(void **state)
{
	static char text[OP_LINKS_MAX * 16 + 1];
	struct buf b;
	int i;

	(void)state;
	buf_init_fixed(&b, text, sizeof(text));
	for (i = 0; i < OP_LINKS_MAX; i++)
		buf_printf(&b, "link gre%d\n", i);
	write_list(buf_text(&b));
	assert_int_equal(owned_open(dir, NULL), 0);
	assert_int_equal(owned_add_link("gif0", &err), -1);
	assert_int_equal(err.code, ERR_CONFLICT);
	assert_int_equal(owned_drop_link("gre7", NULL), 0);
	assert_int_equal(owned_add_link("gif0", NULL), 0);
	assert_true(owned_has_link("gre1099") && !owned_has_link("gre7"));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_keys, setup, teardown),
		cmocka_unit_test_setup_teardown(test_add_and_drop, setup,
		    teardown),
		cmocka_unit_test_setup_teardown(test_damaged, setup, teardown),
		cmocka_unit_test_setup_teardown(test_unwritable, setup,
		    teardown),
		cmocka_unit_test_setup_teardown(test_full, setup, teardown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
