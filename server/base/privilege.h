/* base/privilege.h - giving up root, once and for good. */
#ifndef BASE_PRIVILEGE_H
#define BASE_PRIVILEGE_H

#include <sys/types.h>
#include <sys/resource.h>

#include <stdbool.h>

struct err;

/*
 * Becomes user with its own group, inside chroot_dir ("" or NULL: none), in
 * one order: look everything up, chroot, chdir, groups, gid, uid, then no way
 * back (no new privileges, no core or ptrace) and a check that root cannot be
 * had again. keep_group is one more group to stay in ("frrvty"), NULL: none.
 *
 * user "": nothing at all is done, chroot_dir is ignored. That is the
 * unprivileged development set-up; the parent decides it, never the child.
 * user set without being root: fine when user is who we are already (then
 * chroot_dir and keep_group are beyond us and ignored), else ERR_FORBIDDEN.
 * In builds with the address sanitizer neither chroot nor the limit on
 * processes below is applied: its leak check needs /proc and a child.
 *
 * -1 means that the process is in no defined state: the caller must exit.
 */
int privilege_drop(const char *user, const char *chroot_dir,
    const char *keep_group, struct err *);

/* Leaves no core file and is read by nobody but root, for programs that hold
 * keys; with or without a drop. A build with the address sanitizer stays
 * traceable: its leak check traces it. */
int privilege_hide(struct err *);

/*
 * No core files, at most nofile descriptors, and with no_children no further
 * process (Linux and FreeBSD count per user; root is not bound by it). May be
 * called with or without a drop.
 */
int privilege_limit(rlim_t nofile, bool no_children, struct err *);

#endif
