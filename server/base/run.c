/* base/run.c - run one program to its end, with a deadline and a cap. */
/* names: argv */
#include <sys/types.h>
#include <sys/wait.h>

#include <assert.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/err.h"
#include "base/io.h"
#include "base/run.h"

static const char *const environment[] = { "PATH=/sbin:/bin:/usr/sbin:/usr/bin:"
					   "/usr/local/sbin:/usr/local/bin",
	"LC_ALL=C", "HOME=/var/empty", NULL };

void
argv_init(struct argv *a, const char *path)
{
	memset(a, 0, sizeof(*a));
	assert(path[0] == '/');
	a->v[a->n++] = path;
}

void
argv_add(struct argv *a, const char *word)
{
	/* Only our own bugs get this far: words come from parsed types. */
	assert(a->n + 1 < NITEMS(a->v));
	assert(strchr(word, '\n') == NULL);
	a->v[a->n++] = word;
	a->v[a->n] = NULL;
}

void
argv_opt(struct argv *a, const char *option, const char *word)
{
	argv_add(a, option);
	argv_add(a, word);
}

void
argv_print(const struct argv *a, struct buf *b)
{
	size_t i;

	for (i = 0; i < a->n; i++) {
		const char *word = a->v[i];
		bool quote = word[0] == '\0' ||
		    strpbrk(word, " \t'\"\\$`;&|<>()*?[]{}!#~") != NULL;

		if (i > 0)
			buf_putc(b, ' ');
		if (!quote) {
			buf_puts(b, word);
			continue;
		}
		buf_putc(b, '\'');
		for (; *word != '\0'; word++) {
			if (*word == '\'')
				buf_puts(b, "'\\''");
			else
				buf_putc(b, *word);
		}
		buf_putc(b, '\'');
	}
}

void
run_result_clear(struct run_result *r)
{
	static const struct run_result empty = RUN_RESULT_INIT;

	buf_clear(&r->out);
	buf_clear(&r->errout);
	*r = empty;
}

/* The child after fork: only async-signal-safe calls until exec. */
static void
child(const struct argv *argv, const int fds[3], int report)
{
	sigset_t none;
	int i, saved;

	(void)setsid();
	for (i = 1; i < NSIG; i++)
		(void)signal(i, SIG_DFL);
	(void)sigemptyset(&none);
	(void)sigprocmask(SIG_SETMASK, &none, NULL);
	for (i = 0; i < 3; i++)
		if (dup2(fds[i], i) == -1)
			goto fail;
	/* The report pipe becomes 3, everything above is closed. */
	if (report != 3) {
		if (dup2(report, 3) == -1)
			goto fail;
		report = 3;
	}
	(void)fcntl(3, F_SETFD, FD_CLOEXEC);
	closefrom(4);
	(void)execve(argv->v[0], (char *const *)(uintptr_t)argv->v,
	    (char *const *)(uintptr_t)environment);
fail:
	saved = errno;
	i = (int)write(report, &saved, sizeof(saved));
	(void)i;
	_exit(127);
}

struct running {
	pid_t pid;
	int in; /* -1 when closed */
	int out;
	int errout;
	int report;
	const char *input;
	size_t input_left;
};

static void
close_fd(int *fd)
{
	if (*fd != -1)
		(void)close(*fd);
	*fd = -1;
}

/* A pipe whose ends are never 0-2, so that dup2 in the child is safe. */
static int
safe_pipe(int ends[2])
{
	int i, fd;

	if (pipe2(ends, O_CLOEXEC) == -1)
		return -1;
	for (i = 0; i < 2; i++) {
		if (ends[i] > 3)
			continue;
		fd = fcntl(ends[i], F_DUPFD_CLOEXEC, 4);
		(void)close(ends[i]);
		ends[i] = fd;
	}
	return ends[0] == -1 || ends[1] == -1 ? -1 : 0;
}

/* Waits for the exec: 0, or why the child could not become the program. */
static int
read_report(int fd)
{
	int failure;
	ssize_t n;

	while (
	    (n = read(fd, &failure, sizeof(failure))) == -1 && errno == EINTR)
		continue;
	return n == sizeof(failure) ? failure : 0;
}

static int
start(struct running *r, const struct argv *argv, const struct buf *input,
    struct err *err)
{
	int pipes[4][2] = { { -1, -1 }, { -1, -1 }, { -1, -1 }, { -1, -1 } };
	int i, fds[3], failure;

	for (i = 0; i < 4; i++)
		if (safe_pipe(pipes[i]) == -1)
			goto fail;
	fds[0] = pipes[0][0];
	fds[1] = pipes[1][1];
	fds[2] = pipes[2][1];
	r->pid = fork();
	if (r->pid == -1)
		goto fail;
	if (r->pid == 0)
		child(argv, fds, pipes[3][1]);
	close_fd(&pipes[0][0]);
	close_fd(&pipes[1][1]);
	close_fd(&pipes[2][1]);
	close_fd(&pipes[3][1]);
	r->in = pipes[0][1];
	r->out = pipes[1][0];
	r->errout = pipes[2][0];
	r->report = pipes[3][0];
	r->input = input != NULL ? input->data : NULL;
	r->input_left = input != NULL ? input->len : 0;
	failure = read_report(r->report);
	if (failure != 0) {
		while (waitpid(r->pid, NULL, 0) == -1 && errno == EINTR)
			continue;
		close_fd(&r->in);
		close_fd(&r->out);
		close_fd(&r->errout);
		close_fd(&r->report);
		errno = failure;
		return err_set_errno(err, ERR_SYSTEM, "cannot run %s",
		    argv->v[0]);
	}
	close_fd(&r->report);
	(void)io_set_nonblock(r->in, true, NULL);
	return 0;
fail:
	(void)err_set_errno(err, ERR_SYSTEM, "cannot start %s", argv->v[0]);
	for (i = 0; i < 4; i++) {
		close_fd(&pipes[i][0]);
		close_fd(&pipes[i][1]);
	}
	return -1;
}

/* Reads once from *fd into b; closes it at its end. */
static void
take(int *fd, struct buf *b, size_t *left, bool *truncated)
{
	char block[8192];
	ssize_t n = read(*fd, block, sizeof(block));

	if (n == -1 && (errno == EINTR || errno == EAGAIN))
		return;
	if (n <= 0) {
		close_fd(fd);
		return;
	}
	if ((size_t)n > *left) {
		*truncated = true;
		n = (ssize_t)*left;
	}
	buf_add(b, block, (size_t)n);
	if (b->failed)
		*truncated = true;
	*left -= (size_t)n;
}

static void
give(struct running *r)
{
	ssize_t n;

	if (r->input_left == 0) {
		close_fd(&r->in);
		return;
	}
	n = write(r->in, r->input, r->input_left);
	if (n == -1 && (errno == EINTR || errno == EAGAIN))
		return;
	if (n == -1) { /* it does not want more: its ending will tell */
		close_fd(&r->in);
		return;
	}
	r->input += n;
	r->input_left -= (size_t)n;
	if (r->input_left == 0)
		close_fd(&r->in);
}

/* Feeds and reads until all is fed and both outputs end, or the deadline
 * passes. */
static void
converse(struct running *r, const struct run_limits *limits, int64_t deadline,
    struct run_result *result)
{
	size_t left = limits->max_output;

	if (r->input_left == 0)
		close_fd(&r->in);
	while (r->in != -1 || r->out != -1 || r->errout != -1) {
		struct pollfd pfd[3] = { { r->in, POLLOUT, 0 },
			{ r->out, POLLIN, 0 }, { r->errout, POLLIN, 0 } };
		int n = poll(pfd, 3, clock_left_ms(deadline));

		if (n == -1 && errno == EINTR)
			continue;
		if (n <= 0) {
			result->timed_out = true;
			return;
		}
		if (pfd[0].revents != 0)
			give(r);
		if (pfd[1].revents != 0)
			take(&r->out, &result->out, &left, &result->truncated);
		if (pfd[2].revents != 0)
			take(&r->errout, &result->errout, &left,
			    &result->truncated);
	}
}

/* Waits for the end; kills the whole group once the deadline has passed. */
static void
reap(struct running *r, int64_t deadline, struct run_result *result)
{
	static const struct timespec pause = { 0, 1000000 };
	int status;
	pid_t pid;

	for (;;) {
		if (result->timed_out)
			(void)kill(-r->pid, SIGKILL);
		pid = waitpid(r->pid, &status, result->timed_out ? 0 : WNOHANG);
		if (pid == r->pid)
			break;
		if (pid == -1 && errno != EINTR)
			return; /* somebody else reaped it: our own bug */
		if (clock_left_ms(deadline) == 0)
			result->timed_out = true;
		else
			(void)nanosleep(&pause, NULL);
	}
	/* Whatever it left behind in its group dies with it. */
	(void)kill(-r->pid, SIGKILL);
	if (WIFEXITED(status))
		result->exit_code = WEXITSTATUS(status);
	else if (WIFSIGNALED(status))
		result->signal = WTERMSIG(status);
}

int
run(const struct argv *argv, const struct buf *input,
    const struct run_limits *limits, struct run_result *result, struct err *err)
{
	struct running r = { 0, -1, -1, -1, -1, NULL, 0 };
	int64_t begin = clock_ms();
	int64_t deadline = begin + limits->timeout_ms;

	assert(argv->n > 0);
	buf_reset(&result->out);
	buf_reset(&result->errout);
	result->exit_code = -1;
	result->signal = 0;
	result->timed_out = false;
	result->truncated = false;
	if (start(&r, argv, input, err) == -1)
		return -1;
	converse(&r, limits, deadline, result);
	reap(&r, deadline, result);
	close_fd(&r.in);
	close_fd(&r.out);
	close_fd(&r.errout);
	result->elapsed_ms = (unsigned)(clock_ms() - begin);
	return 0;
}

const char *
run_ending(const struct run_result *r, char *out, size_t size)
{
	if (r->timed_out)
		(void)snprintf(out, size, "no end within %u ms: killed",
		    r->elapsed_ms);
	else if (r->signal != 0)
		(void)snprintf(out, size, "killed by signal %d", r->signal);
	else
		(void)snprintf(out, size, "exit %d", r->exit_code);
	return out;
}

int
run_check(const struct argv *argv, const struct run_result *r, struct err *err)
{
	const char *tool = strrchr(argv->v[0], '/');
	const struct buf *said = r->errout.len > 0 ? &r->errout : &r->out;
	char ending[64];

	if (!r->timed_out && r->signal == 0 && r->exit_code == 0)
		return 0;
	tool = tool == NULL ? argv->v[0] : tool + 1;
	(void)err_set(err, r->timed_out ? ERR_TIMEOUT : ERR_TOOL, "%s: %s",
	    tool, run_ending(r, ending, sizeof(ending)));
	return err_tool(err, tool, r->exit_code, buf_text(said), said->len);
}
