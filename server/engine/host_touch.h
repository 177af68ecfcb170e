/* engine/host_touch.h - only what a change touches, to keep and to go back. */
#ifndef ENGINE_HOST_TOUCH_H
#define ENGINE_HOST_TOUCH_H

struct buf;
struct err;
struct host;

/*
 * Leaves in both values what differs between them (links by name, routes by
 * prefix, keys by address, the firewall as a whole), running and boot. A
 * firewall that is not touched is not known in either.
 */
void host_touch_reduce(struct host *before, struct host *after);
/*
 * A copy of now in which all that wanted or other holds (both reduced, in
 * either order) is as in wanted: where to go on, or back to.
 */
void host_touch_goal(const struct host *now, const struct host *wanted,
    const struct host *other, struct host *goal);

/* A reduced value for the journal, as hexadecimal text, and back; load clears
 * nothing. There are keys in the text: it is to be sealed before it is stored,
 * and wiped, unless host_mask_keys() has gone over the value. ERR_INTERNAL when
 * it is damaged or of another version. */
void host_touch_store(const struct host *, struct buf *);
int host_touch_load(struct host *, const char *stored, struct err *);

#endif
