/* tests/unit/test_wire_op.c - operations on the wire: exact, or refused. */
/* links: wire/op wire/op_check wire/op_link wire/op_key wire/op_route
 * wire/op_firewall base/addr base/buf base/err base/name base/number
 * base/md5key base/crypto base/log base/clock */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/buf.h"
#include "base/err.h"
#include "wire/op.h"

static const struct op_none none;

static void
test_names_and_sizes(void **state)
{
	(void)state;
	assert_string_equal(op_name(OP_FRR_SAVE), "frr-save");
	assert_string_equal(op_name(OP_INTERFACES), "interfaces");
	assert_string_equal(op_name(OP_COUNT), "unknown");
	assert_string_equal(op_name(UINT32_MAX), "unknown");
	assert_int_equal(op_size(OP_FRR_SAVE), 8);
	assert_string_equal(op_name(OP_BOOT_FIREWALL), "boot-firewall");
	assert_int_equal(op_size(OP_LINK_CREATE), sizeof(struct op_link));
	assert_true(op_size(OP_COUNT) == SIZE_MAX);
	assert_false(op_changes(OP_FRR_SAVE));
	assert_false(op_changes(OP_FIREWALL));
	assert_true(op_changes(OP_LINK_CREATE));
	assert_true(op_changes(OP_BOOT_FIREWALL));
	assert_false(op_changes(OP_COUNT));
}

static void
test_request(void **state)
{
	struct buf b = BUF_INIT;
	struct op_head head;

	(void)state;
	op_put_request(&b, OP_INTERFACES, 77, 0, &none);
	assert_false(b.failed);
	assert_int_equal(b.len, OP_HEAD_SIZE + 8);
	assert_int_equal(op_head_read(&head, b.data, 4096, NULL), 0);
	assert_int_equal(head.kind, OP_INTERFACES);
	assert_int_equal(head.id, 77);
	assert_int_equal(head.size, 8);
	assert_int_equal(head.dry, 0);
	assert_int_equal(op_request_check(&head, b.data + OP_HEAD_SIZE, NULL),
	    0);
	buf_clear(&b);
}

static void
test_request_refused(void **state)
{
	struct op_none dirty = { { 0, 0, 1 } };
	struct op_head head = { OP_COUNT, 1, 8, 0 };
	struct err err;

	(void)state;
	assert_int_equal(op_request_check(&head, &none, &err), -1);
	assert_int_equal(err.code, ERR_PROTOCOL);
	assert_non_null(strstr(err.text, "unknown op "));
	head.kind = OP_FRR_SAVE;
	head.size = 7;
	assert_int_equal(op_request_check(&head, &none, &err), -1);
	assert_string_equal(err.text, "op frr-save: 7 bytes, not 8");
	head.size = 9;
	assert_int_equal(op_request_check(&head, &none, &err), -1);
	head.size = 8;
	assert_int_equal(op_request_check(&head, &dirty, &err), -1);
	assert_string_equal(err.text, "op frr-save: may_go: unknown bits");
	assert_int_equal(err.code, ERR_PROTOCOL);
	head.dry = 1;
	assert_int_equal(op_request_check(&head, &none, &err), -1);
	assert_string_equal(err.text, "op frr-save: has no dry form");
}

static void
test_dry(void **state)
{
	struct op_link l;
	struct buf b = BUF_INIT;
	struct op_head head;

	(void)state;
	memset(&l, 0, sizeof(l));
	memcpy(l.name, "gre1", 4);
	op_put_request(&b, OP_LINK_DESTROY, 3, 1, &l);
	assert_int_equal(op_head_read(&head, b.data, 4096, NULL), 0);
	assert_int_equal(head.kind, OP_LINK_DESTROY);
	assert_int_equal(head.dry, 1);
	assert_int_equal(op_request_check(&head, &l, NULL), 0);
	buf_clear(&b);
}

static void
test_head_refused(void **state)
{
	struct buf b = BUF_INIT;
	struct op_head head;
	struct err err;

	(void)state;
	op_put_request(&b, OP_INTERFACES, 1, 0, &none);
	assert_int_equal(op_head_read(&head, b.data, 7, &err), -1);
	assert_int_equal(err.code, ERR_PROTOCOL);
	b.data[0] ^= 1;
	assert_int_equal(op_head_read(&head, b.data, 4096, &err), -1);
	assert_int_equal(err.code, ERR_PROTOCOL);
	buf_clear(&b);
}

static void
test_done(void **state)
{
	struct buf b = BUF_INIT;
	struct op_head head;
	const void *data;
	size_t len;

	(void)state;
	op_put_done(&b, OP_FRR_SAVE, 5, "hello", 5);
	assert_int_equal(op_head_read(&head, b.data, OP_REPLY_MAX, NULL), 0);
	assert_int_equal(head.id, 5);
	assert_int_equal(head.size, 6);
	assert_int_equal(op_reply_read(b.data + OP_HEAD_SIZE, head.size, &data,
			     &len, NULL),
	    0);
	assert_int_equal(len, 5);
	assert_memory_equal(data, "hello", 5);
	buf_reset(&b);
	op_put_done(&b, OP_FRR_SAVE, 5, NULL, 0);
	assert_int_equal(op_reply_read(b.data + OP_HEAD_SIZE, 1, &data, &len,
			     NULL),
	    0);
	assert_int_equal(len, 0);
	buf_clear(&b);
}

/* A full error, as it left the parent. */
static void
fill(struct err *err)
{
	err_clear(err);
	(void)err_set(err, ERR_TOOL, "vtysh: exit 3");
	(void)err_reason(err, "save_failed");
	(void)err_tool(err, "vtysh", -1, "% no room\n", 10);
	err->retry_after_s = 9;
	err->n_fields = 2;
	memcpy(err->fields[0].pointer, "/a", 3);
	memcpy(err->fields[1].detail, "why", 4);
}

static void
test_failed(void **state)
{
	struct buf b = BUF_INIT;
	struct err sent, got;
	const void *data;
	size_t len;

	(void)state;
	fill(&sent);
	op_put_failed(&b, OP_FRR_SAVE, 5, &sent, "");
	assert_false(b.failed);
	assert_int_equal(op_reply_read(b.data + OP_HEAD_SIZE,
			     b.len - OP_HEAD_SIZE, &data, &len, &got),
	    -1);
	assert_int_equal(len, 0);
	assert_int_equal(got.code, ERR_TOOL);
	assert_string_equal(got.reason, "save_failed");
	assert_string_equal(got.text, sent.text);
	assert_string_equal(got.tool, "vtysh");
	assert_int_equal(got.exit_code, -1);
	assert_string_equal(got.output, sent.output);
	assert_int_equal(got.retry_after_s, 9);
	assert_int_equal(got.n_fields, 2);
	assert_string_equal(got.fields[0].pointer, "/a");
	assert_string_equal(got.fields[1].detail, "why");
	buf_clear(&b);
}

/* What had been run before it failed comes along. */
static void
test_failed_log(void **state)
{
	static const char log[] = "ip link add\tok\nip addr add\tno\n";
	struct buf b = BUF_INIT;
	struct err sent, got;
	const void *data;
	size_t len;

	(void)state;
	fill(&sent);
	op_put_failed(&b, OP_LINK_CREATE | OP_DRY, 5, &sent, log);
	assert_int_equal(op_reply_read(b.data + OP_HEAD_SIZE,
			     b.len - OP_HEAD_SIZE, &data, &len, &got),
	    -1);
	assert_string_equal(got.text, sent.text);
	assert_int_equal(len, strlen(log));
	assert_memory_equal(data, log, len);
	buf_clear(&b);
}

/* Every shortened reply is refused; one of an unknown form too. */
static void
test_failed_damaged(void **state)
{
	struct buf b = BUF_INIT;
	struct err sent, got;
	const void *data;
	size_t i, n, len;
	unsigned char *copy;

	(void)state;
	fill(&sent);
	op_put_failed(&b, OP_FRR_SAVE, 5, &sent, "");
	n = b.len - OP_HEAD_SIZE;
	for (i = 0; i < n; i++) {
		copy = malloc(i + 1);
		assert_non_null(copy);
		memcpy(copy, b.data + OP_HEAD_SIZE, i);
		assert_int_equal(op_reply_read(copy, i, &data, &len, &got), -1);
		assert_int_equal(got.code, ERR_PROTOCOL);
		free(copy);
	}
	b.data[OP_HEAD_SIZE] = 2;
	assert_int_equal(op_reply_read(b.data + OP_HEAD_SIZE, n, &data, &len,
			     &got),
	    -1);
	assert_int_equal(got.code, ERR_PROTOCOL);
	buf_clear(&b);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_names_and_sizes),
		cmocka_unit_test(test_request),
		cmocka_unit_test(test_request_refused),
		cmocka_unit_test(test_dry),
		cmocka_unit_test(test_head_refused),
		cmocka_unit_test(test_done),
		cmocka_unit_test(test_failed),
		cmocka_unit_test(test_failed_log),
		cmocka_unit_test(test_failed_damaged),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
