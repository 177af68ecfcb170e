/* system/freebsd/key_pair.h - single directions put together to keys. */
#ifndef SYSTEM_FREEBSD_KEY_PAIR_H
#define SYSTEM_FREEBSD_KEY_PAIR_H

#include <stdbool.h>
#include <stddef.h>

#include "wire/op.h"

/* One direction: a security association, or a line of the boot file. */
struct key_way {
	struct addr src;
	struct addr dst;
	uint8_t key_len;
	char key[OP_KEY_BYTES];
};

/*
 * Adds it to the pair of its addresses, in either direction; to a new one, with
 * src as local, when there is none yet. What op_key_check would not have told
 * (a link-local address, say) and what is past max is left out.
 */
void key_pair_add(struct op_key *list, size_t max, size_t *n,
    enum op_where where, const struct key_way *);
/* NULL when there is none. */
struct op_key *key_pair_find(struct op_key *list, size_t n,
    const struct addr *local, const struct addr *remote);
/* One direction of a pair, the other way round where back is true. */
struct key_way key_pair_way(const struct op_key *, bool back);

#endif
