/* parent/start.h - is everything in place? Said before anything is started. */
#ifndef PARENT_START_H
#define PARENT_START_H

#include <stdbool.h>

struct config;
struct err;

/*
 * Root (or foreground), users, programs, TLS files, the database's directory
 * and that of listen.unix. The directories are made when missing; an existing
 * one of the wrong owner or writable for others is refused, not mended.
 */
int start_check(const struct config *, bool foreground, struct err *);
/* Only the database's directory: what "multihomed token" needs. */
int start_database(const struct config *, struct err *);

#endif
