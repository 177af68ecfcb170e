/* engine/rotation_drain.h - the traffic is moved away before a key changes. */
#ifndef ENGINE_ROTATION_DRAIN_H
#define ENGINE_ROTATION_DRAIN_H

#include <stddef.h>

struct err;
struct rotation;
struct worker_tools;

/* A drain of the upstream with an owner of our own. Again it changes nothing.
 * ERR_CONFLICT "drain_preflight". */
int rotation_drain_begin(struct worker_tools *, const struct rotation *,
    const char *resource, struct err *);

enum rotation_drain {
	ROTATION_DRAIN_WAITS,
	ROTATION_DRAIN_DONE,
	ROTATION_DRAIN_OVER /* it did not succeed, or was led back: why */
};
int rotation_drain_look(struct worker_tools *, const char *resource,
    enum rotation_drain *, char *why, size_t size, struct err *);

/* It is led back; nothing when there is none. */
int rotation_drain_release(struct worker_tools *, const char *resource,
    struct err *);

#endif
