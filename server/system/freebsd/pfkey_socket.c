/* system/freebsd/pfkey_socket.c - one message to the kernel, and its answer. */
#include <sys/types.h>
#include <sys/socket.h>
#include <sys/un.h>

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/clock.h"
#include "base/crypto.h"
#include "base/err.h"
#include "base/io.h"
#include "system/freebsd/pfkey_socket.h"
#include "system/tool.h"

enum {
	PFKEY_V2 = 2
};

static int
open_standin(const struct tool *t, int fd, struct err *err)
{
	struct sockaddr_un sun;
	int n;

	memset(&sun, 0, sizeof(sun));
	sun.sun_family = AF_UNIX;
	n = snprintf(sun.sun_path, sizeof(sun.sun_path), "%s/pfkey.sock",
	    t->config->tools_dir);
	if (n < 0 || (size_t)n >= sizeof(sun.sun_path))
		return err_set(err, ERR_SYSTEM,
		    "system.tools_dir is too long for a socket in it");
	if (connect(fd, (const struct sockaddr *)&sun, sizeof(sun)) == -1)
		return err_set_errno(err, ERR_SYSTEM, "%s", sun.sun_path);
	return 0;
}

int
pfkey_socket_open(const struct tool *t, int *fd, struct err *err)
{
	bool standin = t->config->tools_dir[0] != '\0';

	*fd = standin ? socket(AF_UNIX, SOCK_SEQPACKET, 0) :
			socket(PF_KEY, SOCK_RAW, PFKEY_V2);
	if (*fd == -1)
		return err_set_errno(err, ERR_SYSTEM, "pfkey: socket");
	if (io_set_cloexec(*fd, true, err) == 0 &&
	    (!standin || open_standin(t, *fd, err) == 0))
		return 0;
	(void)close(*fd);
	*fd = -1;
	return -1;
}

/* A message into bytes; *n 0: not now. */
static int
receive(int fd, int64_t deadline, void *bytes, size_t size, size_t *n,
    struct err *err)
{
	struct pollfd p = { fd, POLLIN, 0 };
	int64_t left = deadline - clock_ms();
	ssize_t got;

	*n = 0;
	if (left <= 0)
		return err_set(err, ERR_TIMEOUT,
		    "pfkey: the kernel does not answer");
	if (poll(&p, 1, (int)left) == -1)
		return errno == EINTR ?
		    0 :
		    err_set_errno(err, ERR_SYSTEM, "pfkey: poll");
	if (p.revents == 0)
		return 0;
	got = recv(fd, bytes, size, 0);
	if (got == -1 && (errno == EINTR || errno == EAGAIN))
		return 0;
	/* The kernel had more to tell than there was room for; the answer may
	 * be among what was lost. */
	if (got == -1)
		return err_set_errno(err, ERR_SYSTEM, "pfkey: recv");
	if (got == 0)
		return err_set(err, ERR_UNAVAILABLE, "pfkey: end of file");
	*n = (size_t)got;
	return 0;
}

static int
wait_for(int fd, int64_t deadline, enum pfkey_type type, uint32_t seq,
    struct pfkey_answer *a, struct err *err)
{
	/* What others do comes here too: with keys in it, and of any size. */
	static unsigned char bytes[16 * 1024];
	uint32_t pid = (uint32_t)getpid();
	size_t n;
	int rc;

	memset(a, 0, sizeof(*a));
	for (;;) {
		rc = receive(fd, deadline, bytes, sizeof(bytes), &n, err);
		if (rc == 0 && n > 0)
			rc = pfkey_read(bytes, n, a, err);
		crypto_wipe(bytes, n);
		if (rc == -1)
			return -1;
		if (n > 0 && a->type == type && a->seq == seq && a->pid == pid)
			return 0;
	}
}

static const char *
verb(enum pfkey_type type)
{
	switch (type) {
	case PFKEY_GETSPI:
		return "getspi";
	case PFKEY_UPDATE:
		return "update";
	case PFKEY_ADD:
		return "add";
	case PFKEY_DELETE:
		break;
	}
	return "delete";
}

/* "pfkey add A B tcp -A tcp-md5 ********": as setkey would have it. */
static void
tell(const struct tool *t, enum pfkey_type type, const struct key_way *way,
    const struct err *failure)
{
	char src[ADDR_TEXT_MAX], dst[ADDR_TEXT_MAX];
	bool keyed = type == PFKEY_ADD || type == PFKEY_UPDATE;

	tool_note(t, failure, "pfkey %s %s %s tcp%s", verb(type),
	    addr_print(&way->src, src), addr_print(&way->dst, dst),
	    keyed ? " -A tcp-md5 ********" : "");
}

static int
refused(enum pfkey_type type, uint8_t error, struct err *err)
{
	const char *why = strerror(error);

	/* What it says while the module is not there (30-setkey.txt). */
	(void)err_set(err, ERR_TOOL, "pfkey %s: %s%s", verb(type), why,
	    error == EINVAL && type != PFKEY_DELETE ?
		" (is the module tcpmd5 loaded? kldload tcpmd5)" :
		"");
	return err_tool(err, "pfkey", error, why, strlen(why));
}

static int
exchange(const struct tool *t, int fd, enum pfkey_type type,
    const struct key_way *way, uint32_t *spi, struct err *err)
{
	static uint32_t seq;
	char bytes[PFKEY_MESSAGE_MAX];
	struct pfkey_answer a;
	struct buf b;
	ssize_t sent;

	buf_init_fixed(&b, bytes, sizeof(bytes));
	seq++;
	pfkey_put(&b, type, way, spi == NULL ? 0 : *spi, seq,
	    (uint32_t)getpid());
	do
		sent = send(fd, b.data, b.len, MSG_NOSIGNAL);
	while (sent == -1 && errno == EINTR);
	crypto_wipe(bytes, sizeof(bytes));
	/* An error of send is one of the kernel's too: it says the same in
	 * the answer, which there may be none of. */
	if (sent == -1 && (errno == ENOBUFS || errno == EPIPE))
		return err_set_errno(err, ERR_SYSTEM, "pfkey: send");
	if (sent == -1)
		return refused(type, (uint8_t)errno, err);
	if (wait_for(fd, clock_ms() + t->config->timeout_ms, type, seq, &a,
		err) == -1)
		return -1;
	if (a.error != 0)
		return refused(type, a.error, err);
	if (spi != NULL && a.spi != 0)
		*spi = a.spi;
	return 0;
}

int
pfkey_socket_ask(const struct tool *t, int fd, enum pfkey_type type,
    const struct key_way *way, uint32_t *spi, struct err *err)
{
	struct err why;
	int rc = 0;

	err_clear(&why);
	if (!t->dry)
		rc = exchange(t, fd, type, way, spi, &why);
	tell(t, type, way, rc == -1 ? &why : NULL);
	if (rc == -1 && err != NULL)
		*err = why;
	return rc;
}
