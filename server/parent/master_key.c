/* parent/master_key.c - the file with the key that the engine seals with. */
#include <sys/types.h>
#include <sys/file.h>
#include <sys/stat.h>

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/crypto.h"
#include "base/err.h"
#include "base/io.h"
#include "base/log.h"
#include "parent/config.h"
#include "parent/master_key.h"

enum {
	/* The directory, "/master.key" and ".lock". */
	PATH_SIZE = SETUP_PATH_MAX + 32
};

static int key_fd = -1;

static void
path_of(const struct config *c, const char *end, char path[PATH_SIZE])
{
	if (c->master_key[0] != '\0')
		(void)snprintf(path, PATH_SIZE, "%s%s", c->master_key, end);
	else
		(void)snprintf(path, PATH_SIZE, "%s/master.key%s",
		    c->system.state_dir, end);
}

/* Who can write there can put another key in the place of ours. */
static int
check_directory(const char *path, struct err *err)
{
	char dir[PATH_SIZE];
	char *slash;
	struct stat st;

	(void)snprintf(dir, sizeof(dir), "%s", path);
	slash = strrchr(dir, '/');
	if (slash == NULL)
		(void)snprintf(dir, sizeof(dir), ".");
	else
		slash[slash == dir] = '\0';
	if (stat(dir, &st) == -1)
		return err_set_errno(err, ERR_SYSTEM, "master_key: %s", dir);
	if (st.st_uid != 0 && st.st_uid != geteuid())
		return err_set(err, ERR_INVALID,
		    "master_key: %s belongs to user id %lu, not to %s, who "
		    "must own it",
		    dir, (unsigned long)st.st_uid,
		    geteuid() == 0 ? "root" : "us");
	if ((st.st_mode & 022) != 0 && (st.st_mode & S_ISVTX) == 0)
		return err_set(err, ERR_INVALID,
		    "master_key: %s can be written by others (mode %04o)", dir,
		    (unsigned)(st.st_mode & 07777));
	return 0;
}

static int
check_file(int fd, const char *path, struct err *err)
{
	struct stat st;

	if (fstat(fd, &st) == -1)
		return err_set_errno(err, ERR_SYSTEM, "master_key: %s", path);
	if (!S_ISREG(st.st_mode))
		return err_set(err, ERR_INVALID,
		    "master_key: %s is no regular file", path);
	if (st.st_uid != geteuid())
		return err_set(err, ERR_INVALID,
		    "master_key: %s belongs to user id %lu, not to %s, who "
		    "must own it",
		    path, (unsigned long)st.st_uid,
		    geteuid() == 0 ? "root" : "us");
	if ((st.st_mode & 077) != 0)
		return err_set(err, ERR_INVALID,
		    "master_key: %s is open to others (mode %04o): chmod 0600 "
		    "it and, should somebody have read it, change the key with "
		    "\"multihomed rekey\"",
		    path, (unsigned)(st.st_mode & 07777));
	if (st.st_size != MASTER_KEY_LEN && st.st_size != MASTER_KEY_MAX)
		return err_set(err, ERR_INVALID,
		    "master_key: %s has %lld bytes, neither %d nor %d: put the "
		    "right one back; with another what is sealed is lost",
		    path, (long long)st.st_size, MASTER_KEY_LEN,
		    MASTER_KEY_MAX);
	return 0;
}

/* -1 and ERR_NOT_FOUND when there is none. */
static int
open_file(const char *path, struct err *err)
{
	int fd;

	if (check_directory(path, err) == -1)
		return -1;
	fd = open(path, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
	if (fd == -1 && (errno == ELOOP || errno == EMLINK))
		return err_set(err, ERR_INVALID,
		    "master_key: %s is a symbolic link, which others may have "
		    "put there: name the file itself",
		    path);
	if (fd == -1)
		return err_set_errno(err,
		    errno == ENOENT ? ERR_NOT_FOUND : ERR_SYSTEM,
		    "master_key: %s", path);
	if (check_file(fd, path, err) == -1) {
		(void)close(fd);
		return -1;
	}
	return fd;
}

/* 1: locked, 0: somebody else has it, -1. The descriptor is never closed. */
static int
lock(int fd, int how)
{
	int rc;

	do
		rc = flock(fd, how | LOCK_NB);
	while (rc == -1 && errno == EINTR);
	if (rc == 0)
		return 1;
	return errno == EWOULDBLOCK ? 0 : -1;
}

/* Beside the file, which is another one after each change. */
static int
open_lock(const struct config *c, struct err *err)
{
	char path[PATH_SIZE];
	int fd;

	path_of(c, ".lock", path);
	fd = open(path, O_RDWR | O_CREAT | O_NOFOLLOW | O_CLOEXEC, 0600);
	if (fd == -1)
		(void)err_set_errno(err, ERR_SYSTEM,
		    "master_key: %s: needs a directory that we can write to",
		    path);
	return fd;
}

static int
make_file(const struct config *c, struct err *err)
{
	unsigned char key[MASTER_KEY_LEN];
	int rc;

	crypto_random(key, sizeof(key));
	rc = master_key_store(c, key, sizeof(key), err);
	crypto_wipe(key, sizeof(key));
	if (rc == 0)
		log_info("made a new master key");
	return rc;
}

static int
open_or_make(const struct config *c, bool alone, struct err *err)
{
	char path[PATH_SIZE];
	struct err why;

	path_of(c, "", path);
	err_clear(&why);
	key_fd = open_file(path, &why);
	if (key_fd == -1 && why.code == ERR_NOT_FOUND && alone) {
		err_clear(&why);
		if (make_file(c, &why) == 0)
			key_fd = open_file(path, &why);
	}
	if (key_fd == -1 && err != NULL)
		*err = why;
	return key_fd == -1 ? -1 : 0;
}

int
master_key_open(const struct config *c, struct err *err)
{
	int fd = open_lock(c, err);
	struct stat st;
	int alone;

	if (fd == -1)
		return -1;
	/* Alone for the moment in which the file may have to be made. */
	alone = lock(fd, LOCK_EX);
	if (open_or_make(c, alone == 1, err) == -1) {
		(void)close(fd);
		return -1;
	}
	if (lock(fd, LOCK_SH) != 1) {
		(void)close(fd);
		(void)close(key_fd);
		key_fd = -1;
		return err_set(err, ERR_CONFLICT,
		    "master_key: \"multihomed rekey\" is at work");
	}
	if (fstat(key_fd, &st) == 0 && st.st_size == MASTER_KEY_MAX)
		log_warning("a change of the master key was cut off: stop "
			    "multihomed and run \"multihomed rekey\" again");
	return 0;
}

int
master_key_fd(void)
{
	return key_fd;
}

int
master_key_lock(const struct config *c, struct err *err)
{
	int fd = open_lock(c, err), got;

	if (fd == -1)
		return -1;
	got = lock(fd, LOCK_EX);
	if (got == 1)
		return 0; /* held until we end */
	if (got == -1)
		(void)err_set_errno(err, ERR_SYSTEM, "master_key: lock");
	(void)close(fd);
	return got == -1 ? -1 :
			   err_set(err, ERR_CONFLICT,
			       "multihomed runs and holds the present master "
			       "key: stop it, run this again, then start it");
}

int
master_key_load(const struct config *c, unsigned char out[MASTER_KEY_MAX],
    size_t *n, struct err *err)
{
	char path[PATH_SIZE];
	ssize_t got;
	int fd;

	path_of(c, "", path);
	fd = open_file(path, err);
	if (fd == -1)
		return -1;
	got = pread(fd, out, MASTER_KEY_MAX, 0);
	if (got != MASTER_KEY_LEN && got != MASTER_KEY_MAX) {
		(void)err_set(err, ERR_SYSTEM, "master_key: %s: cannot read it",
		    path);
		(void)close(fd);
		return -1;
	}
	*n = (size_t)got;
	return fd;
}

int
master_key_store(const struct config *c, const unsigned char *key, size_t n,
    struct err *err)
{
	char path[PATH_SIZE], new[PATH_SIZE];
	bool whole;
	int fd;

	path_of(c, "", path);
	path_of(c, ".new", new);
	if (check_directory(path, err) == -1)
		return -1;
	/* Of a former life that was cut off; keys do not lie about. */
	(void)unlink(new);
	fd = open(new, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC,
	    0600);
	if (fd == -1)
		return err_set_errno(err, ERR_SYSTEM, "master_key: %s", new);
	whole = write(fd, key, n) == (ssize_t)n && fsync(fd) == 0;
	if (close(fd) == -1 || !whole || rename(new, path) == -1) {
		(void)err_set_errno(err, ERR_SYSTEM, "master_key: %s", new);
		(void)unlink(new);
		return -1;
	}
	return io_sync_directory(path, err);
}
