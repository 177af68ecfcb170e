/* engine/fault.c - named points where a test build can be made to fail. */
#include "engine/fault.h"

#ifdef MH_FAULT
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/err.h"
#include "base/io.h"
#include "engine/parts.h"

int
fault_point(const struct parts *parts, const char *point, struct err *err)
{
	char path[300], wanted[64], action[16];
	struct buf b = BUF_INIT;
	char *slash;

	(void)snprintf(path, sizeof(path), "%s", parts->database);
	slash = strrchr(path, '/');
	if (slash == NULL)
		return 0;
	(void)snprintf(slash, sizeof(path) - (size_t)(slash - path), "/fault");
	if (io_read_file(path, &b, NULL) == -1 ||
	    sscanf(buf_text(&b), "%63s %15s", wanted, action) != 2 ||
	    strcmp(wanted, point) != 0) {
		buf_clear(&b);
		return 0;
	}
	buf_clear(&b);
	(void)unlink(path);
	if (strcmp(action, "kill") == 0)
		(void)kill(getpid(), SIGKILL);
	/* To this thread, which else would go on until the first one has
	 * stopped them all. */
	if (strcmp(action, "stop") == 0)
		(void)raise(SIGSTOP);
	if (strcmp(action, "fail") == 0)
		return err_set(err, ERR_TOOL, "forced to fail at %s", point);
	return 0;
}
#else
/* ISO C wants something in every file. */
typedef int fault_unused;
#endif
