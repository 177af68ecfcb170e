/* parent/daemon.c - into the background, and the file with our process id. */
#include <sys/types.h>
#include <sys/file.h>

#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/err.h"
#include "parent/daemon.h"

static int started_fd = -1;
static const char *pidfile;

int
daemon_begin(struct err *err)
{
	int ends[2], null;
	pid_t pid;

	if (pipe2(ends, O_CLOEXEC) == -1)
		return err_set_errno(err, ERR_SYSTEM, "pipe");
	pid = fork();
	if (pid == -1)
		return err_set_errno(err, ERR_SYSTEM, "fork");
	if (pid > 0) {
		char byte;
		ssize_t n;

		(void)close(ends[1]);
		do
			n = read(ends[0], &byte, 1);
		while (n == -1 && errno == EINTR);
		_exit(n == 1 ? 0 : 1);
	}
	(void)close(ends[0]);
	started_fd = ends[1];
	null = open("/dev/null", O_RDWR | O_CLOEXEC);
	if (setsid() == -1 || chdir("/") == -1 || null == -1 ||
	    dup2(null, STDIN_FILENO) == -1 || dup2(null, STDOUT_FILENO) == -1)
		return err_set_errno(err, ERR_SYSTEM, "background");
	if (null > STDERR_FILENO)
		(void)close(null);
	return 0;
}

void
daemon_started(void)
{
	ssize_t n;

	if (started_fd == -1)
		return;
	do
		n = write(started_fd, "+", 1);
	while (n == -1 && errno == EINTR);
	(void)close(started_fd);
	started_fd = -1;
}

int
daemon_pidfile(const char *path, struct err *err)
{
	char text[24];
	int fd, len;

	fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0644);
	if (fd == -1)
		return err_set_errno(err, ERR_SYSTEM, "%s", path);
	if (flock(fd, LOCK_EX | LOCK_NB) == -1) {
		(void)close(fd);
		if (errno == EWOULDBLOCK)
			return err_set(err, ERR_CONFLICT,
			    "%s: another multihomed runs", path);
		return err_set_errno(err, ERR_SYSTEM, "%s", path);
	}
	len = snprintf(text, sizeof(text), "%ld\n", (long)getpid());
	if (ftruncate(fd, 0) == -1 || write(fd, text, (size_t)len) != len) {
		(void)err_set_errno(err, ERR_SYSTEM, "%s", path);
		(void)close(fd);
		return -1;
	}
	/* fd stays open until we end: it holds the lock. */
	pidfile = path;
	return 0;
}

void
daemon_pidfile_remove(void)
{
	if (pidfile != NULL)
		(void)unlink(pidfile);
	pidfile = NULL;
}
