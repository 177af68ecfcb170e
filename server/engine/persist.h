/* engine/persist.h - write memory, and proof that the file holds it all. */
#ifndef ENGINE_PERSIST_H
#define ENGINE_PERSIST_H

#include <stdbool.h>

struct buf;
struct err;
struct frr_node;
struct worker_tools;

/*
 * Has the parent save FRR's configuration and compares the file that resulted
 * with what the daemons run: "[OK]" and exit 0 prove nothing. running is the
 * whole configuration as observed after the change. log gets the command and
 * its answer. may_go as supervisor_save. ERR_NOT_APPLIED names the first line
 * that the file lacks.
 */
int persist_save(struct worker_tools *, const struct frr_node *running,
    unsigned may_go, struct buf *log, bool *written, struct err *err);
/* Is this line of the top level the same in the file as in the daemons? Some
 * vtysh writes its own way, or not at all. */
bool persist_compares(const char *line);

#endif
