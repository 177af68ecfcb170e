/* parent/rekey.h - `multihomed rekey`: another master key. */
#ifndef PARENT_REKEY_H
#define PARENT_REKEY_H

struct config;
struct err;

/*
 * The file holds the new key and the old one; everything is sealed anew, by
 * the engine's program as the engine's user; the file holds the new one alone.
 * Cut off anywhere, nothing is lost, and the next run finishes it. -1:
 * ERR_CONFLICT while multihomed runs.
 */
int rekey_run(const struct config *, struct err *);

#endif
