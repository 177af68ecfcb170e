/* cli/when.h - points in time as people write them. */
#ifndef CLI_WHEN_H
#define CLI_WHEN_H

#include <stdint.h>

struct err;

/*
 * "90s", "30m", "12h", "7d": that long before now_ms (wall clock), as RFC 3339
 * in UTC. A date (2026-03-01) or date and time (2026-03-01T02:00:00Z, with or
 * without the Z, a blank for the T) comes back completed. out holds
 * CLOCK_TEXT_MAX (base/clock.h).
 */
int when_parse(const char *, int64_t now_ms, char *out, struct err *);
/* The same, but "30m" is that long after now_ms. */
int when_parse_ahead(const char *, int64_t now_ms, char *out, struct err *);

#endif
