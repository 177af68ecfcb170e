/* system/linux/route_words.c - a route in the words of ip(8). */
#include <assert.h>
#include <stdio.h>
#include <string.h>

#include "base/compat.h"
#include "system/linux/route_read.h"
#include "system/linux/route_words.h"

static void
add(struct route_words *w, const char *word)
{
	assert(w->n < NITEMS(w->v));
	w->v[w->n++] = word;
}

static void
add_number(struct route_words *w, const char *what, int slot, uint32_t n)
{
	(void)snprintf(w->number[slot], sizeof(w->number[slot]), "%u",
	    (unsigned)n);
	add(w, what);
	add(w, w->number[slot]);
}

/* ip finds the family by the prefix. */
static void
begin(struct route_words *w, const char *verb, const struct op_route *r)
{
	struct addr gateway = r->gateway;

	assert(r->kind >= OP_ROUTE_GATEWAY && r->kind <= OP_ROUTE_REJECT);
	w->n = 0;
	add(w, "route");
	add(w, verb);
	if (r->kind == OP_ROUTE_BLACKHOLE)
		add(w, "blackhole");
	else if (r->kind == OP_ROUTE_REJECT)
		add(w, "unreachable");
	add(w, prefix_print(&r->prefix, w->prefix));
	(void)snprintf(w->interface, sizeof(w->interface), "%s",
	    r->kind == OP_ROUTE_GATEWAY ? r->gateway.zone : r->interface);
	if (r->kind == OP_ROUTE_GATEWAY) {
		gateway.zone[0] = '\0';
		add(w, "via");
		add(w, addr_print(&gateway, w->gateway));
	}
	if (w->interface[0] != '\0') {
		add(w, "dev");
		add(w, w->interface);
	}
}

void
route_words_add(struct route_words *w, const struct op_route *r)
{
	begin(w, "add", r);
	add_number(w, "proto", 0, ROUTE_READ_PROTOCOL);
}

void
route_words_remove(struct route_words *w, const struct op_route *r,
    uint8_t protocol, uint32_t metric)
{
	begin(w, "delete", r);
	add_number(w, "proto", 0, protocol);
	if (metric != 0)
		add_number(w, "metric", 1, metric);
}

void
route_words_line(const struct route_words *w, char *out)
{
	size_t i, len = 0;

	for (i = 0; i < w->n; i++)
		len += (size_t)snprintf(out + len, ROUTE_WORDS_LINE_MAX - len,
		    "%s%s", i > 0 ? " " : "", w->v[i]);
	assert(len < ROUTE_WORDS_LINE_MAX - 1);
	out[len++] = '\n';
	out[len] = '\0';
}
