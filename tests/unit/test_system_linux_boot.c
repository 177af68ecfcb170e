/* test_system_linux_boot.c - links.batch: sections written, read and kept. */
/* links: system/tool system/linux/paths system/linux/boot
 * system/linux/boot_dir system/linux/boot_text system/linux/boot_text_read
 * system/linux/link_words system/linux/route_words system/linux/firewall
 * system/linux/firewall_boot system/linux/firewall_render
 * system/linux/firewall_set system/linux/firewall_read
 * system/firewall_memory system/linux/boot_id system/linux/netlink wire/op
 * wire/op_check wire/op_link wire/op_key wire/op_route wire/op_firewall
 * base/addr base/buf base/clock base/crypto base/err base/io base/log
 * base/name base/number base/rfc3339 base/run base/md5key */
#include <sys/types.h>
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

#include "base/err.h"
#include "base/io.h"
#include "system/boot.h"
#include "system/linux/boot_text.h"
#include "system/tool.h"

static struct system_config config = { .timeout_ms = 1000 };
static char log_bytes[64 * 1024], dir[64], path[96];
static struct buf log_buf;
static struct tool tool = { &config, false, &log_buf };

static int
setup(void **state)
{
	(void)state;
	(void)snprintf(dir, sizeof(dir), "/tmp/mh-boot.XXXXXX");
	if (mkdtemp(dir) == NULL)
		return -1;
	(void)snprintf(config.boot_dir, sizeof(config.boot_dir), "%s/boot",
	    dir);
	(void)snprintf(config.state_dir, sizeof(config.state_dir), "%s/state",
	    dir);
	(void)snprintf(path, sizeof(path), "%s/boot/links.batch", dir);
	buf_init_fixed(&log_buf, log_bytes, sizeof(log_bytes));
	return 0;
}

static int
teardown(void **state)
{
	char command[sizeof(dir) + 16];

	(void)state;
	(void)snprintf(command, sizeof(command), "rm -rf '%s'", dir);
	return system(command);
}

static struct addr
ip(const char *text)
{
	struct addr a;

	assert_int_equal(addr_parse(&a, text, NULL), 0);
	return a;
}

static struct op_link
gre(const char *name, const char *description)
{
	struct op_link l;

	memset(&l, 0, sizeof(l));
	(void)snprintf(l.name, sizeof(l.name), "%s", name);
	l.where = OP_BOOT;
	l.kind = OP_LINK_GRE;
	l.up = 1;
	l.mtu = 1476;
	l.mtu_set = 1;
	l.local = ip("198.51.100.10");
	l.remote = ip("198.51.100.44");
	(void)snprintf(l.description, sizeof(l.description), "%s", description);
	l.n_addresses = 3;
	l.addresses[0].address = ip("192.0.2.5");
	l.addresses[0].peer = ip("192.0.2.6");
	l.addresses[0].prefix_length = 32;
	l.addresses[1].address = ip("2001:db8:300::2");
	l.addresses[1].prefix_length = 126;
	l.addresses[2].address = ip("2001:db8:400::1");
	l.addresses[2].peer = ip("2001:db8:400::2");
	l.addresses[2].prefix_length = 128;
	return l;
}

static struct op_route
via(const char *prefix, const char *gateway)
{
	struct op_route r;

	memset(&r, 0, sizeof(r));
	assert_int_equal(prefix_parse(&r.prefix, prefix, true, NULL), 0);
	r.where = OP_BOOT;
	r.kind = gateway == NULL ? OP_ROUTE_REJECT : OP_ROUTE_GATEWAY;
	if (gateway != NULL)
		r.gateway = ip(gateway);
	return r;
}

static const char *
file(void)
{
	static char bytes[64 * 1024];
	struct buf b;

	buf_init_fixed(&b, bytes, sizeof(bytes));
	assert_int_equal(io_read_file(path, &b, NULL), 0);
	return bytes;
}

static void
copy_file(char *out, size_t size)
{
	size_t n = strlen(file());

	assert_true(n < size);
	memcpy(out, file(), n + 1);
}

static void
put_file(const char *text)
{
	(void)mkdir(config.boot_dir, 0755);
	assert_int_equal(io_replace_file(path, text, strlen(text), 0644, NULL),
	    0);
}

static void
test_round_trip(void **state)
{
	static const char *const descriptions[] = { "", "Upstream iFog",
		"Customer #5 (us)", "a,b.c:d_e+f/g@h-i" };
	struct op_link list[4], l;
	struct op_route routes[4], r[3];
	size_t i, n;

	(void)state;
	for (i = 0; i < 4; i++) {
		l = gre("gre1", descriptions[i]);
		assert_int_equal(boot_link_set(&tool, &l, NULL), 0);
		assert_int_equal(boot_links(&tool, list, 4, &n, NULL), 0);
		assert_int_equal(n, 1);
		assert_memory_equal(&list[0], &l, sizeof(l));
	}
	r[0] = via("2001:19f0:ffff::1/128", "fe80::1%vtnet0");
	r[1] = via("2a06:9801:1c::/48", NULL);
	r[2] = via("192.0.2.0/24", "198.51.100.1");
	for (i = 0; i < 3; i++)
		assert_int_equal(boot_route_set(&tool, &r[i], NULL), 0);
	assert_int_equal(boot_routes(&tool, routes, 4, &n, NULL), 0);
	assert_int_equal(n, 3);
	assert_memory_equal(routes, r, sizeof(r));
	assert_int_equal(boot_links(&tool, list, 4, &n, NULL), 0);
	assert_int_equal(n, 1);
}

/* What others wrote stays, byte for byte, wherever it is. */
static void
test_kept(void **state)
{
	static const char before[] =
	    "# mine\nlink set dev eth0 up\n"
	    "# link gre7\nlink set dev gre7 mtu 99\n# end\n"
	    "between  \n"
	    "# route 2001:db8::/32\nroute add 2001:db8::/32 dev x\n# end\n"
	    "no newline";
	struct op_link l = gre("gre1", "x");
	struct op_route r = via("2001:db8:1::/48", NULL);
	char once[4096];
	const char *p;

	(void)state;
	put_file(before);
	assert_int_equal(boot_link_set(&tool, &l, NULL), 0);
	copy_file(once, sizeof(once));
	/* The link goes before the first route. */
	p = strstr(once, "# link gre1\n");
	assert_non_null(p);
	assert_true(p < strstr(once, "# route 2001:db8::/32"));
	assert_int_equal(boot_link_set(&tool, &l, NULL), 0);
	assert_string_equal(file(), once);
	assert_int_equal(boot_link_remove(&tool, "gre1", NULL), 0);
	assert_string_equal(file(), before);
	assert_int_equal(boot_link_remove(&tool, "gre1", NULL), 0);
	assert_int_equal(boot_route_set(&tool, &r, NULL), 0);
	assert_non_null(strstr(file(), "no newline\n# route 2001:db8:1::/48"));
	assert_int_equal(boot_route_remove(&tool, &r.prefix, NULL), 0);
	assert_string_equal(file(),
	    strcat(memcpy(once, before, sizeof(before)), "\n"));
}

/* What is not as we write it is told of, and not guessed at. */
static void
test_by_hand(void **state)
{
	static const char *const changes[][2] = {
		{ "ttl 64", "ttl 63" },
		{ "mtu 1476", "mtu 1476 " },
		{ "# end\n", "" },
		{ "address add 192.0.2.5", "address add 192.0.2.05" },
		{ "set dev gre1 up", "set dev gre2 up" },
		{ "link set", "link set dev eth0 down\nlink set" },
		{ "\"x y\"", "\"x y" },
	};
	struct op_link l = gre("gre1", "x y"), list[2];
	char text[4096], changed[8192];
	const char *at;
	size_t i, n;

	(void)state;
	put_file("# mine\n");
	assert_int_equal(boot_link_set(&tool, &l, NULL), 0);
	copy_file(text, sizeof(text));
	for (i = 0; i < sizeof(changes) / sizeof(changes[0]); i++) {
		at = strstr(text, "# link gre1");
		at = strstr(at, changes[i][0]);
		assert_non_null(at);
		(void)snprintf(changed, sizeof(changed), "%.*s%s%s",
		    (int)(at - text), text, changes[i][1],
		    at + strlen(changes[i][0]));
		put_file(changed);
		assert_int_equal(boot_links(&tool, list, 2, &n, NULL), 0);
		assert_int_equal(n, 1);
		assert_string_equal(list[0].name, "gre1");
		assert_int_equal(list[0].kind, OP_LINK_OTHER);
		assert_int_equal(list[0].n_addresses, 0);
		/* And set anew it is ours again. */
		assert_int_equal(boot_link_set(&tool, &l, NULL), 0);
		assert_int_equal(boot_links(&tool, list, 2, &n, NULL), 0);
		assert_int_equal(list[0].kind, OP_LINK_GRE);
	}
}

static void
test_missing_and_prepare(void **state)
{
	struct op_link list[2];
	struct err err = { 0 };
	size_t n;

	(void)state;
	(void)unlink(path);
	assert_int_equal(boot_links(&tool, list, 2, &n, &err), 0);
	assert_int_equal(n, 0);
	assert_int_equal(boot_link_remove(&tool, "gre1", &err), 0);
	assert_int_equal(access(path, F_OK), -1);
	assert_int_equal(boot_prepare(&tool, &err), 0);
	assert_int_equal(access(path, F_OK), 0);
	put_file("mine\n");
	assert_int_equal(boot_prepare(&tool, &err), 0);
	assert_string_equal(file(), "mine\n");
}

/* A directory that cannot be written to: the words say which. */
static void
test_fails(void **state)
{
	struct op_link l = gre("gre1", "");
	struct err err = { 0 };
	char was[TOOL_PATH_MAX];

	(void)state;
	memcpy(was, config.boot_dir, sizeof(was));
	(void)snprintf(config.boot_dir, sizeof(config.boot_dir),
	    "/proc/nowhere");
	buf_reset(&log_buf);
	assert_int_equal(boot_link_set(&tool, &l, &err), -1);
	assert_non_null(strstr(err.text, "/proc/nowhere"));
	assert_non_null(strstr(log_bytes, "link gre1\t"));
	memcpy(config.boot_dir, was, sizeof(was));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_round_trip),
		cmocka_unit_test(test_kept),
		cmocka_unit_test(test_by_hand),
		cmocka_unit_test(test_missing_and_prepare),
		cmocka_unit_test(test_fails),
	};

	return cmocka_run_group_tests(tests, setup, teardown);
}
