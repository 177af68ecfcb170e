/* tests/unit/run_child.h - a test program in the role of a tool it runs. */
#ifndef TESTS_RUN_CHILD_H
#define TESTS_RUN_CHILD_H

/* Remembers where this program is; fails the process when that is unclear. */
void run_child_init(const char *argv0);
const char *run_child_path(void);

/*
 * Plays a role and returns its exit status:
 *   descriptors   prints which of 0-1023 are open
 *   environment   prints every variable
 *   signals       prints what is blocked or ignored; 1 unless it leads a
 *                 session and a process group of its own
 *   escape        starts one that leaves the group and keeps the output open
 *                 for five seconds, says "escaped" and returns 0
 *   daemon        closes 0, 1 and 2 and runs "cat" with 1 KB; 0 when that works
 */
int run_child(const char *role);

#endif
