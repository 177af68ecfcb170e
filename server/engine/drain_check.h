/* engine/drain_check.h - may it be drained? Asked before anything is touched.
 */
#ifndef ENGINE_DRAIN_CHECK_H
#define ENGINE_DRAIN_CHECK_H

#include <stdbool.h>

#include "model/drain.h"

struct confirm_info;
struct drain_sent_list;
struct err;
struct observation;
struct operation_list;
struct parts;

struct drain_check {
	const struct observation *o; /* with what lies under FRR */
	const struct drain *wanted;
	const struct drain_facts *facts;    /* of all sessions */
	const struct drain_sent_list *sent; /* an upstream's; a router's: any */
	const struct operation_list *lasting;
	const struct confirm_info *confirm; /* NULL: none waits */
	const char *peer; /* drain_check_peer(); NULL: nobody was asked */
};
/*
 * ERR_CONFLICT, reason "drain_preflight", with every condition that is not met
 * as a bad field: "/force" for those that force overrides, "" for the others.
 * The detail begins with a word: "only_path", "capacity", "neighbors",
 * "other_router", "route_map", "confirm_pending", "operation".
 */
int drain_check(const struct drain_check *, struct err *);

/* The families in which this router announces anything, of its own or not: a
 * bit for each FAMILY_. */
unsigned drain_check_families(const struct observation *);

enum {
	DRAIN_CHECK_PEER_MAX = 320
};
/*
 * Before a router is drained: may the other router carry it all, in each of
 * these families? NULL when no other one is configured, else out: "" when it
 * may, or why not, in its own words. Asks over the network, on the writer's
 * thread.
 *
 * Ours must be on disk before (DRAIN_ASKING): of two that ask each other in the
 * same moment, each after its own row, at least one sees the other's, and both
 * may. So they never both go.
 */
const char *drain_check_peer(const struct parts *, unsigned families,
    char out[DRAIN_CHECK_PEER_MAX]);

#endif
