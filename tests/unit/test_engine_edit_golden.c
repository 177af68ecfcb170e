/* tests/unit/test_engine_edit_golden.c - an order, and all that it comes to:
 * tests/golden/upstream/NAME.json and NAME.plan. */
/* links: model/tag model/check engine/edit_upstream engine/edit_wanted
 * engine/edit_neighbor engine/edit_policy engine/edit_tunnel
 * engine/edit_tunnel_check engine/edit_tunnel_overlap engine/edit_below
 * engine/leak engine/prefix_list engine/adopt engine/adopt_view
 * engine/adopt_host engine/host engine/host_diff engine/target engine/naming
 * engine/route_map engine/route_map_users model/upstream model/upstream_order
 * model/tunnel model/tunnel_order model/order_options model/fields model/json
 * model/prefix_rule wire/op wire/op_check wire/op_link wire/op_route
 * wire/op_firewall frr/family frr/tree frr/tree_parse frr/tree_index
 * frr/section frr/diff frr/step frr/line frr/mask frr/version base/addr
 * base/buf base/clock base/crypto base/err base/io base/log base/mem base/name
 * base/number base/md5key engine/host_key wire/op_key engine/edit_key
 * engine/host_diff_key engine/drain_map engine/drain_marks engine/drain_lay
 * model/drain engine/drain_want engine/edit_drain model/drain_state */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>
#include <jansson.h>

#include "edit_reference.h"
#include "engine/host_diff.h"

static const char directory[] = "tests/golden/upstream";

static void
print_address(struct buf *b, const char *before, const struct addr *a)
{
	char text[ADDR_TEXT_MAX];

	if (a->family != 0)
		buf_printf(b, " %s%s", before, addr_print(a, text));
}

static void
print_link(struct buf *b, const struct op_link *link, bool boot)
{
	unsigned i;

	buf_printf(b, " %s", link->name);
	if (link->kind != 0)
		buf_printf(b, " kind %u inner %u", link->kind, link->inner);
	print_address(b, "local ", &link->local);
	print_address(b, "remote ", &link->remote);
	if (link->mtu != 0)
		buf_printf(b, " mtu %u", link->mtu);
	if (link->up != 0)
		buf_puts(b, " up");
	if (link->description[0] != '\0')
		buf_printf(b, " \"%s\"", link->description);
	for (i = 0; boot && i < link->n_addresses; i++) {
		print_address(b, "address ", &link->addresses[i].address);
		print_address(b, "peer ", &link->addresses[i].peer);
		buf_printf(b, " /%u", link->addresses[i].prefix_length);
	}
}

static void
print_firewall(struct buf *b, const struct op_firewall *f)
{
	uint32_t i;

	for (i = 0; i < f->n_entries; i++) {
		const struct op_firewall_entry *e = &f->entries[i];

		buf_printf(b, "\n  %s kind %u%s",
		    e->interface[0] == '\0' ? "-" : e->interface, e->kind,
		    e->nat != 0 ? " nat" : "");
		print_address(b, "local ", &e->local);
		print_address(b, "remote ", &e->remote);
		print_address(b, "peer ", &e->peer);
	}
}

static void
print_op(struct buf *b, const struct host_op *op)
{
	char text[PREFIX_TEXT_MAX];
	const void *p = op->payload;

	buf_puts(b, op_name(op->kind));
	if (op_size(op->kind) == sizeof(struct op_link)) {
		print_link(b, p, op->kind == OP_BOOT_LINK_SET);
	} else if (op_size(op->kind) == sizeof(struct op_firewall)) {
		print_firewall(b, p);
	} else if (op_size(op->kind) == sizeof(struct op_address_of)) {
		const struct op_address_of *a = p;

		buf_printf(b, " %s", a->link);
		print_address(b, "", &a->address.address);
		print_address(b, "peer ", &a->address.peer);
		buf_printf(b, " /%u", a->address.prefix_length);
	} else {
		const struct op_route *r = p;

		buf_printf(b, " %s", prefix_print(&r->prefix, text));
		print_address(b, "by ", &r->gateway);
	}
	buf_putc(b, '\n');
}

static void
print_host(const struct edit_test *t, enum host_phase phase, const char *head,
    struct buf *b)
{
	struct host_ops ops = { 0 };
	size_t i;

	host_diff(&t->o.host, &t->target.host, phase, &ops);
	buf_printf(b, "# %s\n", head);
	for (i = 0; i < ops.n; i++)
		print_op(b, &ops.v[i]);
	host_diff_clear(&ops);
}

static void
print_all(const struct edit_test *t, int rc, struct buf *b)
{
	unsigned i;
	size_t n;

	if (rc == -1) {
		buf_printf(b, "%s %s: %s\n", err_code_name(t->err.code),
		    t->err.reason, t->err.text);
		for (i = 0; i < t->err.n_fields; i++)
			buf_printf(b, "%s: %s\n", t->err.fields[i].pointer,
			    t->err.fields[i].detail);
		return;
	}
	print_host(t, HOST_BUILD, "before FRR", b);
	buf_puts(b, "# FRR\n");
	frr_steps_print(&t->steps, b);
	print_host(t, HOST_CLEAN, "after FRR", b);
	print_host(t, HOST_BOOT, "boot", b);
	buf_puts(b, "# names\n");
	for (n = 0; n < t->target.n_set; n++) {
		print_address(b, "set ", &t->target.set[n].neighbor);
		buf_printf(b, " %s %s %u\n", t->target.set[n].name.s,
		    t->target.set[n].role, t->target.set[n].capacity_mbps);
	}
	for (n = 0; n < t->target.n_forget; n++) {
		print_address(b, "forget ", &t->target.forget[n]);
		buf_putc(b, '\n');
	}
}

static const char *
member(const json_t *json, const char *name)
{
	const char *text = json_string_value(json_object_get(json, name));

	return text == NULL ? "" : text;
}

static int
carry_out(struct edit_test *t, const json_t *json)
{
	const char *method = member(json, "method");
	char *body;
	int rc;

	if (strcmp(member(json, "router"), "vtbgp") == 0)
		reference_vtbgp(t);
	else
		reference_hobgp(t);
	if (strcmp(method, "DELETE") == 0)
		return edit_remove(t, member(json, "name"),
		    json_is_true(json_object_get(json, "adopt")));
	body = json_dumps(json_object_get(json, "body"), 0);
	assert_non_null(body);
	rc = edit_order(t, member(json, "name"), strcmp(method, "PUT") == 0,
	    body);
	free(body);
	return rc;
}

static void
check(const char *name)
{
	struct buf got = BUF_INIT, want = BUF_INIT;
	struct edit_test t;
	char path[256];
	json_t *json;
	FILE *f;

	(void)snprintf(path, sizeof(path), "%s/%s.json", directory, name);
	json = json_load_file(path, 0, NULL);
	if (json == NULL)
		fail_msg("no %s", path);
	print_all(&t, carry_out(&t, json), &got);
	json_decref(json);
	(void)snprintf(path, sizeof(path), "%s/%s.plan", directory, name);
	if (getenv("GOLDEN_WRITE") != NULL) {
		f = fopen(path, "w");
		assert_non_null(f);
		(void)fputs(buf_text(&got), f);
		(void)fclose(f);
	} else {
		if (io_read_file(path, &want, NULL) == -1)
			fail_msg("no %s (GOLDEN_WRITE=1 writes it)", path);
		assert_string_equal(buf_text(&got), buf_text(&want));
	}
	buf_clear(&got);
	buf_clear(&want);
	edit_end(&t);
}

#define GOLDEN(name)                          \
	static void test_##name(void **state) \
	{                                     \
		(void)state;                  \
		check(#name);                 \
	}
/* clang-format off */
GOLDEN(add_gre)
GOLDEN(add_gif_point_to_point)
GOLDEN(add_native)
GOLDEN(add_ipv4)
GOLDEN(add_outer_ipv6)
GOLDEN(adopt)
GOLDEN(change_mtu_and_policy)
GOLDEN(change_neighbor)
GOLDEN(change_endpoint)
GOLDEN(remove)
GOLDEN(remove_by_hand)
GOLDEN(remove_adopted_native)
GOLDEN(leak)
GOLDEN(taken)
/* clang-format on */

int
main(void)
{
#define T(name) cmocka_unit_test(test_##name)
	const struct CMUnitTest tests[] = { T(add_gre),
		T(add_gif_point_to_point), T(add_native), T(add_ipv4),
		T(add_outer_ipv6), T(adopt), T(change_mtu_and_policy),
		T(change_neighbor), T(change_endpoint), T(remove),
		T(remove_by_hand), T(remove_adopted_native), T(leak),
		T(taken) };

	return cmocka_run_group_tests(tests, NULL, NULL);
}
