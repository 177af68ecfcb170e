/* http/listen.c - opening the sockets that clients come to. */
#include <sys/types.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>

#include <net/if.h>
#include <netinet/in.h>

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/addr.h"
#include "base/err.h"
#include "base/io.h"
#include "base/number.h"
#include "http/listen.h"

union address {
	struct sockaddr sa;
	struct sockaddr_in in;
	struct sockaddr_in6 in6;
	struct sockaddr_un un;
};

static int
fail(int fd, const char *what, struct err *err)
{
	int saved = errno;

	if (fd != -1)
		(void)close(fd);
	errno = saved;
	return err_set_errno(err, ERR_SYSTEM, "listen on %s", what);
}

/* "[::1]:8179" into address and port. */
static int
parse(const char *text, struct addr *addr, uint32_t *port, struct err *err)
{
	const char *colon = strrchr(text, ':');
	const char *begin = text, *end = colon;
	char copy[ADDR_TEXT_MAX];

	if (colon == NULL)
		return err_set(err, ERR_INVALID, "listen %s: no port", text);
	if (text[0] == '[') {
		begin++;
		end--;
		if (end < begin || *end != ']')
			return err_set(err, ERR_INVALID,
			    "listen %s: expected [address]:port", text);
	}
	if ((size_t)(end - begin) >= sizeof(copy))
		return err_set(err, ERR_INVALID, "listen %s: too long", text);
	memcpy(copy, begin, (size_t)(end - begin));
	copy[end - begin] = '\0';
	if (addr_parse(addr, copy, err) == -1 ||
	    number_parse_u32(port, colon + 1, 1, 65535, err) == -1)
		return err_prefix(err, "listen %s", text);
	if ((addr->family == 6) != (text[0] == '['))
		return err_set(err, ERR_INVALID,
		    "listen %s: brackets go with IPv6 addresses", text);
	return 0;
}

static socklen_t
fill(union address *to, const struct addr *addr, uint32_t port)
{
	memset(to, 0, sizeof(*to));
	if (addr->family == 4) {
		to->in.sin_family = AF_INET;
		to->in.sin_port = htons((uint16_t)port);
		memcpy(&to->in.sin_addr, addr->bytes, 4);
		return sizeof(to->in);
	}
	to->in6.sin6_family = AF_INET6;
	to->in6.sin6_port = htons((uint16_t)port);
	memcpy(&to->in6.sin6_addr, addr->bytes, 16);
	if (addr->zone[0] != '\0')
		to->in6.sin6_scope_id = if_nametoindex(addr->zone);
	return sizeof(to->in6);
}

int
listen_tcp(const char *text, struct err *err)
{
	const int on = 1;
	union address to;
	struct addr addr = { 0 };
	socklen_t len;
	uint32_t port = 0;
	int fd;

	if (parse(text, &addr, &port, err) == -1)
		return -1;
	len = fill(&to, &addr, port);
	if (addr.zone[0] != '\0' && to.in6.sin6_scope_id == 0)
		return err_set(err, ERR_NOT_FOUND, "listen %s: no interface %s",
		    text, addr.zone);
	fd = socket(to.sa.sa_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC,
	    0);
	if (fd == -1 ||
	    setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof(on)) == -1 ||
	    (addr.family == 6 &&
		setsockopt(fd, IPPROTO_IPV6, IPV6_V6ONLY, &on, sizeof(on)) ==
		    -1) ||
	    bind(fd, &to.sa, len) == -1 || listen(fd, SOMAXCONN) == -1)
		return fail(fd, text, err);
	return fd;
}

/* 0 when the path is free now. */
static int
remove_stale(const union address *to, const char *path, struct err *err)
{
	struct stat st;
	int fd, rc, saved;

	if (lstat(path, &st) == -1)
		return errno == ENOENT ? 0 : fail(-1, path, err);
	if (!S_ISSOCK(st.st_mode))
		return err_set(err, ERR_CONFLICT,
		    "listen on %s: it exists and is no socket", path);
	fd = socket(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
	if (fd == -1)
		return fail(-1, path, err);
	rc = connect(fd, &to->sa, sizeof(to->un));
	saved = errno;
	(void)close(fd);
	if (rc == 0 || saved != ECONNREFUSED)
		return err_set(err, ERR_CONFLICT,
		    "listen on %s: another process answers there", path);
	if (unlink(path) == -1)
		return fail(-1, path, err);
	return 0;
}

int
listen_unix(const char *path, mode_t mode, gid_t gid, struct err *err)
{
	union address to;
	mode_t mask;
	int fd, rc;

	memset(&to, 0, sizeof(to));
	to.un.sun_family = AF_UNIX;
	if (snprintf(to.un.sun_path, sizeof(to.un.sun_path), "%s", path) >=
	    (int)sizeof(to.un.sun_path))
		return err_set(err, ERR_INVALID, "listen on %s: path too long",
		    path);
	if (remove_stale(&to, path, err) == -1)
		return -1;
	fd = socket(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
	if (fd == -1)
		return fail(-1, path, err);
	/* Nobody gets in before chown and chmod. */
	mask = umask(0177);
	rc = bind(fd, &to.sa, sizeof(to.un));
	(void)umask(mask);
	if (rc == -1 ||
	    (gid != (gid_t)-1 && lchown(path, (uid_t)-1, gid) == -1) ||
	    chmod(path, mode & 0777) == -1 || listen(fd, SOMAXCONN) == -1)
		return fail(fd, path, err);
	return fd;
}

int
listen_accept(int fd, struct addr *addr)
{
	union address from;
	socklen_t len = sizeof(from);
	int client;

	memset(addr, 0, sizeof(*addr));
	memset(&from, 0, sizeof(from));
	client = accept4(fd, &from.sa, &len, SOCK_NONBLOCK | SOCK_CLOEXEC);
	if (client == -1)
		return -1;
	if (from.sa.sa_family == AF_INET) {
		addr->family = 4;
		memcpy(addr->bytes, &from.in.sin_addr, 4);
	} else if (from.sa.sa_family == AF_INET6) {
		addr->family = 6;
		memcpy(addr->bytes, &from.in6.sin6_addr, 16);
		if (IN6_IS_ADDR_LINKLOCAL(&from.in6.sin6_addr)) {
			char name[IF_NAMESIZE];

			if (if_indextoname(from.in6.sin6_scope_id, name) !=
			    NULL)
				(void)snprintf(addr->zone, sizeof(addr->zone),
				    "%s", name);
		}
	}
	return client;
}
