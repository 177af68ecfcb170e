/* test_http_listen.c - listening sockets: what is refused, what is replaced. */
/* links: http/listen base/addr base/buf base/err base/io base/number
 * base/clock */
#include <sys/types.h>
#include <sys/socket.h>
#include <sys/stat.h>

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/compat.h"
#include "base/err.h"
#include "http/listen.h"

static void
test_bad_addresses(void **state)
{
	static const char *const bad[] = { "", "127.0.0.1", "127.0.0.1:0",
		"127.0.0.1:65536", "127.0.0.1:x", "::1:80", "[::1]", "[::1:80",
		"[127.0.0.1]:80", "localhost:80", "127.0.0.1:-1", "[]:80",
		"[fe80::1%nosuchif0]:80", ":80" };
	struct err err;
	size_t i;

	(void)state;
	for (i = 0; i < NITEMS(bad); i++) {
		err_clear(&err);
		assert_int_equal(listen_tcp(bad[i], &err), -1);
		assert_int_not_equal(err.code, ERR_NONE);
	}
}

static void
test_unix(void **state)
{
	char dir[] = "/tmp/mh-listen-XXXXXX", path[64];
	struct stat st;
	struct err err;
	int fd, other;
	gid_t gid;

	(void)state;
	assert_non_null(mkdtemp(dir));
	(void)snprintf(path, sizeof(path), "%s/sock", dir);
	fd = listen_unix(path, 0660, (gid_t)-1, NULL);
	assert_true(fd >= 0);
	assert_int_equal(stat(path, &st), 0);
	assert_int_equal(st.st_mode & 07777, 0660);
	err_clear(&err);
	other = listen_unix(path, 0660, (gid_t)-1, &err); /* in use */
	assert_int_equal(other, -1);
	assert_int_equal(err.code, ERR_CONFLICT);
	(void)close(fd);
	gid = geteuid() == 0 ? 12345 : getegid();
	fd = listen_unix(path, 0620, gid, NULL); /* nobody answers */
	assert_true(fd >= 0);
	assert_int_equal(stat(path, &st), 0);
	assert_int_equal(st.st_mode & 07777, 0620);
	assert_int_equal(st.st_uid, geteuid());
	assert_int_equal(st.st_gid, gid);
	(void)close(fd);
	(void)unlink(path);
	assert_int_equal(mkdir(path, 0700), 0);
	err_clear(&err);
	assert_int_equal(listen_unix(path, 0660, (gid_t)-1, &err), -1);
	assert_int_equal(err.code, ERR_CONFLICT);
	assert_int_equal(rmdir(path), 0);
	assert_int_equal(rmdir(dir), 0);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_bad_addresses),
		cmocka_unit_test(test_unix),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
