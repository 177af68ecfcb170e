/* tests/unit/test_base_run.c - one program to its end, whatever it does. */
/* links: base/run base/buf base/clock base/err base/io tests/unit/run_child */
#include <sys/types.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/time.h>
#include <sys/wait.h>

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
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
#include "base/run.h"
#include "run_child.h"

static const struct run_limits plenty = { 20000, 1 << 20 };
/* Late enough for a loaded machine to have started the program. */
static const struct run_limits late = { 1000, 1000 };

struct test {
	struct argv argv;
	struct run_result result;
	struct err err;
};

static int
set_up(void **state)
{
	static const struct run_result empty = RUN_RESULT_INIT;
	struct test *t = calloc(1, sizeof(*t));

	assert_non_null(t);
	t->result = empty;
	/* As the engine and the parent have it. */
	(void)signal(SIGPIPE, SIG_IGN);
	*state = t;
	return 0;
}

/* No test may leave a child, dead or alive. */
static int
tear_down(void **state)
{
	struct test *t = *state;
	pid_t pid = waitpid(-1, NULL, WNOHANG);
	int saved = errno;

	run_result_clear(&t->result);
	free(t);
	return pid == -1 && saved == ECHILD ? 0 : -1;
}

static void
run_it(struct test *t, const char *input, const struct run_limits *limits)
{
	struct buf in = BUF_INIT;
	int rc;

	if (input != NULL)
		buf_puts(&in, input);
	rc = run(&t->argv, input == NULL ? NULL : &in, limits, &t->result,
	    &t->err);
	buf_clear(&in);
	if (rc == -1)
		fail_msg("%s", t->err.text);
}

static void
run_shell(struct test *t, const char *script, const char *input,
    const struct run_limits *limits)
{
	argv_init(&t->argv, "/bin/sh");
	argv_opt(&t->argv, "-c", script);
	run_it(t, input, limits);
}

/* This program again, in the role of a tool (tests/unit/run_child.h). */
static void
run_role(struct test *t, const char *role, const struct run_limits *limits)
{
	argv_init(&t->argv, run_child_path());
	argv_opt(&t->argv, "role", role);
	run_it(t, NULL, limits);
}

static void
check_exit(const struct test *t, int code)
{
	assert_false(t->result.timed_out);
	assert_int_equal(t->result.signal, 0);
	assert_int_equal(t->result.exit_code, code);
}

static void
test_outputs_and_exit(void **state)
{
	struct test *t = *state;

	run_shell(t, "echo out; echo err >&2; exit 7", NULL, &plenty);
	check_exit(t, 7);
	assert_string_equal(buf_text(&t->result.out), "out\n");
	assert_string_equal(buf_text(&t->result.errout), "err\n");
	assert_false(t->result.truncated);
	assert_true(t->result.elapsed_ms < 20000);
	/* The next one begins anew in the same result. */
	run_shell(t, "exit 0", NULL, &plenty);
	check_exit(t, 0);
	assert_string_equal(buf_text(&t->result.out), "");
	assert_string_equal(buf_text(&t->result.errout), "");
	run_shell(t, "exit 255", NULL, &plenty);
	check_exit(t, 255);
}

static void
test_arguments_are_words(void **state)
{
	struct test *t = *state;

	argv_init(&t->argv, "/bin/sh");
	argv_opt(&t->argv, "-c", "printf '<%s>' \"$0\" \"$@\"");
	argv_add(&t->argv, "$(id) `id`");
	argv_add(&t->argv, "");
	argv_add(&t->argv, "*");
	argv_add(&t->argv, "a b'c\"d;e|f");
	run_it(t, NULL, &plenty);
	assert_string_equal(buf_text(&t->result.out),
	    "<$(id) `id`><><*><a b'c\"d;e|f>");
}

static void
test_input(void **state)
{
	struct test *t = *state;
	struct buf script = BUF_INIT;
	unsigned i;

	run_shell(t, "cat", "pass in quick\n", &plenty);
	check_exit(t, 0);
	assert_string_equal(buf_text(&t->result.out), "pass in quick\n");
	/* None: its end is there at once. */
	run_shell(t, "cat; echo end", NULL, &plenty);
	assert_string_equal(buf_text(&t->result.out), "end\n");
	run_shell(t, "cat; echo end", "", &plenty);
	assert_string_equal(buf_text(&t->result.out), "end\n");
	/* More than a pipe holds, answered by as much. */
	for (i = 0; i < 50000; i++)
		buf_printf(&script, "%07u\n", i);
	run_shell(t, "cat", buf_text(&script), &plenty);
	check_exit(t, 0);
	assert_int_equal(t->result.out.len, script.len);
	assert_memory_equal(t->result.out.data, script.data, script.len);
	/* A program that does not want it all. */
	run_shell(t, "exec <&-; echo content; exit 3", buf_text(&script),
	    &plenty);
	check_exit(t, 3);
	assert_string_equal(buf_text(&t->result.out), "content\n");
	run_shell(t, "exit 0", buf_text(&script), &plenty);
	check_exit(t, 0);
	buf_clear(&script);
}

/* A daemon-like tool closes its outputs first and reads its input then. */
static void
test_input_after_outputs_are_closed(void **state)
{
	struct test *t = *state;
	struct buf script = BUF_INIT;

	memset(buf_room(&script, 300000), 'x', 300000);
	script.len += 300000;
	argv_init(&t->argv, "/bin/sh");
	argv_opt(&t->argv, "-c",
	    "exec >/dev/null 2>&1; test \"$(wc -c)\" -eq 300000");
	assert_int_equal(run(&t->argv, &script, &plenty, &t->result, &t->err),
	    0);
	check_exit(t, 0);
	buf_clear(&script);
}

static void
test_output_cap(void **state)
{
	static const struct run_limits small = { 20000, 1000 };
	struct test *t = *state;

	/* It is read to its end all the same: the tool does not see the cap. */
	run_shell(t,
	    "head -c 500000 /dev/zero | tr '\\0' a; echo e >&2; exit 4", NULL,
	    &small);
	check_exit(t, 4);
	assert_true(t->result.truncated);
	assert_int_equal(t->result.out.len + t->result.errout.len, 1000);
	assert_int_equal(strlen(buf_text(&t->result.out)), t->result.out.len);
	/* Exactly as much is not too much. */
	run_shell(t, "head -c 600 /dev/zero; head -c 400 /dev/zero >&2", NULL,
	    &small);
	check_exit(t, 0);
	assert_false(t->result.truncated);
	assert_int_equal(t->result.out.len, 600);
	assert_int_equal(t->result.errout.len, 400);
}

static void
test_fixed_buffers(void **state)
{
	static const struct run_limits small = { 20000, 15 };
	struct test *t = *state;
	char out[16], errout[16];

	buf_init_fixed(&t->result.out, out, sizeof(out));
	buf_init_fixed(&t->result.errout, errout, sizeof(errout));
	run_shell(t, "echo 0123456789; echo x >&2", NULL, &small);
	check_exit(t, 0);
	assert_string_equal(out, "0123456789\n");
	assert_string_equal(errout, "x\n");
	run_shell(t, "echo 0123456789abcdef", NULL, &small);
	assert_true(t->result.truncated);
	assert_string_equal(buf_text(&t->result.out), "0123456789abcde");
}

static void
test_signals(void **state)
{
	struct test *t = *state;
	char ending[64];

	run_shell(t, "echo before; kill -9 $$", NULL, &plenty);
	assert_false(t->result.timed_out);
	assert_int_equal(t->result.signal, SIGKILL);
	assert_int_equal(t->result.exit_code, -1);
	assert_string_equal(buf_text(&t->result.out), "before\n");
	assert_string_equal(run_ending(&t->result, ending, sizeof(ending)),
	    "killed by signal 9");
}

static void
check_killed_in_time(const struct test *t, unsigned timeout_ms)
{
	assert_true(t->result.timed_out);
	assert_in_range(t->result.elapsed_ms, timeout_ms, timeout_ms + 5000);
}

static void
test_deadline(void **state)
{
	static const struct run_limits soon = { 200, 1000 };
	struct test *t = *state;
	char ending[64];

	run_shell(t, "trap '' TERM INT HUP; echo begun; sleep 60", NULL, &late);
	check_killed_in_time(t, late.timeout_ms);
	assert_int_equal(t->result.signal, SIGKILL);
	assert_int_equal(t->result.exit_code, -1);
	assert_string_equal(buf_text(&t->result.out), "begun\n");
	assert_memory_equal(run_ending(&t->result, ending, sizeof(ending)),
	    "no end within ", 14);
	/* It neither reads nor writes nor keeps its outputs. */
	run_shell(t, "exec >&- 2>&-; sleep 60", NULL, &soon);
	check_killed_in_time(t, 200);
	/* It writes without end. */
	run_shell(t, "while :; do echo y; done", NULL, &late);
	check_killed_in_time(t, late.timeout_ms);
	assert_true(t->result.truncated);
	assert_int_equal(t->result.out.len, 1000);
	/* It is stopped, as by a debugger. */
	run_shell(t, "kill -STOP $$", NULL, &soon);
	check_killed_in_time(t, 200);
}

static char fifo[64];

/* Everybody who holds the FIFO open for writing is gone within 5 s. */
static bool
all_are_gone(int fd)
{
	int64_t deadline = clock_ms() + 5000;
	char bytes[64];
	ssize_t n;

	for (;;) {
		struct pollfd pfd = { fd, POLLIN, 0 };

		if (poll(&pfd, 1, clock_left_ms(deadline)) <= 0)
			return false;
		n = read(fd, bytes, sizeof(bytes));
		if (n == 0 || (n == -1 && errno != EAGAIN))
			return n == 0;
	}
}

static int
open_fifo(void)
{
	int fd;

	(void)snprintf(fifo, sizeof(fifo), "/tmp/mh-run-%ld", (long)getpid());
	(void)unlink(fifo);
	assert_int_equal(mkfifo(fifo, 0600), 0);
	fd = open(fifo, O_RDONLY | O_NONBLOCK | O_CLOEXEC);
	assert_true(fd >= 0);
	return fd;
}

static void
run_with_fifo(struct test *t, const char *script,
    const struct run_limits *limits)
{
	int fd = open_fifo();

	argv_init(&t->argv, "/bin/sh");
	argv_opt(&t->argv, "-c", script);
	argv_add(&t->argv, fifo); /* $0 */
	run_it(t, NULL, limits);
	(void)unlink(fifo);
	if (!all_are_gone(fd))
		fail_msg("a grandchild lives: %s", script);
	(void)close(fd);
}

/* Children and grandchildren, in the background and with deaf ears: the
 * descriptor 9 of each shows that it lives. */
static void
test_deadline_kills_the_group(void **state)
{
	struct test *t = *state;

	run_with_fifo(t,
	    "exec 9>\"$0\"; echo up >&9; trap '' TERM HUP; (sleep 60 & sleep 60) &"
	    " sleep 60 & (sleep 60 | sleep 60) & sleep 60",
	    &late);
	check_killed_in_time(t, late.timeout_ms);
	/* The child has ended well, but somebody keeps its output. */
	run_with_fifo(t,
	    "exec 9>\"$0\"; echo up >&9; (trap '' HUP; sleep 60) &"
	    " echo said; exit 0",
	    &late);
	check_killed_in_time(t, late.timeout_ms);
	assert_string_equal(buf_text(&t->result.out), "said\n");
}

static void
test_leftovers_die_with_the_child(void **state)
{
	struct test *t = *state;

	run_with_fifo(t,
	    "exec 9>\"$0\"; echo up >&9; (exec >&- 2>&-; trap '' HUP; sleep 60) &"
	    " echo said; exit 5",
	    &plenty);
	check_exit(t, 5);
	assert_string_equal(buf_text(&t->result.out), "said\n");
	assert_true(t->result.elapsed_ms < 15000);
}

/* Somebody who left for a session of its own cannot be killed with the group,
 * but does not make anybody wait past the deadline. */
static void
test_escaped_grandchild(void **state)
{
	struct test *t = *state;

	run_role(t, "escape", &late);
	check_killed_in_time(t, late.timeout_ms);
	assert_string_equal(buf_text(&t->result.out), "escaped\n");
}

static void
test_cannot_start(void **state)
{
	static const char *const paths[] = { "/nonexistent/tool", "/",
		"/dev/null", "/etc/passwd" };
	struct test *t = *state;
	char path[] = "/tmp/mh-run-XXXXXX";
	size_t i;
	int fd;

	for (i = 0; i < NITEMS(paths); i++) {
		argv_init(&t->argv, paths[i]);
		assert_int_equal(run(&t->argv, NULL, &plenty, &t->result,
				     &t->err),
		    -1);
		assert_int_equal(t->err.code, ERR_SYSTEM);
		assert_memory_equal(t->err.text, "cannot run /", 12);
		assert_non_null(strstr(t->err.text, paths[i]));
	}
	/* A script whose interpreter is not there. */
	fd = mkstemp(path);
	assert_true(fd >= 0);
	assert_int_equal(write(fd, "#!/nonexistent/sh\n", 18), 18);
	assert_int_equal(fchmod(fd, 0700), 0);
	(void)close(fd);
	argv_init(&t->argv, path);
	assert_int_equal(run(&t->argv, NULL, &plenty, &t->result, &t->err), -1);
	assert_int_equal(t->err.code, ERR_SYSTEM);
	assert_non_null(strstr(t->err.text, strerror(ENOENT)));
	(void)unlink(path);
}

static void
on_alarm(int sig)
{
	(void)sig;
}

/* Signals that interrupt every wait change nothing. */
static void
test_interrupted(void **state)
{
	struct itimerval often = { { 0, 300 }, { 0, 300 } }, never = { 0 };
	struct sigaction action = { .sa_handler = on_alarm };
	struct test *t = *state;
	int i, rc, missing = 0;

	assert_int_equal(sigaction(SIGALRM, &action, NULL), 0);
	assert_int_equal(setitimer(ITIMER_REAL, &often, NULL), 0);
	argv_init(&t->argv, "/nonexistent/tool");
	for (i = 0; i < 50; i++) {
		rc = run(&t->argv, NULL, &plenty, &t->result, &t->err);
		missing += rc == -1 && t->err.code == ERR_SYSTEM;
	}
	argv_init(&t->argv, "/bin/sh");
	argv_opt(&t->argv, "-c", "echo x; sleep 0.1; exit 6");
	rc = run(&t->argv, NULL, &plenty, &t->result, &t->err);
	assert_int_equal(setitimer(ITIMER_REAL, &never, NULL), 0);
	(void)signal(SIGALRM, SIG_DFL);
	assert_int_equal(missing, 50);
	assert_int_equal(rc, 0);
	check_exit(t, 6);
	assert_string_equal(buf_text(&t->result.out), "x\n");
}

static void
test_descriptors(void **state)
{
	struct test *t = *state;
	int fds[20];
	size_t i;

	/* None of these has FD_CLOEXEC, and the limit is not the last one. */
	for (i = 0; i < NITEMS(fds); i++)
		fds[i] = open("/dev/null", O_RDWR);
	assert_int_equal(dup2(fds[0], 900), 900);
	run_role(t, "descriptors", &plenty);
	check_exit(t, 0);
	assert_string_equal(buf_text(&t->result.out), "0 1 2\n");
	(void)close(900);
	for (i = 0; i < NITEMS(fds); i++)
		(void)close(fds[i]);
}

/* A daemon may have closed its own 0, 1 and 2. */
static void
test_from_a_daemon(void **state)
{
	struct test *t = *state;

	run_role(t, "daemon", &plenty);
	check_exit(t, 0);
}

static void
test_environment(void **state)
{
	struct test *t = *state;

	assert_int_equal(setenv("LD_PRELOAD_FOR_TEST", "x", 1), 0);
	assert_int_equal(setenv("LC_ALL", "tlh_KX", 1), 0);
	run_role(t, "environment", &plenty);
	check_exit(t, 0);
	assert_string_equal(buf_text(&t->result.out),
	    "PATH=/sbin:/bin:/usr/sbin:/usr/bin:/usr/local/sbin:/usr/local/bin"
	    "\nLC_ALL=C\nHOME=/var/empty\n");
	(void)unsetenv("LD_PRELOAD_FOR_TEST");
	(void)unsetenv("LC_ALL");
}

static void
test_signals_and_session_are_its_own(void **state)
{
	struct test *t = *state;
	sigset_t all, old;

	(void)signal(SIGUSR1, SIG_IGN);
	(void)sigfillset(&all);
	assert_int_equal(sigprocmask(SIG_SETMASK, &all, &old), 0);
	run_role(t, "signals", &plenty);
	assert_int_equal(sigprocmask(SIG_SETMASK, &old, NULL), 0);
	(void)signal(SIGUSR1, SIG_DFL);
	check_exit(t, 0);
	assert_string_equal(buf_text(&t->result.out), "");
}

static void
test_check(void **state)
{
	struct test *t = *state;

	run_shell(t, "echo fine", NULL, &plenty);
	assert_int_equal(run_check(&t->argv, &t->result, &t->err), 0);
	run_shell(t, "echo out; echo '% no such map' >&2; exit 2", NULL,
	    &plenty);
	assert_int_equal(run_check(&t->argv, &t->result, &t->err), -1);
	assert_int_equal(t->err.code, ERR_TOOL);
	assert_string_equal(t->err.text, "sh: exit 2");
	assert_string_equal(t->err.tool, "sh");
	assert_int_equal(t->err.exit_code, 2);
	assert_string_equal(t->err.output, "% no such map");
	/* vtysh tells its troubles on standard output. */
	run_shell(t, "echo '% refused'; exit 1", NULL, &plenty);
	assert_int_equal(run_check(&t->argv, &t->result, &t->err), -1);
	assert_string_equal(t->err.output, "% refused");
	run_shell(t, "kill -6 $$", NULL, &plenty);
	assert_int_equal(run_check(&t->argv, &t->result, &t->err), -1);
	assert_string_equal(t->err.text, "sh: killed by signal 6");
	assert_int_equal(t->err.exit_code, -1);
	assert_int_equal(run_check(&t->argv, &t->result, NULL), -1);
}

static void
test_check_deadline(void **state)
{
	struct test *t = *state;

	run_shell(t, "echo half; sleep 60", NULL, &late);
	assert_int_equal(run_check(&t->argv, &t->result, &t->err), -1);
	assert_int_equal(t->err.code, ERR_TIMEOUT);
	assert_memory_equal(t->err.text, "sh: no end within ", 18);
	assert_string_equal(t->err.output, "half");
	/* Ended by itself, but not in time to be believed. */
	run_shell(t, "sleep 60 & exit 0", NULL, &late);
	assert_int_equal(run_check(&t->argv, &t->result, &t->err), -1);
	assert_int_equal(t->err.code, ERR_TIMEOUT);
}

static void
test_argv_print(void **state)
{
	struct test *t = *state;
	struct buf b = BUF_INIT;

	argv_init(&t->argv, "/usr/bin/vtysh");
	argv_opt(&t->argv, "-c", "clear bgp ipv6 unicast ::1 soft in");
	argv_add(&t->argv, "");
	argv_add(&t->argv, "it's");
	argv_add(&t->argv, "plain-word_1.2:3/4,5=6%7+8@9");
	argv_print(&t->argv, &b);
	assert_string_equal(buf_text(&b),
	    "/usr/bin/vtysh -c 'clear bgp ipv6 unicast ::1 soft in' '' "
	    "'it'\\''s' plain-word_1.2:3/4,5=6%7+8@9");
	/* A shell reads it as the same words. */
	buf_clear(&b);
	argv_init(&t->argv, "/bin/echo");
	argv_add(&t->argv, "a'b\"c$d`e\\f*;|&<>(){}[]!#~ \tg");
	argv_print(&t->argv, &b);
	run_shell(t, buf_text(&b), NULL, &plenty);
	assert_string_equal(buf_text(&t->result.out),
	    "a'b\"c$d`e\\f*;|&<>(){}[]!#~ \tg\n");
	buf_clear(&b);
}

/* Does adding this word end the process? Our own bugs must not go on. */
static bool
adding_aborts(const char *word, unsigned times)
{
	static const struct rlimit no_core;
	struct argv argv;
	int status = 0;
	pid_t pid = fork();

	if (pid == 0) {
		(void)setrlimit(RLIMIT_CORE, &no_core);
		(void)dup2(open("/dev/null", O_WRONLY), STDERR_FILENO);
		(void)signal(SIGABRT, SIG_DFL);
		argv_init(&argv, "/bin/true");
		while (times-- > 0)
			argv_add(&argv, word);
		_exit(0);
	}
	(void)waitpid(pid, &status, 0);
	return WIFSIGNALED(status) && WTERMSIG(status) == SIGABRT;
}

static void
test_argv_limits(void **state)
{
	(void)state;
	assert_true(adding_aborts("two\nlines", 1));
	assert_false(adding_aborts("word", ARGV_MAX - 2));
	assert_true(adding_aborts("word", ARGV_MAX - 1));
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int
main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		TEST(test_outputs_and_exit),
		TEST(test_arguments_are_words),
		TEST(test_input),
		TEST(test_input_after_outputs_are_closed),
		TEST(test_output_cap),
		TEST(test_fixed_buffers),
		TEST(test_signals),
		TEST(test_deadline),
		TEST(test_deadline_kills_the_group),
		TEST(test_leftovers_die_with_the_child),
		TEST(test_escaped_grandchild),
		TEST(test_cannot_start),
		TEST(test_interrupted),
		TEST(test_descriptors),
		TEST(test_from_a_daemon),
		TEST(test_environment),
		TEST(test_signals_and_session_are_its_own),
		TEST(test_check),
		TEST(test_check_deadline),
		TEST(test_argv_print),
		TEST(test_argv_limits),
	};

	if (argc == 3 && strcmp(argv[1], "role") == 0)
		return run_child(argv[2]);
	run_child_init(argv[0]);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
