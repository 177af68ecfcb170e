/* engine/usage.h - when each token was last used, written now and then. */
#ifndef ENGINE_USAGE_H
#define ENGINE_USAGE_H

#include <stdint.h>

struct db;

/* Remembers it in memory; any thread. */
void usage_note(const char *token_id, int64_t now_ms);
/* Writes what was noted, at most once a minute for each token: a read must
 * not cost an fsync. Called by the watcher. */
void usage_flush(struct db *);

#endif
