/* parent/logfile.c - where the log goes, and again after a rotation. */
#include <sys/types.h>

#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "base/err.h"
#include "parent/logfile.h"

static const char *logfile_path; /* NULL: no file */

static int
replace_stderr(const char *path, int flags, struct err *err)
{
	int rc = 0;
	int fd = open(path, O_WRONLY | O_CLOEXEC | O_NOCTTY | flags, 0640);

	if (fd == -1)
		return err_set_errno(err, ERR_SYSTEM, "log.to: %s", path);
	if (dup2(fd, STDERR_FILENO) == -1)
		rc = err_set_errno(err, ERR_SYSTEM, "log.to: %s", path);
	if (fd != STDERR_FILENO)
		(void)close(fd);
	return rc;
}

int
logfile_reopen(struct err *err)
{
	if (logfile_path == NULL)
		return 0;
	return replace_stderr(logfile_path, O_APPEND | O_CREAT, err);
}

int
logfile_open(const char *to, bool foreground, enum log_level level,
    struct err *err)
{
	bool to_syslog = strcmp(to, "syslog") == 0 ||
	    (strcmp(to, "stderr") == 0 && !foreground);

	if (to[0] == '/') {
		logfile_path = to;
		if (logfile_reopen(err) == -1)
			return -1;
	} else if (!foreground && replace_stderr("/dev/null", 0, err) == -1) {
		return -1;
	}
	log_open("multihomed", level, to_syslog);
	return 0;
}
