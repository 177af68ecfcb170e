/* links: frr/vty frr/vty_configure frr/vty_decode frr/mask base/buf base/clock
 * base/err base/io base/log base/mem */
/* libs: -lpthread */
/* tests/unit/test_frr_vty.c - the vty client against a daemon of our own. */
#include <sys/socket.h>
#include <sys/un.h>

#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/clock.h"
#include "base/err.h"
#include "frr/vty.h"

enum {
	TIMEOUT_MS = 500
};

/* A daemon with one thread, which serves one connection after the other. */
struct fake {
	char dir[64];
	char path[96];
	int fd;
	bool knows_batches;
	pthread_t thread;
	pthread_mutex_t lock;
	struct buf log; /* commands, each with a newline; "+" per connection */
};

static struct fake fake;

static void
note(const char *text)
{
	(void)pthread_mutex_lock(&fake.lock);
	buf_printf(&fake.log, "%s\n", text);
	(void)pthread_mutex_unlock(&fake.lock);
}

static void
check_log(const char *want)
{
	(void)pthread_mutex_lock(&fake.lock);
	assert_string_equal(buf_text(&fake.log), want);
	buf_reset(&fake.log);
	(void)pthread_mutex_unlock(&fake.lock);
}

/* False when the client has gone. */
static bool
put(int fd, const void *bytes, size_t n)
{
	return send(fd, bytes, n, MSG_NOSIGNAL) == (ssize_t)n;
}

static void
answer(int fd, const char *text, int status)
{
	char end[4] = { 0, 0, 0, (char)status };

	(void)put(fd, text, strlen(text));
	(void)put(fd, end, sizeof(end));
}

static void
answer_slowly(int fd)
{
	static const char whole[] = "hello\nworld\n\0\0\0"; /* and the status */
	size_t i;

	for (i = 0; i < sizeof(whole); i++) {
		(void)put(fd, whole + i, 1);
		(void)usleep(1000);
	}
}

static void
answer_big(int fd)
{
	char block[1000];
	int i;

	memset(block, 'x', sizeof(block));
	for (i = 0; i < 300; i++)
		(void)put(fd, block, sizeof(block));
	answer(fd, "", 0);
}

static void
drip(int fd)
{
	int i;

	for (i = 0; i < 40 && put(fd, "a", 1); i++)
		(void)usleep(25 * 1000);
}

/* 0 to go on, -1 to close the connection. */
static int
serve_command(int fd, const char *command)
{
	bool xfrr = strncmp(command, "XFRR_", 5) == 0;

	note(command);
	if (strcmp(command, "show slow") == 0)
		answer_slowly(fd);
	else if (strcmp(command, "show big") == 0)
		answer_big(fd);
	else if (strcmp(command, "show drip") == 0)
		drip(fd);
	else if (strcmp(command, "show never") == 0)
		return 0;
	else if (strcmp(command, "show half") == 0) {
		(void)put(fd, "half", 4);
		return -1;
	} else if (strcmp(command, "show two nuls") == 0)
		(void)put(fd, "a\0\0b", 4);
	else if (strcmp(command, "show two answers") == 0)
		(void)put(fd, "a\0\0\0\0b\0\0\0", 9);
	else if (strcmp(command, "show last") == 0) {
		answer(fd, "bye", 0);
		return -1;
	} else if (strcmp(command, "leave") == 0)
		return -1;
	else if (strstr(command, "bad") != NULL ||
	    (xfrr && !fake.knows_batches))
		answer(fd, "% Unknown command: x password geheim y\n", 2);
	else if (strstr(command, "complain") != NULL)
		answer(fd, "The route-map 'X' does not exist.\n", 0);
	else
		answer(fd, strncmp(command, "show ", 5) == 0 ? command : "", 0);
	return 0;
}

static void
serve(int fd)
{
	char command[4096];
	size_t n = 0;

	while (n < sizeof(command) && recv(fd, command + n, 1, 0) == 1) {
		if (command[n++] != '\0')
			continue;
		n = 0;
		if (serve_command(fd, command) == -1)
			break;
	}
	(void)close(fd);
}

static void *
run_fake(void *arg)
{
	int fd;

	(void)arg;
	while ((fd = accept(fake.fd, NULL, NULL)) != -1) {
		note("+");
		serve(fd);
	}
	return NULL;
}

static void
listen_at(const char *path, int backlog)
{
	struct sockaddr_un sun = { .sun_family = AF_UNIX };

	(void)snprintf(sun.sun_path, sizeof(sun.sun_path), "%s", path);
	fake.fd = socket(AF_UNIX, SOCK_STREAM, 0);
	assert_int_not_equal(fake.fd, -1);
	assert_int_equal(bind(fake.fd, (struct sockaddr *)&sun, sizeof(sun)),
	    0);
	assert_int_equal(listen(fake.fd, backlog), 0);
}

static int
set_up(void **state)
{
	memset(&fake, 0, sizeof(fake));
	(void)snprintf(fake.dir, sizeof(fake.dir), "/tmp/mh-vty-XXXXXX");
	assert_non_null(mkdtemp(fake.dir));
	(void)snprintf(fake.path, sizeof(fake.path), "%s/bgpd.vty", fake.dir);
	(void)pthread_mutex_init(&fake.lock, NULL);
	fake.knows_batches = true;
	fake.fd = -1;
	*state = vty_new(fake.dir, "bgpd", TIMEOUT_MS);
	return 0;
}

static int
set_up_running(void **state)
{
	(void)set_up(state);
	listen_at(fake.path, 5);
	return pthread_create(&fake.thread, NULL, run_fake, NULL);
}

static int
tear_down(void **state)
{
	struct vty *vty = *state;

	vty_free(&vty);
	vty_free(&vty);
	if (fake.fd != -1) {
		(void)shutdown(fake.fd, SHUT_RDWR);
		if (fake.thread != 0)
			(void)pthread_join(fake.thread, NULL);
		(void)close(fake.fd);
	}
	(void)unlink(fake.path);
	(void)rmdir(fake.dir);
	buf_clear(&fake.log);
	return 0;
}

static void
check_fails(struct vty *vty, const char *command, enum err_code code)
{
	struct buf b = BUF_INIT;
	enum vty_status status;
	int64_t start = clock_ms();
	struct err err;

	assert_int_equal(vty_command(vty, command, &b, &status, &err), -1);
	if (err.code != code)
		fail_msg("%s: %s, %s", command, err_code_name(err.code),
		    err.text);
	assert_true(clock_ms() - start < TIMEOUT_MS + 2000);
	buf_clear(&b);
}

static void
test_answers(void **state)
{
	struct vty *vty = *state;
	struct buf b = BUF_INIT;
	struct err err;

	assert_string_equal(vty_daemon(vty), "bgpd");
	assert_true(vty_exists(vty));
	assert_int_equal(vty_show(vty, "show slow", &b, &err), 0);
	assert_string_equal(buf_text(&b), "hello\nworld\n");
	assert_int_equal(vty_show(vty, "show big", &b, &err), 0);
	assert_int_equal(b.len, 300000);
	assert_int_equal(vty_show(vty, "show x", &b, &err), 0);
	assert_string_equal(buf_text(&b), "show x");
	check_log("+\nenable\nshow slow\nshow big\nshow x\n");
	assert_int_equal(vty_show(vty, "show bad", &b, &err), -1);
	assert_int_equal(err.code, ERR_TOOL);
	assert_string_equal(err.tool, "bgpd");
	assert_int_equal(err.exit_code, 2);
	assert_string_equal(err.output, "% Unknown command: x password ***");
	buf_clear(&b);
}

static void
test_broken_answers(void **state)
{
	struct vty *vty = *state;
	struct buf b = BUF_INIT;

	check_fails(vty, "show half", ERR_UNAVAILABLE);
	check_fails(vty, "show two nuls", ERR_PROTOCOL);
	check_fails(vty, "show two answers", ERR_PROTOCOL);
	check_fails(vty, "show never", ERR_TIMEOUT);
	check_fails(vty, "show drip", ERR_TIMEOUT);
	/* Each had a connection of its own, and a new one works at once. */
	assert_int_equal(vty_show(vty, "show x", &b, NULL), 0);
	check_log("+\nenable\nshow half\n+\nenable\nshow two nuls\n"
		  "+\nenable\nshow two answers\n+\nenable\nshow never\n"
		  "+\nenable\nshow drip\n+\nenable\nshow x\n");
	buf_clear(&b);
}

static void
test_refused_before_sending(void **state)
{
	char line[VTY_LINE_MAX + 2];
	struct vty *vty = *state;

	memset(line, 'a', sizeof(line));
	line[sizeof(line) - 1] = '\0';
	check_fails(vty, line, ERR_INVALID);
	check_fails(vty, "show x\ny", ERR_INVALID);
	check_fails(vty, "show x | include y", ERR_INVALID);
	check_fails(vty, "show \x7f", ERR_INVALID);
	check_fails(vty, "show \t", ERR_INVALID);
	assert_int_equal(vty_configure(vty, "good\nneighbor x|y\n", NULL, NULL),
	    -1);
	check_log("");
}

static void
test_restarted(void **state)
{
	struct vty *vty = *state;
	struct buf b = BUF_INIT;
	struct err err;

	assert_int_equal(vty_show(vty, "show last", &b, &err), 0);
	(void)usleep(20 * 1000);
	assert_int_equal(vty_show(vty, "show x", &b, &err), 0);
	assert_int_equal(vty_show(vty, "show last", &b, &err), 0);
	(void)usleep(20 * 1000);
	/* Who knows whether the other one has heard it: not said twice. */
	check_fails(vty, "clear bgp ipv6 unicast ::1", ERR_UNAVAILABLE);
	assert_int_equal(vty_show(vty, "show last", &b, &err), 0);
	(void)usleep(20 * 1000);
	/* The first word of a configuration may be said anew. */
	assert_int_equal(vty_configure(vty, "one", NULL, &err), 0);
	check_log(
	    "+\nenable\nshow last\n+\nenable\nshow x\nshow last\n"
	    "+\nenable\nshow last\n+\nenable\nconfigure terminal\none\nend\n");
	buf_clear(&b);
}

static void
test_configure(void **state)
{
	struct vty *vty = *state;
	size_t done = 99;
	struct err err;

	assert_int_equal(vty_configure(vty, "", &done, &err), 0);
	assert_int_equal(vty_configure(vty, "router bgp 1\n !\n\n  x 1\nexit\n",
			     &done, &err),
	    0);
	assert_int_equal(done, 3);
	check_log("+\nenable\nconfigure terminal\nrouter bgp 1\nx 1\nexit\n"
		  "end\n");
	done = 99;
	assert_int_equal(vty_configure(vty,
			     "one\nneighbor password bad\n"
			     "three\n",
			     &done, &err),
	    -1);
	assert_int_equal(err.code, ERR_TOOL);
	assert_int_equal(done, 1);
	assert_null(strstr(err.text, "bad"));
	assert_non_null(strstr(err.text, "neighbor password ***"));
	check_log("configure terminal\none\nneighbor password bad\nend\n");
	/* Status 0 with words is a failure. */
	assert_int_equal(vty_configure(vty, "one\ntwo\ncomplain\n", &done,
			     &err),
	    -1);
	assert_int_equal(done, 2);
	assert_string_equal(err.output, "The route-map 'X' does not exist.");
	check_log("configure terminal\none\ntwo\ncomplain\nend\n");
	assert_int_equal(vty_configure(vty, "one\nleave\n", &done, &err), -1);
	assert_int_equal(err.code, ERR_UNAVAILABLE);
	assert_int_equal(done, 1);
	check_log("configure terminal\none\nleave\n");
}

static void
check_batch(struct vty *vty, bool known, const char *extra, const char *start,
    const char *end)
{
	struct buf lines = BUF_INIT, want = BUF_INIT;
	size_t done = 99;
	struct err err;
	int i;

	fake.knows_batches = known;
	buf_printf(&want, "configure terminal\n%s", start);
	for (i = 0; i <= VTY_BATCH_MIN; i++) {
		buf_printf(&lines, "line %d\n", i);
		buf_printf(&want, "line %d\n", i);
	}
	buf_puts(&lines, extra);
	buf_printf(&want, "%s%send\n", extra, end);
	assert_int_equal(vty_configure(vty, buf_text(&lines), &done, &err),
	    *extra == '\0' ? 0 : -1);
	assert_int_equal(done, VTY_BATCH_MIN + 1);
	check_log(buf_text(&want));
	buf_clear(&lines);
	buf_clear(&want);
}

static void
test_batch(void **state)
{
	struct vty *vty = *state;
	struct buf b = BUF_INIT;

	assert_int_equal(vty_show(vty, "show x", &b, NULL), 0);
	buf_clear(&b);
	check_log("+\nenable\nshow x\n");
	check_batch(vty, true, "", "XFRR_start_configuration\n",
	    "XFRR_end_configuration\n");
	check_batch(vty, true, "bad\n", "XFRR_start_configuration\n",
	    "XFRR_end_configuration\n");
	check_batch(vty, false, "", "XFRR_start_configuration\n", "");
}

static void
test_absent(void **state)
{
	struct vty *vty = *state;
	size_t done = 99;
	struct err err;

	assert_false(vty_exists(vty));
	check_fails(vty, "show x", ERR_UNAVAILABLE);
	assert_int_equal(vty_configure(vty, "one", &done, &err), -1);
	assert_int_equal(done, 99);
	/* Killed: the file stays and nobody listens. */
	listen_at(fake.path, 5);
	(void)close(fake.fd);
	fake.fd = -1;
	assert_true(vty_exists(vty));
	check_fails(vty, "show x", ERR_UNAVAILABLE);
}

static void
test_not_answering(void **state)
{
	struct sockaddr_un sun = { .sun_family = AF_UNIX };
	int fd[64], n = 0;
	struct vty *vty = *state;

	/* A stopped daemon: the first connections wait, then the backlog is
	 * full and connect() says EAGAIN at once. */
	listen_at(fake.path, 0);
	check_fails(vty, "show x", ERR_TIMEOUT);
	(void)snprintf(sun.sun_path, sizeof(sun.sun_path), "%s", fake.path);
	for (n = 0; n < 64; n++) {
		fd[n] = socket(AF_UNIX, SOCK_STREAM, 0);
		assert_int_equal(fcntl(fd[n], F_SETFL, O_NONBLOCK), 0);
		if (connect(fd[n], (struct sockaddr *)&sun, sizeof(sun)) == -1)
			break;
	}
	if (n < 64)
		check_fails(vty, "show x", ERR_UNAVAILABLE);
	for (n = n < 64 ? n : 63; n >= 0; n--)
		(void)close(fd[n]);
}

static void
test_decode(void **state)
{
	static const char stream[] = "ab\0\0\0\1"
				     "\0\0\0\15"
				     "c";
	size_t cut, used;
	struct buf b = BUF_INIT;
	enum vty_status status;
	struct err err;

	(void)state;
	for (cut = 0; cut < 6; cut++) {
		struct vty_decoder d = { 0 };

		buf_reset(&b);
		assert_int_equal(vty_decode(&d, stream, cut, &used, &b, &status,
				     &err),
		    0);
		assert_int_equal(used, cut);
		assert_int_equal(vty_decode(&d, stream + cut, 10 - cut, &used,
				     &b, &status, &err),
		    1);
		assert_int_equal(used, 6 - cut);
		assert_int_equal(status, VTY_WARNING);
		assert_string_equal(buf_text(&b), "ab");
		buf_reset(&b);
		assert_int_equal(vty_decode(&d, stream + 6, 5, &used, &b,
				     &status, &err),
		    1);
		assert_int_equal(used, 4);
		assert_int_equal(b.len, 0);
		assert_int_equal(status, VTY_CONFIG_FAILED);
	}
	buf_clear(&b);
}

int
main(void)
{
#define WITH_FAKE(f) \
	cmocka_unit_test_setup_teardown(f, set_up_running, tear_down)
	const struct CMUnitTest tests[] = {
		WITH_FAKE(test_answers),
		WITH_FAKE(test_broken_answers),
		WITH_FAKE(test_refused_before_sending),
		WITH_FAKE(test_restarted),
		WITH_FAKE(test_configure),
		WITH_FAKE(test_batch),
		cmocka_unit_test_setup_teardown(test_absent, set_up, tear_down),
		cmocka_unit_test_setup_teardown(test_not_answering, set_up,
		    tear_down),
		cmocka_unit_test(test_decode),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
