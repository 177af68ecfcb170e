/* cli/prompt.h - asking the person at the terminal. */
#ifndef CLI_PROMPT_H
#define CLI_PROMPT_H

#include <stdbool.h>

struct buf;
struct err;

/* A person can answer: standard input and standard error are terminals. */
bool prompt_possible(void);
/* Shows the question on standard error; only "yes" is true. */
bool prompt_yes(const char *question);
/*
 * One line from standard input into b, without its newline: at a terminal
 * after the prompt and without echo (which comes back whatever happens, also
 * on Ctrl-C). -1: nothing there, too long, interrupted.
 */
int prompt_secret(const char *prompt, struct buf *b, struct err *);

#endif
