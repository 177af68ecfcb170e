/* tests/fuzz/fuzz_frr_state.c - any bytes as bgpd's JSON. */
/* links: frr/state frr/family frr/version frr/prefix_counts frr/route frr/json
 * base/addr base/buf base/clock base/err base/log base/mem base/name
 * base/number */
/* libs: -ljansson */
#include <assert.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/err.h"
#include "base/mem.h"
#include "base/name.h"
#include "frr/state.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void
check_text(const char *text, size_t size)
{
	assert(strnlen(text, size) < size);
	assert(name_is_utf8(text, strlen(text)));
}

static void
check_state(const char *summary, size_t summary_len, const char *neighbors,
    size_t neighbors_len)
{
	struct frr_state state;
	struct err err;
	size_t i;

	if (frr_state_parse(&state, summary, summary_len, neighbors,
		neighbors_len, &err) == -1) {
		assert(err.code == ERR_TOOL && state.sessions == NULL);
		return;
	}
	for (i = 0; i < state.n_sessions; i++) {
		const struct frr_session *s = &state.sessions[i];

		assert(s->neighbor.family == 4 || s->neighbor.family == 6);
		assert(
		    (s->uptime_ms >= 0) == (s->state == SESSION_ESTABLISHED));
		check_text(s->description, sizeof(s->description));
		check_text(s->peer_hostname, sizeof(s->peer_hostname));
		check_text(s->last_shutdown_message,
		    sizeof(s->last_shutdown_message));
	}
	frr_state_clear(&state);
}

static void
check_route(const char *text, size_t size)
{
	struct frr_route route;
	struct err err;
	size_t i;

	if (frr_route_parse(&route, text, size, &err) == -1) {
		assert(err.code == ERR_TOOL && route.paths == NULL);
		return;
	}
	for (i = 0; i < route.n_paths; i++) {
		check_text(route.paths[i].as_path, PATH_AS_PATH_MAX);
		check_text(route.paths[i].communities, PATH_COMMUNITIES_MAX);
		assert(!route.paths[i].local ||
		    route.paths[i].neighbor.family == 0);
	}
	frr_route_clear(&route);
}

/* The first 0x01, if there is one, stands between summary and neighbors. */
int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const char *text = (const char *)data;
	const char *cut = size == 0 ? NULL : memchr(text, 1, size);
	size_t first = cut == NULL ? size : (size_t)(cut - text);
	char version[32], *copy;
	uint64_t best;

	if (cut != NULL) {
		check_state(text, first, cut + 1, size - first - 1);
	} else {
		check_state(text, size, "{}", 2);
		check_state("{}", 2, text, size);
	}
	check_route(text, size);
	(void)frr_prefix_counts_parse(text, size, &best, NULL);
	copy = mem_strndup(size == 0 ? "" : text, size);
	if (frr_version_parse(copy, version, sizeof(version), NULL) == 0)
		assert(strnlen(version, sizeof(version)) < sizeof(version));
	MEM_FREE(copy);
	return 0;
}
