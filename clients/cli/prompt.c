/* cli/prompt.c - asking the person at the terminal. */
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <termios.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/compat.h"
#include "base/err.h"
#include "cli/prompt.h"

enum {
	SECRET_MAX = 1024
};

static const int signals[] = { SIGINT, SIGTERM, SIGHUP, SIGQUIT, SIGTSTP };
static volatile sig_atomic_t caught;

static void
on_signal(int signo)
{
	caught = signo;
}

bool
prompt_possible(void)
{
	return isatty(STDIN_FILENO) && isatty(STDERR_FILENO);
}

/* Up to the newline or the end; byte by byte, to leave the rest alone. */
static int
read_line(struct buf *b, struct err *err)
{
	char c;
	ssize_t n;

	while ((n = read(STDIN_FILENO, &c, 1)) == 1 && c != '\n') {
		if (b->len == SECRET_MAX)
			return err_set(err, ERR_INVALID, "that is too long");
		buf_putc(b, c);
	}
	if (n == -1)
		return err_set_errno(err, ERR_SYSTEM, "standard input");
	if (b->len > 0 && b->data[b->len - 1] == '\r')
		b->data[--b->len] = '\0';
	if (b->len == 0)
		return err_set(err, ERR_INVALID, "nothing was given");
	return 0;
}

bool
prompt_yes(const char *question)
{
	struct buf b = BUF_INIT;
	bool yes;

	(void)fprintf(stderr, "%s ", question);
	(void)fflush(stderr);
	yes = read_line(&b, NULL) == 0 && strcmp(buf_text(&b), "yes") == 0;
	buf_clear(&b);
	return yes;
}

int
prompt_secret(const char *prompt, struct buf *b, struct err *err)
{
	struct sigaction act, old[NITEMS(signals)];
	struct termios before, silent;
	size_t i;
	int rc;

	if (!isatty(STDIN_FILENO))
		return read_line(b, err);
	if (tcgetattr(STDIN_FILENO, &before) == -1)
		return err_set_errno(err, ERR_SYSTEM, "the terminal");
	memset(&act, 0, sizeof(act));
	act.sa_handler = on_signal; /* no SA_RESTART: read must return */
	caught = 0;
	for (i = 0; i < NITEMS(signals); i++)
		(void)sigaction(signals[i], &act, &old[i]);
	silent = before;
	silent.c_lflag &= ~(tcflag_t)ECHO;
	(void)fputs(prompt, stderr);
	(void)fflush(stderr);
	rc = tcsetattr(STDIN_FILENO, TCSAFLUSH, &silent) == -1 ?
	    err_set_errno(err, ERR_SYSTEM, "cannot switch the echo off") :
	    read_line(b, err);
	(void)tcsetattr(STDIN_FILENO, TCSAFLUSH, &before);
	(void)fputc('\n', stderr);
	for (i = 0; i < NITEMS(signals); i++)
		(void)sigaction(signals[i], &old[i], NULL);
	if (caught != 0)
		(void)raise(caught);
	return rc;
}
