/* engine/outbox.h - replies from any thread, written by the main one. */
#ifndef ENGINE_OUTBOX_H
#define ENGINE_OUTBOX_H

#include <stdint.h>

struct buf;
struct outbox;

/* Dies when the wake pipe cannot be made. */
struct outbox *outbox_new(void);
void outbox_free(struct outbox **);
/*
 * Adds whole frames. generation says for which frame socket: after http was
 * restarted, answers to its former life are dropped. Wakes the main thread.
 */
void outbox_post(struct outbox *, unsigned generation, const struct buf *);
/* Wakes the main thread, which has something to look at. */
void outbox_wake(struct outbox *);
/* Readable when something was posted. */
int outbox_fd(const struct outbox *);
/* Moves what was posted for this generation to the end of to. */
void outbox_take(struct outbox *, unsigned generation, struct buf *to);

#endif
