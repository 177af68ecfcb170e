/* engine/edit_router.c - the router itself: AS, id, address, kernel routes. */
#include <stdio.h>
#include <string.h>

#include "base/err.h"
#include "engine/adopt.h"
#include "engine/edit.h"
#include "engine/edit_bogons.h"
#include "engine/edit_prefixes.h"
#include "engine/observe.h"
#include "engine/router_read.h"
#include "engine/router_want.h"
#include "engine/target.h"
#include "frr/state.h"
#include "frr/tree.h"
#include "model/router_order.h"

static const unsigned families[2] = { 4, 6 };

/* The tree is ours to edit; only the look-up's type is const. */
static struct frr_node *
bgp_of(struct frr_node *tree)
{
	return (struct frr_node *)(uintptr_t)adopt_bgp(tree);
}

/* --- router bgp -------------------------------------------------------------
 */

static void
copy_children(struct frr_node *to, const struct frr_node *from)
{
	size_t i;

	for (i = 0; i < from->n_children; i++)
		copy_children(frr_tree_add(to, from->children[i]->line),
		    from->children[i]);
}

/* FRR cannot rename the block: the old one goes with all that it holds. */
static int
change_as(struct frr_node *tree, const struct observation *o, const char *line,
    struct err *err)
{
	struct frr_node *old = bgp_of(tree), *node = NULL;

	if (o->upstreams.n > 0 || o->state.n_by_interface > 0) {
		(void)err_set(err, ERR_CONFLICT,
		    "the AS number is that of %zu sessions (%s ...): remove "
		    "them first",
		    o->upstreams.n + (size_t)o->state.n_by_interface,
		    o->upstreams.n > 0 ? o->upstreams.v[0].name.s :
					 "by interface");
		return err_reason(err, "local_as_in_use");
	}
	while ((node = frr_tree_child_prefix(tree, "router bgp", node)) != NULL)
		if (node != old) {
			(void)err_set(err, ERR_CONFLICT,
			    "\"%.100s\" depends on the present AS number: "
			    "remove it by hand first",
			    node->line);
			return err_reason(err, "local_as_in_use");
		}
	copy_children(frr_tree_add(tree, line), old);
	frr_tree_remove(old);
	return 0;
}

static int
set_bgp(struct frr_node *tree, const struct observation *o,
    const struct router_config *now, const struct router_config *want,
    struct err *err)
{
	char line[ADDR_TEXT_MAX + 32];
	struct frr_node *bgp, *node;

	(void)snprintf(line, sizeof(line), "router bgp %u", want->local_as);
	if (now->local_as == 0 && want->local_as != 0) {
		bgp = frr_tree_add(tree, line);
		/* A neighbor is in no family that nobody asked for. */
		(void)frr_tree_add(bgp, "no bgp default ipv4-unicast");
	} else if (want->local_as != now->local_as &&
	    change_as(tree, o, line, err) == -1) {
		return -1;
	}
	if (strcmp(now->router_id, want->router_id) == 0)
		return 0;
	(void)snprintf(line, sizeof(line), "bgp router-id %s", want->router_id);
	bgp = bgp_of(tree);
	node = frr_tree_child_prefix(bgp, "bgp router-id", NULL);
	if (node != NULL)
		frr_tree_set_line(node, line);
	else
		(void)frr_tree_add(bgp, line);
	return 0;
}

/* --- kernel routes ----------------------------------------------------------
 */

static bool
is_active(const struct observation *o, unsigned family)
{
	unsigned i = family == 4 ? FAMILY_IPV4_UNICAST : FAMILY_IPV6_UNICAST;
	size_t n;

	for (n = 0; n < o->upstreams.n; n++)
		if (o->upstreams.v[n].family[i])
			return true;
	return false;
}

/* Where nothing is used yet, both: nothing may slip into the kernel. */
static bool
is_used(const struct observation *o, const struct router_config *c,
    unsigned family)
{
	bool any = c->n_prefixes > 0 || o->upstreams.n > 0;

	return !any || edit_prefixes_has(c, family) || is_active(o, family);
}

static int
announce_only(struct frr_node *tree, unsigned family, struct err *err)
{
	static const char map[] = ROUTER_READ_KERNEL_MAP;
	const char *space = family == 4 ? "ip" : "ipv6";
	const struct frr_node *there;
	char line[96];
	bool deny_all;

	there = router_read_kernel_map(tree, family, &deny_all);
	if (there != NULL && deny_all)
		return 0;
	if (there != NULL) {
		(void)err_set(err, ERR_CONFLICT,
		    "\"%.150s\" lets some routes into the kernel already: "
		    "remove it by hand first",
		    there->line);
		return err_reason(err, "kernel_map_in_use");
	}
	if (!router_read_denies(tree, map)) {
		(void)err_set(err, ERR_CONFLICT,
		    "the route map %s is there and permits something: rename "
		    "it by hand first",
		    map);
		return err_reason(err, "kernel_map_in_use");
	}
	(void)snprintf(line, sizeof(line), "route-map %s", map);
	if (frr_tree_child_prefix(tree, line, NULL) == NULL) {
		(void)snprintf(line, sizeof(line), "route-map %s deny 10", map);
		(void)frr_tree_add(tree, line);
	}
	(void)snprintf(line, sizeof(line), "%s protocol bgp route-map %s",
	    space, map);
	(void)frr_tree_add(tree, line);
	return 0;
}

/* Is the map named anywhere, but for its own entries? */
static bool
is_named(const struct frr_node *tree, const char *map)
{
	char word[128];
	unsigned n;
	size_t i;

	for (i = 0; i < tree->n_children; i++) {
		const struct frr_node *node = tree->children[i];

		n = strncmp(node->line, "route-map ", 10) == 0 ? 2 : 0;
		for (; frr_tree_word(node->line, n, word, sizeof(word)); n++)
			if (strcmp(word, map) == 0)
				return true;
		if (is_named(node, map))
			return true;
	}
	return false;
}

static void
install(struct frr_node *tree)
{
	static const char head[] = "route-map " ROUTER_READ_KERNEL_MAP;
	const struct frr_node *line;
	struct frr_node *node;
	bool deny_all;
	size_t i;

	for (i = 0; i < 2; i++) {
		line = router_read_kernel_map(tree, families[i], &deny_all);
		if (line != NULL && deny_all)
			frr_tree_remove((struct frr_node *)(uintptr_t)line);
	}
	while (!is_named(tree, ROUTER_READ_KERNEL_MAP) &&
	    (node = frr_tree_child_prefix(tree, head, NULL)) != NULL)
		frr_tree_remove(node);
}

static int
set_kernel(struct frr_node *tree, const struct observation *o,
    const struct router_config *now, const struct router_config *want,
    struct err *err)
{
	size_t i;

	if (!want->announce_only) {
		if (now->announce_only)
			install(tree);
		return 0;
	}
	for (i = 0; i < 2; i++)
		if (is_used(o, want, families[i]) &&
		    (!now->announce_only || !is_used(o, now, families[i])) &&
		    announce_only(tree, families[i], err) == -1)
			return -1;
	return 0;
}

/* --- firewall ---------------------------------------------------------------
 */

static bool
same_prefixes(const struct router_config *a, const struct router_config *b)
{
	size_t i;

	if (a->n_prefixes != b->n_prefixes)
		return false;
	for (i = 0; i < a->n_prefixes; i++) /* both ascending */
		if (!prefix_equal(&a->prefixes[i].prefix,
			&b->prefixes[i].prefix))
			return false;
	return true;
}

static void
set_firewall(struct host *host, const struct router_config *want)
{
	struct prefix prefixes[ROUTER_PREFIXES_MAX];
	size_t i;

	for (i = 0; i < want->n_prefixes; i++)
		prefixes[i] = want->prefixes[i].prefix;
	host_set_firewall_router(host, want->address, prefixes,
	    want->n_prefixes);
}

int
edit_router(const struct observation *o, const struct router_order *order,
    struct target *t, struct err *err)
{
	struct router_config now, want;
	bool moved;

	err_clear(err);
	router_read(o->tree, &o->host, &now);
	if (router_want(o, order, &now, &want, err) == -1)
		return -1;
	moved = !same_prefixes(&now, &want);
	if (set_bgp(t->tree, o, &now, &want, err) == -1 ||
	    edit_prefixes(t, &now, &want, order->options.adopt.flag, err) ==
		-1 ||
	    edit_bogons(t, &now, &want, moved, err) == -1 ||
	    set_kernel(t->tree, o, &now, &want, err) == -1)
		return -1;
	if (moved || !addr_equal(&now.address[0], &want.address[0]) ||
	    !addr_equal(&now.address[1], &want.address[1]))
		set_firewall(&t->host, &want);
	return 0;
}
