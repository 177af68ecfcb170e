/* parent/supervise.h - keeps the two children running until told to stop. */
#ifndef PARENT_SUPERVISE_H
#define PARENT_SUPERVISE_H

#include "base/log.h"

struct config;

/*
 * Starts engine and http, joins them by a socket, carries out the engine's
 * operations, starts a child that ended again (100 ms, doubling to 30 s) and
 * joins it anew. SIGHUP opens the log file again. SIGTERM or SIGINT: http
 * first, so that nothing new comes in, and its UNIX socket, then the engine,
 * which may be finishing a change. on_start is called once, after both were
 * started. Returns the exit status.
 */
int supervise_run(const struct config *, enum log_level,
    void (*on_start)(void));

#endif
