/* store/drain.h - reasons why something is out of service: one row each. */
#ifndef STORE_DRAIN_H
#define STORE_DRAIN_H

#include "model/drain.h"

struct db;
struct err;

/* By subject, then owner. */
int drain_list(struct db *, struct drain_list *, struct err *);
/* ERR_NOT_FOUND. */
int drain_get(struct db *, const char *subject, const char *owner,
    struct drain *, struct err *);
/* The one that this operation works on. ERR_NOT_FOUND. */
int drain_get_of(struct db *, const char *operation, struct drain *,
    struct err *);
/* Stores or replaces the row of this subject and owner. */
int drain_put(struct db *, const struct drain *, struct err *);
/* Nothing when there is none. */
int drain_remove(struct db *, const char *subject, const char *owner,
    struct err *);

#endif
