/* base/log.c - one line per event, to standard error or syslog. */
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <syslog.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/log.h"

static const char *log_ident = "multihomed";
static enum log_level log_max = LOG_LEVEL_INFO;
static bool log_syslog;

static const char *const names[] = { "error", "warning", "info", "debug" };

const char *
log_level_name(enum log_level level)
{
	return names[level];
}

int
log_level_parse(const char *name)
{
	size_t i;

	for (i = 0; i < NITEMS(names); i++)
		if (strcmp(name, names[i]) == 0)
			return (int)i;
	return -1;
}

void
log_open(const char *ident, enum log_level level, bool to_syslog)
{
	log_ident = ident;
	log_max = level;
	log_syslog = to_syslog;
	if (to_syslog)
		openlog(ident, LOG_PID | LOG_NDELAY, LOG_DAEMON);
}

static void write_line(enum log_level, const char *, va_list) PRINTFLIKE(2, 0);

static void
write_line(enum log_level level, const char *fmt, va_list ap)
{
	static const int priorities[] = { LOG_ERR, LOG_WARNING, LOG_INFO,
		LOG_DEBUG };
	char text[1024], line[1200], now[CLOCK_TEXT_MAX];
	char *p;
	int n;

	if (level > log_max)
		return;
	(void)vsnprintf(text, sizeof(text), fmt, ap);
	for (p = text; *p != '\0'; p++)
		if ((unsigned char)*p < 0x20 || *p == 0x7f)
			*p = *p == '\n' ? ' ' : '?';
	if (log_syslog) {
		syslog(priorities[level], "%s", text);
		return;
	}
	n = snprintf(line, sizeof(line), "%s %s %s[%ld]: %s\n",
	    clock_print(clock_wall_ms(), now), names[level], log_ident,
	    (long)getpid(), text);
	if (n > 0) {
		/* One write, so that lines of several threads do not mix. */
		ssize_t ignored = write(STDERR_FILENO, line, (size_t)n);

		(void)ignored;
	}
}

#define LOG_FUNCTION(name, level)           \
	void name(const char *fmt, ...)     \
	{                                   \
		va_list ap;                 \
                                            \
		va_start(ap, fmt);          \
		write_line(level, fmt, ap); \
		va_end(ap);                 \
	}

/* clang-format off */
LOG_FUNCTION(log_error, LOG_LEVEL_ERROR)
LOG_FUNCTION(log_warning, LOG_LEVEL_WARNING)
LOG_FUNCTION(log_info, LOG_LEVEL_INFO)
LOG_FUNCTION(log_debug, LOG_LEVEL_DEBUG)
/* clang-format on */

void
log_fatal(const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	write_line(LOG_LEVEL_ERROR, fmt, ap);
	va_end(ap);
	exit(1);
}
