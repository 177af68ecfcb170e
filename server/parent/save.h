/* parent/save.h - FRR writes its boot file; ours to put back if it fails. */
#ifndef PARENT_SAVE_H
#define PARENT_SAVE_H

#include <stddef.h>

struct config;
struct err;

/*
 * "write memory" through vtysh. vtysh says [OK] and exits 0 on a full disk and
 * does not write atomically, so: our own copy first (frr.conf.before beside
 * the database, 0600), room on the disk, then vtysh within its deadline, and
 * the file is read back. What is missing, empty, cut, not rewritten at all or
 * has lost a whole kind of line (save_kind.h: a daemon was dead) is replaced
 * by our copy.
 * may_go: bits of kinds that were taken away on purpose (wire/op.h).
 * 0: *data, *len are the new file's bytes, valid until the next call.
 * -1: the file is the old one again (or err says that it is not):
 * ERR_TOOL and ERR_TIMEOUT with vtysh's words, ERR_UNAVAILABLE when there is
 * no room, ERR_SYSTEM. Uses no heap.
 */
int save_run(const struct config *, unsigned may_go, const char **data,
    size_t *len, struct err *);

/* What the boot file holds now; as above. ERR_NOT_FOUND when there is none. */
int save_read(const struct config *, const char **data, size_t *len,
    struct err *);

/* The bytes that one of these two gave are not needed any more: a configuration
 * may hold passwords. Accepts what came from elsewhere. */
void save_forget(const char *data, size_t len);

/*
 * At start: a copy that is still there means that we died while vtysh wrote.
 * Puts it back when the present file cannot be whole, or has lost a kind of
 * line and is no younger than that vtysh can be: what an operator saved since
 * was meant so. Logs either way.
 */
void save_recover(const struct config *);

#endif
