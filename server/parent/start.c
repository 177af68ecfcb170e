/* parent/start.c - is everything in place? Said before anything is started. */
#include <sys/types.h>
#include <sys/stat.h>

#include <errno.h>
#include <pwd.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/err.h"
#include "base/log.h"
#include "parent/config.h"
#include "parent/handover.h"
#include "parent/start.h"
#include "parent/unix_socket.h"

static int
check_user(const char *key, const char *name, bool foreground, uid_t *uid,
    struct err *err)
{
	struct passwd *pw;

	*uid = geteuid();
	if (geteuid() != 0)
		return 0;
	if (name[0] == '\0') {
		if (foreground)
			return 0;
		return err_set(err, ERR_INVALID,
		    "%s: empty, which only -f allows: the process would stay "
		    "root",
		    key);
	}
	pw = getpwnam(name);
	if (pw == NULL)
		return err_set(err, ERR_NOT_FOUND,
		    "%s: there is no user %s; make it (see multihomed(8)) or "
		    "name another",
		    key, name);
	if (pw->pw_uid == 0)
		return err_set(err, ERR_INVALID, "%s: %s is root", key, name);
	*uid = pw->pw_uid;
	return 0;
}

static int
check_program(const char *dir, const char *name, struct err *err)
{
	char path[SETUP_PATH_MAX + 32];

	(void)snprintf(path, sizeof(path), "%s/%s", dir, name);
	if (access(path, X_OK) == -1)
		return err_set_errno(err, ERR_NOT_FOUND, "libexec_dir: %s",
		    path);
	return 0;
}

/* Whatever our umask is. */
static int
make_one(const char *dir, mode_t mode, struct err *err)
{
	if (mkdir(dir, mode) == -1)
		return err_set_errno(err, ERR_SYSTEM, "mkdir %s", dir);
	if (chmod(dir, mode) == -1)
		return err_set_errno(err, ERR_SYSTEM, "chmod %s", dir);
	return 0;
}

/* Makes dir, and what is above it as 0755, when missing. */
static int
make_directory(const char *dir, mode_t mode, uid_t owner, struct err *err)
{
	char path[SETUP_PATH_MAX];
	char *slash;
	size_t len;

	(void)snprintf(path, sizeof(path), "%s", dir);
	for (len = strlen(path); len > 1 && path[len - 1] == '/'; len--)
		path[len - 1] = '\0';
	for (slash = strchr(path + 1, '/'); slash != NULL;
	     slash = strchr(slash + 1, '/')) {
		*slash = '\0';
		if (access(path, F_OK) == -1 && make_one(path, 0755, err) == -1)
			return -1;
		*slash = '/';
	}
	if (make_one(path, mode, err) == -1)
		return -1;
	if (owner != geteuid() && lchown(path, owner, (gid_t)-1) == -1)
		return err_set_errno(err, ERR_SYSTEM, "chown %s", path);
	log_info("made the directory %s", dir);
	return 0;
}

/* The directory part of path; false when it has none. */
static bool
directory_of(const char *path, char *dir, size_t size)
{
	char *slash;

	(void)snprintf(dir, size, "%s", path);
	slash = strrchr(dir, '/');
	if (slash == NULL || slash == dir)
		return false;
	*slash = '\0';
	return true;
}

static int
check_database(const struct config *c, uid_t owner, struct err *err)
{
	char dir[SETUP_PATH_MAX];
	struct stat st;

	if (!directory_of(c->database, dir, sizeof(dir)))
		(void)snprintf(dir, sizeof(dir), "%s",
		    c->database[0] == '/' ? "/" : ".");
	if (stat(dir, &st) == -1) {
		if (errno != ENOENT)
			return err_set_errno(err, ERR_SYSTEM, "database: %s",
			    dir);
		return make_directory(dir, 0700, owner, err);
	}
	if (!S_ISDIR(st.st_mode))
		return err_set(err, ERR_INVALID, "database: %s is no directory",
		    dir);
	if (st.st_uid != owner)
		return err_set(err, ERR_INVALID,
		    "database: %s belongs to user id %lu, not to %s (%lu), "
		    "who must own it",
		    dir, (unsigned long)st.st_uid,
		    geteuid() == 0 && c->users.engine[0] != '\0' ?
			c->users.engine :
			"us",
		    (unsigned long)owner);
	if ((st.st_mode & 022) != 0)
		return err_set(err, ERR_INVALID,
		    "database: %s can be written by others (mode %04o); "
		    "chmod 0700 it",
		    dir, (unsigned)(st.st_mode & 07777));
	return 0;
}

static int
check_unix(const struct config *c, struct err *err)
{
	char dir[SETUP_PATH_MAX];

	if (!directory_of(c->listen.unix_path, dir, sizeof(dir)) ||
	    access(dir, X_OK) == 0)
		return 0;
	if (errno != ENOENT)
		return err_set_errno(err, ERR_SYSTEM, "listen.unix: %s", dir);
	return make_directory(dir, 0755, geteuid(), err);
}

/*
 * The HTTP process is locked in there: what others could write or own would
 * be no prison. Debian has no /var/empty.
 */
static int
check_chroot(const struct config *c, struct err *err)
{
	const char *dir = c->users.chroot;
	struct stat st;

	if (geteuid() != 0 || c->users.http[0] == '\0' || dir[0] == '\0')
		return 0;
	if (stat(dir, &st) == -1) {
		if (errno != ENOENT)
			return err_set_errno(err, ERR_SYSTEM,
			    "users.chroot: %s", dir);
		if (make_directory(dir, 0555, geteuid(), err) == -1)
			return err_prefix(err, "users.chroot");
		return 0;
	}
	if (!S_ISDIR(st.st_mode))
		return err_set(err, ERR_INVALID,
		    "users.chroot: %s is no directory", dir);
	if (st.st_uid != 0)
		return err_set(err, ERR_INVALID,
		    "users.chroot: %s belongs to user id %lu, not to root, "
		    "who must own it",
		    dir, (unsigned long)st.st_uid);
	if ((st.st_mode & 022) != 0)
		return err_set(err, ERR_INVALID,
		    "users.chroot: %s can be written by others (mode %04o); "
		    "chmod 0555 it",
		    dir, (unsigned)(st.st_mode & 07777));
	return 0;
}

/*
 * What is ours and what the machine runs at boot: who could write there would
 * decide what root does.
 */
static int
check_ours(const char *key, const char *dir, mode_t mode, struct err *err)
{
	struct stat st;

	if (stat(dir, &st) == -1) {
		if (errno != ENOENT)
			return err_set_errno(err, ERR_SYSTEM, "%s: %s", key,
			    dir);
		if (make_directory(dir, mode, geteuid(), err) == -1)
			return err_prefix(err, "%s", key);
		return 0;
	}
	if (!S_ISDIR(st.st_mode))
		return err_set(err, ERR_INVALID, "%s: %s is no directory", key,
		    dir);
	if (st.st_uid != geteuid())
		return err_set(err, ERR_INVALID,
		    "%s: %s belongs to user id %lu, not to %s, who must own it",
		    key, dir, (unsigned long)st.st_uid,
		    geteuid() == 0 ? "root" : "us");
	if ((st.st_mode & 022) != 0)
		return err_set(err, ERR_INVALID,
		    "%s: %s can be written by others (mode %04o); chmod %04o "
		    "it",
		    key, dir, (unsigned)(st.st_mode & 07777), (unsigned)mode);
	return 0;
}

static int
check_system(const struct config *c, struct err *err)
{
	struct err why;

	err_clear(&why);
	if (check_ours("system.state_dir", c->system.state_dir, 0700, &why) ==
		0 &&
	    check_ours("system.boot_dir", c->system.boot_dir, 0755, &why) == 0)
		return 0;
	if (geteuid() != 0) {
		log_warning("%s: tunnels, routes and keys cannot be changed",
		    why.text);
		return 0;
	}
	if (err != NULL)
		*err = why;
	return -1;
}

/* In the background the working directory is /. */
static int
check_absolute(const struct config *c, struct err *err)
{
	const struct {
		const char *key;
		const char *path;
	} paths[] = { { "libexec_dir", c->libexec_dir },
		{ "database", c->database }, { "master_key", c->master_key },
		{ "listen.unix", c->listen.unix_path },
		{ "tls.certificate", c->tls.certificate },
		{ "tls.key", c->tls.key },
		{ "tls.client_ca", c->tls.client_ca },
		{ "users.chroot", c->users.chroot } };
	size_t i;

	for (i = 0; i < NITEMS(paths); i++)
		if (paths[i].path[0] != '\0' && paths[i].path[0] != '/')
			return err_set(err, ERR_INVALID,
			    "%s: %s: only -f allows a relative path",
			    paths[i].key, paths[i].path);
	return 0;
}

int
start_database(const struct config *c, struct err *err)
{
	uid_t uid;

	if (check_user("users.engine", c->users.engine, true, &uid, err) == -1)
		return -1;
	return check_database(c, uid, err);
}

int
start_check(struct config *c, bool foreground, struct err *err)
{
	uid_t engine, http;

	if (geteuid() != 0 && !foreground)
		return err_set(err, ERR_FORBIDDEN,
		    "must be started by root; -f runs it as you, in the "
		    "foreground");
	if (!foreground && check_absolute(c, err) == -1)
		return -1;
	if (check_user("users.engine", c->users.engine, foreground, &engine,
		err) == -1 ||
	    check_user("users.http", c->users.http, foreground, &http, err) ==
		-1 ||
	    check_program(c->libexec_dir, "multihomed-engine", err) == -1 ||
	    check_program(c->libexec_dir, "multihomed-http", err) == -1 ||
	    handover_check_tls(c, err) == -1)
		return -1;
	if (engine == http && c->users.engine[0] != '\0' && geteuid() == 0)
		return err_set(err, ERR_INVALID,
		    "users.http: has the user id of users.engine");
	if (access(c->frr.vtysh, X_OK) == -1)
		log_warning("frr.vtysh: %s cannot be run: nothing can be "
			    "changed until it can",
		    c->frr.vtysh);
	if (unix_socket_group(c->listen.unix_group, &c->listen.unix_gid, err) ==
		-1 ||
	    check_chroot(c, err) == -1 || check_database(c, engine, err) == -1)
		return -1;
	if (check_unix(c, err) == -1)
		return -1;
	return check_system(c, err);
}
