/* engine/snapshot.c - what reads are answered from: immutable, counted. */
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/crypto.h"
#include "base/mem.h"
#include "engine/snapshot.h"

struct snapshot_box {
	pthread_mutex_t lock;
	struct snapshot *newest;
};

struct snapshot *
snapshot_new(size_t n_items)
{
	struct snapshot *s = mem_calloc(1, sizeof(*s));

	s->references = 1;
	s->items = mem_calloc(n_items, sizeof(*s->items));
	s->n_items = n_items;
	return s;
}

void
snapshot_set_body(struct body *body, char *text, const char *etag)
{
	char hex[CRYPTO_HASH_HEX_MAX];

	body->text = text;
	body->len = strlen(text);
	if (etag != NULL)
		(void)snprintf(body->etag, sizeof(body->etag), "%s", etag);
	else
		(void)snprintf(body->etag, sizeof(body->etag), "\"%.32s\"",
		    crypto_blake2b_hex(hex, text, body->len));
}

static void
destroy(struct snapshot *s)
{
	size_t i;

	free(s->router.text);
	free(s->upstreams.text);
	free(s->sessions.text);
	free(s->downstreams.text);
	free(s->interfaces.text);
	free(s->freshness);
	for (i = 0; i < s->n_items; i++) {
		free(s->items[i].upstream.text);
		free(s->items[i].session.text);
	}
	free(s->items);
	for (i = 0; i < s->n_downstreams; i++)
		free(s->downstream[i].body.text);
	free(s->downstream);
	free(s);
}

struct snapshot_box *
snapshot_box_new(void)
{
	struct snapshot_box *box = mem_calloc(1, sizeof(*box));

	(void)pthread_mutex_init(&box->lock, NULL);
	return box;
}

/* Drops one reference; true when it was the last. Called with the lock. */
static bool
drop(struct snapshot *s)
{
	return s != NULL && --s->references == 0;
}

void
snapshot_box_free(struct snapshot_box **boxp)
{
	struct snapshot_box *box = *boxp;

	if (box == NULL)
		return;
	if (drop(box->newest))
		destroy(box->newest);
	(void)pthread_mutex_destroy(&box->lock);
	MEM_FREE(*boxp);
}

void
snapshot_publish(struct snapshot_box *box, struct snapshot *s)
{
	struct snapshot *old;
	bool last;

	(void)pthread_mutex_lock(&box->lock);
	old = box->newest;
	box->newest = s;
	last = drop(old);
	(void)pthread_mutex_unlock(&box->lock);
	if (last)
		destroy(old);
}

const struct snapshot *
snapshot_get(struct snapshot_box *box)
{
	struct snapshot *s;

	(void)pthread_mutex_lock(&box->lock);
	s = box->newest;
	if (s != NULL)
		s->references++;
	(void)pthread_mutex_unlock(&box->lock);
	return s;
}

void
snapshot_put(struct snapshot_box *box, const struct snapshot *s)
{
	/* Only the count changes, and only under the lock. */
	struct snapshot *mine = (struct snapshot *)(uintptr_t)s;
	bool last;

	if (s == NULL)
		return;
	(void)pthread_mutex_lock(&box->lock);
	last = drop(mine);
	(void)pthread_mutex_unlock(&box->lock);
	if (last)
		destroy(mine);
}

const struct snapshot_item *
snapshot_find(const struct snapshot *s, const char *name)
{
	size_t i;

	for (i = 0; i < s->n_items; i++)
		if (strcmp(s->items[i].name.s, name) == 0)
			return &s->items[i];
	return NULL;
}

const struct snapshot_item *
snapshot_find_neighbor(const struct snapshot *s, const struct addr *addr)
{
	size_t i;

	for (i = 0; i < s->n_items; i++)
		if (addr_equal(&s->items[i].neighbor, addr))
			return &s->items[i];
	return NULL;
}

const struct body *
snapshot_find_downstream(const struct snapshot *s, const char *name)
{
	size_t i;

	for (i = 0; i < s->n_downstreams; i++)
		if (strcmp(s->downstream[i].name.s, name) == 0)
			return &s->downstream[i].body;
	return NULL;
}
