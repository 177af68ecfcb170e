/* parent/child.c - one child process: start it, hand it things, bury it. */
#include <sys/types.h>
#include <sys/socket.h>
#include <sys/wait.h>

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/err.h"
#include "base/io.h"
#include "base/log.h"
#include "parent/child.h"
#include "wire/setup.h"

extern char **environ;

enum {
	CHILD_ENV_MAX = 32,
	CHILD_SAFE_FD = 10
};

void
child_init(struct child *c, const char *name, const char *program, bool has_op)
{
	memset(c, 0, sizeof(*c));
	c->name = name;
	c->program = program;
	c->has_op = has_op;
	c->setup_fd = c->op_fd = c->key_fd = c->relay.fd = -1;
}

static void
close_fd(int *fd)
{
	if (*fd != -1)
		(void)close(*fd);
	*fd = -1;
}

/*
 * The children's environment: ours is what an operator's shell happened to
 * hold. Only the time zone, what sanitizers read and our own variables pass.
 */
static void
make_environment(const char *env[CHILD_ENV_MAX])
{
	static const char *const pass[] = { "TZ=", "MH_",
		"ASAN_OPTIONS=", "UBSAN_OPTIONS=", "LSAN_OPTIONS=" };
	char **e;
	size_t i, n = 0;

	env[n++] = "PATH=/sbin:/bin:/usr/sbin:/usr/bin:"
		   "/usr/local/sbin:/usr/local/bin";
	env[n++] = "LC_ALL=C";
	env[n++] = "HOME=/var/empty";
	for (e = environ; *e != NULL; e++)
		for (i = 0; i < NITEMS(pass) && n < CHILD_ENV_MAX - 1; i++)
			if (strncmp(*e, pass[i], strlen(pass[i])) == 0)
				env[n++] = *e;
	env[n] = NULL;
}

/* Between fork and exec: only async-signal-safe calls, and no way back. */
static void
become(const char *path, const char *program, const int *fds, int n,
    const char *const *env)
{
	const char *argv[] = { program, NULL };
	sigset_t none;
	int i;

	(void)setsid();
	for (i = 1; i < NSIG; i++)
		(void)signal(i, SIG_DFL);
	(void)sigemptyset(&none);
	(void)sigprocmask(SIG_SETMASK, &none, NULL);
	/* All of fds are CHILD_SAFE_FD or more: no dup2 hits another. */
	for (i = 0; i < n; i++)
		if (dup2(fds[i], i) == -1)
			_exit(127);
	closefrom(n);
	(void)execve(path, (char *const *)(uintptr_t)argv,
	    (char *const *)(uintptr_t)env);
	(void)dprintf(STDERR_FILENO, "cannot execute %s: errno %d\n", path,
	    errno);
	_exit(127);
}

/* Moves a descriptor out of the way of 0 to 5. */
static int
lift(int *fd)
{
	int high = fcntl(*fd, F_DUPFD_CLOEXEC, CHILD_SAFE_FD);

	(void)close(*fd);
	*fd = high;
	return high == -1 ? -1 : 0;
}

static int
make_pair(int pair[2])
{
	if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, pair) == -1)
		return -1;
	return lift(&pair[0]) == -1 || lift(&pair[1]) == -1 ? -1 : 0;
}

int
child_start(struct child *c, const char *dir, struct err *err)
{
	int setup[2] = { -1, -1 }, op[2] = { -1, -1 }, errs[2] = { -1, -1 };
	int null = -1, key = -1, fds[6];
	const char *env[CHILD_ENV_MAX];
	char path[SETUP_PATH_MAX + 32];
	int rc = -1;

	(void)snprintf(path, sizeof(path), "%s/%s", dir, c->program);
	make_environment(env);
	null = open("/dev/null", O_RDONLY | O_CLOEXEC);
	if (null == -1 || lift(&null) == -1 || make_pair(setup) == -1 ||
	    (c->has_op && make_pair(op) == -1) ||
	    (c->has_op &&
		(key = fcntl(c->key_fd, F_DUPFD_CLOEXEC, CHILD_SAFE_FD)) ==
		    -1) ||
	    pipe2(errs, O_CLOEXEC) == -1 || lift(&errs[0]) == -1 ||
	    lift(&errs[1]) == -1) {
		(void)err_set_errno(err, ERR_SYSTEM, "%s: descriptors",
		    c->name);
		goto out;
	}
	if (io_set_nonblock(setup[0], true, err) == -1 ||
	    io_set_nonblock(errs[0], true, err) == -1 ||
	    (c->has_op && io_set_nonblock(op[0], true, err) == -1))
		goto out;
	fds[0] = null;
	fds[1] = fds[2] = errs[1];
	fds[3] = setup[1];
	fds[4] = op[1];
	fds[5] = key;
	c->pid = fork();
	if (c->pid == -1) {
		c->pid = 0;
		(void)err_set_errno(err, ERR_SYSTEM, "%s: fork", c->name);
		goto out;
	}
	if (c->pid == 0)
		become(path, c->program, fds, c->has_op ? 6 : 4, env);
	c->started_ms = clock_ms();
	c->restart_ms = 0;
	c->setup_fd = setup[0];
	c->op_fd = op[0];
	relay_open(&c->relay, c->name, errs[0]);
	setup[0] = op[0] = errs[0] = -1;
	rc = 0;
out:
	close_fd(&null);
	close_fd(&key);
	close_fd(&setup[0]);
	close_fd(&setup[1]);
	close_fd(&op[0]);
	close_fd(&op[1]);
	close_fd(&errs[0]);
	close_fd(&errs[1]);
	return rc;
}

int
child_send_setup(struct child *c, const void *setup, uint32_t size,
    const void *extra, uint32_t extra_len, struct err *err)
{
	if (setup_send(c->setup_fd, setup, size, extra, extra_len, err) == -1)
		return err_prefix(err, "%s", c->name);
	return 0;
}

int
child_send_socket(struct child *c, int fd, struct err *err)
{
	if (io_send_fd(c->setup_fd, fd, err) == -1)
		return err_prefix(err, "%s", c->name);
	return 0;
}

void
child_signal(const struct child *c, int signo)
{
	if (c->pid > 0)
		(void)kill(c->pid, signo);
}

static void
log_end(const struct child *c, int status, int64_t life_ms)
{
	long seconds = (long)(life_ms / 1000);

	if (WIFSIGNALED(status))
		log_error("%s (pid %ld) was killed by signal %d after %ld s",
		    c->name, (long)c->pid, WTERMSIG(status), seconds);
	else if (WEXITSTATUS(status) != 0)
		log_error("%s (pid %ld) ended with status %d after %ld s",
		    c->name, (long)c->pid, WEXITSTATUS(status), seconds);
	else
		log_info("%s (pid %ld) ended after %ld s", c->name,
		    (long)c->pid, seconds);
}

bool
child_reap(struct child *c, int64_t now_ms)
{
	int status;
	pid_t pid;

	if (c->pid == 0)
		return false;
	do
		pid = waitpid(c->pid, &status, WNOHANG);
	while (pid == -1 && errno == EINTR);
	if (pid != c->pid)
		return false;
	relay_close(&c->relay);
	log_end(c, status, now_ms - c->started_ms);
	close_fd(&c->setup_fd);
	close_fd(&c->op_fd);
	c->pid = 0;
	if (c->backoff_ms == 0 || now_ms - c->started_ms >= CHILD_STEADY_MS)
		c->backoff_ms = CHILD_BACKOFF_MIN_MS;
	else if (c->backoff_ms * 2 < CHILD_BACKOFF_MAX_MS)
		c->backoff_ms *= 2;
	else
		c->backoff_ms = CHILD_BACKOFF_MAX_MS;
	c->restart_ms = now_ms + c->backoff_ms;
	return true;
}
