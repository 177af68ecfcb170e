/* parent/unix_socket.c - the group of listen.unix, and its end. */
#include <sys/types.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>

#include <errno.h>
#include <grp.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/err.h"
#include "base/log.h"
#include "parent/unix_socket.h"

enum {
	UNIX_SOCKET_GROUPS_MAX = 1024
};

/* May we give it away? Whether we really can, chown says in the end. */
static bool
is_ours(gid_t gid)
{
	gid_t list[UNIX_SOCKET_GROUPS_MAX];
	int i, n = getgroups(UNIX_SOCKET_GROUPS_MAX, list);

	if (geteuid() == 0 || getegid() == gid || n == -1)
		return true;
	for (i = 0; i < n; i++)
		if (list[i] == gid)
			return true;
	return false;
}

int
unix_socket_group(const char *name, uint32_t *gid, struct err *err)
{
	struct group *gr;

	*gid = UINT32_MAX;
	if (name[0] == '\0')
		return 0;
	gr = getgrnam(name);
	if (gr == NULL)
		return err_set(err, ERR_NOT_FOUND,
		    "listen.unix_group: there is no group %s; make it or name "
		    "another",
		    name);
	if (!is_ours(gr->gr_gid))
		return err_set(err, ERR_FORBIDDEN,
		    "listen.unix_group: only root and members of %s can give "
		    "a socket to it",
		    name);
	*gid = (uint32_t)gr->gr_gid;
	return 0;
}

/* Does nobody listen there? False when that is not sure. */
static bool
is_dead(const char *path)
{
	struct sockaddr_un un;
	int fd, rc, saved;

	memset(&un, 0, sizeof(un));
	un.sun_family = AF_UNIX;
	if (snprintf(un.sun_path, sizeof(un.sun_path), "%s", path) >=
	    (int)sizeof(un.sun_path))
		return false;
	fd = socket(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
	if (fd == -1)
		return false;
	rc = connect(fd, (const struct sockaddr *)&un, sizeof(un));
	saved = errno;
	(void)close(fd);
	return rc == -1 && saved == ECONNREFUSED;
}

void
unix_socket_remove(const char *path)
{
	struct stat st;

	if (path[0] == '\0' || lstat(path, &st) == -1 || !S_ISSOCK(st.st_mode))
		return;
	if (!is_dead(path))
		log_warning("listen.unix: %s is left: another process answers "
			    "there",
		    path);
	else if (unlink(path) == -1)
		log_warning("listen.unix: %s cannot be removed: errno %d", path,
		    errno);
}
