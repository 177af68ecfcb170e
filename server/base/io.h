/* base/io.h - whole reads and writes on descriptors, with deadlines. */
#ifndef BASE_IO_H
#define BASE_IO_H

#include <sys/types.h>

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct buf;
struct err;

int io_set_nonblock(int fd, bool on, struct err *);
int io_set_cloexec(int fd, bool on, struct err *);
/*
 * All n bytes before the deadline (clock_ms() terms; -1: none), whether the
 * descriptor blocks or not; EINTR is retried. -1: ERR_TIMEOUT, ERR_UNAVAILABLE
 * when the peer is gone, ERR_SYSTEM.
 */
int io_write_all(int fd, const void *, size_t n, int64_t deadline_ms,
    struct err *);
int io_read_all(int fd, void *, size_t n, int64_t deadline_ms, struct err *);
/*
 * Whole file into b (whose max limits it). -1: ERR_NOT_FOUND, ERR_TOO_LARGE,
 * ERR_SYSTEM.
 */
int io_read_file(const char *path, struct buf *, struct err *);
/*
 * Replaces path by a temporary file beside it, fsync, rename, fsync of the
 * directory: after a crash the file is the old or the new one, never a part.
 */
int io_replace_file(const char *path, const void *, size_t n, mode_t mode,
    struct err *);
/* After a rename or unlink of path: on disk when it returns. */
int io_sync_directory(const char *path, struct err *);
/*
 * A descriptor passed along with one byte (SCM_RIGHTS).
 */
int io_send_fd(int sock, int fd, struct err *);
int io_recv_fd(int sock, int *fd, struct err *);

#endif
