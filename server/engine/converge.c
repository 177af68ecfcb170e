/* engine/converge.c - has bgpd finished with what it was told? */
#include <string.h>
#include <time.h>

#include "base/clock.h"
#include "base/err.h"
#include "engine/converge.h"
#include "frr/frr.h"
#include "model/plan.h"

enum {
	UNMOVED_MS = 120,
	UNMOVED_LOOKS = 12,
	QUIET_MS = 30,
	QUIET_LOOKS = 3,
	REFRESH_MS = 500,
	PREFIXES_PER_MS = 200,
	LONGEST_MS = 10 * 1000
};

bool
converge_best_paths(struct frr *frr, const struct plan *plan, uint64_t *best)
{
	uint64_t one;
	bool any = false;
	size_t i;

	*best = 0;
	for (i = 0; i < plan->n_clears; i++) {
		const struct plan_clear *c = &plan->clears[i];

		if (!c->in)
			continue;
		if (frr_best_paths(frr, &c->neighbor, c->family, &one, NULL) ==
		    -1)
			return false;
		*best += one;
		any = true;
	}
	return any;
}

/* Versions of all families of the plan in one number that changes with any. */
static int
read_versions(struct frr *frr, const struct plan *plan, uint64_t *sum,
    uint64_t *prefixes, bool *quiet, struct err *err)
{
	bool empty;
	uint64_t version, count;
	size_t i;

	*sum = 0;
	*prefixes = 0;
	*quiet = true;
	for (i = 0; i < plan->n_clears; i++) {
		if (frr_table_version(frr, plan->clears[i].family, &version,
			&count, &empty, err) == -1)
			return -1;
		*sum += version;
		*prefixes += count;
		*quiet = *quiet && empty;
	}
	return 0;
}

int
converge_begin(struct frr *frr, const struct plan *plan, bool refresh,
    struct converge *c, struct err *err)
{
	uint64_t prefixes;
	bool quiet;

	memset(c, 0, sizeof(*c));
	c->refresh = refresh;
	c->begun_ms = clock_ms();
	return read_versions(frr, plan, &c->version, &prefixes, &quiet, err);
}

/* bgpd begins 50 ms after it was told. Where it gets no processor the time
 * alone says nothing: each answer is one more turn that it has had. */
int
converge_wait(struct frr *frr, const struct plan *plan,
    const struct converge *c, struct err *err)
{
	static const struct timespec pause = { 0, 5000000 };
	int64_t since = c->begun_ms, window;
	uint64_t version, last = c->version, prefixes;
	unsigned looks = 0;
	bool quiet;

	while (plan->n_clears > 0) {
		if (read_versions(frr, plan, &version, &prefixes, &quiet,
			err) == -1)
			return -1;
		looks++;
		if (version != last || !quiet) {
			last = version;
			since = clock_ms();
			looks = 0;
		}
		window = last == c->version ? UNMOVED_MS : QUIET_MS;
		window += (int64_t)(prefixes / PREFIXES_PER_MS);
		if (c->refresh)
			window += REFRESH_MS;
		if (clock_ms() - since >= window &&
		    looks >= (last == c->version ? UNMOVED_LOOKS : QUIET_LOOKS))
			return 0;
		if (clock_ms() - c->begun_ms >= LONGEST_MS)
			return err_set(err, ERR_TIMEOUT,
			    "bgpd was still at work after %d s",
			    LONGEST_MS / 1000);
		(void)nanosleep(&pause, NULL);
	}
	return 0;
}
