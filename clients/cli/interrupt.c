/* cli/interrupt.c - Ctrl-C while a change is under way. */
#include <signal.h>
#include <string.h>

#include "cli/interrupt.h"

static volatile sig_atomic_t seen;
static struct sigaction old_int, old_term;

static void
on_signal(int signo)
{
	(void)signo;
	seen = 1;
}

void
interrupt_catch(void)
{
	struct sigaction act;

	memset(&act, 0, sizeof(act));
	act.sa_handler = on_signal;
	seen = 0;
	(void)sigaction(SIGINT, &act, &old_int);
	(void)sigaction(SIGTERM, &act, &old_term);
}

void
interrupt_release(void)
{
	(void)sigaction(SIGINT, &old_int, NULL);
	(void)sigaction(SIGTERM, &old_term, NULL);
}

bool
interrupt_seen(void)
{
	return seen != 0;
}
