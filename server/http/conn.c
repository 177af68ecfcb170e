/* http/conn.c - the table of client connections and where each one stands. */
#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "http/conn.h"

enum {
	KEEP_BUFFER = 16 * 1024
}; /* larger buffers do not stay allocated */

void
conn_table_init(struct conn_table *t, uint32_t max, uint32_t per_address_max,
    uint64_t first_number)
{
	uint32_t i;

	memset(t, 0, sizeof(*t));
	t->v = mem_calloc(max, sizeof(*t->v));
	t->max = max;
	t->per_address_max = per_address_max;
	t->next_number = first_number;
	TAILQ_INIT(&t->free);
	for (i = 0; i < CONN_PHASES; i++)
		TAILQ_INIT(&t->phase[i]);
	for (i = 0; i < max; i++) {
		t->v[i].slot = i;
		t->v[i].fd = -1;
		t->v[i].body = (struct buf)BUF_SECRET;
		TAILQ_INSERT_TAIL(&t->free, &t->v[i], link);
	}
}

void
conn_table_clear(struct conn_table *t)
{
	uint32_t i;

	for (i = 0; i < t->max; i++) {
		buf_clear(&t->v[i].target);
		buf_clear(&t->v[i].body);
		backlog_clear(&t->v[i].backlog);
	}
	MEM_FREE(t->v);
	memset(t, 0, sizeof(*t));
}

/* One customer of an access provider has a /64, so that is one client. */
static bool
same_client(const struct addr *a, const struct addr *b)
{
	if (a->family != b->family)
		return false;
	if (addr_is_link_local(a))
		return addr_equal(a, b);
	return memcmp(a->bytes, b->bytes, a->family == 6 ? 8 : 4) == 0;
}

static uint32_t
count_from(const struct conn_table *t, const struct addr *addr)
{
	uint32_t n = 0, i;

	for (i = 0; i < t->max; i++)
		n += t->v[i].used && t->v[i].addr.family != 0 &&
		    same_client(&t->v[i].addr, addr);
	return n;
}

enum conn_verdict
conn_new(struct conn_table *t, const struct addr *addr, int64_t now_ms,
    struct conn **cp)
{
	struct conn *c = TAILQ_FIRST(&t->free);

	*cp = NULL;
	if (addr != NULL && count_from(t, addr) >= t->per_address_max)
		return CONN_TOO_MANY_FROM_ADDRESS;
	if (c == NULL)
		return CONN_TOO_MANY;
	TAILQ_REMOVE(&t->free, c, link);
	t->used++;
	c->used = true;
	/* 0 stands for no connection. */
	if (t->next_number == 0)
		t->next_number++;
	c->number = t->next_number++;
	c->fd = -1;
	c->mhd = NULL;
	c->secure = false;
	c->linger = false;
	memset(&c->addr, 0, sizeof(c->addr));
	if (addr != NULL) {
		c->addr = *addr;
		(void)addr_print(addr, c->peer);
	} else
		(void)snprintf(c->peer, sizeof(c->peer), "unix");
	c->peer_len = strlen(c->peer);
	conn_forget_request(c);
	c->phase = CONN_IDLE;
	c->since_ms = now_ms;
	TAILQ_INSERT_TAIL(&t->phase[CONN_IDLE], c, link);
	*cp = c;
	return CONN_ACCEPTED;
}

static bool
is_half(uint32_t n, uint32_t max)
{
	return n >= (max > 1 ? max / 2 : 1);
}

enum conn_verdict
conn_may_stream(const struct conn_table *t, const struct conn *c)
{
	const struct conn *other;
	uint32_t all = 0, same = 0;

	TAILQ_FOREACH(other, &t->phase[CONN_STREAMING], link) {
		all++;
		same += same_client(&other->addr, &c->addr);
	}
	if (c->addr.family != 0 && is_half(same, t->per_address_max))
		return CONN_TOO_MANY_FROM_ADDRESS;
	return is_half(all, t->max) ? CONN_TOO_MANY : CONN_ACCEPTED;
}

void
conn_free(struct conn_table *t, struct conn *c)
{
	assert(c->used);
	conn_forget_request(c);
	TAILQ_REMOVE(&t->phase[c->phase], c, link);
	TAILQ_INSERT_HEAD(&t->free, c, link);
	c->used = false;
	c->mhd = NULL;
	c->fd = -1;
	t->used--;
}

void
conn_enter(struct conn_table *t, struct conn *c, enum conn_phase phase,
    int64_t now_ms)
{
	TAILQ_REMOVE(&t->phase[c->phase], c, link);
	TAILQ_INSERT_TAIL(&t->phase[phase], c, link);
	c->phase = phase;
	c->since_ms = now_ms;
}

static void
empty(struct buf *b)
{
	if (b->cap > KEEP_BUFFER)
		buf_clear(b);
	else
		buf_reset(b);
}

void
conn_forget_request(struct conn *c)
{
	empty(&c->target);
	empty(&c->body);
	backlog_clear(&c->backlog);
	c->ended = false;
	c->target_at = NULL;
	c->head = false;
	c->begun = false;
	c->suspended = false;
	c->gone = false;
	assert(c->answer == NULL);
	memset(c->header, 0, sizeof(c->header));
	c->request_id[0] = '\0';
	c->turn++;
	c->id = (uint64_t)c->turn << 32 | c->slot;
}

struct conn *
conn_find(const struct conn_table *t, uint64_t id)
{
	uint32_t slot = (uint32_t)id;

	if (slot >= t->max || !t->v[slot].used || t->v[slot].id != id)
		return NULL;
	return &t->v[slot];
}

struct conn *
conn_oldest(const struct conn_table *t, enum conn_phase phase)
{
	return TAILQ_FIRST(&t->phase[phase]);
}
