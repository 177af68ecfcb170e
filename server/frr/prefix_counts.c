/* frr/prefix_counts.c - how many best paths go through a neighbor. */
#include "base/err.h"
#include "frr/json.h"
#include "frr/state.h"

int
frr_prefix_counts_parse(const char *json, size_t len, uint64_t *best,
    struct err *err)
{
	static const char member[] = "PfxCt Best Selected";
	json_t *root = frr_json_load(json, len, "prefix-counts", err);
	const json_t *counters;
	int rc = 0;

	if (root == NULL)
		return -1;
	counters = json_object_get(root, "ribTableWalkCounters");
	if (json_is_integer(json_object_get(counters, member)))
		*best = frr_json_u64(counters, member);
	else
		rc = err_set(err, ERR_TOOL, "bgpd: prefix-counts: no \"%s\"",
		    member);
	json_decref(root);
	return rc;
}
