/* engine/session_event.h - sessions that came up or went down. */
#ifndef ENGINE_SESSION_EVENT_H
#define ENGINE_SESSION_EVENT_H

struct parts;
struct upstream_list;

/* Publishes what differs between two looks. One that went down and up between
 * them is told as both. */
void session_event_compare(struct parts *, const struct upstream_list *before,
    const struct upstream_list *now);

#endif
