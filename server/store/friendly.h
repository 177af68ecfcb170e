/* store/friendly.h - the name under which a neighbor is known to the API. */
#ifndef STORE_FRIENDLY_H
#define STORE_FRIENDLY_H

#include <stddef.h>

#include "base/addr.h"
#include "base/name.h"

struct db;
struct err;

struct friendly {
	struct addr neighbor;
	struct name name;
};
struct friendly_list {
	struct friendly *v;
	size_t n;
};
/* In the order of the names. */
int friendly_list(struct db *, struct friendly_list *, struct err *);
void friendly_list_clear(struct friendly_list *);
/* Sets or replaces. ERR_CONFLICT when another neighbor has the name. */
int friendly_set(struct db *, const struct addr *, const struct name *,
    struct err *);
/* ERR_NOT_FOUND when it has none. */
int friendly_remove(struct db *, const struct addr *, struct err *);

#endif
