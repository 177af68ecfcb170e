/* engine/drain_sent.h - which of our prefixes are announced to whom. */
#ifndef ENGINE_DRAIN_SENT_H
#define ENGINE_DRAIN_SENT_H

#include <stdbool.h>
#include <stddef.h>

#include "base/addr.h"

struct err;
struct frr;
struct observation;

enum {
	DRAIN_SENT_MAX = 256
};

struct drain_sent {
	struct prefix prefix;
	struct addr *to;
	size_t n; /* 0: it is announced to nobody */
	/* Routers of our AS from which it is here with local preference 0: what
	 * who is drained sends. */
	struct addr *from_drained;
	size_t n_from_drained;
};
/* Zeroed: none. */
struct drain_sent_list {
	struct drain_sent v[DRAIN_SENT_MAX];
	size_t n;
};

/*
 * This router's prefixes, and what else an export list names without a range:
 * each asked of bgpd, which knows what it has sent whatever lists and maps let
 * it out. What does not fit is left out: a session's count of prefixes_sent
 * tells that there is more. On -1 nothing is left to clear.
 */
int drain_sent_read(struct frr *, const struct observation *,
    struct drain_sent_list *, struct err *);
void drain_sent_clear(struct drain_sent_list *);
bool drain_sent_to(const struct drain_sent *, const struct addr *neighbor);
/* Does what the neighbor sends us tell that it is drained itself? */
bool drain_sent_by_drained(const struct drain_sent_list *,
    const struct addr *neighbor);

#endif
