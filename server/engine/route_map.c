/* engine/route_map.c - what a route map means for an upstream, and edits. */
#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/err.h"
#include "base/name.h"
#include "base/number.h"
#include "engine/adopt.h"
#include "engine/route_map.h"
#include "engine/route_map_users.h"
#include "frr/state.h"
#include "frr/tree.h"
#include "model/upstream.h"

enum {
	HEAD_MAX = 256,
	LINE_MAX_LEN = 512
};

static const char local_preference_words[] = "set local-preference";
static const char prepend_words[] = "set as-path prepend";

struct frr_node *
route_map_next_permit(const struct frr_node *tree, const char *map,
    const struct frr_node *after)
{
	char head[HEAD_MAX];

	(void)snprintf(head, sizeof(head), "route-map %s permit", map);
	return frr_tree_child_prefix(tree, head, after);
}

bool
route_map_exists(const struct frr_node *tree, const char *map)
{
	char head[HEAD_MAX];

	(void)snprintf(head, sizeof(head), "route-map %s", map);
	return frr_tree_child_prefix(tree, head, NULL) != NULL;
}

/* The prefix list that the first permit entry demands, "" when none. */
static void
read_prefix_list(const struct frr_node *entry, unsigned family, char *out,
    size_t size)
{
	const char *words = family == FAMILY_IPV4_UNICAST ?
	    "match ip address prefix-list" :
	    "match ipv6 address prefix-list";
	const struct frr_node *node = frr_tree_child_prefix(entry, words, NULL);
	const char *rest = node == NULL ? NULL : frr_tree_rest(node, words);

	if (rest != NULL && out[0] == '\0')
		(void)snprintf(out, size, "%s", rest);
}

/* The value of one single-valued line of an entry, NULL when absent. */
static const char *
entry_value(const struct frr_node *entry, const char *words)
{
	const struct frr_node *node = frr_tree_child_prefix(entry, words, NULL);

	return node == NULL ? NULL : frr_tree_rest(node, words);
}

void
route_map_read_import(const struct frr_node *tree, unsigned family,
    struct upstream *up)
{
	const char *map = up->route_map_in, *value;
	const struct frr_node *entry = NULL;
	bool first = true, differ = false, has;
	uint32_t n;

	if (map[0] == '\0')
		return;
	if (!route_map_exists(tree, map)) {
		upstream_warn(up,
		    "route map %s does not exist: every route "
		    "is refused",
		    map);
		return;
	}
	while ((entry = route_map_next_permit(tree, map, entry)) != NULL) {
		if (first)
			read_prefix_list(entry, family, up->import_prefix_list,
			    sizeof(up->import_prefix_list));
		value = entry_value(entry, local_preference_words);
		n = 0;
		has = value != NULL &&
		    number_parse_u32(&n, value, 0, UINT32_MAX, NULL) == 0;
		if (value != NULL && !has)
			upstream_warn(up,
			    "%s sets local-preference %s, which "
			    "is not a plain number",
			    map, value);
		if (first) {
			up->has_local_preference = has;
			up->local_preference = n;
		} else if (has != up->has_local_preference ||
		    n != up->local_preference) {
			differ = true;
		}
		first = false;
	}
	if (differ)
		upstream_warn(up,
		    "the permit entries of %s set different "
		    "local preferences; the first one's is shown",
		    map);
}

/* How many times our own AS; *foreign when something else is there. */
static unsigned
count_prepend(const char *value, uint32_t own_as, bool *foreign)
{
	char word[16];
	uint32_t as;
	unsigned i, n = 0;

	*foreign = false;
	for (i = 0; value != NULL && value[0] != '\0' &&
	     frr_tree_word(value, i, word, sizeof(word));
	     i++) {
		if (number_parse_u32(&as, word, 1, UINT32_MAX, NULL) == 0 &&
		    as == own_as)
			n++;
		else
			*foreign = true;
	}
	return n;
}

static uint32_t
own_as(const struct frr_node *tree)
{
	struct adopt_router router;

	adopt_router(tree, &router);
	return router.local_as;
}

void
route_map_read_export(const struct frr_node *tree, unsigned family,
    struct upstream *up)
{
	const char *map = up->route_map_out;
	const struct frr_node *entry = NULL;
	bool first = true, differ = false, foreign;
	unsigned n;

	if (map[0] == '\0')
		return;
	if (!route_map_exists(tree, map)) {
		upstream_warn(up,
		    "route map %s does not exist: nothing is "
		    "announced",
		    map);
		return;
	}
	while ((entry = route_map_next_permit(tree, map, entry)) != NULL) {
		if (first)
			read_prefix_list(entry, family, up->export_prefix_list,
			    sizeof(up->export_prefix_list));
		n = count_prepend(entry_value(entry, prepend_words),
		    own_as(tree), &foreign);
		if (foreign)
			upstream_warn(up,
			    "%s prepends AS numbers that are not ours", map);
		if (first)
			up->as_path_prepend = n;
		else if (n != up->as_path_prepend)
			differ = true;
		first = false;
	}
	if (differ)
		upstream_warn(up,
		    "the permit entries of %s prepend "
		    "differently; the first one's is shown",
		    map);
}

/* The set line of one entry becomes line, or goes when line is NULL. */
static void
set_entry(struct frr_node *entry, const char *words, const char *line)
{
	struct frr_node *node = frr_tree_child_prefix(entry, words, NULL);

	if (line == NULL && node != NULL)
		frr_tree_remove(node);
	else if (line != NULL && node != NULL)
		frr_tree_set_line(node, line);
	else if (line != NULL)
		(void)frr_tree_add(entry, line);
}

void
route_map_new_name(const struct frr_node *tree, const char *upstream,
    const char *direction, char *out, size_t size)
{
	unsigned n = 0;
	size_t i;

	do {
		(void)snprintf(out, size, n == 0 ? "RM-%s-%s" : "RM-%s-%s-%u",
		    upstream, direction, n + 1);
		for (i = 0; out[i] != '\0'; i++)
			out[i] = (char)toupper((unsigned char)out[i]);
		n++;
	} while (route_map_exists(tree, out));
}

void
route_map_attach(struct frr_node *tree, unsigned family, const char *neighbor,
    const char *map, const char *direction)
{
	struct frr_node *bgp, *section;
	char line[LINE_MAX_LEN];

	/* The tree is ours to edit; only the look-up's type is const. */
	bgp = (struct frr_node *)(uintptr_t)adopt_bgp(tree);
	(void)snprintf(line, sizeof(line), "address-family %s",
	    family_frr_words(family));
	section = frr_tree_add(bgp, line);
	(void)snprintf(line, sizeof(line), "neighbor %s route-map %s %s",
	    neighbor, map, direction);
	(void)frr_tree_add(section, line);
}

/* A map of the neighbor's own, named after it, attached in one family. */
static struct frr_node *
attach_new(struct frr_node *tree, const struct upstream *up, unsigned family,
    const char *neighbor, const char *direction)
{
	char name[64], line[LINE_MAX_LEN];
	struct frr_node *entry;

	route_map_new_name(tree, up->name.s, direction, name, sizeof(name));
	(void)snprintf(line, sizeof(line), "route-map %s permit 10", name);
	entry = frr_tree_add(tree, line);
	route_map_attach(tree, family, neighbor, name, direction);
	return entry;
}

/*
 * A map that permits all must not open what was closed (RFC 8212, and api.md's
 * route-leak guard). A prefix list of the neighbor's own goes on filtering
 * beside it; inside our AS nothing is closed; inbound, a router that requires
 * no policy accepts everything already.
 */
static int
check_new_map(const struct frr_node *bgp, const struct upstream *up,
    unsigned family, const char *direction, struct err *err)
{
	const struct frr_node *section = adopt_family(bgp, family),
			      *node = NULL;
	char neighbor[ADDR_TEXT_MAX], words[128], word[8];
	bool in = strcmp(direction, "in") == 0;

	if (up->internal || (in && !adopt_requires_policy(bgp)))
		return 0;
	(void)snprintf(words, sizeof(words), "neighbor %s prefix-list",
	    addr_print(&up->neighbor, neighbor));
	while (section != NULL &&
	    (node = frr_tree_child_prefix(section, words, node)) != NULL)
		if (frr_tree_word(node->line, 4, word, sizeof(word)) &&
		    strcmp(word, direction) == 0)
			return 0;
	(void)err_set(err, ERR_CONFLICT,
	    "%s has neither a route map nor a prefix list for what it %s, and "
	    "a new map that permits everything would open it: attach one that "
	    "filters first",
	    up->name.s, in ? "sends us" : "gets from us");
	return err_reason(err, in ? "no_import_policy" : "no_export_policy");
}

struct edit {
	const char *direction; /* "in", "out" */
	const char *words;     /* of the set clause */
	const char *line;      /* the new one, NULL: none */
	bool own_prepend_only;
};

static int
edit_map(struct frr_node *tree, const char *map, const struct edit *edit,
    struct err *err)
{
	struct frr_node *entry = NULL;
	bool any = false, foreign;

	if (!route_map_exists(tree, map)) {
		(void)err_set(err, ERR_CONFLICT,
		    "the attached route map %s does not exist", map);
		return err_reason(err, "route_map_missing");
	}
	while ((entry = route_map_next_permit(tree, map, entry)) != NULL) {
		any = true;
		if (edit->own_prepend_only) {
			(void)count_prepend(entry_value(entry, edit->words),
			    own_as(tree), &foreign);
			if (foreign) {
				(void)err_set(err, ERR_CONFLICT,
				    "%s prepends AS numbers that are not "
				    "ours: change it by hand first",
				    map);
				return err_reason(err, "prepend_foreign");
			}
		}
		set_entry(entry, edit->words, edit->line);
	}
	if (any)
		return 0;
	(void)err_set(err, ERR_CONFLICT, "route map %s has no permit entry",
	    map);
	return err_reason(err, "route_map_no_permit");
}

static int
edit_families(struct frr_node *tree, const struct upstream *up,
    const struct edit *edit, bool shared, struct err *err)
{
	const struct frr_node *bgp = adopt_bgp(tree);
	char neighbor[ADDR_TEXT_MAX], map[128];
	struct frr_node *entry;
	unsigned i;

	(void)addr_print(&up->neighbor, neighbor);
	for (i = 0; i < UPSTREAM_FAMILIES; i++) {
		if (!up->family[i])
			continue;
		adopt_route_map(bgp, i, neighbor, edit->direction, map,
		    sizeof(map));
		if (map[0] == '\0') {
			if (edit->line == NULL)
				continue; /* nothing to take away */
			if (check_new_map(bgp, up, i, edit->direction, err) ==
			    -1)
				return -1;
			entry =
			    attach_new(tree, up, i, neighbor, edit->direction);
			(void)frr_tree_add(entry, edit->line);
			continue;
		}
		if (route_map_users_check(tree, map, neighbor, edit->direction,
			shared, err) == -1 ||
		    edit_map(tree, map, edit, err) == -1)
			return -1;
	}
	return 0;
}

int
route_map_set_local_preference(struct frr_node *tree, const struct upstream *up,
    bool null, uint32_t value, bool shared, struct err *err)
{
	char line[64];
	struct edit edit = { "in", local_preference_words, null ? NULL : line,
		false };

	(void)snprintf(line, sizeof(line), "%s %u", local_preference_words,
	    value);
	return edit_families(tree, up, &edit, shared, err);
}

int
route_map_set_prepend(struct frr_node *tree, const struct upstream *up,
    unsigned n, bool shared, struct err *err)
{
	struct buf line = BUF_INIT;
	struct edit edit = { "out", prepend_words, NULL, true };
	unsigned i;
	int rc;

	buf_puts(&line, prepend_words);
	for (i = 0; i < n; i++)
		buf_printf(&line, " %u", own_as(tree));
	if (n > 0)
		edit.line = buf_text(&line);
	rc = edit_families(tree, up, &edit, shared, err);
	buf_clear(&line);
	return rc;
}
