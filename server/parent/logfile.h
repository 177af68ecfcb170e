/* parent/logfile.h - where the log goes, and again after a rotation. */
#ifndef PARENT_LOGFILE_H
#define PARENT_LOGFILE_H

#include <stdbool.h>

#include "base/log.h"

struct err;

/*
 * to as in the configuration: "stderr" (syslog when not in the foreground,
 * where standard error leads nowhere), "syslog" or a path. A file is opened
 * for appending, mode 0640, and put in the place of standard error; in the
 * background without a file /dev/null takes that place. to is borrowed for
 * ever.
 */
int logfile_open(const char *to, bool foreground, enum log_level, struct err *);
/* Opens the file anew, after someone renamed it. The old one stays in use when
 * that fails. Does nothing for stderr and syslog. */
int logfile_reopen(struct err *);

#endif
