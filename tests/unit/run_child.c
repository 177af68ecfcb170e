/* tests/unit/run_child.c - a test program in the role of a tool it runs. */
#include <sys/types.h>

#include <fcntl.h>
#include <limits.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/run.h"
#include "run_child.h"

extern char **environ;

static char own_path[PATH_MAX];

void
run_child_init(const char *argv0)
{
	if (realpath(argv0, own_path) == NULL) {
		perror(argv0);
		exit(1);
	}
}

const char *
run_child_path(void)
{
	return own_path;
}

static int
show_descriptors(void)
{
	const char *blank = "";
	int fd;

	for (fd = 0; fd < 1024; fd++) {
		if (fcntl(fd, F_GETFD) == -1)
			continue;
		printf("%s%d", blank, fd);
		blank = " ";
	}
	printf("\n");
	return 0;
}

static int
show_environment(void)
{
	char **p;

	for (p = environ; *p != NULL; p++)
		printf("%s\n", *p);
	return 0;
}

static int
show_signals(void)
{
	struct sigaction action;
	sigset_t blocked;
	int i;

	(void)sigprocmask(SIG_SETMASK, NULL, &blocked);
	for (i = 1; i < 32; i++) {
		if (sigismember(&blocked, i) == 1)
			printf("blocked %d\n", i);
		if (sigaction(i, NULL, &action) == 0 &&
		    action.sa_handler == SIG_IGN)
			printf("ignored %d\n", i);
	}
	return getpgrp() != getpid() || getsid(0) != getpid();
}

static int
escape(void)
{
	int ready[2];
	char byte;

	if (pipe(ready) == -1)
		return 1;
	if (fork() == 0) {
		(void)setsid();
		(void)!write(ready[1], "r", 1);
		(void)close(ready[1]);
		(void)sleep(5);
		_exit(0);
	}
	if (read(ready[0], &byte, 1) != 1)
		return 1;
	printf("escaped\n");
	return 0;
}

static int
be_daemon(void)
{
	static const struct run_limits limits = { 10000, 4096 };
	struct run_result result = RUN_RESULT_INIT;
	struct buf input = BUF_INIT;
	struct argv argv;
	char block[1024];
	bool good;

	memset(block, 'd', sizeof(block));
	buf_add(&input, block, sizeof(block));
	argv_init(&argv, "/bin/cat");
	(void)close(0);
	(void)close(1);
	(void)close(2);
	good = run(&argv, &input, &limits, &result, NULL) == 0 &&
	    result.exit_code == 0 && result.out.len == sizeof(block) &&
	    memcmp(result.out.data, block, sizeof(block)) == 0 &&
	    result.errout.len == 0;
	buf_clear(&input);
	run_result_clear(&result);
	return good ? 0 : 1;
}

int
run_child(const char *role)
{
	if (strcmp(role, "descriptors") == 0)
		return show_descriptors();
	if (strcmp(role, "environment") == 0)
		return show_environment();
	if (strcmp(role, "signals") == 0)
		return show_signals();
	if (strcmp(role, "escape") == 0)
		return escape();
	if (strcmp(role, "daemon") == 0)
		return be_daemon();
	return 99;
}
