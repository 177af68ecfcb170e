/* frr/frr.h - one FRR instance: observe it, apply steps, clear sessions. */
#ifndef FRR_FRR_H
#define FRR_FRR_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/addr.h"
#include "frr/state.h"

struct buf;
struct err;
struct frr;
struct frr_node;
struct frr_steps;

struct frr_settings {
	char socket_dir[256]; /* with the pathspace, "/run/frr/hobgp" */
	char vtysh[256];
	char pathspace[64];
	char work_dir[256]; /* private directory for vtysh -f files */
	unsigned timeout_ms;
	unsigned vtysh_timeout_ms;
};

/* Not thread-safe: each thread has its own. Connects lazily. */
struct frr *frr_new(const struct frr_settings *);
void frr_free(struct frr **);

/* Version, sessions, tables. Fills *state (clear it after). */
int frr_observe_state(struct frr *, struct frr_state *, struct err *);
/*
 * The whole running configuration: bgpd's own, then what zebra, staticd and,
 * where it exists, mgmtd add. -1 when a daemon whose socket file exists does
 * not answer: a missing part must never look like an empty one. *treep is new.
 * An empty bgpd configuration right after its start is reported as
 * ERR_UNAVAILABLE when expect_bgp is true.
 */
int frr_observe_config(struct frr *, bool expect_bgp, struct frr_node **treep,
    struct err *);
/* Only bgpd's part: 0.2 ms; for the snapshot every second. */
int frr_observe_bgpd_config(struct frr *, struct frr_node **treep,
    struct err *);
int frr_observe_route(struct frr *, const struct prefix *, struct frr_route *,
    struct err *);
/* Best paths through this neighbor in one family. */
int frr_best_paths(struct frr *, const struct addr *neighbor, unsigned family,
    uint64_t *best, struct err *);
/* bgpd's tableVersion of a family, and whether all queues are empty. */
int frr_table_version(struct frr *, unsigned family, uint64_t *version,
    uint64_t *rib_count, bool *queues_empty, struct err *);

/*
 * Applies steps: over bgpd's socket where frr_steps_bgpd_only says so,
 * otherwise checked with vtysh -C and applied with vtysh -f, and then the
 * passwords of neighbors over the socket: no file holds one. before is the
 * tree they were planned on. log gets one line per command that was sent,
 * "command<TAB>answer\n" (answer is "ok" or FRR's words on one line; "sent"
 * for lines of a vtysh -f that failed, whose words follow on a line of its
 * own), for the audit; secrets are masked. On -1 with an empty log nothing was
 * sent; otherwise any number of steps may have taken effect: observe and undo.
 */
int frr_apply(struct frr *, const struct frr_steps *,
    const struct frr_node *before, struct buf *log, struct err *);

enum frr_clear {
	FRR_CLEAR_SOFT_IN,
	FRR_CLEAR_SOFT_OUT,
	FRR_CLEAR_SOFT_BOTH,
	FRR_CLEAR_HARD
};
/* clear bgp FAMILY ADDRESS [soft in|out]; a hard clear resets the session. */
int frr_clear(struct frr *, unsigned family, const struct addr *,
    enum frr_clear, struct buf *log, struct err *);

#endif
