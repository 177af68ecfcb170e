/* tests/unit/test_model_plan.c - a plan shown, stored and read back. */
/* links: model/plan model/json base/addr base/buf base/clock base/err base/log
 * base/mem base/name base/number */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "base/buf.h"
#include "base/compat.h"
#include "base/err.h"
#include "model/plan.h"

static const char *const path[] = { "router bgp 65000",
	"address-family ipv6 unicast" };

static void
add_clear(struct plan *plan, const char *neighbor)
{
	struct plan_clear clear = { .family = 1, .in = true };

	assert_int_equal(addr_parse(&clear.neighbor, neighbor, NULL), 0);
	plan_add_clear(plan, &clear);
}

static void
check_text(const char *got, const char *want)
{
	if (want == NULL)
		assert_null(got);
	else
		assert_string_equal(got, want);
}

static void
check_equal(const struct plan *got, const struct plan *want)
{
	size_t i, j;

	assert_int_equal(got->n_lines, want->n_lines);
	for (i = 0; i < want->n_lines; i++) {
		const struct plan_line *g = &got->lines[i];
		const struct plan_line *w = &want->lines[i];

		assert_int_equal(g->n_path, w->n_path);
		for (j = 0; j < w->n_path; j++)
			assert_string_equal(g->path[j], w->path[j]);
		check_text(g->old, w->old);
		check_text(g->new, w->new);
	}
	assert_int_equal(got->n_clears, want->n_clears);
	for (i = 0; i < want->n_clears; i++) {
		assert_true(addr_equal(&got->clears[i].neighbor,
		    &want->clears[i].neighbor));
		assert_int_equal(got->clears[i].family, want->clears[i].family);
		assert_int_equal(got->clears[i].in, want->clears[i].in);
		assert_int_equal(got->clears[i].out, want->clears[i].out);
	}
	assert_int_equal(got->n_rearms, want->n_rearms);
	for (i = 0; i < want->n_rearms; i++) {
		check_text(got->rearms[i].section, want->rearms[i].section);
		check_text(got->rearms[i].line, want->rearms[i].line);
		assert_int_equal(got->rearms[i].back, want->rearms[i].back);
	}
}

static void
check_stored(const struct plan *plan)
{
	struct buf b = BUF_INIT;
	struct plan back;
	struct err err;

	plan_store(plan, &b);
	if (plan_load(&back, buf_text(&b), &err) == -1)
		fail_msg("%s: %s", buf_text(&b), err.text);
	check_equal(&back, plan);
	assert_int_equal(back.n_steps, 0);
	plan_clear(&back);
	buf_clear(&b);
}

static void
test_stored(void **state)
{
	struct plan plan;

	(void)state;
	plan_init(&plan);
	check_stored(&plan);
	plan_add_line(&plan, NULL, 0, NULL, "route-map RM permit 10");
	plan_add_line(&plan, path, 1, "neighbor ::1 description \"\\ \xc3\xa4",
	    NULL);
	plan_add_line(&plan, path, 2, "a", "b");
	plan_add_line(&plan, (const char *const[]) { "a", "", "c" }, 3, "", "");
	add_clear(&plan, "2001:db8::1");
	add_clear(&plan, "fe80::1%gre0");
	plan.clears[1].out = true;
	plan.clears[1].in = false;
	plan.clears[1].family = 0;
	check_stored(&plan);
	plan_add_rearm(&plan, path[0], "neighbor ::1 password x", false);
	plan_add_rearm(&plan, path[0], "neighbor ::2 password \x80", true);
	check_stored(&plan);
	plan_clear(&plan);
	assert_int_equal(plan.n_lines, 0);
	assert_null(plan.lines);
}

/* A router may hold a description in Latin-1; after a crash it must get back
 * exactly that. */
static void
test_stored_bytes(void **state)
{
	struct plan plan;
	char bytes[256];
	unsigned i;

	(void)state;
	plan_init(&plan);
	plan_add_line(&plan, (const char *const[]) { "route-map Z\xfcrich" }, 1,
	    "neighbor ::1 description Z\xfcrich", "neighbor ::1 description x");
	for (i = 1; i < sizeof(bytes); i++)
		bytes[i - 1] = (char)i;
	bytes[255] = '\0';
	plan_add_line(&plan, NULL, 0, bytes, "\x80");
	check_stored(&plan);
	plan_clear(&plan);
}

static void
test_too_deep_is_cut(void **state)
{
	const char *const deep[] = { "1", "2", "3", "4" };
	struct plan plan;

	(void)state;
	plan_init(&plan);
	plan_add_line(&plan, deep, 4, "x", NULL);
	assert_int_equal(plan.lines[0].n_path, PLAN_DEPTH);
	check_stored(&plan);
	plan_clear(&plan);
}

static void
test_clears_are_joined(void **state)
{
	struct plan plan;
	char neighbor[32];
	unsigned i;

	(void)state;
	plan_init(&plan);
	add_clear(&plan, "::1");
	add_clear(&plan, "::2");
	plan_add_clear(&plan,
	    &(struct plan_clear) { plan.clears[0].neighbor, 1, false, true });
	assert_int_equal(plan.n_clears, 2);
	assert_true(plan.clears[0].in && plan.clears[0].out);
	assert_true(plan.clears[1].in && !plan.clears[1].out);
	/* Another family is another clear. */
	plan_add_clear(&plan,
	    &(struct plan_clear) { plan.clears[0].neighbor, 0, true, false });
	assert_int_equal(plan.n_clears, 3);
	/* A map that many neighbors share. */
	for (i = 0; i < 200; i++) {
		(void)snprintf(neighbor, sizeof(neighbor), "2001:db8::%x", i);
		add_clear(&plan, neighbor);
	}
	assert_int_equal(plan.n_clears, 203);
	check_stored(&plan);
	plan_clear(&plan);
	assert_null(plan.clears);
}

#define LINES(text) "{\"lines\":[" text "],\"clears\":[]}"
#define CLEARS(text) "{\"lines\":[],\"clears\":[" text "]}"
#define REARMS(text) "{\"lines\":[],\"clears\":[],\"rearms\":[" text "]}"

static void
test_damaged(void **state)
{
	static const char *const bad[] = { "", "{", "null", "[]", "5", "{}",
		"{\"lines\":[]}", "{\"clears\":[]}",
		"{\"lines\":{},\"clears\":[]}", "{\"lines\":[],\"clears\":1}",
		LINES("1"), LINES("{}"), LINES("null"), LINES("{\"path\":[]}"),
		LINES("{\"path\":[],\"old\":null,\"new\":null}"),
		LINES("{\"path\":[],\"old\":5,\"new\":\"x\"}"),
		LINES("{\"path\":[],\"old\":\"x\"}"),
		LINES("{\"path\":\"x\",\"old\":\"x\",\"new\":null}"),
		LINES("{\"path\":[1],\"old\":\"x\",\"new\":null}"),
		LINES("{\"path\":[null],\"old\":\"x\",\"new\":null}"),
		LINES("{\"path\":[\"a\",5],\"old\":\"x\",\"new\":null}"),
		LINES("{\"path\":[\"a\",\"b\",\"c\",\"d\"],\"old\":\"x\","
		      "\"new\":null}"),
		LINES("{\"path\":[],\"old\":{},\"new\":null}"),
		LINES("{\"path\":[],\"old\":{\"hex\":5},\"new\":null}"),
		LINES("{\"path\":[],\"old\":{\"hex\":\"8\"},\"new\":null}"),
		LINES("{\"path\":[],\"old\":{\"hex\":\"8g\"},\"new\":null}"),
		LINES("{\"path\":[],\"old\":{\"hex\":\"8000\"},\"new\":null}"),
		CLEARS("1"), CLEARS("{}"),
		CLEARS("{\"neighbor\":\"x\",\"family\":1}"),
		CLEARS("{\"neighbor\":\"::1\",\"family\":2}"),
		CLEARS("{\"neighbor\":\"::1\",\"family\":-1}"),
		CLEARS("{\"neighbor\":\"::1; reload\",\"family\":1}"),
		REARMS("1"), REARMS("{}"), REARMS("{\"section\":\"a\"}"),
		REARMS("{\"section\":\"a\",\"line\":null}"),
		REARMS("{\"section\":5,\"line\":\"b\"}") };
	struct plan plan;
	struct err err;
	size_t i;

	(void)state;
	for (i = 0; i < NITEMS(bad); i++) {
		if (plan_load(&plan, bad[i], &err) != -1)
			fail_msg("%s was accepted", bad[i]);
		assert_int_equal(err.code, ERR_INTERNAL);
		assert_null(plan.lines);
		assert_int_equal(plan.n_lines, 0);
	}
}

static void
test_rendered(void **state)
{
	struct buf b = BUF_INIT;
	struct plan plan;

	(void)state;
	plan_init(&plan);
	plan_render(&plan, &b);
	assert_string_equal(buf_text(&b), "{\"steps\":[]}");
	buf_reset(&b);
	plan_add_step(&plan, "frr",
	    "route-map X permit 10\n set local-preference 250\nexit\n",
	    "route-map X permit 10\n\n set local-preference 150\nexit");
	plan_add_step(&plan, "a_name_much_too_long", "", "\n\n");
	plan_render(&plan, &b);
	assert_string_equal(buf_text(&b),
	    "{\"steps\":[{\"subsystem\":\"frr\",\"commands\":["
	    "\"route-map X permit 10\",\" set local-preference 250\",\"exit\"],"
	    "\"undo\":[\"route-map X permit 10\",\" set local-preference 150\","
	    "\"exit\"]},{\"subsystem\":\"a_name_much_too\",\"commands\":[],"
	    "\"undo\":[]}]}");
	buf_clear(&b);
	plan_clear(&plan);
}

static void
test_rendered_commands(void **state)
{
	static const char *const pairs[][2] = {
		{ "", "[]" },
		{ "write memory\tok\n",
		    "[{\"command\":\"write memory\",\"answer\":\"ok\"}]" },
		{ " set local-preference 250\t% a\tb \"c\"\nexit\tok",
		    "[{\"command\":\" set local-preference 250\","
		    "\"answer\":\"% a\\tb \\\"c\\\"\"},"
		    "{\"command\":\"exit\",\"answer\":\"ok\"}]" },
		{ "no answer\n\tno command\n\n",
		    "[{\"command\":\"no answer\",\"answer\":\"\"},"
		    "{\"command\":\"\",\"answer\":\"no command\"},"
		    "{\"command\":\"\",\"answer\":\"\"}]" },
		{ "Z\xfcrich\t\xff\n",
		    "[{\"command\":\"Z?rich\",\"answer\":\"?\"}]" },
	};
	struct buf b = BUF_INIT;
	size_t i;

	(void)state;
	for (i = 0; i < NITEMS(pairs); i++) {
		buf_reset(&b);
		plan_render_commands(pairs[i][0], &b);
		assert_string_equal(buf_text(&b), pairs[i][1]);
	}
	buf_clear(&b);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_stored),
		cmocka_unit_test(test_stored_bytes),
		cmocka_unit_test(test_too_deep_is_cut),
		cmocka_unit_test(test_clears_are_joined),
		cmocka_unit_test(test_damaged),
		cmocka_unit_test(test_rendered),
		cmocka_unit_test(test_rendered_commands),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
