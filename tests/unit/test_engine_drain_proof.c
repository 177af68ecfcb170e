/* tests/unit/test_engine_drain_proof.c - what is judged, with numbers. */
/* links: engine/drain_proof */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "engine/drain_proof.h"
#include "model/drain_progress.h"
#include "model/upstream.h"

static struct drain_fact
fact(int64_t rx_bps, int64_t updates)
{
	return (struct drain_fact) { .upstream = "ifog",
		.established = true,
		.prefixes_received = 1000,
		.prefixes_sent = 1,
		.updates_sent = updates,
		.established_count = 1,
		.interface = "gre0",
		.rx_bps = rx_bps };
}

struct row {
	const char *why;
	const char *text;
	struct drain_fact before;
	struct drain_fact now;
	bool moves;
	bool alone;
};

static void
check(const struct row *row)
{
	const struct drain_proof p = { &row->before, &row->now, !row->moves,
		row->alone };
	struct drain_gate gate;

	drain_proof_judge(&p, &gate);
	assert_string_equal(gate.why, row->why);
	assert_string_equal(gate.text, row->text);
	assert_string_equal(gate.upstream, "ifog");
}

static void
test_rates(void **state)
{
	/* clang-format off */
	const struct row rows[] = {
		{ "", "", fact(4100000, 3), fact(409999, 4), false, false },
		{ "rate_above_floor",
		  "inbound 410 kbit/s on gre0, waiting for under 410 kbit/s",
		  fact(4100000, 3), fact(410000, 4), false, false },
		{ "rate_above_floor",
		  "inbound 3.2 Mbit/s on gre0, waiting for under 410 kbit/s",
		  fact(4100000, 3), fact(3200000, 4), false, false },
		{ "", "", fact(50000, 3), fact(99999, 4), false, false },
		{ "rate_above_floor",
		  "inbound 100 kbit/s on gre0, waiting for under 100 kbit/s",
		  fact(-1, 3), fact(100000, 4), false, false },
		{ "only_path",
		  "inbound 200 kbit/s on gre0, waiting for under 100 kbit/s; "
		  "there is no other transit",
		  fact(10, 3), fact(200000, 4), false, true },
		{ "rate_above_floor", "the rate on gre0 is not known yet",
		  fact(10, 3), fact(-1, 4), false, false },
	};
	/* clang-format on */
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		check(&rows[i]);
}

static void
test_announcement(void **state)
{
	struct row row = { "not_announced",
		"the changed announcement has not been sent yet", fact(0, 3),
		fact(0, 3), false, false };

	(void)state;
	check(&row);
	row.before.prefixes_sent = 0; /* nothing to announce */
	row.why = row.text = "";
	check(&row);
	row.before.prefixes_sent = 1;
	row.now.established_count = 2; /* a new session sent it all */
	check(&row);
	row.now.established_count = 1;
	row.before.updates_sent = 9; /* bgpd began anew */
	check(&row);
	row.before.updates_sent = 3; /* and has sent as many by now */
	row.before.established_ms = 1795372994000;
	row.now.established_ms = 1795373000000;
	check(&row);
	row.now.established_ms = 1795372995000; /* the same, seen later */
	row.why = "not_announced";
	row.text = "the changed announcement has not been sent yet";
	check(&row);
	row.now.established_count = 2;
	row.now.updates_sent = 0;
	row.text = "the changed announcement has not been sent yet";
	check(&row);
	row.now.updates_sent = 9;
	row.now.out_queue = 4;
	row.text = "4 messages wait in the out queue";
	check(&row);
}

static void
test_the_rest(void **state)
{
	struct row row = { "paths_in_use",
		"best paths still move to other upstreams", fact(0, 3),
		fact(0, 4), true, false };

	(void)state;
	check(&row);
	row.now.established = false;
	row.why = "session_down";
	row.text = "the session is down";
	check(&row);
	row.before.established = false;
	row.why = "";
	row.text = "was down before: nothing to take off";
	check(&row);
	row.before.established = row.now.established = true;
	row.moves = false;
	row.now.interface[0] = '\0';
	row.text = "no interface of its own: its rate is not known";
	check(&row);
}

static void
test_quiet(void **state)
{
	(void)state;
	assert_true(drain_proof_is_quiet(7, 7, 0));
	assert_true(drain_proof_is_quiet(7, 107, 1000));
	assert_false(drain_proof_is_quiet(7, 108, 1000));
	assert_true(drain_proof_is_quiet(0, 480, 240000));
	assert_false(drain_proof_is_quiet(0, 481, 240000));
	assert_false(drain_proof_is_quiet(8, 7, 0)); /* bgpd was restarted */
	assert_true(drain_proof_may_count(2000));
	assert_false(drain_proof_may_count(240000));
}

static void
check_return(const struct drain_fact *before, const struct session *s,
    uint32_t min_s, const char *why, int64_t left)
{
	struct drain_gate gate;

	memset(&gate, 0, sizeof(gate));
	drain_proof_may_return(before, s, min_s, &gate);
	assert_string_equal(gate.why, why);
	assert_int_equal(gate.seconds_left, left);
}

static void
test_return(void **state)
{
	struct drain_fact before = fact(0, 0);
	struct session s;

	(void)state;
	memset(&s, 0, sizeof(s));
	check_return(&before, &s, 0, "session_down", -1);
	s.established = s.known = true;
	s.uptime_s = 10;
	s.table[1].present = true;
	s.table[1].prefixes_received = 899;
	check_return(&before, &s, 0, "prefixes_missing", -1);
	s.table[1].prefixes_received = 900;
	check_return(&before, &s, 0, "", -1);
	check_return(&before, &s, 60, "too_early", 50);
	s.uptime_s = 60;
	check_return(&before, &s, 60, "", -1);
	s.table[1].prefixes_received = 1;
	s.table[1].end_of_rib = true; /* that is all there is now */
	check_return(&before, &s, 60, "", -1);
}

static void
test_words(void **state)
{
	char out[DRAIN_PROOF_RATE_MAX];

	(void)state;
	assert_string_equal(drain_proof_rate(0, out), "0 bit/s");
	assert_string_equal(drain_proof_rate(999, out), "999 bit/s");
	assert_string_equal(drain_proof_rate(3210000, out), "3.2 Mbit/s");
	assert_string_equal(drain_proof_rate(410000, out), "410 kbit/s");
	assert_string_equal(drain_proof_rate(2500000000, out), "2.5 Gbit/s");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_rates),
		cmocka_unit_test(test_announcement),
		cmocka_unit_test(test_the_rest),
		cmocka_unit_test(test_quiet),
		cmocka_unit_test(test_return),
		cmocka_unit_test(test_words),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
