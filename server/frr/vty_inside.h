/* frr/vty_inside.h - what the files of the vty client share. */
#ifndef FRR_VTY_INSIDE_H
#define FRR_VTY_INSIDE_H

#include <stdbool.h>

#include "frr/vty.h"

bool vty_is_open(const struct vty *);
/* Closes a connection that the daemon has closed, or on which bytes wait that
 * nobody asked for. */
void vty_close_stale(struct vty *);
/* -1 and ERR_INVALID for a command that must not be sent. */
int vty_check(const struct vty *, const char *command, struct err *);
/* Fills err with what FRR said of a command that it did not take, without
 * secrets. Returns -1. */
int vty_refused(struct vty *, const char *command, enum vty_status,
    const struct buf *answer, struct err *);

#endif
