/* engine/drain_map.h - what a drain adds to FRR's configuration. */
#ifndef ENGINE_DRAIN_MAP_H
#define ENGINE_DRAIN_MAP_H

#include <stdbool.h>
#include <stddef.h>

#include "base/addr.h"
#include "model/drain.h"

struct frr_node;

/*
 * A drained neighbor has route maps of our own in both directions of every
 * active family: copies of the attached ones with the additions in each permit
 * entry. "MH-DRAIN-IFOG-IN" and "-OUT" (IPv4: "-IN4", "-OUT4"); the description
 * of the first entry says what they stand for: "of RM-IFOG-OUT prepend 2", "of
 * -" where nothing was attached, and "shutdown" when we shut the session down.
 * So the configuration alone tells what it was, after any crash and any boot.
 *
 * Where FRR tells a neighbor alone by itself (native), "neighbor X
 * graceful-shutdown" takes the place of the outbound copy, which then is there
 * for a prepend only; where that line is ours, the description says so with
 * "graceful-shutdown X". The inbound copy stays: FRR lowers no preference of
 * what it hears from inside the AS, and it is what tells of the drain.
 */
struct drain_mark {
	char neighbor[ADDR_TEXT_MAX];
	char stem[48]; /* "MH-DRAIN-IFOG" */
	unsigned prepend;
	bool native;
	bool shutdown;
	char message[DRAIN_MESSAGE_MAX + 1]; /* of the shutdown, "" none */
	bool worn; /* somebody took it apart: drain_worn_judge() */
};
struct drain_marks {
	struct drain_mark *v;
	size_t n;
};
void drain_map_clear(struct drain_marks *);
void drain_map_copy(struct drain_marks *, const struct drain_marks *);
/* NULL when it is not drained. */
struct drain_mark *drain_map_find(const struct drain_marks *,
    const char *neighbor);
/* The one that is there, or a new one that says nothing yet. */
struct drain_mark *drain_map_mark(struct drain_marks *, const char *neighbor);
/* Likewise, with a stem. */
struct drain_mark *drain_map_add(struct drain_marks *, const char *neighbor,
    const char *upstream);
void drain_map_drop(struct drain_marks *, const char *neighbor);
/* Do they stand for the same? worn does not count. */
bool drain_map_equal(const struct drain_mark *, const struct drain_mark *);

/* The neighbor's line "route-map ... in" (or "out") of a family's section, its
 * own, not its group's; NULL: none. */
struct frr_node *drain_map_line(const struct frr_node *section,
    const char *neighbor, const char *direction);
/* What a copy is called: "MH-DRAIN-IFOG-OUT4". */
void drain_map_name(const struct drain_mark *, unsigned family,
    const char *direction, char *out, size_t size);
/* Is there anything of ours in it? */
bool drain_map_is_in(const struct frr_node *tree);
/*
 * Takes all of ours out: the tree becomes what the operator knows, and the
 * marks say what was drained. lay() puts it in again; strip() after lay() gives
 * back the same, and lay() after strip() what there was. Where somebody has
 * detached a copy alone and attached nothing instead, what it is a copy of is
 * what the operator knows.
 */
void drain_map_strip(struct frr_node *tree, struct drain_marks *);
void drain_map_lay(struct frr_node *tree, const struct drain_marks *);

#endif
