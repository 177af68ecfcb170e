/* parent/save_file.h - FRR's boot file, our copy of it, and the way back. */
#ifndef PARENT_SAVE_FILE_H
#define PARENT_SAVE_FILE_H

#include <sys/types.h>
#include <sys/stat.h>

#include <stdbool.h>
#include <stddef.h>

#include "base/buf.h"

struct err;

/*
 * Reads a regular file (never through a symbolic link, never waiting on a
 * pipe) into a fixed buffer. ERR_NOT_FOUND, ERR_TOO_LARGE, ERR_SYSTEM.
 */
int save_file_read(const char *path, struct buf *, struct stat *, struct err *);
/* Is this no whole file? Why: a literal; NULL: it may be one. */
const char *save_file_fault(const struct buf *);
/* Room for what vtysh writes: twice the old size on path's file system. */
int save_file_room(const char *path, size_t old_size, struct err *);
/*
 * Makes path hold before again, with the owner and mode of st: by renaming
 * vtysh's own frr.conf.sav when that is the same (needs no disk space), else
 * by writing anew. scratch is overwritten.
 */
int save_file_restore(const char *path, const struct buf *before,
    const struct stat *st, struct buf *scratch, struct err *);

#endif
