/* base/log.h - one line per event, to standard error or syslog. */
#ifndef BASE_LOG_H
#define BASE_LOG_H

#include <stdbool.h>

#include "base/compat.h"

enum log_level {
	LOG_LEVEL_ERROR,
	LOG_LEVEL_WARNING,
	LOG_LEVEL_INFO,
	LOG_LEVEL_DEBUG
};

/*
 * ident is borrowed for ever (a literal). Lines to standard error are
 * "2026-... LEVEL ident: text"; with to_syslog they go to facility daemon.
 * Control characters in the text are made visible, so that one event stays
 * one line. Thread-safe.
 */
void log_open(const char *ident, enum log_level, bool to_syslog);
void log_error(const char *fmt, ...) PRINTFLIKE(1, 2);
void log_warning(const char *fmt, ...) PRINTFLIKE(1, 2);
void log_info(const char *fmt, ...) PRINTFLIKE(1, 2);
void log_debug(const char *fmt, ...) PRINTFLIKE(1, 2);
/* Logs and exits 1. */
void log_fatal(const char *fmt, ...) PRINTFLIKE(1, 2) NORETURN;
/* The level's name ("info") or -1 for an unknown one. */
int log_level_parse(const char *);
const char *log_level_name(enum log_level);

#endif
