/* parent/daemon.h - into the background, and the file with our process id. */
#ifndef PARENT_DAEMON_H
#define PARENT_DAEMON_H

struct err;

/*
 * Forks; the caller of the shell waits until daemon_started (exit 0) or until
 * we end before that (exit 1). Returns in the background process, in a session
 * of its own, working directory /, standard input and output on /dev/null.
 */
int daemon_begin(struct err *);
/* Lets the waiting process go. Does nothing in the foreground. */
void daemon_started(void);
/*
 * Writes our process id to path and holds a lock on it as long as we live.
 * ERR_CONFLICT when another one holds it. path is borrowed for ever.
 */
int daemon_pidfile(const char *path, struct err *);
void daemon_pidfile_remove(void);

#endif
