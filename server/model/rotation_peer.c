/* model/rotation_peer.c - what two routers of ours say about a rotation. */
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include <jansson.h>

#include "base/buf.h"
#include "base/clock.h"
#include "base/err.h"
#include "base/rfc3339.h"
#include "model/json.h"
#include "model/rotation_peer.h"

/* Both as text: equal addresses are written in many ways. */
static bool
same_address(const char *a, const char *b)
{
	struct addr x, y;

	return addr_parse(&x, a, NULL) == 0 && addr_parse(&y, b, NULL) == 0 &&
	    addr_equal(&x, &y);
}

int
rotation_peer_find(const char *text, const char *address, char *name,
    size_t size, struct err *err)
{
	json_t *json = json_loads(text, 0, NULL);
	const char *neighbor, *found = NULL;
	const json_t *row;
	size_t i;

	json_array_foreach(json_object_get(json, "upstreams"), i, row)
	{
		neighbor = json_string_value(json_object_get(row, "neighbor"));
		if (neighbor != NULL && same_address(neighbor, address))
			found = json_string_value(json_object_get(row, "name"));
	}
	if (found != NULL)
		(void)snprintf(name, size, "%s", found);
	json_decref(json);
	if (found != NULL)
		return 0;
	(void)err_set(err, ERR_CONFLICT,
	    "it has no session with %s, the address of this end", address);
	return err_reason(err, "peer_unknown");
}

void
rotation_peer_order(const struct rotation *r, const char *router, struct buf *b)
{
	json_t *json = json_object();
	char reason[320], at[CLOCK_TEXT_MAX];

	json_put(json, "id", json_text(r->with_operation));
	json_put(json, "key", json_text(r->key));
	json_put(json, "at", json_text(clock_print(r->at_ms, at)));
	json_put(json, "verify_within_s", json_integer(r->verify_within_s));
	json_put(json, "method", json_text(r->gentle ? "gentle" : "reset"));
	(void)snprintf(reason, sizeof(reason), "together with %.60s%s%.120s",
	    router, r->reason[0] == '\0' ? "" : ": ", r->reason);
	json_put(json, "reason", json_text(reason));
	if (r->ticket[0] != '\0')
		json_put(json, "ticket", json_text(r->ticket));
	json_render(json, b);
}

static bool
is(const json_t *json, const char *member, const char *word)
{
	const char *text = json_string_value(json_object_get(json, member));

	return text != NULL && strcmp(text, word) == 0;
}

static enum rotation_peer_state
state_of(const json_t *json)
{
	if (is(json, "state", "scheduled"))
		return ROTATION_PEER_GOES;
	if (is(json, "state", "running"))
		return is(json, "phase", "return") ? ROTATION_PEER_OFF :
						     ROTATION_PEER_GOES;
	return is(json, "state", "done") ? ROTATION_PEER_DONE :
					   ROTATION_PEER_OFF;
}

int
rotation_peer_read(const char *text, struct rotation_peer *peer,
    struct err *err)
{
	json_t *json = json_loads(text, 0, NULL);
	const char *at = json_string_value(json_object_get(json, "created_at"));
	int rc = -1;

	if (at != NULL && is(json, "kind", "tcp_md5_rotation") &&
	    rfc3339_parse(&peer->created_ms, at, NULL) == 0) {
		peer->state = state_of(json);
		rc = 0;
	}
	json_decref(json);
	return rc == 0 ?
	    0 :
	    err_set(err, ERR_PROTOCOL, "what it answers is no rotation");
}
