/* frr/step.c - the list of steps: printed, reversed, verified, continued. */
#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/compat.h"
#include "base/err.h"
#include "base/mem.h"
#include "frr/diff.h"
#include "frr/line.h"
#include "frr/mask.h"
#include "frr/section.h"
#include "frr/tree.h"

int
frr_steps_add(struct frr_steps *steps, const char *const *path, size_t n_path,
    const char *old, const char *new, struct err *err)
{
	struct frr_step *step;
	size_t i;

	assert(old != NULL || new != NULL);
	if (n_path > FRR_DIFF_DEPTH)
		return err_set(err, ERR_UNSUPPORTED,
		    "configuration sections nested deeper than %d",
		    FRR_DIFF_DEPTH);
	if (steps->n == steps->cap) {
		steps->cap = steps->cap == 0 ? 16 : steps->cap * 2;
		steps->v = mem_realloc(steps->v, steps->cap, sizeof(*steps->v));
	}
	step = &steps->v[steps->n++];
	memset(step, 0, sizeof(*step));
	for (i = 0; i < n_path; i++)
		step->path[i] = mem_strdup(path[i]);
	step->n_path = n_path;
	step->old = old == NULL ? NULL : mem_strdup(old);
	step->new = new == NULL ? NULL : mem_strdup(new);
	return 0;
}

static int
add_step(struct frr_steps *steps, const struct frr_step *step, const char *old,
    const char *new, struct err *err)
{
	const char *path[FRR_DIFF_DEPTH];
	size_t i;

	for (i = 0; i < step->n_path; i++)
		path[i] = step->path[i];
	return frr_steps_add(steps, path, step->n_path, old, new, err);
}

static void
clear_step(struct frr_step *step)
{
	size_t i;

	for (i = 0; i < step->n_path; i++)
		free(step->path[i]);
	/* A line may be a password. */
	mem_wipe(step->old);
	mem_wipe(step->new);
}

void
frr_steps_clear(struct frr_steps *steps)
{
	frr_steps_truncate(steps, 0);
	free(steps->v);
	memset(steps, 0, sizeof(*steps));
}

int
frr_steps_reverse(const struct frr_steps *steps, struct frr_steps *out,
    struct err *err)
{
	size_t i;

	for (i = steps->n; i > 0; i--) {
		const struct frr_step *step = &steps->v[i - 1];

		if (add_step(out, step, step->new, step->old, err) == -1)
			return -1;
	}
	return 0;
}

/* What a section with this path is. */
static enum frr_section
path_kind(const struct frr_step *step)
{
	enum frr_section kind = SECTION_ROOT;
	size_t i;

	for (i = 0; i < step->n_path; i++) {
		kind = frr_section_kind(kind, step->path[i]);
		if (kind == SECTION_NONE)
			kind = SECTION_OTHER;
	}
	return kind;
}

static bool
inside(const struct frr_step *step, const struct frr_step *head)
{
	size_t i;

	if (step->n_path <= head->n_path)
		return false;
	for (i = 0; i < head->n_path; i++)
		if (strcmp(step->path[i], head->path[i]) != 0)
			return false;
	return strcmp(step->path[head->n_path], head->old) == 0;
}

/* "neighbor A remote-as N", "neighbor A peer-group G", "neighbor G peer-group",
 * "neighbor I interface ...": without it there is no such neighbor. */
static bool
defines_neighbor(const struct frr_step *step)
{
	char word[32];

	return step->n_path == 1 &&
	    frr_section_starts(step->path[0], "router bgp") &&
	    frr_section_starts(step->old, "neighbor") &&
	    frr_tree_word(step->old, 2, word, sizeof(word)) &&
	    (strcmp(word, "remote-as") == 0 ||
		strcmp(word, "peer-group") == 0 ||
		strcmp(word, "interface") == 0);
}

static bool
same_neighbor(const struct frr_step *step, const struct frr_step *definition)
{
	size_t n;

	if (step->n_path == 0 ||
	    strcmp(step->path[0], definition->path[0]) != 0 ||
	    !frr_section_starts(step->old, "neighbor"))
		return false;
	n = strlen("neighbor ");
	n += strcspn(definition->old + n, " ");
	return strncmp(step->old, definition->old, n) == 0 &&
	    step->old[n] == ' ';
}

/*
 * A removal that a later one brings along is not said: "no router bgp" takes
 * its lines with it, and taking a neighbor's route map away before the neighbor
 * itself would announce everything to it for a moment.
 */
static bool
goes_along(const struct frr_steps *steps, size_t i)
{
	const struct frr_step *step = &steps->v[i];
	size_t j;

	if (step->new != NULL || step->n_path == 0)
		return false;
	for (j = i + 1; j < steps->n; j++) {
		const struct frr_step *later = &steps->v[j];

		if (later->new == NULL &&
		    (inside(step, later) ||
			(defines_neighbor(later) &&
			    same_neighbor(step, later))))
			return true;
	}
	return false;
}

struct printer {
	struct buf *b;
	const char *open[FRR_DIFF_DEPTH + 1];
	size_t depth;
};

static void
print_line(struct printer *p, const char *line)
{
	size_t i;

	for (i = 0; i < p->depth; i++)
		buf_putc(p->b, ' ');
	buf_puts(p->b, line);
	buf_putc(p->b, '\n');
}

static void
close_to(struct printer *p, size_t depth)
{
	while (p->depth > depth) {
		p->depth--;
		print_line(p, frr_section_exit(p->open[p->depth]));
	}
}

static void
open_path(struct printer *p, const struct frr_step *step)
{
	size_t common = 0;

	while (common < p->depth && common < step->n_path &&
	    strcmp(p->open[common], step->path[common]) == 0)
		common++;
	close_to(p, common);
	while (p->depth < step->n_path) {
		print_line(p, step->path[p->depth]);
		p->open[p->depth] = step->path[p->depth];
		p->depth++;
	}
}

/* "neighbor A password SECRET" or one that goes, in whatever "router bgp". */
static bool
is_secret(const struct frr_step *step)
{
	const char *line = step->new != NULL ? step->new : step->old;
	char word[16];

	return step->n_path > 0 &&
	    frr_section_starts(step->path[0], "router bgp") &&
	    frr_section_starts(line, "neighbor") &&
	    frr_tree_word(line, 2, word, sizeof(word)) &&
	    strcmp(word, "password") == 0;
}

void
frr_steps_print(const struct frr_steps *steps, struct buf *b)
{
	frr_steps_print_part(steps, FRR_STEPS_ALL, b);
}

void
frr_steps_print_part(const struct frr_steps *steps, enum frr_steps_part part,
    struct buf *b)
{
	struct printer p = { .b = b };
	size_t i;

	for (i = 0; i < steps->n; i++) {
		const struct frr_step *step = &steps->v[i];
		enum frr_section kind = path_kind(step);
		char *removal;

		if (goes_along(steps, i) ||
		    (part != FRR_STEPS_ALL &&
			is_secret(step) != (part == FRR_STEPS_SECRET)))
			continue;
		open_path(&p, step);
		if (step->new == NULL) {
			removal = frr_line_removal(kind, step->old);
			print_line(&p, removal);
			free(removal);
			continue;
		}
		print_line(&p, step->new);
		if (frr_section_kind(kind, step->new) != SECTION_NONE)
			p.open[p.depth++] = step->new;
	}
	close_to(&p, 0);
}

static bool
is_bgpd_only(const struct frr_step *step, const struct frr_node *tree)
{
	/* Those that bgpd alone knows: the others ("set metric", "set src" ...)
	 * live in zebra's or mgmtd's copy of the entry as well. */
	static const char *const clauses[] = { "set local-preference",
		"set as-path", "set community", "set large-community",
		"set extcommunity", "set comm-list", "set large-comm-list",
		"set origin", "set weight" };
	const char *lines[] = { step->old, step->new };
	size_t i, j;

	if (step->n_path == 0 || frr_tree_child(tree, step->path[0]) == NULL)
		return false;
	if (frr_section_starts(step->path[0], "router bgp"))
		return true;
	if (step->n_path != 1 || path_kind(step) != SECTION_ROUTE_MAP)
		return false;
	for (i = 0; i < NITEMS(lines); i++) {
		if (lines[i] == NULL)
			continue;
		for (j = 0; j < NITEMS(clauses); j++)
			if (frr_section_starts(lines[i], clauses[j]))
				break;
		if (j == NITEMS(clauses))
			return false;
	}
	return true;
}

bool
frr_steps_bgpd_only(const struct frr_steps *steps, const struct frr_node *tree)
{
	size_t i;

	for (i = 0; i < steps->n; i++)
		if (!is_bgpd_only(&steps->v[i], tree))
			return false;
	return true;
}

/* NULL when the tree shows the end state; else the line that is not right. */
static const char *
find_wrong(const struct frr_step *step, const struct frr_node *tree)
{
	const struct frr_node *node = tree;
	size_t i;

	for (i = 0; i < step->n_path && node != NULL; i++)
		node = frr_tree_child(node, step->path[i]);
	if (step->new != NULL &&
	    (node == NULL || frr_tree_child(node, step->new) == NULL))
		return step->new;
	if (step->old != NULL && node != NULL &&
	    frr_tree_child(node, step->old) != NULL)
		return step->old;
	return NULL;
}

/* Does the section hold another value of the setting that line is one of? */
static bool
has_rival(const struct frr_step *step, const struct frr_node *section,
    const char *line)
{
	enum frr_section kind = SECTION_ROOT;
	char *key, *other;
	bool rival = false;
	size_t i;

	for (i = 0; i < step->n_path; i++)
		kind = frr_section_kind(kind, step->path[i]);
	key = frr_line_key(kind, line);
	for (i = 0; key != NULL && i < section->n_children; i++) {
		if (strcmp(section->children[i]->line, line) == 0)
			continue;
		other = frr_line_key(kind, section->children[i]->line);
		rival = rival || (other != NULL && strcmp(other, key) == 0);
		free(other);
	}
	free(key);
	return rival;
}

bool
frr_steps_fits(const struct frr_step *step, const struct frr_node *observed)
{
	const struct frr_node *node = observed, *parent = NULL;
	enum frr_section kind = SECTION_ROOT, above = SECTION_NONE;
	size_t i;

	if (step->old == NULL)
		return true; /* added: it is there or it is not */
	for (i = 0; i < step->n_path && node != NULL; i++) {
		parent = node;
		above = kind;
		kind = frr_section_kind(kind, step->path[i]);
		node = frr_tree_child(node, step->path[i]);
	}
	/* A family that lost its last line is not shown, and still there. */
	if (node == NULL)
		return parent != NULL && i == step->n_path &&
		    step->new ==
		    NULL &&frr_section_is_implied(above, step->path[i - 1]);
	if (step->new == NULL)
		return !has_rival(step, node, step->old);
	return frr_tree_child(node, step->old) != NULL ||
	    frr_tree_child(node, step->new) != NULL;
}

void
frr_steps_truncate(struct frr_steps *steps, size_t n)
{
	while (steps->n > n)
		clear_step(&steps->v[--steps->n]);
}

int
frr_steps_verify(const struct frr_steps *steps, const struct frr_node *observed,
    struct err *err)
{
	char line[256];
	size_t i;

	for (i = 0; i < steps->n; i++) {
		const struct frr_step *step = &steps->v[i];
		const char *wrong = find_wrong(step, observed);

		if (wrong == NULL)
			continue;
		return err_set(err, ERR_NOT_APPLIED,
		    "FRR's configuration %s \"%s\"%s%s",
		    wrong == step->new ? "does not show" : "still shows",
		    frr_mask_line(wrong, line, sizeof(line)),
		    step->n_path == 0 ? "" : " in ",
		    step->n_path == 0 ? "" : step->path[step->n_path - 1]);
	}
	return 0;
}

int
frr_steps_remaining(const struct frr_steps *steps,
    const struct frr_node *observed, struct frr_steps *out, struct err *err)
{
	size_t i;

	for (i = 0; i < steps->n; i++) {
		const struct frr_step *step = &steps->v[i];

		if (find_wrong(step, observed) != NULL &&
		    add_step(out, step, step->old, step->new, err) == -1)
			return -1;
	}
	return 0;
}
