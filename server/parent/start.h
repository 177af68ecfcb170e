/* parent/start.h - is everything in place? Said before anything is started. */
#ifndef PARENT_START_H
#define PARENT_START_H

#include <stdbool.h>

struct config;
struct err;

/*
 * Root (or foreground), users, programs, TLS files, the directories of the
 * database and of listen.unix, users.chroot, system.state_dir and
 * system.boot_dir (the last two only warn when we are not root: what needs them
 * then fails). The directories are made when
 * missing; an existing one of the wrong owner or writable for others is
 * refused, not mended. Sets listen.unix_gid.
 */
int start_check(struct config *, bool foreground, struct err *);
/* Only the database's directory: what "multihomed token" needs. */
int start_database(const struct config *, struct err *);

#endif
