/* engine/drift_diff.h - what lies under FRR, compared in words. */
#ifndef ENGINE_DRIFT_DIFF_H
#define ENGINE_DRIFT_DIFF_H

struct buf;
struct host;

/* Each appends a line "- as it was" and one "+ as it is" for whatever differs
 * in what runs; nothing when all is the same. */
void drift_diff_links(const struct host *old, const struct host *now,
    struct buf *);
void drift_diff_routes(const struct host *old, const struct host *now,
    struct buf *);
void drift_diff_firewall(const struct host *old, const struct host *now,
    struct buf *);
/* Never a key itself. old has gone through host_mask_keys(), now has not. */
void drift_diff_keys(const struct host *old, const struct host *now,
    struct buf *);

#endif
