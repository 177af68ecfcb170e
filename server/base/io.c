/* base/io.c - whole reads and writes on descriptors, with deadlines. */
#include <sys/types.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/uio.h>

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/clock.h"
#include "base/err.h"
#include "base/io.h"

static int
set_flag(int fd, int get, int set, int flag, bool on, struct err *err)
{
	int flags = fcntl(fd, get);

	if (flags == -1 ||
	    fcntl(fd, set, on ? flags | flag : flags & ~flag) == -1)
		return err_set_errno(err, ERR_SYSTEM, "fcntl");
	return 0;
}

int
io_set_nonblock(int fd, bool on, struct err *err)
{
	return set_flag(fd, F_GETFL, F_SETFL, O_NONBLOCK, on, err);
}

int
io_set_cloexec(int fd, bool on, struct err *err)
{
	return set_flag(fd, F_GETFD, F_SETFD, FD_CLOEXEC, on, err);
}

/* Waits until fd is ready; 0 also on hang-up, which the next call will tell. */
static int
wait_ready(int fd, short events, int64_t deadline_ms, struct err *err)
{
	struct pollfd pfd = { fd, events, 0 };
	int n;

	for (;;) {
		n = poll(&pfd, 1,
		    deadline_ms == -1 ? -1 : clock_left_ms(deadline_ms));
		if (n > 0)
			return 0;
		if (n == 0)
			return err_set(err, ERR_TIMEOUT, "no answer in time");
		if (errno != EINTR)
			return err_set_errno(err, ERR_SYSTEM, "poll");
	}
}

int
io_write_all(int fd, const void *bytes, size_t n, int64_t deadline_ms,
    struct err *err)
{
	const char *p = bytes;
	ssize_t done;

	while (n > 0) {
		if (deadline_ms != -1 &&
		    wait_ready(fd, POLLOUT, deadline_ms, err) == -1)
			return -1;
		/* MSG_NOSIGNAL where it is a socket, plain write elsewhere. */
		done = send(fd, p, n, MSG_NOSIGNAL);
		if (done == -1 && errno == ENOTSOCK)
			done = write(fd, p, n);
		if (done == -1 && (errno == EAGAIN || errno == EWOULDBLOCK)) {
			if (wait_ready(fd, POLLOUT, deadline_ms, err) == -1)
				return -1;
			continue;
		}
		if (done == -1 && errno == EINTR)
			continue;
		if (done == -1 && (errno == EPIPE || errno == ECONNRESET))
			return err_set_errno(err, ERR_UNAVAILABLE, "write");
		if (done == -1)
			return err_set_errno(err, ERR_SYSTEM, "write");
		p += done;
		n -= (size_t)done;
	}
	return 0;
}

int
io_read_all(int fd, void *bytes, size_t n, int64_t deadline_ms, struct err *err)
{
	char *p = bytes;
	ssize_t done;

	while (n > 0) {
		if (deadline_ms != -1 &&
		    wait_ready(fd, POLLIN, deadline_ms, err) == -1)
			return -1;
		done = read(fd, p, n);
		if (done == 0)
			return err_set(err, ERR_UNAVAILABLE,
			    "the other side closed the connection");
		if (done == -1 && (errno == EAGAIN || errno == EWOULDBLOCK)) {
			if (wait_ready(fd, POLLIN, deadline_ms, err) == -1)
				return -1;
			continue;
		}
		if (done == -1 && errno == EINTR)
			continue;
		if (done == -1 && errno == ECONNRESET)
			return err_set_errno(err, ERR_UNAVAILABLE, "read");
		if (done == -1)
			return err_set_errno(err, ERR_SYSTEM, "read");
		p += done;
		n -= (size_t)done;
	}
	return 0;
}

int
io_read_file(const char *path, struct buf *b, struct err *err)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	char block[16384];
	ssize_t n;
	int rc = -1;

	if (fd == -1)
		return err_set_errno(err,
		    errno == ENOENT ? ERR_NOT_FOUND : ERR_SYSTEM, "%s", path);
	while ((n = read(fd, block, sizeof(block))) != 0) {
		if (n == -1 && errno == EINTR)
			continue;
		if (n == -1) {
			(void)err_set_errno(err, ERR_SYSTEM, "%s", path);
			goto out;
		}
		buf_add(b, block, (size_t)n);
		if (b->failed) {
			(void)err_set(err, ERR_TOO_LARGE, "%s: too large",
			    path);
			goto out;
		}
	}
	rc = 0;
out:
	(void)close(fd);
	return rc;
}

int
io_sync_directory(const char *path, struct err *err)
{
	char dir[PATH_MAX];
	char *slash;
	int fd, rc;

	(void)snprintf(dir, sizeof(dir), "%s", path);
	slash = strrchr(dir, '/');
	if (slash == NULL)
		(void)snprintf(dir, sizeof(dir), ".");
	else
		slash[slash == dir] = '\0';
	fd = open(dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (fd == -1)
		return err_set_errno(err, ERR_SYSTEM, "%s", dir);
	rc = fsync(fd);
	(void)close(fd);
	/* Some file systems (9p, FUSE) cannot sync directories. */
	if (rc == -1 && errno != EINVAL && errno != EOPNOTSUPP)
		return err_set_errno(err, ERR_SYSTEM, "fsync %s", dir);
	return 0;
}

int
io_replace_file(const char *path, const void *bytes, size_t n, mode_t mode,
    struct err *err)
{
	char temporary[PATH_MAX];
	int fd, saved;

	err_clear(err);
	if (snprintf(temporary, sizeof(temporary), "%s.XXXXXX", path) >=
	    (int)sizeof(temporary))
		return err_set(err, ERR_SYSTEM, "%s: path too long", path);
	fd = mkstemp(temporary);
	if (fd == -1)
		return err_set_errno(err, ERR_SYSTEM, "%s", temporary);
	if (fchmod(fd, mode) == -1 ||
	    io_write_all(fd, bytes, n, -1, err) == -1 || fsync(fd) == -1) {
		if (err != NULL && err->code == ERR_NONE)
			(void)err_set_errno(err, ERR_SYSTEM, "%s", temporary);
		(void)close(fd);
		(void)unlink(temporary);
		return -1;
	}
	if (close(fd) == -1 || rename(temporary, path) == -1) {
		saved = errno;
		(void)unlink(temporary);
		errno = saved;
		return err_set_errno(err, ERR_SYSTEM, "%s", path);
	}
	return io_sync_directory(path, err);
}

union fd_control {
	struct cmsghdr head;
	char space[CMSG_SPACE(sizeof(int))];
};

int
io_send_fd(int sock, int fd, struct err *err)
{
	char byte = 'P';
	struct iovec iov = { &byte, 1 };
	union fd_control control = { .space = { 0 } };
	struct msghdr msg = { .msg_iov = &iov,
		.msg_iovlen = 1,
		.msg_control = control.space,
		.msg_controllen = sizeof(control.space) };
	struct cmsghdr *cmsg = CMSG_FIRSTHDR(&msg);

	cmsg->cmsg_level = SOL_SOCKET;
	cmsg->cmsg_type = SCM_RIGHTS;
	cmsg->cmsg_len = CMSG_LEN(sizeof(int));
	memcpy(CMSG_DATA(cmsg), &fd, sizeof(fd));
	while (sendmsg(sock, &msg, MSG_NOSIGNAL) == -1)
		if (errno != EINTR)
			return err_set_errno(err, ERR_UNAVAILABLE,
			    "pass a descriptor");
	return 0;
}

int
io_recv_fd(int sock, int *fd, struct err *err)
{
	char byte = 0;
	struct iovec iov = { &byte, 1 };
	union fd_control control = { .space = { 0 } };
	struct msghdr msg = { .msg_iov = &iov,
		.msg_iovlen = 1,
		.msg_control = control.space,
		.msg_controllen = sizeof(control.space) };
	struct cmsghdr *cmsg;
	ssize_t n;

	while ((n = recvmsg(sock, &msg, MSG_CMSG_CLOEXEC)) == -1)
		if (errno != EINTR)
			return err_set_errno(err, ERR_UNAVAILABLE,
			    "receive a descriptor");
	if (n == 0)
		return err_set(err, ERR_UNAVAILABLE,
		    "the other side closed the connection");
	cmsg = CMSG_FIRSTHDR(&msg);
	if (byte != 'P' || cmsg == NULL || cmsg->cmsg_level != SOL_SOCKET ||
	    cmsg->cmsg_type != SCM_RIGHTS ||
	    cmsg->cmsg_len != CMSG_LEN(sizeof(int)))
		return err_set(err, ERR_PROTOCOL,
		    "expected a descriptor from the parent");
	memcpy(fd, CMSG_DATA(cmsg), sizeof(*fd));
	return 0;
}
