/* system/linux/link_words.c - a tunnel in the words of ip(8), argv and batch.
 */
#include <assert.h>
#include <stdio.h>
#include <string.h>

#include "base/compat.h"
#include "base/run.h"
#include "system/linux/link_words.h"

/* clang-format off */
static const struct link_words_kind kinds[] = {
	{ "gre",    NULL,     OP_LINK_GRE, 4, 0 },
	{ "ip6gre", NULL,     OP_LINK_GRE, 6, 0 },
	{ "sit",    "ip6ip",  OP_LINK_GIF, 4, 6 },
	{ "ipip",   "ipip",   OP_LINK_GIF, 4, 4 },
	{ "sit",    "any",    OP_LINK_GIF, 4, 0 },
	{ "ip6tnl", "ip6ip6", OP_LINK_GIF, 6, 6 },
	{ "ip6tnl", "ipip6",  OP_LINK_GIF, 6, 4 },
	{ "ip6tnl", "any",    OP_LINK_GIF, 6, 0 },
};
/* clang-format on */

const struct link_words_kind *
link_words_kind_of(const struct op_link *l)
{
	size_t i;

	for (i = 0; i < NITEMS(kinds); i++)
		if (kinds[i].kind == l->kind &&
		    kinds[i].outer == l->local.family &&
		    (kinds[i].inner == l->inner || l->kind == OP_LINK_GRE))
			return &kinds[i];
	return NULL;
}

const struct link_words_kind *
link_words_kind_named(const char *type, const char *mode)
{
	size_t i;

	for (i = 0; i < NITEMS(kinds); i++)
		if (strcmp(kinds[i].type, type) == 0 &&
		    (kinds[i].mode == NULL) == (mode == NULL) &&
		    (mode == NULL || strcmp(kinds[i].mode, mode) == 0))
			return &kinds[i];
	return NULL;
}

uint32_t
link_words_default_mtu(const struct link_words_kind *k)
{
	uint32_t outer = k->outer == 4 ? 20 : 40;

	return 1500 - outer - (k->kind == OP_LINK_GRE ? 4 : 0);
}

static void
add(struct link_words *w, const char *word)
{
	assert(w->n < NITEMS(w->v));
	w->v[w->n++] = word;
}

static void
begin(struct link_words *w, const char *object, const char *verb)
{
	w->n = 0;
	add(w, object);
	add(w, verb);
}

static void
add_name(struct link_words *w, const char *before, const char *name)
{
	(void)snprintf(w->name, sizeof(w->name), "%s", name);
	add(w, before);
	add(w, w->name);
}

static void
add_ends(struct link_words *w, const struct op_link *l)
{
	add(w, "local");
	add(w, addr_print(&l->local, w->text[0]));
	add(w, "remote");
	add(w, addr_print(&l->remote, w->text[1]));
}

/*
 * A fixed ttl, since an inherited one makes a traceroute through the tunnel
 * see the routers outside, and a BGP session with ttl 1 would not get through.
 * No encapsulation limit: it costs 8 bytes and some routers drop the option.
 * Path MTU discovery stays on, as the kernel has it: nothing is fragmented.
 */
void
link_words_create(struct link_words *w, const struct op_link *l)
{
	const struct link_words_kind *k = link_words_kind_of(l);

	assert(k != NULL);
	begin(w, "link", "add");
	add_name(w, "name", l->name);
	add(w, "type");
	add(w, k->type);
	if (k->mode != NULL) {
		add(w, "mode");
		add(w, k->mode);
	}
	add_ends(w, l);
	add(w, k->outer == 4 ? "ttl" : "hoplimit");
	add(w, "64");
	if (k->outer == 6) {
		add(w, "encaplimit");
		add(w, "none");
	}
}

void
link_words_endpoints(struct link_words *w, const struct op_link *l)
{
	const struct link_words_kind *k = link_words_kind_of(l);

	assert(k != NULL);
	begin(w, "link", "change");
	add_name(w, "dev", l->name);
	add(w, "type");
	add(w, k->type);
	add_ends(w, l);
}

void
link_words_destroy(struct link_words *w, const char *name)
{
	begin(w, "link", "delete");
	add_name(w, "dev", name);
}

void
link_words_mtu(struct link_words *w, const char *name, uint32_t mtu)
{
	begin(w, "link", "set");
	add_name(w, "dev", name);
	(void)snprintf(w->number, sizeof(w->number), "%u", (unsigned)mtu);
	add(w, "mtu");
	add(w, w->number);
}

void
link_words_description(struct link_words *w, const char *name,
    const char *description)
{
	begin(w, "link", "set");
	add_name(w, "dev", name);
	(void)snprintf(w->description, sizeof(w->description), "%s",
	    description);
	add(w, "alias");
	add(w, w->description);
}

void
link_words_up(struct link_words *w, const char *name, int up)
{
	begin(w, "link", "set");
	add_name(w, "dev", name);
	add(w, up ? "up" : "down");
}

void
link_words_address(struct link_words *w, const char *name,
    const struct op_address *a, const char *verb)
{
	struct addr plain = a->address, peer = a->peer;
	bool pair = a->peer.family != 0;
	char *last = w->text[pair ? 1 : 0];
	size_t n;

	begin(w, "address", verb);
	/* The device says it all. */
	plain.zone[0] = peer.zone[0] = '\0';
	add(w, addr_print(&plain, w->text[0]));
	if (pair) {
		add(w, "peer");
		add(w, addr_print(&peer, w->text[1]));
	}
	n = strlen(last);
	(void)snprintf(last + n, sizeof(w->text[0]) - n, "/%u",
	    (unsigned)a->prefix_length);
	add_name(w, "dev", name);
	/* Nobody else can have it on a tunnel, and a session's local address
	 * must not be unusable for a second. */
	if (a->address.family == 6 && strcmp(verb, "delete") != 0)
		add(w, "nodad");
}

void
link_words_argv(const struct link_words *w, struct argv *argv)
{
	size_t i;

	for (i = 0; i < w->n; i++)
		argv_add(argv, w->v[i]);
}

void
link_words_line(const struct link_words *w, char *out)
{
	size_t i, len = 0;

	for (i = 0; i < w->n; i++) {
		bool quote = w->v[i][0] == '\0' || strchr(w->v[i], ' ') != NULL;

		len += (size_t)snprintf(out + len, LINK_WORDS_LINE_MAX - len,
		    quote ? "%s\"%s\"" : "%s%s", i > 0 ? " " : "", w->v[i]);
		assert(len < LINK_WORDS_LINE_MAX - 1);
	}
	out[len++] = '\n';
	out[len] = '\0';
}
