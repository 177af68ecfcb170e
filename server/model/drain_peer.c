/* model/drain_peer.c - can the other router carry it all? By its own words. */
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include <jansson.h>

#include "model/drain_peer.h"

static const char in_service[] = "in_service";

static bool
is(const json_t *object, const char *member, const char *word)
{
	const char *text = json_string_value(json_object_get(object, member));

	return text != NULL && strcmp(text, word) == 0;
}

void
drain_peer_router(const char *answer, const char *name, char *why, size_t size)
{
	json_t *json = json_loads(answer, 0, NULL);
	const char *state = json_string_value(json_object_get(json, "state"));
	const char *reason =
	    json_string_value(json_object_get(json, "state_reason"));
	const json_t *snapshot = json_object_get(json, "snapshot");

	why[0] = '\0';
	if (state == NULL)
		(void)snprintf(why, size, "%s does not say how it is", name);
	else if (strcmp(state, in_service) != 0)
		(void)snprintf(why, size, "%s is %.20s%s%.200s", name, state,
		    reason == NULL ? "" : ": ", reason == NULL ? "" : reason);
	else if (json_is_true(json_object_get(snapshot, "stale")))
		(void)snprintf(why, size,
		    "%s does not know how it is: it cannot look at its FRR",
		    name);
	json_decref(json);
}

static bool
has_family(const json_t *row, const char *family)
{
	const json_t *one;
	const char *text;
	size_t i;

	if (family == NULL)
		return true;
	json_array_foreach(json_object_get(row, "families"), i, one)
	{
		text = json_string_value(one);
		if (text != NULL && strcmp(text, family) == 0)
			return true;
	}
	return false;
}

void
drain_peer_transit(const char *answer, const char *name, const char *family,
    char *why, size_t size)
{
	json_t *json = json_loads(answer, 0, NULL);
	const json_t *list = json_object_get(json, "upstreams"), *row, *status;
	unsigned transits = 0, carry = 0;
	size_t i;

	json_array_foreach(list, i, row)
	{
		status = json_object_get(row, "status");
		if (!is(row, "role", "transit"))
			continue;
		transits++;
		if (is(status, "session", "established") &&
		    is(status, "drain", in_service) && has_family(row, family))
			carry++;
	}
	why[0] = '\0';
	if (!json_is_array(list))
		(void)snprintf(why, size, "%s does not name its upstreams",
		    name);
	else if (carry == 0)
		(void)snprintf(why, size,
		    "%s has no established transit session%s%s in service "
		    "(of %u)",
		    name, family == NULL ? "" : " for ",
		    family == NULL ? "" : family, transits);
	json_decref(json);
}
