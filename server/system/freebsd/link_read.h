/* system/freebsd/link_read.h - one tunnel as it is now. */
#ifndef SYSTEM_FREEBSD_LINK_READ_H
#define SYSTEM_FREEBSD_LINK_READ_H

struct err;
struct op_link;
struct tool;

/* -1 and ERR_NOT_FOUND when no tunnel has this name. */
int link_read(const struct tool *, const char *name, struct op_link *,
    struct err *);

#endif
