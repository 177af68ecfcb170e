/* cli/command.h - the commands: one row each says what it takes. */
#ifndef CLI_COMMAND_H
#define CLI_COMMAND_H

#include <stddef.h>

#include "cli/args.h"
#include "cli/exits.h"

struct app;

struct command {
	const char *words; /* "session clear" */
	size_t least;      /* further words */
	size_t most;
	const enum args_option *options; /* beside the global ones; or NULL */
	enum exits (*handler)(struct app *);
	const char *usage;   /* the further words */
	const char *summary; /* one line */
	const char *details; /* NULL, or what help COMMAND adds */
};

extern const struct command commands[];
extern const size_t n_commands;

/* The row whose words begin the line (the longest one), and how many those
 * are; NULL when there is none. */
const struct command *command_find(const char *const *words, size_t n,
    size_t *used);

#endif
