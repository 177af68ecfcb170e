/* system/tool.h - run one of the platform's tools, or only tell how. */
#ifndef SYSTEM_TOOL_H
#define SYSTEM_TOOL_H

#include <stdbool.h>
#include <stddef.h>

#include "base/buf.h"
#include "base/run.h"

struct err;

enum {
	TOOL_PATH_MAX = 256
};

/* From the configuration (system.*); constant while the parent runs. */
struct system_config {
	char tools_dir[TOOL_PATH_MAX]; /* "": the platform's own places */
	char boot_dir[TOOL_PATH_MAX];  /* our boot files */
	char state_dir[TOOL_PATH_MAX]; /* root's alone: what is ours */
	char rc_conf[TOOL_PATH_MAX];   /* FreeBSD's; unused on Linux */
	unsigned timeout_ms;           /* for each run of a tool */
};

/*
 * What one operation is carried out with. log gets "command<TAB>answer\n" for
 * each command, with "ok" or the tool's words on one line. dry: every function
 * that changes something logs the commands it would run, with an empty answer,
 * and "< line" for each line of their standard input, and touches nothing.
 */
struct tool {
	const struct system_config *config;
	bool dry;
	struct buf *log; /* fixed; what does not fit is cut, never an error */
};

/* argv_init with the tool's path: tools_dir/NAME, or where the platform has it
 * (system/paths.h). path must outlive argv. */
void tool_argv(const struct tool *, struct argv *, const char *name,
    char path[TOOL_PATH_MAX]);
/*
 * Runs it with input (NULL: none) and logs it. 0 only for exit 0 without a
 * deadline missed, and without a word on standard error or output where quiet
 * is true: exit 0 proves nothing (read back what matters as well). -1 and
 * ERR_TOOL or ERR_TIMEOUT with the tool's name and words. out (may be NULL) is
 * a fixed buffer for its standard output. In dry mode only the log is written
 * and 0 returned.
 */
int tool_run(const struct tool *, const struct argv *, const struct buf *input,
    bool quiet, struct buf *out, struct err *);
/* The same for a query: never logged, run in dry mode too. */
int tool_ask(const struct tool *, const struct argv *, struct buf *out,
    struct err *);
/* Something done without a tool (a file written), as it should be told. */
void tool_note(const struct tool *, const struct err *failure, const char *fmt,
    ...) PRINTFLIKE(3, 4);

#endif
