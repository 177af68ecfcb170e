/* engine/drain.h - out of service, and back: what a request begins. */
#ifndef ENGINE_DRAIN_H
#define ENGINE_DRAIN_H

#include <stdbool.h>

struct caller;
struct drain_order;
struct err;
struct operation;
struct worker_tools;

/*
 * On the writer's thread, after recover_now(). subject: "router" or
 * "upstreams/NAME". Preflight, then a running operation; nothing is touched
 * yet. *changed false: it is so already, and op is what made it so. op is the
 * caller's to clear. ERR_NOT_FOUND; ERR_CONFLICT "drain_preflight".
 */
int drain_begin(struct worker_tools *, const char *subject,
    const struct drain_order *, const struct caller *, bool *changed,
    struct operation *op, struct err *);
/*
 * The owner's reason goes, by an operation that leads back. ERR_NOT_FOUND when
 * this owner has none.
 */
int drain_undrain(struct worker_tools *, const char *subject, const char *owner,
    const struct caller *, struct operation *op, struct err *);
/* The upstream is not there: its reasons go. */
void drain_forget(struct worker_tools *, const char *subject);
/* A change of this kind is done: if it has removed an upstream, its reasons go
 * with it. */
void drain_change_done(struct worker_tools *, const char *kind,
    const char *resource);

#endif
