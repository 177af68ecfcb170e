/* system/freebsd/key_pair.c - single directions put together to keys. */
#include <string.h>

#include "system/freebsd/key_pair.h"

struct op_key *
key_pair_find(struct op_key *list, size_t n, const struct addr *local,
    const struct addr *remote)
{
	size_t i;

	for (i = 0; i < n; i++)
		if (op_key_is_of(&list[i], local, remote))
			return &list[i];
	return NULL;
}

static void
set_key(struct op_key *k, const struct key_way *way)
{
	memset(k->key, 0, sizeof(k->key));
	memcpy(k->key, way->key, way->key_len);
	k->key_len = way->key_len;
	k->flaw &= (uint8_t)~OP_KEY_RAW;
	if (op_key_text_check(k->key, k->key_len, NULL) == -1)
		k->flaw |= OP_KEY_RAW;
}

static void
join(struct op_key *k, const struct key_way *way)
{
	uint8_t missing =
	    addr_equal(&k->local, &way->src) ? OP_KEY_NO_OUT : OP_KEY_NO_IN;

	if ((k->flaw & missing) == 0)
		k->flaw |= OP_KEY_SEVERAL;
	k->flaw &= (uint8_t)~missing;
	if (k->key_len != way->key_len ||
	    memcmp(k->key, way->key, way->key_len) != 0)
		k->flaw |= OP_KEY_DIFFERS;
}

void
key_pair_add(struct op_key *list, size_t max, size_t *n, enum op_where where,
    const struct key_way *way)
{
	struct op_key *k = key_pair_find(list, *n, &way->src, &way->dst);

	if (k != NULL) {
		join(k, way);
		return;
	}
	if (list == NULL || *n == max)
		return;
	k = &list[*n];
	memset(k, 0, sizeof(*k));
	k->where = (uint8_t)where;
	k->local = way->src;
	k->remote = way->dst;
	k->flaw = OP_KEY_NO_IN;
	set_key(k, way);
	if (op_key_check(k, OP_KEYS, NULL) == 0)
		(*n)++;
	else
		memset(k, 0, sizeof(*k));
}

struct key_way
key_pair_way(const struct op_key *k, bool back)
{
	struct key_way way;

	memset(&way, 0, sizeof(way));
	way.src = back ? k->remote : k->local;
	way.dst = back ? k->local : k->remote;
	way.key_len = k->key_len;
	memcpy(way.key, k->key, sizeof(way.key));
	return way;
}
