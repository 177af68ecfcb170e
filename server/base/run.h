/* base/run.h - run one program to its end, with a deadline and a cap. */
#ifndef BASE_RUN_H
#define BASE_RUN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"

struct err;

enum {
	ARGV_MAX = 64
};

/* Words are borrowed: they must outlive the argv. */
struct argv {
	const char *v[ARGV_MAX];
	size_t n;
};

/* path is absolute and becomes argv[0]. */
void argv_init(struct argv *, const char *path);
/* Asserts that there is room and no newline in the word: both are our own
 * bugs, since words come only from parsed types. */
void argv_add(struct argv *, const char *word);
void argv_opt(struct argv *, const char *option, const char *word);
/* The words joined by blanks, for logs and the audit; quoted where needed. */
void argv_print(const struct argv *, struct buf *);

struct run_limits {
	unsigned timeout_ms; /* then SIGKILL to the whole process group */
	size_t max_output;   /* of stdout and stderr together; more is cut */
};

struct run_result {
	struct buf out;    /* standard output, NUL-terminated */
	struct buf errout; /* standard error */
	int exit_code;     /* 0-255, or -1 when it did not exit by itself */
	int signal;        /* that ended it, else 0 */
	bool timed_out;
	bool truncated;
	unsigned elapsed_ms;
};

/* result->out and ->errout must be initialised (RUN_RESULT_INIT, or fixed
 * buffers so that no heap is used); run_result_clear frees them. */
#define RUN_RESULT_INIT                                    \
	{                                                  \
		BUF_INIT, BUF_INIT, -1, 0, false, false, 0 \
	}
void run_result_clear(struct run_result *);

/*
 * Executes argv[0] with exactly argv and an environment of our own (PATH,
 * LC_ALL=C, HOME=/var/empty), stdin from input (may be NULL: /dev/null), every
 * other descriptor closed, in its own process group and session. Waits for it,
 * always: no child is left behind, and a child past the deadline is killed.
 * 0 when the program was started and its end is in result, whatever that was;
 * -1 and ERR_SYSTEM when it could not be started.
 */
int run(const struct argv *, const struct buf *input, const struct run_limits *,
    struct run_result *, struct err *);

/*
 * 0 when it exited 0 in time; otherwise fills err (ERR_TOOL or ERR_TIMEOUT)
 * with the tool's name, how it ended in words, and what it said.
 */
int run_check(const struct argv *, const struct run_result *, struct err *);

/* "exit 1", "killed by signal 9", "no end within 5000 ms": into out. */
const char *run_ending(const struct run_result *, char *out, size_t size);

#endif
