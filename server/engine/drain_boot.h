/* engine/drain_boot.h - what a boot of the machine ends. */
#ifndef ENGINE_DRAIN_BOOT_H
#define ENGINE_DRAIN_BOOT_H

#include <stdbool.h>

struct parts;

/*
 * From the watcher's tick: after a boot of the machine the writer lets those
 * return that were to stay drained no longer than that.
 */
void drain_boot_look(struct parts *);
/* Is that over? Before, none goes on: what was cut off by the boot must not
 * shut down the sessions that return by themselves. */
bool drain_boot_is_over(void);

#endif
