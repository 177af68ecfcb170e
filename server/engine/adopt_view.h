/* engine/adopt_view.h - a big configuration as one neighbor sees it. */
#ifndef ENGINE_ADOPT_VIEW_H
#define ENGINE_ADOPT_VIEW_H

struct adopt_view;
struct frr_node;

/*
 * Whoever asks for a dozen values of each of 500 neighbors would walk six
 * thousand lines for each: this sorts them by neighbor once. tree is borrowed
 * and must not change meanwhile.
 */
struct adopt_view *adopt_view_new(const struct frr_node *tree);
void adopt_view_free(struct adopt_view **);

/*
 * The router block of the default VRF (NULL: none) and its sections, with the
 * lines of this neighbor, of its peer group, and of no neighbor. To read; valid
 * until the next call.
 */
const struct frr_node *adopt_view_bgp(struct adopt_view *,
    const char *neighbor);
/* The top of the tree with the entries of this route map and the router block
 * alone; as above. */
const struct frr_node *adopt_view_map(struct adopt_view *, const char *map);

#endif
