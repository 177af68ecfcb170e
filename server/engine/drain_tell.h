/* engine/drain_tell.h - what others want to know of a drain. */
#ifndef ENGINE_DRAIN_TELL_H
#define ENGINE_DRAIN_TELL_H

struct drain;
struct worker_tools;

/* what: "phase", "progress", "end". text: in words. */
void drain_tell(struct worker_tools *, const struct drain *, const char *what,
    const char *text);

#endif
