/* tests/unit/test_api_request.c - what is taken from a request's frame. */
/* links: api/request base/addr base/buf base/clock base/crypto base/err
 * base/log base/name base/number */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "api/request.h"
#include "base/compat.h"
#include "base/crypto.h"
#include "base/err.h"

#define SIXTY "012345678901234567890123456789012345678901234567890123456789"

static struct frame_request frame;
static struct request req;

static struct frame_bytes
bytes(const char *text)
{
	struct frame_bytes b = { text, strlen(text) };

	return b;
}

static int
read_target(const char *target, struct err *err)
{
	frame.method = bytes("GET");
	frame.peer = bytes("2001:db8::7");
	frame.target = bytes(target);
	memset(&req, 0x5a, sizeof(req));
	req.frame = &frame;
	return request_read(&req, err);
}

static void
test_parts(void **state)
{
	(void)state;
	assert_int_equal(read_target("/v1/upstreams/a%20b?dry_run=true", NULL),
	    0);
	assert_string_equal(req.method, "GET");
	assert_string_equal(req.path, "/v1/upstreams/a%20b");
	assert_string_equal(req.peer_text, "2001:db8::7");
	assert_true(req.has_peer);
	assert_int_equal(req.peer.family, 6);
	assert_int_equal(req.n_query, 1);
	assert_string_equal(request_query_value(&req, "dry_run"), "true");
	assert_null(request_query_value(&req, "dry"));
	frame.peer = bytes("unix");
	frame.method = bytes("A-METHOD-OF-THIRTY-TWO-CHARACTERS");
	assert_int_equal(request_read(&req, NULL), 0);
	assert_false(req.has_peer);
	assert_string_equal(req.peer_text, "unix");
	assert_int_equal(strlen(req.method), sizeof(req.method) - 1);
}

static void
test_longest_target(void **state)
{
	char *target = malloc(FRAME_TARGET_MAX + 1);

	(void)state;
	assert_non_null(target);
	memset(target, '/', FRAME_TARGET_MAX);
	target[FRAME_TARGET_MAX] = '\0';
	assert_int_equal(read_target(target, NULL), 0);
	assert_int_equal(strlen(req.path), FRAME_TARGET_MAX);
	assert_int_equal(req.n_query, 0);
	free(target);
	assert_int_equal(read_target("", NULL), 0);
	assert_string_equal(req.path, "");
}

static void
check_query(const char *target, const char *want)
{
	char got[512] = "";
	size_t len = 0;
	unsigned i;

	if (read_target(target, NULL) == -1)
		fail_msg("%s was refused", target);
	for (i = 0; i < req.n_query; i++)
		len += (size_t)snprintf(got + len, sizeof(got) - len, "<%s=%s>",
		    req.query[i].name, req.query[i].value);
	assert_string_equal(got, want);
}

static void
test_query(void **state)
{
	(void)state;
	check_query("/x", "");
	check_query("/x?", "");
	check_query("/x?&&&", "");
	check_query("/x?a", "<a=>");
	check_query("/x?a=", "<a=>");
	check_query("/x?=v", "<=v>");
	check_query("/x?a=1&b=2", "<a=1><b=2>");
	check_query("/x?a=1&&b=2&", "<a=1><b=2>");
	check_query("/x?a=b=c", "<a=b=c>");
	check_query("/x?a=?&b=/..", "<a=?><b=/..>");
	check_query("/x?a%3Db=%26%3d%25", "<a=b=&=%>");
	check_query("/x?since=2026-03-01T02:00:00%2b01:00",
	    "<since=2026-03-01T02:00:00+01:00>");
	check_query("/x?a=z%C3%BCrich", "<a=z\xc3\xbcrich>");
	check_query("/x?1&2&3&4&5&6&7&8", "<1=><2=><3=><4=><5=><6=><7=><8=>");
}

static void
test_bad_query(void **state)
{
	static const char *const bad[] = { "/x?a=1&a=1", "/x?a&%61", "/x?a=%",
		"/x?a=%1", "/x?a=%0g", "/x?a=%00", "/x?a=%0a", "/x?%ff=1",
		"/x?a=%c3%28", "/x?%=1", "/x?1&2&3&4&5&6&7&8&9",
		"/x?a_name_that_has_32_characters_in_=1" };
	char target[400];
	struct err err;
	size_t i;

	(void)state;
	for (i = 0; i < NITEMS(bad); i++) {
		if (read_target(bad[i], &err) != -1)
			fail_msg("%s was accepted", bad[i]);
		assert_int_equal(err.code, ERR_INVALID);
		/* The answer can be given all the same. */
		assert_string_equal(req.path, "/x");
		assert_memory_equal(req.request_id, "r-", 2);
	}
	(void)snprintf(target, sizeof(target), "/x?a=%0255d", 1);
	assert_int_equal(read_target(target, NULL), 0);
	(void)snprintf(target, sizeof(target), "/x?a=%0256d", 1);
	assert_int_equal(read_target(target, &err), -1);
}

static void
test_query_check(void **state)
{
	static const char *const known[] = { "limit", "cursor", NULL };
	struct err err;

	(void)state;
	assert_int_equal(read_target("/x?cursor=1&limit=2", NULL), 0);
	assert_int_equal(request_query_check(&req, known, &err), 0);
	assert_int_equal(read_target("/x?Limit=2", NULL), 0);
	assert_int_equal(request_query_check(&req, known, &err), -1);
	assert_int_equal(err.code, ERR_INVALID);
	assert_non_null(strstr(err.text, "Limit"));
}

static void
test_flag(void **state)
{
	struct err err;
	bool flag;

	(void)state;
	assert_int_equal(read_target("/x", NULL), 0);
	flag = true;
	assert_int_equal(request_flag(&req, "dry_run", &flag, NULL), 0);
	assert_false(flag);
	assert_int_equal(read_target("/x?dry_run=true", NULL), 0);
	assert_int_equal(request_flag(&req, "dry_run", &flag, NULL), 0);
	assert_true(flag);
	assert_int_equal(read_target("/x?dry_run=false", NULL), 0);
	assert_int_equal(request_flag(&req, "dry_run", &flag, NULL), 0);
	assert_false(flag);
	/* A dry run that was meant must not become a real one. */
	assert_int_equal(read_target("/x?dry_run=1", NULL), 0);
	assert_int_equal(request_flag(&req, "dry_run", &flag, &err), -1);
	assert_int_equal(read_target("/x?dry_run", NULL), 0);
	assert_int_equal(request_flag(&req, "dry_run", &flag, &err), -1);
	assert_int_equal(read_target("/x?dry_run=TRUE", NULL), 0);
	assert_int_equal(request_flag(&req, "dry_run", &flag, &err), -1);
}

static void
test_request_id(void **state)
{
	static const char *const good[] = { "a", "A-z_0.9", SIXTY "0123" };
	static const char *const bad[] = { "", " a", "a b", "a\"", "a\xc3\xa4",
		"a/b", "a\\", "a,b", SIXTY "01234" };
	struct frame_bytes *h = &frame.header[FRAME_REQUEST_ID];
	char last[REQUEST_ID_MAX] = "";
	size_t i;

	(void)state;
	for (i = 0; i < NITEMS(good); i++) {
		*h = bytes(good[i]);
		assert_int_equal(read_target("/x", NULL), 0);
		assert_string_equal(req.request_id, good[i]);
	}
	for (i = 0; i < NITEMS(bad); i++) {
		*h = bytes(bad[i]);
		assert_int_equal(read_target("/x", NULL), 0);
		assert_memory_equal(req.request_id, "r-", 2);
		assert_int_equal(strlen(req.request_id), 18);
		assert_string_not_equal(req.request_id, last);
		memcpy(last, req.request_id, sizeof(last));
	}
	*h = (struct frame_bytes) { "a\0b", 3 };
	assert_int_equal(read_target("/x", NULL), 0);
	assert_memory_equal(req.request_id, "r-", 2);
	*h = (struct frame_bytes) { NULL, 0 };
	assert_int_equal(read_target("/x", NULL), 0);
	assert_memory_equal(req.request_id, "r-", 2);
}

static void
test_header(void **state)
{
	char out[8];

	(void)state;
	assert_int_equal(read_target("/x", NULL), 0);
	frame.header[FRAME_PREFER] = (struct frame_bytes) { "waiting", 4 };
	frame.header[FRAME_ACCEPT] = (struct frame_bytes) { NULL, 0 };
	request_header(&req, FRAME_PREFER, out, sizeof(out));
	assert_string_equal(out, "wait");
	request_header(&req, FRAME_ACCEPT, out, sizeof(out));
	assert_string_equal(out, "");
}

static void
check_decoded(const char *in, const char *want)
{
	char out[8];

	if (want == NULL) {
		if (request_decode(out, sizeof(out), in, strlen(in)) != -1)
			fail_msg("%s was accepted", in);
		return;
	}
	assert_int_equal(request_decode(out, sizeof(out), in, strlen(in)), 0);
	assert_string_equal(out, want);
}

static void
test_decode(void **state)
{
	(void)state;
	check_decoded("", "");
	check_decoded("abc", "abc");
	check_decoded("a+b", "a+b");
	check_decoded("%41%4a%4A", "AJJ");
	check_decoded("%25%32%35", "%25"); /* once, not twice */
	check_decoded("%e2%82%ac", "\xe2\x82\xac");
	check_decoded("1234567", "1234567");
	check_decoded("12345678", NULL);
	check_decoded("123456%37", "1234567");
	check_decoded("%", NULL);
	check_decoded("%4", NULL);
	check_decoded("a%4", NULL);
	check_decoded("%4g", NULL);
	check_decoded("%-1", NULL);
	check_decoded("% 1", NULL);
	check_decoded("%00", NULL);
	check_decoded("%1f", NULL);
	check_decoded("%7f", NULL);
	check_decoded("a\tb", NULL);
	check_decoded("%c3", NULL);
	check_decoded("\xc3\x28", NULL);
	/* n is what counts, not a NUL: "%4" of "%41". */
	assert_int_equal(request_decode((char[8]) { 0 }, 8, "%41", 2), -1);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_parts),
		cmocka_unit_test(test_longest_target),
		cmocka_unit_test(test_query),
		cmocka_unit_test(test_bad_query),
		cmocka_unit_test(test_query_check),
		cmocka_unit_test(test_flag),
		cmocka_unit_test(test_request_id),
		cmocka_unit_test(test_header),
		cmocka_unit_test(test_decode),
	};

	crypto_init();
	return cmocka_run_group_tests(tests, NULL, NULL);
}
