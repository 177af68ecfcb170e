/* engine/change_clear.c - a session is cleared: told, and seen to be done. */
#include <stdio.h>
#include <time.h>

#include "base/clock.h"
#include "base/err.h"
#include "base/mem.h"
#include "engine/change.h"
#include "engine/change_clear.h"
#include "engine/observe.h"
#include "engine/worker.h"
#include "frr/frr.h"

int
change_clear_plan(const struct change_order *order, const struct upstream *up,
    struct change_result *result, struct err *err)
{
	enum policy_soft soft = policy_clear_soft(&order->clear);
	char text[ADDR_TEXT_MAX], command[128];
	unsigned i;
	bool any = false;

	for (i = 0; i < UPSTREAM_FAMILIES; i++) {
		if (!up->family[i])
			continue;
		any = true;
		(void)snprintf(command, sizeof(command),
		    "clear bgp %s %s%s%s\n", family_frr_words(i),
		    addr_print(&up->neighbor, text),
		    soft == POLICY_SOFT_NONE ? "" : " soft",
		    soft == POLICY_SOFT_NONE || soft == POLICY_SOFT_BOTH ? "" :
			soft == POLICY_SOFT_IN ? " in" :
						 " out");
		plan_add_step(&result->plan, "bgp", command, "");
		if (soft == POLICY_SOFT_NONE)
			break; /* one reset is enough for all families */
	}
	if (!any)
		return err_set(err, ERR_CONFLICT,
		    "%s is active in no address family", up->name.s);
	if (soft == POLICY_SOFT_NONE && up->session.established) {
		result->resets = mem_calloc(1, sizeof(*result->resets));
		result->resets[result->n_resets++] = up->neighbor;
	}
	return 0;
}

/* A hard clear is seen in the counter of drops, or a state that is not
 * established any more. */
static int
see_reset(struct worker_tools *tools, const struct upstream *before,
    struct err *err)
{
	static const struct timespec pause = { 0, 20000000 };
	int64_t deadline = clock_ms() + 5000;
	struct observation now;
	const struct upstream *up;
	bool reset;

	if (!before->session.established)
		return 0;
	do {
		if (observe(tools->frr, tools->db, OBSERVE_BGPD, &now, err) ==
		    -1)
			return -1;
		up = adopt_find_neighbor(&now.upstreams, &before->neighbor);
		reset = up == NULL || !up->session.established ||
		    up->session.dropped_count > before->session.dropped_count;
		observe_clear(&now);
		if (reset)
			return 0;
		(void)nanosleep(&pause, NULL);
	} while (clock_ms() < deadline);
	return err_set(err, ERR_NOT_APPLIED,
	    "bgpd took the clear, but the session was not reset");
}

int
change_clear_run(struct worker_tools *tools, const struct change_order *order,
    const struct upstream *up, struct buf *log, struct err *err)
{
	static const enum frr_clear kinds[] = {
		[POLICY_SOFT_IN] = FRR_CLEAR_SOFT_IN,
		[POLICY_SOFT_OUT] = FRR_CLEAR_SOFT_OUT,
		[POLICY_SOFT_BOTH] = FRR_CLEAR_SOFT_BOTH,
		[POLICY_SOFT_NONE] = FRR_CLEAR_HARD,
	};
	enum policy_soft soft = policy_clear_soft(&order->clear);
	unsigned i;

	for (i = 0; i < UPSTREAM_FAMILIES; i++) {
		if (!up->family[i])
			continue;
		if (frr_clear(tools->frr, i, &up->neighbor, kinds[soft], log,
			err) == -1)
			return -1;
		if (soft == POLICY_SOFT_NONE)
			return see_reset(tools, up, err);
	}
	return 0;
}
