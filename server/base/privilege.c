/* base/privilege.c - giving up root, once and for good. */
#include <sys/types.h>
#include <sys/resource.h>

#include <errno.h>
#include <grp.h>
#include <pwd.h>
#include <string.h>
#include <unistd.h>

#include "base/compat.h"
#include "base/err.h"
#include "base/privilege.h"

struct identity {
	uid_t uid;
	gid_t gid;
	gid_t groups[2];
	int n_groups;
};

/* Before chroot: afterwards /etc/passwd is out of reach. */
static int
look_up(const char *user, const char *keep_group, struct identity *id,
    struct err *err)
{
	const struct passwd *pw;
	const struct group *gr;

	errno = 0;
	pw = getpwnam(user);
	if (pw == NULL && errno != 0)
		return err_set_errno(err, ERR_SYSTEM, "user %s", user);
	if (pw == NULL)
		return err_set(err, ERR_NOT_FOUND, "no user %s", user);
	if (pw->pw_uid == 0)
		return err_set(err, ERR_FORBIDDEN, "user %s is root", user);
	id->uid = pw->pw_uid;
	id->gid = pw->pw_gid;
	id->groups[0] = pw->pw_gid;
	id->n_groups = 1;
	if (keep_group == NULL)
		return 0;
	errno = 0;
	gr = getgrnam(keep_group);
	if (gr == NULL && errno != 0)
		return err_set_errno(err, ERR_SYSTEM, "group %s", keep_group);
	if (gr == NULL)
		return err_set(err, ERR_NOT_FOUND, "no group %s", keep_group);
	id->groups[id->n_groups++] = gr->gr_gid;
	return 0;
}

int
privilege_drop(const char *user, const char *chroot_dir, const char *keep_group,
    struct err *err)
{
	struct identity id = { 0 };

	if (user[0] == '\0')
		return 0;
	if (geteuid() != 0) {
		if (look_up(user, NULL, &id, err) == -1)
			return -1;
		if (id.uid != geteuid())
			return err_set(err, ERR_FORBIDDEN,
			    "only root can become %s", user);
		return 0;
	}
	if (look_up(user, keep_group, &id, err) == -1)
		return -1;
	if (!compat_is_sanitized() && chroot_dir != NULL &&
	    chroot_dir[0] != '\0' &&
	    (chroot(chroot_dir) == -1 || chdir("/") == -1))
		return err_set_errno(err, ERR_SYSTEM, "chroot %s", chroot_dir);
	if (setgroups(id.n_groups, id.groups) == -1 ||
	    setresgid(id.gid, id.gid, id.gid) == -1 ||
	    setresuid(id.uid, id.uid, id.uid) == -1)
		return err_set_errno(err, ERR_SYSTEM, "become %s", user);
	if (compat_no_new_privileges() == -1 || compat_no_trace() == -1)
		return err_set_errno(err, ERR_SYSTEM, "lock the process");
	if (setuid(0) == 0 || geteuid() != id.uid || getegid() != id.gid)
		return err_set(err, ERR_INTERNAL,
		    "still root after becoming %s", user);
	return 0;
}

static int
set_limit(int what, rlim_t n, const char *name, struct err *err)
{
	struct rlimit limit;

	if (getrlimit(what, &limit) == -1)
		return err_set_errno(err, ERR_SYSTEM, "getrlimit %s", name);
	/* Never above what we were given: only root could. */
	if (limit.rlim_max != RLIM_INFINITY && n > limit.rlim_max)
		n = limit.rlim_max;
	limit.rlim_cur = n;
	limit.rlim_max = n;
	if (setrlimit(what, &limit) == -1)
		return err_set_errno(err, ERR_SYSTEM, "setrlimit %s", name);
	return 0;
}

int
privilege_hide(struct err *err)
{
	if (set_limit(RLIMIT_CORE, 0, "core", err) == -1)
		return -1;
	if (!compat_is_sanitized() && compat_no_trace() == -1)
		return err_set_errno(err, ERR_SYSTEM, "hide the process");
	return 0;
}

int
privilege_limit(rlim_t nofile, bool no_children, struct err *err)
{
	if (set_limit(RLIMIT_CORE, 0, "core", err) == -1 ||
	    set_limit(RLIMIT_NOFILE, nofile, "nofile", err) == -1)
		return -1;
	if (compat_is_sanitized())
		return 0;
	return no_children ? set_limit(RLIMIT_NPROC, 0, "nproc", err) : 0;
}
