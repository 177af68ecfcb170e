/* parent/dispatch.h - the engine's operations: read, check, run, answer. */
#ifndef PARENT_DISPATCH_H
#define PARENT_DISPATCH_H

struct config;
struct err;

/*
 * One engine at a time and one operation at a time: the next is not read
 * before the last answer has gone. No heap. The engine is treated as hostile:
 * an unknown kind or a payload that op_request_check refuses is answered with
 * the error and logged; a head that cannot be trusted cuts the connection.
 */

/* Begins with a new engine. fd (non-blocking) and config are borrowed. */
void dispatch_open(int fd, const struct config *);
/* Forgets the engine and what it had asked. */
void dispatch_close(void);
/* What to poll the descriptor for; 0: nothing (closed). */
short dispatch_events(void);
/* After poll. -1: the engine must go; err says why. */
int dispatch_ready(short revents, struct err *);

#endif
