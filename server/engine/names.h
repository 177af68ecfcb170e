/* engine/names.h - the names that a change gives, kept with its journal. */
#ifndef ENGINE_NAMES_H
#define ENGINE_NAMES_H

#include <stdbool.h>

struct db;
struct err;
struct plan;
struct target;

/* Does the change name anything, or forget a name? */
bool names_change(const struct target *);
/* Into the plan's extras, with what was there before: all that follows reads it
 * from there, so that recovery can as well. */
int names_store(struct db *, const struct target *, struct plan *,
    struct err *);
/*
 * New names first, before the router is touched: the watcher must not make up
 * its own for a neighbor that it sees. Who had such a name loses it.
 */
int names_give(struct db *, const struct plan *, struct err *);
/* When the change is done: those that go. */
int names_forget(struct db *, const struct plan *, struct err *);
/* When it was undone: as before. */
int names_take_back(struct db *, const struct plan *, struct err *);

#endif
