/* cli/reboot.c - this machine boots anew. */
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/err.h"
#include "base/run.h"
#include "cli/reboot.h"

/* Debian's PATH of who is not root does not have it. */
static const char usual[] = "/sbin/shutdown";

/* The first shutdown of the PATH, into out, else the usual one. */
static void
find_shutdown(char *out, size_t size)
{
	const char *dir = getenv("PATH");
	size_t len;

	for (; dir != NULL && *dir != '\0'; dir += len + (dir[len] == ':')) {
		len = strcspn(dir, ":");
		if (*dir == '/' &&
		    (size_t)snprintf(out, size, "%.*s/shutdown", (int)len,
			dir) < size &&
		    access(out, X_OK) == 0)
			return;
	}
	(void)snprintf(out, size, "%s", usual);
}

int
reboot_begin(struct err *err)
{
	static const struct run_limits limits = { 30 * 1000, 4096 };
	struct run_result result = RUN_RESULT_INIT;
	char path[PATH_MAX];
	struct argv argv;
	int rc;

	find_shutdown(path, sizeof(path));
	argv_init(&argv, path);
	argv_add(&argv, "-r");
	argv_add(&argv, "now");
	rc = run(&argv, NULL, &limits, &result, err);
	if (rc == 0)
		rc = run_check(&argv, &result, err);
	run_result_clear(&result);
	return rc;
}
