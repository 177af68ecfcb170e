/* tests/unit/test_base_io.c - whole reads and writes, files, descriptors. */
/* links: base/io base/buf base/err base/clock */
#include <sys/types.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>

#include <dirent.h>
#include <fcntl.h>
#include <pthread.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/buf.h"
#include "base/clock.h"
#include "base/err.h"
#include "base/io.h"

enum {
	MUCH = 1000000 /* more than any socket or pipe holds */
};

struct writer {
	int fd;
	bool failed;
};

static void *
write_much(void *arg)
{
	struct writer *w = arg;
	char *bytes = malloc(MUCH);
	size_t i;

	for (i = 0; bytes != NULL && i < MUCH; i++)
		bytes[i] = (char)(i % 251);
	w->failed = bytes == NULL ||
	    io_write_all(w->fd, bytes, MUCH, clock_ms() + 20000, NULL) == -1;
	free(bytes);
	return NULL;
}

/* A megabyte from a thread to here. */
static void
check_transfer(int from, int to)
{
	struct writer writer = { to, true };
	char *got = malloc(MUCH);
	pthread_t thread;
	struct err err;
	size_t i;

	assert_non_null(got);
	assert_int_equal(pthread_create(&thread, NULL, write_much, &writer), 0);
	if (io_read_all(from, got, MUCH, clock_ms() + 20000, &err) == -1)
		fail_msg("%s", err.text);
	(void)pthread_join(thread, NULL);
	assert_false(writer.failed);
	for (i = 0; i < MUCH; i++)
		assert_int_equal(got[i], (char)(i % 251));
	free(got);
}

static void
test_transfer(void **state)
{
	int ends[2], nonblock;

	(void)state;
	for (nonblock = 0; nonblock < 2; nonblock++) {
		assert_int_equal(pipe(ends), 0);
		assert_int_equal(io_set_nonblock(ends[0], nonblock, NULL), 0);
		assert_int_equal(io_set_nonblock(ends[1], nonblock, NULL), 0);
		check_transfer(ends[0], ends[1]);
		(void)close(ends[0]);
		(void)close(ends[1]);
		assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM, 0, ends), 0);
		assert_int_equal(io_set_nonblock(ends[0], nonblock, NULL), 0);
		assert_int_equal(io_set_nonblock(ends[1], nonblock, NULL), 0);
		check_transfer(ends[0], ends[1]);
		(void)close(ends[0]);
		(void)close(ends[1]);
	}
}

static void
test_flags(void **state)
{
	struct err err;
	int ends[2];

	(void)state;
	assert_int_equal(pipe(ends), 0);
	assert_int_equal(io_set_cloexec(ends[0], true, NULL), 0);
	assert_int_equal(fcntl(ends[0], F_GETFD) & FD_CLOEXEC, FD_CLOEXEC);
	assert_int_equal(io_set_cloexec(ends[0], false, NULL), 0);
	assert_int_equal(fcntl(ends[0], F_GETFD) & FD_CLOEXEC, 0);
	assert_int_equal(io_set_nonblock(ends[0], true, NULL), 0);
	assert_int_equal(fcntl(ends[0], F_GETFL) & O_NONBLOCK, O_NONBLOCK);
	(void)close(ends[0]);
	(void)close(ends[1]);
	assert_int_equal(io_set_nonblock(ends[0], true, &err), -1);
	assert_int_equal(err.code, ERR_SYSTEM);
}

static void
test_deadlines(void **state)
{
	int64_t begun = clock_ms();
	struct err err;
	char bytes[1] = { 0 };
	int ends[2];

	(void)state;
	assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM, 0, ends), 0);
	assert_int_equal(io_read_all(ends[0], bytes, 1, begun + 50, &err), -1);
	assert_int_equal(err.code, ERR_TIMEOUT);
	assert_in_range(clock_ms() - begun, 50, 5000);
	/* Some came, not all. */
	assert_int_equal(io_write_all(ends[1], "x", 1, -1, NULL), 0);
	assert_int_equal(io_read_all(ends[0], &(char[2]) { 0 }, 2,
			     clock_ms() + 20, &err),
	    -1);
	assert_int_equal(err.code, ERR_TIMEOUT);
	/* Nobody reads. */
	assert_int_equal(io_set_nonblock(ends[0], true, NULL), 0);
	while (write(ends[0], bytes, 1) == 1)
		continue;
	assert_int_equal(io_write_all(ends[0], bytes, 1, clock_ms() + 20, &err),
	    -1);
	assert_int_equal(err.code, ERR_TIMEOUT);
	(void)close(ends[0]);
	(void)close(ends[1]);
}

static void
test_peer_is_gone(void **state)
{
	struct err err;
	char byte;
	int ends[2];

	(void)state;
	/* A socket raises no SIGPIPE here; the default would end the test. */
	(void)signal(SIGPIPE, SIG_DFL);
	assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM, 0, ends), 0);
	(void)close(ends[1]);
	assert_int_equal(io_write_all(ends[0], "x", 1, -1, &err), -1);
	assert_int_equal(err.code, ERR_UNAVAILABLE);
	assert_int_equal(io_read_all(ends[0], &byte, 1, -1, &err), -1);
	assert_int_equal(err.code, ERR_UNAVAILABLE);
	assert_int_equal(io_read_all(ends[0], &byte, 0, -1, &err), 0);
	(void)close(ends[0]);
	assert_int_equal(io_read_all(ends[0], &byte, 1, -1, &err), -1);
	assert_int_equal(err.code, ERR_SYSTEM);
}

static char dir[64];

static const char *
in_dir(const char *name)
{
	static char path[128];

	(void)snprintf(path, sizeof(path), "%s/%s", dir, name);
	return path;
}

static unsigned
files_in_dir(void)
{
	DIR *d = opendir(dir);
	unsigned n = 0;

	assert_non_null(d);
	while (readdir(d) != NULL)
		n++;
	(void)closedir(d);
	return n - 2;
}

static void
check_file(const char *name, const char *want, mode_t mode)
{
	struct buf b = BUF_INIT;
	struct stat st;

	assert_int_equal(io_read_file(in_dir(name), &b, NULL), 0);
	assert_string_equal(buf_text(&b), want);
	assert_int_equal(stat(in_dir(name), &st), 0);
	assert_int_equal(st.st_mode & 07777, mode);
	buf_clear(&b);
}

static void
test_files(void **state)
{
	struct buf b;
	struct err err;

	(void)state;
	(void)umask(077); /* the mode asked for is what counts */
	buf_init(&b, 4);
	assert_int_equal(io_read_file(in_dir("none"), &b, &err), -1);
	assert_int_equal(err.code, ERR_NOT_FOUND);
	assert_non_null(strstr(err.text, in_dir("none")));
	assert_int_equal(io_read_file(dir, &b, &err), -1);
	assert_int_equal(err.code, ERR_SYSTEM);
	assert_int_equal(io_replace_file(in_dir("f"), "one", 3, 0640, NULL), 0);
	check_file("f", "one", 0640);
	assert_int_equal(io_replace_file(in_dir("f"), "zwei", 4, 0604, NULL),
	    0);
	check_file("f", "zwei", 0604);
	assert_int_equal(io_read_file(in_dir("f"), &b, NULL), 0);
	buf_reset(&b);
	assert_int_equal(io_replace_file(in_dir("f"), "three", 5, 0600, NULL),
	    0);
	assert_int_equal(io_read_file(in_dir("f"), &b, &err), -1);
	assert_int_equal(err.code, ERR_TOO_LARGE);
	assert_int_equal(io_replace_file(in_dir("f"), "", 0, 0600, NULL), 0);
	check_file("f", "", 0600);
	assert_int_equal(files_in_dir(), 1);
	(void)unlink(in_dir("f"));
	buf_clear(&b);
}

static void
test_replace_fails_whole(void **state)
{
	struct rlimit limit, small;
	char block[8192] = "new";
	struct err err;

	(void)state;
	memset(&err, 0x5a, sizeof(err)); /* as callers leave it */
	assert_int_equal(io_replace_file(in_dir("no/f"), "x", 1, 0600, &err),
	    -1);
	assert_int_equal(err.code, ERR_SYSTEM);
	assert_int_equal(io_replace_file(in_dir("f"), "old", 3, 0600, NULL), 0);
	/* The disk is full after 4,096 bytes. */
	(void)signal(SIGXFSZ, SIG_IGN);
	assert_int_equal(getrlimit(RLIMIT_FSIZE, &limit), 0);
	small = limit;
	small.rlim_cur = 4096;
	assert_int_equal(setrlimit(RLIMIT_FSIZE, &small), 0);
	memset(&err, 0x5a, sizeof(err));
	assert_int_equal(io_replace_file(in_dir("f"), block, sizeof(block),
			     0600, &err),
	    -1);
	assert_int_equal(setrlimit(RLIMIT_FSIZE, &limit), 0);
	assert_int_equal(err.code, ERR_SYSTEM);
	check_file("f", "old", 0600);
	assert_int_equal(files_in_dir(), 1);
	/* A folder stands where the file should go. */
	assert_int_equal(mkdir(in_dir("d"), 0700), 0);
	assert_int_equal(io_replace_file(in_dir("d"), "x", 1, 0600, &err), -1);
	assert_int_equal(err.code, ERR_SYSTEM);
	assert_int_equal(files_in_dir(), 2);
	(void)rmdir(in_dir("d"));
	(void)unlink(in_dir("f"));
}

static void
test_relative_path(void **state)
{
	struct err err;

	(void)state;
	assert_int_equal(chdir(dir), 0);
	if (io_replace_file("beside", "x", 1, 0600, &err) == -1)
		fail_msg("%s", err.text);
	check_file("beside", "x", 0600);
	(void)unlink("beside");
}

static void
test_passing_descriptors(void **state)
{
	int socks[2], pipes[2], got = -1;
	struct err err;
	char byte;

	(void)state;
	assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM, 0, socks), 0);
	assert_int_equal(pipe(pipes), 0);
	assert_int_equal(io_send_fd(socks[0], pipes[0], NULL), 0);
	assert_int_equal(io_recv_fd(socks[1], &got, NULL), 0);
	assert_int_not_equal(got, pipes[0]);
	assert_int_equal(fcntl(got, F_GETFD) & FD_CLOEXEC, FD_CLOEXEC);
	assert_int_equal(write(pipes[1], "p", 1), 1);
	assert_int_equal(read(got, &byte, 1), 1);
	assert_int_equal(byte, 'p');
	(void)close(got);
	/* A byte without a descriptor, a wrong byte, nobody there. */
	got = -1;
	assert_int_equal(write(socks[0], "P", 1), 1);
	assert_int_equal(io_recv_fd(socks[1], &got, &err), -1);
	assert_int_equal(err.code, ERR_PROTOCOL);
	assert_int_equal(write(socks[0], "Q", 1), 1);
	assert_int_equal(io_recv_fd(socks[1], &got, &err), -1);
	assert_int_equal(err.code, ERR_PROTOCOL);
	assert_int_equal(got, -1);
	(void)close(socks[0]);
	assert_int_equal(io_recv_fd(socks[1], &got, &err), -1);
	assert_int_equal(err.code, ERR_UNAVAILABLE);
	assert_int_equal(io_send_fd(socks[1], pipes[0], &err), -1);
	assert_int_equal(err.code, ERR_UNAVAILABLE);
	(void)close(socks[1]);
	(void)close(pipes[0]);
	(void)close(pipes[1]);
}

static int
make_dir(void **state)
{
	(void)state;
	(void)snprintf(dir, sizeof(dir), "/tmp/mh-io-XXXXXX");
	return mkdtemp(dir) == NULL ? -1 : 0;
}

static int
remove_dir(void **state)
{
	(void)state;
	return rmdir(dir);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_transfer),
		cmocka_unit_test(test_flags),
		cmocka_unit_test(test_deadlines),
		cmocka_unit_test(test_peer_is_gone),
		cmocka_unit_test(test_files),
		cmocka_unit_test(test_replace_fails_whole),
		cmocka_unit_test(test_relative_path),
		cmocka_unit_test(test_passing_descriptors),
	};

	return cmocka_run_group_tests(tests, make_dir, remove_dir);
}
