/* tests/unit/test_engine_session_event.c - sessions that came or went. */
/* links: engine/session_event model/event model/json base/addr base/buf
 * base/clock base/err base/log base/mem base/name base/number */
/* libs: -ljansson */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/buf.h"
#include "engine/adopt.h"
#include "engine/events.h"
#include "engine/session_event.h"

static struct buf told;

void
events_publish(struct parts *parts, enum events_type type, const char *resource,
    const char *object)
{
	assert_null(parts);
	assert_int_equal(type, EVENTS_SESSION);
	buf_printf(&told, "%s %s\n", resource, object);
}

struct upstream *
adopt_find_neighbor(const struct upstream_list *list, const struct addr *addr)
{
	size_t i;

	for (i = 0; i < list->n; i++)
		if (addr_equal(&list->v[i].neighbor, addr))
			return &list->v[i];
	return NULL;
}

static struct upstream
upstream(const char *name, const char *address, const char *state,
    uint64_t dropped)
{
	struct upstream up = { .remote_as = 1 };

	(void)snprintf(up.name.s, sizeof(up.name.s), "%s", name);
	assert_int_equal(addr_parse(&up.neighbor, address, NULL), 0);
	up.session.known = true;
	(void)snprintf(up.session.state, sizeof(up.session.state), "%s", state);
	up.session.established = strcmp(state, "established") == 0;
	up.session.uptime_s = up.session.established ? 5 : -1;
	up.session.dropped_count = dropped;
	(void)snprintf(up.session.last_error, sizeof(up.session.last_error),
	    "Cease");
	return up;
}

static const char *
compare(struct upstream *before, size_t n_before, struct upstream *now,
    size_t n_now)
{
	const struct upstream_list a = { before, n_before }, b = { now, n_now };

	buf_reset(&told);
	session_event_compare(NULL, &a, &b);
	return buf_text(&told);
}

static void
test_up_and_down(void **state)
{
	struct upstream up = upstream("a", "2001:db8::1", "established", 0);
	struct upstream down = upstream("a", "2001:db8::1", "active", 1);
	struct upstream other = upstream("a", "2001:db8::1", "idle", 1);

	(void)state;
	assert_string_equal(compare(&up, 1, &up, 1), "");
	assert_string_equal(compare(&down, 1, &other, 1), "");
	assert_string_equal(compare(&up, 1, &down, 1),
	    "upstreams/a {\"state\":\"down\",\"upstream\":\"a\",\"address\":"
	    "\"2001:db8::1\",\"session\":\"active\",\"previous\":"
	    "\"established\",\"uptime_s\":null,\"last_error\":\"Cease\","
	    "\"shutdown_message\":null}\n");
	assert_string_equal(compare(&down, 1, &up, 1),
	    "upstreams/a {\"state\":\"up\",\"upstream\":\"a\",\"address\":"
	    "\"2001:db8::1\",\"session\":\"established\",\"previous\":"
	    "\"active\",\"uptime_s\":5,\"last_error\":null,"
	    "\"shutdown_message\":null}\n");
}

/* Down and up again while nobody looked. */
static void
test_between_two_looks(void **state)
{
	struct upstream before = upstream("a", "192.0.2.1", "established", 3);
	struct upstream now = upstream("a", "192.0.2.1", "established", 4);
	const char *lines = compare(&before, 1, &now, 1), *second;

	(void)state;
	second = strchr(lines, '\n') + 1;
	assert_non_null(strstr(lines, "\"state\":\"down\""));
	assert_non_null(strstr(lines, "\"session\":null"));
	assert_non_null(strstr(second, "\"state\":\"up\""));
	assert_null(strchr(strchr(second, '\n') + 1, '\n'));
	/* bgpd was started anew: it counts from 0. */
	now.session.dropped_count = 0;
	assert_string_equal(compare(&before, 1, &now, 1), "");
}

static void
test_come_and_gone(void **state)
{
	struct upstream list[] = {
		upstream("a", "192.0.2.1", "established", 0),
		upstream("b", "192.0.2.2", "idle", 0),
	};

	(void)state;
	assert_null(strstr(compare(list, 0, list, 2), "upstreams/b"));
	assert_non_null(strstr(buf_text(&told), "\"state\":\"up\""));
	assert_non_null(strstr(buf_text(&told), "\"previous\":null"));
	assert_null(strstr(compare(list, 2, list, 0), "upstreams/b"));
	assert_non_null(strstr(buf_text(&told), "\"session\":\"removed\""));
	buf_clear(&told);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_up_and_down),
		cmocka_unit_test(test_between_two_looks),
		cmocka_unit_test(test_come_and_gone),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
