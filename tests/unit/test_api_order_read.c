/* tests/unit/test_api_order_read.c - what path and query say about a write. */
/* links: api/order_read api/request model/order_options base/addr base/buf
 * base/clock base/crypto base/err base/log base/name base/number */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "api/order.h"
#include "api/order_read.h"
#include "api/request.h"
#include "base/compat.h"
#include "base/err.h"
#include "model/fields.h"

static struct order order;
static struct request req;
static struct err err;

static void
ask(const char *target)
{
	static struct frame_request frame;

	memset(&req, 0, sizeof(req));
	memset(&order, 0, sizeof(order));
	err_clear(&err);
	frame.method = (struct frame_bytes) { "DELETE", 6 };
	frame.peer = (struct frame_bytes) { "unix", 4 };
	frame.target = (struct frame_bytes) { target, strlen(target) };
	req.frame = &frame;
	assert_int_equal(request_read(&req, NULL), 0);
}

static void
test_query(void **state)
{
	(void)state;
	ask("/x?dry_run=true");
	assert_int_equal(order_read_query(&order, &req, &err), 0);
	assert_true(order.change.dry_run);
	ask("/x");
	assert_int_equal(order_read_query(&order, &req, &err), 0);
	assert_false(order.change.dry_run);
	ask("/x?dry_run=1");
	assert_int_equal(order_read_query(&order, &req, &err), -1);
	assert_int_equal(err.code, ERR_INVALID);
	/* PUT and PATCH say this in the body. */
	ask("/x?reason=y");
	assert_int_equal(order_read_query(&order, &req, &err), -1);
}

static void
test_removal(void **state)
{
	const struct order_options *o = &order.change.remove;

	(void)state;
	ask("/x?dry_run=false&reason=a%20b&ticket=T-1&shared=true"
	    "&allow_reset=true&adopt=true&revert_in_s=60&confirm_id=m-2");
	assert_int_equal(order_read_removal(&order, &req, &err), 0);
	assert_string_equal(o->reason.text, "a b");
	assert_string_equal(o->ticket.text, "T-1");
	assert_true(o->shared.flag && o->allow_reset.flag && o->adopt.flag);
	assert_int_equal(o->revert_in_s.number, 60);
	assert_string_equal(o->confirm_id.text, "m-2");
	ask("/x");
	assert_int_equal(order_read_removal(&order, &req, &err), 0);
	assert_false(o->allow_reset.present);
	ask("/x?allow_reset=yes");
	assert_int_equal(order_read_removal(&order, &req, &err), -1);
	assert_int_equal(err.code, ERR_UNPROCESSABLE);
	assert_string_equal(err.fields[0].pointer, "/allow_reset");
	ask("/x?force=true");
	assert_int_equal(order_read_removal(&order, &req, &err), -1);
	assert_int_equal(err.code, ERR_INVALID);
}

static void
test_name(void **state)
{
	(void)state;
	ask("/x");
	(void)snprintf(req.arg, sizeof(req.arg), "ifog");
	assert_int_equal(order_read_name(&order, &req, "upstream", true, &err),
	    0);
	assert_string_equal(order.change.name.s, "ifog");
	(void)snprintf(req.arg, sizeof(req.arg), "A;rm");
	assert_int_equal(order_read_name(&order, &req, "upstream", true, &err),
	    -1);
	assert_int_equal(err.code, ERR_UNPROCESSABLE);
	assert_int_equal(order_read_name(&order, &req, "upstream", false, &err),
	    -1);
	assert_int_equal(err.code, ERR_NOT_FOUND);
	assert_string_equal(err.text, "there is no upstream A;rm");
}

static void
test_same_name(void **state)
{
	struct field_value name = { .present = false };

	(void)state;
	ask("/x");
	(void)snprintf(req.arg, sizeof(req.arg), "ifog");
	assert_int_equal(order_read_name(&order, &req, "upstream", true, &err),
	    0);
	assert_int_equal(order_read_same_name(&order, &name, &err), 0);
	name.present = true;
	(void)snprintf(name.text, sizeof(name.text), "ifog");
	assert_int_equal(order_read_same_name(&order, &name, &err), 0);
	(void)snprintf(name.text, sizeof(name.text), "ifogx");
	assert_int_equal(order_read_same_name(&order, &name, &err), -1);
	assert_int_equal(err.code, ERR_UNPROCESSABLE);
	assert_string_equal(err.fields[0].pointer, "/name");
	name.null = true;
	assert_int_equal(order_read_same_name(&order, &name, &err), -1);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_query),
		cmocka_unit_test(test_removal),
		cmocka_unit_test(test_name),
		cmocka_unit_test(test_same_name),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
