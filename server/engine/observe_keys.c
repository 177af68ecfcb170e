/* engine/observe_keys.c - which TCP-MD5 key is set, and since when. */
#include <string.h>

#include "base/err.h"
#include "base/log.h"
#include "engine/adopt.h"
#include "engine/observe.h"
#include "engine/observe_keys.h"
#include "frr/tree.h"
#include "store/key_age.h"

/* As it is written, behind "neighbor X password" (of its group, too). */
static const char *
password(const struct observation *o, const struct upstream *up)
{
	const struct frr_node *bgp = adopt_bgp(o->tree);
	char neighbor[ADDR_TEXT_MAX];

	if (bgp == NULL)
		return NULL;
	return adopt_value(bgp, bgp, addr_print(&up->neighbor, neighbor),
	    "password", NULL);
}

void
observe_keys(struct db *db, struct observation *o)
{
	struct key_age_list ages = { 0 };
	struct upstream *up;
	const char *key;
	struct err err;
	bool asked = false;
	size_t i;

	for (i = 0; i < o->upstreams.n; i++) {
		up = &o->upstreams.v[i];
		if (!up->tcp_md5 || (key = password(o, up)) == NULL)
			continue;
		if (!asked && key_age_list(db, &ages, &err) == -1)
			log_warning("%s", err.text);
		asked = true;
		(void)key_age_fingerprint(db, key, up->tcp_md5_key_id);
		up->tcp_md5_since_ms =
		    key_age_since(&ages, &up->neighbor, up->tcp_md5_key_id);
	}
	key_age_list_clear(&ages);
}
