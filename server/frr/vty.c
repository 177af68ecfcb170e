/* frr/vty.c - one daemon's vty socket: a command in, text and status out. */
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>

#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/clock.h"
#include "base/err.h"
#include "base/io.h"
#include "base/mem.h"
#include "frr/mask.h"
#include "frr/vty.h"
#include "frr/vty_inside.h"

struct vty {
	char path[512];
	const char *daemon;
	unsigned timeout_ms;
	int fd; /* -1: not connected; else in enable mode between commands */
};

struct vty *
vty_new(const char *socket_dir, const char *daemon, unsigned timeout_ms)
{
	struct vty *vty = mem_calloc(1, sizeof(*vty));

	(void)snprintf(vty->path, sizeof(vty->path), "%s/%s.vty", socket_dir,
	    daemon);
	vty->daemon = daemon;
	vty->timeout_ms = timeout_ms;
	vty->fd = -1;
	return vty;
}

void
vty_close(struct vty *vty)
{
	if (vty->fd != -1)
		(void)close(vty->fd);
	vty->fd = -1;
}

void
vty_free(struct vty **vtyp)
{
	if (*vtyp == NULL)
		return;
	vty_close(*vtyp);
	free(*vtyp);
	*vtyp = NULL;
}

const char *
vty_daemon(const struct vty *vty)
{
	return vty->daemon;
}

bool
vty_exists(const struct vty *vty)
{
	struct stat st;

	/* Not to be seen for another reason counts as there: the connection
	 * then says what is wrong. */
	return stat(vty->path, &st) == 0 || errno != ENOENT;
}

const char *
vty_status_name(enum vty_status status)
{
	switch (status) { /* clang-format off */
	case VTY_SUCCESS:       return "success";
	case VTY_WARNING:       return "warning";
	case VTY_NO_MATCH:      return "unknown command";
	case VTY_AMBIGUOUS:     return "ambiguous command";
	case VTY_INCOMPLETE:    return "incomplete command";
	case VTY_CONFIG_FAILED: return "configuration failed";
	} /* clang-format on */
	return "another failure";
}

static int
gone(struct vty *vty, struct err *err)
{
	return err_set(err, ERR_UNAVAILABLE,
	    "%s closed the connection before its answer was whole",
	    vty->daemon);
}

/* Waits for the events before the deadline. */
static int
wait_for(struct vty *vty, short events, int64_t deadline, struct err *err)
{
	struct pollfd pfd = { .fd = vty->fd, .events = events };
	int n;

	do
		n = poll(&pfd, 1, clock_left_ms(deadline));
	while (n == -1 && errno == EINTR);
	if (n == -1)
		return err_set_errno(err, ERR_SYSTEM, "%s: poll", vty->daemon);
	if (n == 0)
		return err_set(err, ERR_TIMEOUT,
		    "%s does not answer within %u ms", vty->daemon,
		    vty->timeout_ms);
	return 0;
}

static int
send_command(struct vty *vty, const char *command, int64_t deadline,
    struct err *err)
{
	size_t n = strlen(command) + 1; /* the NUL ends the request */

	while (n > 0) {
		ssize_t sent = send(vty->fd, command, n, MSG_NOSIGNAL);

		if (sent >= 0) {
			command += sent;
			n -= (size_t)sent;
			continue;
		}
		if (errno == EINTR)
			continue;
		if (errno != EAGAIN && errno != EWOULDBLOCK)
			return gone(vty, err);
		if (wait_for(vty, POLLOUT, deadline, err) == -1)
			return -1;
	}
	return 0;
}

/* Once: what has come is decoded. 1: the answer is whole, 0: not yet. */
static int
receive_some(struct vty *vty, struct vty_decoder *decoder, struct buf *answer,
    enum vty_status *status, int64_t deadline, struct err *err)
{
	char chunk[16 * 1024];
	size_t used;
	ssize_t n = recv(vty->fd, chunk, sizeof(chunk), 0);
	int rc;

	if (n == -1 && errno == EINTR)
		return 0;
	if (n == -1 && (errno == EAGAIN || errno == EWOULDBLOCK))
		return wait_for(vty, POLLIN, deadline, err);
	if (n <= 0)
		return gone(vty, err);
	/* A daemon that drips must not hold us past the deadline. */
	if (clock_left_ms(deadline) == 0)
		rc = err_set(err, ERR_TIMEOUT,
		    "%s has not ended its answer within %u ms", vty->daemon,
		    vty->timeout_ms);
	else if ((rc = vty_decode(decoder, chunk, (size_t)n, &used, answer,
		      status, err)) == -1)
		(void)err_prefix(err, "%s", vty->daemon);
	else if (rc == 1 && used != (size_t)n)
		rc = err_set(err, ERR_PROTOCOL,
		    "%s: %zu bytes after the end of an answer", vty->daemon,
		    (size_t)n - used);
	/* It may have been a configuration. */
	explicit_bzero(chunk, (size_t)n);
	return rc;
}

static int
receive_answer(struct vty *vty, struct buf *answer, enum vty_status *status,
    int64_t deadline, struct err *err)
{
	struct vty_decoder decoder = { 0 };
	int rc;

	do
		rc = receive_some(vty, &decoder, answer, status, deadline, err);
	while (rc == 0);
	return rc == 1 ? 0 : -1;
}

/* One command and its answer on an open connection; closes it on failure. */
static int
exchange(struct vty *vty, const char *command, struct buf *answer,
    enum vty_status *status, int64_t deadline, struct err *err)
{
	buf_reset(answer);
	if (send_command(vty, command, deadline, err) == 0 &&
	    receive_answer(vty, answer, status, deadline, err) == 0)
		return 0;
	vty_close(vty);
	return -1;
}

static int
open_socket(struct vty *vty, int64_t deadline, struct err *err)
{
	struct sockaddr_un sun = { .sun_family = AF_UNIX };
	size_t len = strlen(vty->path);

	if (len >= sizeof(sun.sun_path))
		return err_set(err, ERR_UNAVAILABLE,
		    "%s: the path is longer than a socket's can be", vty->path);
	memcpy(sun.sun_path, vty->path, len + 1);
	vty->fd = socket(AF_UNIX, SOCK_STREAM, 0);
	if (vty->fd == -1)
		return err_set_errno(err, ERR_SYSTEM, "socket");
	if (io_set_nonblock(vty->fd, true, err) == -1 ||
	    io_set_cloexec(vty->fd, true, err) == -1)
		return -1;
	if (connect(vty->fd, (const struct sockaddr *)&sun, sizeof(sun)) == 0)
		return 0;
	/* Linux: the backlog of a stopped daemon is full. */
	if (errno == EAGAIN)
		return err_set(err, ERR_UNAVAILABLE,
		    "%s does not answer: nobody takes connections at %s",
		    vty->daemon, vty->path);
	if (errno == EINPROGRESS || errno == EINTR)
		return wait_for(vty, POLLOUT, deadline, err);
	return err_set_errno(err, ERR_UNAVAILABLE, "%s: %s", vty->daemon,
	    vty->path);
}

/* Connects and enters enable mode, where no password is ever asked. */
static int
open_connection(struct vty *vty, int64_t deadline, struct err *err)
{
	struct buf answer = BUF_INIT;
	enum vty_status status = VTY_WARNING;
	int rc = -1;

	if (open_socket(vty, deadline, err) == -1)
		goto out;
	rc = exchange(vty, "enable", &answer, &status, deadline, err);
	if (rc == 0 && status != VTY_SUCCESS)
		rc = err_set(err, ERR_UNAVAILABLE, "%s refuses \"enable\": %s",
		    vty->daemon, vty_status_name(status));
out:
	if (rc == -1)
		vty_close(vty);
	buf_clear(&answer);
	return rc;
}

/* Closed by the daemon, or with bytes waiting that nobody asked for. */
static bool
is_stale(const struct vty *vty)
{
	char c;

	return recv(vty->fd, &c, 1, MSG_PEEK | MSG_DONTWAIT) != -1 ||
	    (errno != EAGAIN && errno != EWOULDBLOCK && errno != EINTR);
}

bool
vty_is_open(const struct vty *vty)
{
	return vty->fd != -1;
}

void
vty_close_stale(struct vty *vty)
{
	if (vty->fd != -1 && is_stale(vty))
		vty_close(vty);
}

int
vty_check(const struct vty *vty, const char *command, struct err *err)
{
	const char *c;

	if (strlen(command) > VTY_LINE_MAX)
		return err_set(err, ERR_INVALID,
		    "%s: a command of %zu bytes (at most %d)", vty->daemon,
		    strlen(command), VTY_LINE_MAX);
	for (c = command; *c != '\0'; c++)
		if ((unsigned char)*c < 0x20 || *c == 0x7f || *c == '|')
			return err_set(err, ERR_INVALID,
			    "%s: byte 0x%02x in a command", vty->daemon,
			    (unsigned char)*c);
	return 0;
}

int
vty_command(struct vty *vty, const char *command, struct buf *answer,
    enum vty_status *status, struct err *err)
{
	int64_t deadline = clock_ms() + vty->timeout_ms;
	bool is_show = strncmp(command, "show ", 5) == 0;
	bool reused = vty->fd != -1;
	struct err first;

	buf_reset(answer);
	if (vty_check(vty, command, err) == -1)
		return -1;
	if (reused && is_show) {
		vty_close_stale(vty);
		reused = vty_is_open(vty);
	}
	if (vty->fd == -1 && open_connection(vty, deadline, err) == -1)
		return -1;
	err_clear(&first);
	if (exchange(vty, command, answer, status, deadline, &first) == 0)
		return 0;
	/* The daemon was restarted just now. Asking twice harms nothing when
	 * the command only shows. */
	if (reused && is_show && first.code == ERR_UNAVAILABLE)
		return open_connection(vty, deadline, err) == -1 ?
		    -1 :
		    exchange(vty, command, answer, status, deadline, err);
	if (err != NULL)
		*err = first;
	return -1;
}

int
vty_refused(struct vty *vty, const char *command, enum vty_status status,
    const struct buf *answer, struct err *err)
{
	struct buf words = BUF_INIT;
	char line[256];

	frr_mask_text(buf_text(answer), answer->len, &words);
	(void)err_set(err, ERR_TOOL, "%s: \"%s\": %s", vty->daemon,
	    frr_mask_line(command, line, sizeof(line)),
	    status == VTY_SUCCESS ? "not accepted" : vty_status_name(status));
	(void)err_tool(err, vty->daemon, (int)status, buf_text(&words),
	    words.len);
	buf_clear(&words);
	return -1;
}

int
vty_show(struct vty *vty, const char *command, struct buf *answer,
    struct err *err)
{
	enum vty_status status = VTY_WARNING;

	if (vty_command(vty, command, answer, &status, err) == -1)
		return -1;
	return status == VTY_SUCCESS ?
	    0 :
	    vty_refused(vty, command, status, answer, err);
}

int
vty_show_json(struct vty *vty, const char *command, struct buf *answer,
    struct err *err)
{
	enum vty_status status = VTY_WARNING;

	if (vty_command(vty, command, answer, &status, err) == -1)
		return -1;
	if (status == VTY_SUCCESS ||
	    (status == VTY_WARNING && buf_text(answer)[0] == '{'))
		return 0;
	return vty_refused(vty, command, status, answer, err);
}
