/* parent/master_key.h - the file with the key that the engine seals with. */
#ifndef PARENT_MASTER_KEY_H
#define PARENT_MASTER_KEY_H

#include <stddef.h>

struct config;
struct err;

/*
 * master_key, or "master.key" in system.state_dir: 32 random bytes, and while
 * "multihomed rekey" is at work 64: the new key, then the old. Root's alone:
 * what others may read, own or replace is refused, not mended.
 */
enum {
	MASTER_KEY_LEN = 32,
	MASTER_KEY_MAX = 2 * MASTER_KEY_LEN
};

/*
 * Once, by the daemon: makes the file when there is none and keeps it open, and
 * locked against a rekey, until we end. -1 says what is wrong with it.
 */
int master_key_open(const struct config *, struct err *);
/* What children that seal get; -1 before master_key_open. */
int master_key_fd(void);

/* For a rekey: alone until we end. ERR_CONFLICT while a daemon runs. */
int master_key_lock(const struct config *, struct err *);
/* The bytes into out and their number, with the same checks. A descriptor of
 * the file, or -1. */
int master_key_load(const struct config *, unsigned char out[MASTER_KEY_MAX],
    size_t *n, struct err *);
/* Replaces the file: after a crash it is the old or the new one. */
int master_key_store(const struct config *, const unsigned char *, size_t n,
    struct err *);

#endif
