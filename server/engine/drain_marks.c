/* engine/drain_marks.c - which neighbors are drained, and how: a list. */
/* names: map */
#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "engine/drain_map.h"

void
drain_map_clear(struct drain_marks *marks)
{
	free(marks->v);
	memset(marks, 0, sizeof(*marks));
}

void
drain_map_copy(struct drain_marks *to, const struct drain_marks *from)
{
	to->n = from->n;
	to->v = mem_calloc(from->n + 1, sizeof(*to->v));
	if (from->n > 0)
		memcpy(to->v, from->v, from->n * sizeof(*to->v));
}

struct drain_mark *
drain_map_find(const struct drain_marks *marks, const char *neighbor)
{
	size_t i;

	for (i = 0; i < marks->n; i++)
		if (strcmp(marks->v[i].neighbor, neighbor) == 0)
			return &marks->v[i];
	return NULL;
}

struct drain_mark *
drain_map_mark(struct drain_marks *marks, const char *neighbor)
{
	struct drain_mark *m = drain_map_find(marks, neighbor);

	if (m != NULL)
		return m;
	marks->v = mem_realloc(marks->v, marks->n + 1, sizeof(*marks->v));
	m = &marks->v[marks->n++];
	memset(m, 0, sizeof(*m));
	(void)snprintf(m->neighbor, sizeof(m->neighbor), "%s", neighbor);
	return m;
}

struct drain_mark *
drain_map_add(struct drain_marks *marks, const char *neighbor,
    const char *upstream)
{
	struct drain_mark *m = drain_map_mark(marks, neighbor);
	size_t i;

	if (m->stem[0] != '\0')
		return m;
	(void)snprintf(m->stem, sizeof(m->stem), "MH-DRAIN-%s", upstream);
	for (i = 0; m->stem[i] != '\0'; i++)
		m->stem[i] = (char)toupper((unsigned char)m->stem[i]);
	return m;
}

void
drain_map_drop(struct drain_marks *marks, const char *neighbor)
{
	struct drain_mark *m = drain_map_find(marks, neighbor);

	if (m != NULL)
		*m = marks->v[--marks->n];
}

bool
drain_map_equal(const struct drain_mark *a, const struct drain_mark *b)
{
	if (a == NULL || b == NULL)
		return a == b;
	return strcmp(a->neighbor, b->neighbor) == 0 &&
	    strcmp(a->stem, b->stem) == 0 && a->prepend == b->prepend &&
	    a->native == b->native && a->shutdown == b->shutdown &&
	    strcmp(a->message, b->message) == 0;
}
