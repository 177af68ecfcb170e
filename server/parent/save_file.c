/* parent/save_file.c - FRR's boot file, our copy of it, and the way back. */
#include <sys/types.h>
#include <sys/stat.h>
#include <sys/statvfs.h>

#include <errno.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/err.h"
#include "base/io.h"
#include "parent/save_file.h"
#include "wire/setup.h"

enum {
	SAVE_FILE_SPARE = 64 * 1024
};

int
save_file_read(const char *path, struct buf *b, struct stat *st,
    struct err *err)
{
	int fd = open(path, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
	int rc = -1;
	char *room;
	ssize_t n;

	buf_reset(b);
	if (fd == -1)
		return err_set_errno(err,
		    errno == ENOENT ? ERR_NOT_FOUND : ERR_SYSTEM, "%s", path);
	if (fstat(fd, st) == -1) {
		(void)err_set_errno(err, ERR_SYSTEM, "%s", path);
		goto out;
	}
	if (!S_ISREG(st->st_mode)) {
		(void)err_set(err, ERR_SYSTEM, "%s: not a regular file", path);
		goto out;
	}
	for (;;) {
		room = buf_room(b, 4096);
		if (room == NULL) {
			(void)err_set(err, ERR_TOO_LARGE, "%s: over %zu bytes",
			    path, b->max);
			goto out;
		}
		n = read(fd, room, 4096);
		if (n == -1 && errno == EINTR)
			continue;
		if (n == -1) {
			(void)err_set_errno(err, ERR_SYSTEM, "%s", path);
			goto out;
		}
		if (n == 0)
			break;
		b->len += (size_t)n;
	}
	rc = 0;
out:
	(void)close(fd);
	return rc;
}

const char *
save_file_fault(const struct buf *now)
{
	if (now->len == 0)
		return "it is empty";
	if (memchr(now->data, '\0', now->len) != NULL)
		return "it holds a NUL byte";
	if (now->data[now->len - 1] != '\n')
		return "it ends in the middle of a line";
	return NULL;
}

/* The directory of path, "/" kept. */
static void
directory_of(const char *path, char *dir, size_t size)
{
	char *slash;

	(void)snprintf(dir, size, "%s", path);
	slash = strrchr(dir, '/');
	if (slash == NULL)
		(void)snprintf(dir, size, ".");
	else
		slash[slash == dir] = '\0';
}

int
save_file_room(const char *path, size_t old_size, struct err *err)
{
	uint64_t need = 2 * (uint64_t)old_size + SAVE_FILE_SPARE, have;
	char dir[SETUP_PATH_MAX];
	struct statvfs fs;

	directory_of(path, dir, sizeof(dir));
	if (statvfs(dir, &fs) == -1)
		return err_set_errno(err, ERR_SYSTEM, "%s", dir);
	have = (uint64_t)fs.f_bavail * fs.f_frsize;
	if (have < need)
		return err_set(err, ERR_UNAVAILABLE,
		    "%s: no room to save FRR's configuration: %llu bytes "
		    "left, %llu needed",
		    dir, (unsigned long long)have, (unsigned long long)need);
	return 0;
}

int
save_file_restore(const char *path, const struct buf *before,
    const struct stat *st, struct buf *scratch, struct err *err)
{
	char sav[SETUP_PATH_MAX + 8];
	struct stat sav_st;

	memset(&sav_st, 0, sizeof(sav_st));
	(void)snprintf(sav, sizeof(sav), "%s.sav", path);
	if (save_file_read(sav, scratch, &sav_st, NULL) == 0 &&
	    scratch->len == before->len &&
	    memcmp(scratch->data, before->data, before->len) == 0 &&
	    sav_st.st_uid == st->st_uid && sav_st.st_gid == st->st_gid &&
	    sav_st.st_mode == st->st_mode && rename(sav, path) == 0)
		return io_sync_directory(path, err);
	err_clear(err);
	if (io_replace_file(path, before->data, before->len, st->st_mode & 0777,
		err) == -1)
		return -1;
	/* lchown: the directory is FRR's, and root follows no link there. */
	if (geteuid() == 0 && lchown(path, st->st_uid, st->st_gid) == -1)
		return err_set_errno(err, ERR_SYSTEM, "chown %s", path);
	return 0;
}
