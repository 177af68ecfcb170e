/* system/freebsd/sysrc.h - changes to rc.conf, so that every boot works. */
#ifndef SYSTEM_FREEBSD_SYSRC_H
#define SYSTEM_FREEBSD_SYSRC_H

#include <stdbool.h>

struct err;
struct tool;

/*
 * A change is sysrc_begin, any number of the others while they return 0, and
 * sysrc_end with what the last of them returned. sysrc writes one variable at
 * a time, so it works on a copy beside rc.conf, which sysrc_end puts in its
 * place when all of it went well and a shell can read it: whenever the machine
 * or we end, rc.conf is the old one or the new one. rcconf_get tells the old
 * values until then.
 */
int sysrc_begin(const struct tool *, struct err *);
const char *sysrc_file(void); /* the copy */
int sysrc_end(const struct tool *, int rc, struct err *);

/* Each of name, value and word must pass sysrc_safe: what sysrc writes is
 * executed at the next boot, and it quotes nothing. Asserted. */
bool sysrc_safe(const char *);
/* Does nothing when the variable has this value. */
int sysrc_set(const struct tool *, const char *name, const char *value,
    struct err *);
/* Words of a list; those that are there stay as they are. */
int sysrc_add(const struct tool *, const char *list, const char *word,
    struct err *);
int sysrc_drop(const struct tool *, const char *list, const char *word,
    struct err *);
/* Does nothing when there is no such variable. */
int sysrc_remove(const struct tool *, const char *name, struct err *);

#endif
