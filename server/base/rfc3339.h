/* base/rfc3339.h - a date and time as text, to wall clock milliseconds. */
#ifndef BASE_RFC3339_H
#define BASE_RFC3339_H

#include <stdint.h>

struct err;

/*
 * RFC 3339 with a zone: 2026-03-01T02:00:00Z, 2026-03-01T03:00:00.5+01:00.
 * The year is 1970 to 9999 (in UTC too), digits past milliseconds are dropped,
 * leap seconds are refused. -1 and ERR_INVALID otherwise; *wall_ms is untouched
 * then.
 */
int rfc3339_parse(int64_t *wall_ms, const char *, struct err *);

#endif
