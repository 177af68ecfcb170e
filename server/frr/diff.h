/* frr/diff.h - two trees into ordered configuration steps, and back. */
#ifndef FRR_DIFF_H
#define FRR_DIFF_H

#include <stdbool.h>
#include <stddef.h>

struct buf;
struct err;
struct frr_node;

enum {
	FRR_DIFF_DEPTH = 3
};

/*
 * One step: in the section given by path (outermost first, n_path 0 for the
 * top level) the line old becomes the line new. old NULL: added; new NULL:
 * removed; both: one value of a single-valued line is overwritten (the same
 * key: "set local-preference", "neighbor A description", "neighbor A route-map
 * in" ...), which is sent as new alone, so that there is no moment without.
 * A section that is added or removed whole is one step for its head line
 * followed (or preceded) by steps for its children.
 */
struct frr_step {
	char *path[FRR_DIFF_DEPTH];
	size_t n_path;
	char *old;
	char *new;
};

struct frr_steps {
	struct frr_step *v;
	size_t n;
	size_t cap;
};

/*
 * What turns before into after, in an order in which nothing refers to what is
 * not there yet: added prefix lists, community and as-path lists, then route
 * maps, then everything else, router bgp last; removals after that in reverse
 * (attachments before the maps, maps before the lists). A neighbor's route map
 * is replaced by attaching the new one, never by detaching first (that leaks);
 * for the same reason its filters are attached to a family before it is
 * activated there, and detached after it is deactivated.
 */
int frr_diff(const struct frr_node *before, const struct frr_node *after,
    struct frr_steps *, struct err *);
void frr_steps_clear(struct frr_steps *);
/* The undo: reversed order, old and new swapped. */
int frr_steps_reverse(const struct frr_steps *, struct frr_steps *out,
    struct err *);
/* Adds a copy of one step (NULL old or new as above). */
int frr_steps_add(struct frr_steps *, const char *const *path, size_t n_path,
    const char *old, const char *new, struct err *);

/*
 * The lines vtysh -f takes, one per line: section head, the line (or "no ..."
 * in the form FRR wants for its removal), "exit" back to the top. Neighbouring
 * steps of one section share the head. Also what dry_run shows.
 */
void frr_steps_print(const struct frr_steps *, struct buf *);
/*
 * The same in two parts: FRR_STEPS_SECRET are the passwords of neighbors, which
 * bgpd alone hears, over its socket; everything else, which may make those
 * neighbors, goes first and may lie in a file. Nothing when there are none.
 */
enum frr_steps_part {
	FRR_STEPS_ALL,
	FRR_STEPS_PLAIN,
	FRR_STEPS_SECRET
};
void frr_steps_print_part(const struct frr_steps *, enum frr_steps_part,
    struct buf *);

/*
 * True when every step is one that bgpd's own socket may take alone without
 * leaving zebra or mgmtd behind: set clauses in existing route-map entries
 * (existing in tree, the state before) and lines inside "router bgp".
 */
bool frr_steps_bgpd_only(const struct frr_steps *, const struct frr_node *tree);

/*
 * Does the observed tree show the end state of every step? -1 and
 * ERR_NOT_APPLIED naming the first line that is not there (or still there).
 */
int frr_steps_verify(const struct frr_steps *, const struct frr_node *observed,
    struct err *);
/*
 * Can this step still be undone without taking away what somebody else did?
 * Its section is there (or it is one that the step adds), and the line there
 * is the old one, the new one, or for a line that was added, any.
 */
bool frr_steps_fits(const struct frr_step *, const struct frr_node *observed);
/* Frees all steps but the first n. */
void frr_steps_truncate(struct frr_steps *, size_t n);
/* The steps still needed to reach the end state of steps from observed:
 * those already true are dropped. For recovery after a crash. */
int frr_steps_remaining(const struct frr_steps *,
    const struct frr_node *observed, struct frr_steps *out, struct err *);

#endif
