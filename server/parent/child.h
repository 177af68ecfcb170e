/* parent/child.h - one child process: start it, hand it things, bury it. */
#ifndef PARENT_CHILD_H
#define PARENT_CHILD_H

#include <sys/types.h>

#include <stdbool.h>
#include <stdint.h>

#include "parent/relay.h"

struct err;

enum {
	CHILD_BACKOFF_MIN_MS = 100,
	CHILD_BACKOFF_MAX_MS = 30 * 1000,
	CHILD_STEADY_MS = 60 * 1000 /* a life this long forgives the past */
};

struct child {
	const char *name;    /* "engine" */
	const char *program; /* "multihomed-engine" */
	bool has_op;         /* gets SETUP_OP_FD and SETUP_KEY_FD */
	pid_t pid;           /* 0: not running */
	int setup_fd;        /* our end of SETUP_FD, or -1 */
	int op_fd;           /* our end of SETUP_OP_FD, or -1 */
	int key_fd;          /* handed over as SETUP_KEY_FD; borrowed, or -1 */
	struct relay relay;
	int64_t started_ms;
	int64_t restart_ms;  /* when to start it again, 0: never asked for */
	unsigned backoff_ms; /* of the last restart, 0: none yet */
};

void child_init(struct child *, const char *name, const char *program,
    bool has_op);
/*
 * Forks and executes dir/program with nothing but the descriptors of
 * wire/setup.h, in a session of its own (a Ctrl-C at our terminal reaches only
 * us), with an environment of our own. What execve itself refuses shows as a
 * child that ends with 127 and says why.
 */
int child_start(struct child *, const char *dir, struct err *);
int child_send_setup(struct child *, const void *setup, uint32_t size,
    const void *extra, uint32_t extra_len, struct err *);
/* Never blocks: a child that does not take its messages is an error. */
int child_send_socket(struct child *, int fd, struct err *);
/* Signals it when it runs. */
void child_signal(const struct child *, int signo);
/*
 * Collects it when it has ended: true once, then everything of it is closed,
 * its last words are logged and restart_ms is set by the back-off.
 */
bool child_reap(struct child *, int64_t now_ms);

#endif
