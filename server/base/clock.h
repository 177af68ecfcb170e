/* base/clock.h - monotonic time for deadlines, wall time for people. */
#ifndef BASE_CLOCK_H
#define BASE_CLOCK_H

#include <stdint.h>

enum {
	CLOCK_TEXT_MAX = 32
};

/* Monotonic milliseconds / microseconds; only differences mean something. */
int64_t clock_ms(void);
int64_t clock_us(void);
/* Wall clock, milliseconds since 1970 UTC. */
int64_t clock_wall_ms(void);
/* RFC 3339 in UTC with milliseconds: 2026-03-01T02:00:00.000Z. Returns out. */
const char *clock_print(int64_t wall_ms, char *out);
/* What is left until a deadline in clock_ms() terms, never negative; usable
 * as a poll() timeout. */
int clock_left_ms(int64_t deadline_ms);

#endif
