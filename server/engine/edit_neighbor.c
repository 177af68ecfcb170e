/* engine/edit_neighbor.c - the lines of one neighbor in "router bgp". */
#include <stdio.h>
#include <string.h>

#include "base/err.h"
#include "engine/adopt.h"
#include "engine/edit_neighbor.h"
#include "frr/state.h"
#include "frr/tree.h"
#include "model/upstream.h"

enum {
	LINE_MAX_LEN = 512
};

struct lines {
	struct frr_node *bgp;
	struct frr_node *section; /* bgp, or one of its families */
	char neighbor[ADDR_TEXT_MAX];
	struct err *err;
};

/* The neighbor's own line "neighbor X WORDS ...", NULL when it has none. */
static struct frr_node *
own_line(const struct lines *l, const char *words)
{
	char prefix[LINE_MAX_LEN];

	(void)snprintf(prefix, sizeof(prefix), "neighbor %s %s", l->neighbor,
	    words);
	return frr_tree_child_prefix(l->section, prefix, NULL);
}

static int
refuse_group(const struct lines *l, const char *words)
{
	(void)err_set(l->err, ERR_CONFLICT,
	    "\"%s\" of %s comes from its peer group: change it there", words,
	    l->neighbor);
	return err_reason(l->err, "peer_group");
}

/* value "": a bare flag; NULL: none. */
static int
set(const struct lines *l, const char *words, const char *value)
{
	struct frr_node *node = own_line(l, words);
	char line[LINE_MAX_LEN];
	bool via_group;

	if (value == NULL) {
		if (node != NULL)
			frr_tree_remove(node);
		if (adopt_value(l->bgp, l->section, l->neighbor, words,
			&via_group) != NULL)
			return refuse_group(l, words);
		return 0;
	}
	(void)snprintf(line, sizeof(line), "neighbor %s %s%s%s", l->neighbor,
	    words, value[0] == '\0' ? "" : " ", value);
	if (node != NULL)
		frr_tree_set_line(node, line);
	else
		(void)frr_tree_add(l->section, line);
	return 0;
}

static int
set_number(const struct lines *l, const char *words, uint32_t value)
{
	char text[16];

	(void)snprintf(text, sizeof(text), "%u", value);
	return set(l, words, value == 0 ? NULL : text);
}

static int
set_text(const struct lines *l, const char *words, const char *text)
{
	return set(l, words, text[0] == '\0' ? NULL : text);
}

/* FRR knows the AS of a group's members from the group alone. */
static int
set_remote_as(const struct lines *l, uint32_t as)
{
	bool via_group = false;

	(void)adopt_value(l->bgp, l->bgp, l->neighbor, "remote-as", &via_group);
	if (via_group)
		return refuse_group(l, "remote-as");
	return set_number(l, "remote-as", as);
}

/* new: have is all zero then. */
static int
edit_session(const struct lines *l, bool new, const struct upstream *have,
    const struct upstream *want)
{
	if ((new || have->remote_as != want->remote_as) &&
	    set_remote_as(l, want->remote_as) == -1)
		return -1;
	if (strcmp(have->description, want->description) != 0 &&
	    set_text(l, "description", want->description) == -1)
		return -1;
	if (have->tcp_md5 && !want->tcp_md5 && set(l, "password", NULL) == -1)
		return -1;
	if (have->ebgp_multihop != want->ebgp_multihop &&
	    set_number(l, "ebgp-multihop", want->ebgp_multihop) == -1)
		return -1;
	if (strcmp(have->local_address, want->local_address) != 0 &&
	    set_text(l, "update-source", want->local_address) == -1)
		return -1;
	return 0;
}

static struct frr_node *
family_section(struct frr_node *bgp, unsigned family)
{
	char line[64];

	(void)snprintf(line, sizeof(line), "address-family %s",
	    family_frr_words(family));
	return frr_tree_add(bgp, line);
}

/* Is the line "[no] neighbor X ..."? */
static bool
is_about(const char *line, const char *neighbor)
{
	char word[ADDR_TEXT_MAX];
	unsigned at = strncmp(line, "no ", 3) == 0 ? 1 : 0;

	return frr_tree_word(line, at, word, sizeof(word)) &&
	    strcmp(word, "neighbor") == 0 &&
	    frr_tree_word(line, at + 1, word, sizeof(word)) &&
	    strcmp(word, neighbor) == 0;
}

static void
remove_lines(struct frr_node *section, const char *neighbor)
{
	size_t i;

	for (i = section->n_children; i-- > 0;)
		if (is_about(section->children[i]->line, neighbor))
			frr_tree_remove(section->children[i]);
}

/* As FRR, which shows no family that holds nothing. */
static void
drop_empty_families(struct frr_node *bgp)
{
	size_t i;

	for (i = bgp->n_children; i-- > 0;)
		if (bgp->children[i]->n_children == 0 &&
		    strncmp(bgp->children[i]->line, "address-family ", 15) == 0)
			frr_tree_remove(bgp->children[i]);
}

/* What the neighbor says itself counts; nothing is said twice, nor what holds
 * anyway. */
static void
set_active(const struct lines *l, unsigned family, bool on)
{
	struct frr_node *section =
	    (struct frr_node *)(uintptr_t)adopt_family(l->bgp, family);
	struct frr_node *node;
	char line[LINE_MAX_LEN];

	(void)snprintf(line, sizeof(line), "no neighbor %s activate",
	    l->neighbor);
	if (section != NULL && !on)
		remove_lines(section, l->neighbor);
	if (section != NULL && (node = frr_tree_child(section, line)) != NULL)
		frr_tree_remove(node);
	if (adopt_is_active(l->bgp, family, l->neighbor) != on)
		(void)frr_tree_add(family_section(l->bgp, family),
		    on ? line + 3 : line);
}

static void
print_maximum_prefix(const struct maximum_prefix *max, char *out, size_t size)
{
	char percent[16] = "", restart[32] = "";

	if (max->warning_percent != 0)
		(void)snprintf(percent, sizeof(percent), " %u",
		    max->warning_percent);
	if (max->restart_minutes != 0)
		(void)snprintf(restart, sizeof(restart), " restart %u",
		    max->restart_minutes);
	(void)snprintf(out, size, "%u%s%s", max->limit, percent, restart);
}

/* now: the family has just become active, and has nothing yet. */
static int
edit_family(const struct lines *l, bool now, const struct upstream *have,
    const struct upstream *want)
{
	const struct maximum_prefix *max = &want->maximum_prefix;
	char text[64];

	if ((now ? want->next_hop_self :
		   have->next_hop_self != want->next_hop_self) &&
	    set(l, "next-hop-self", want->next_hop_self ? "" : NULL) == -1)
		return -1;
	if ((now ? want->soft_reconfiguration :
		   have->soft_reconfiguration != want->soft_reconfiguration) &&
	    set(l, "soft-reconfiguration inbound",
		want->soft_reconfiguration ? "" : NULL) == -1)
		return -1;
	print_maximum_prefix(max, text, sizeof(text));
	if ((now ? max->limit != 0 :
		   memcmp(&have->maximum_prefix, max, sizeof(*max)) != 0) &&
	    set(l, "maximum-prefix", max->limit == 0 ? NULL : text) == -1)
		return -1;
	return 0;
}

static int
edit_families(struct lines *l, const struct upstream *have,
    const struct upstream *want, bool new)
{
	unsigned i;
	bool was;

	for (i = 0; i < UPSTREAM_FAMILIES; i++) {
		was = !new && have->family[i];
		if (new || was != want->family[i])
			set_active(l, i, want->family[i]);
		if (!want->family[i])
			continue;
		l->section = family_section(l->bgp, i);
		if (edit_family(l, !was, have, want) == -1)
			return -1;
	}
	drop_empty_families(l->bgp);
	return 0;
}

/* In bgp and its families: the address is another, all else stays. */
static void
rename_lines(struct frr_node *section, const char *from, const char *to)
{
	char line[4096];
	size_t i;

	for (i = 0; i < section->n_children; i++) {
		struct frr_node *node = section->children[i];
		const char *no =
		    strncmp(node->line, "no ", 3) == 0 ? "no " : "";
		const char *rest;

		if (node->is_section)
			rename_lines(node, from, to);
		if (!is_about(node->line, from))
			continue;
		rest = node->line + strlen(no) + strlen("neighbor ") +
		    strlen(from);
		(void)snprintf(line, sizeof(line), "%sneighbor %s%s", no, to,
		    rest);
		frr_tree_set_line(node, line);
	}
}

int
edit_neighbor(struct frr_node *tree, const struct upstream *have,
    const struct upstream *want, struct err *err)
{
	static const struct upstream nothing;
	char before[ADDR_TEXT_MAX];
	struct lines l;

	l.bgp = (struct frr_node *)(uintptr_t)adopt_bgp(tree);
	l.section = l.bgp;
	l.err = err;
	(void)addr_print(&want->neighbor, l.neighbor);
	if (have != NULL && !addr_equal(&have->neighbor, &want->neighbor))
		rename_lines(l.bgp, addr_print(&have->neighbor, before),
		    l.neighbor);
	if (edit_session(&l, have == NULL, have == NULL ? &nothing : have,
		want) == -1)
		return -1;
	return edit_families(&l, have == NULL ? &nothing : have, want,
	    have == NULL);
}

void
edit_neighbor_remove(struct frr_node *tree, const struct addr *neighbor)
{
	struct frr_node *bgp = (struct frr_node *)(uintptr_t)adopt_bgp(tree);
	char text[ADDR_TEXT_MAX];
	size_t i;

	(void)addr_print(neighbor, text);
	remove_lines(bgp, text);
	for (i = 0; i < bgp->n_children; i++)
		if (bgp->children[i]->is_section)
			remove_lines(bgp->children[i], text);
	drop_empty_families(bgp);
}

int
edit_neighbor_password(struct frr_node *tree, const struct addr *neighbor,
    const char *key, struct err *err)
{
	struct lines l;
	bool via_group = false;

	l.bgp = (struct frr_node *)(uintptr_t)adopt_bgp(tree);
	l.section = l.bgp;
	l.err = err;
	(void)addr_print(neighbor, l.neighbor);
	(void)adopt_value(l.bgp, l.bgp, l.neighbor, "password", &via_group);
	if (via_group)
		return refuse_group(&l, "password");
	return set(&l, "password", key);
}
