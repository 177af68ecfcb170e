/* model/tunnel.h - a tunnel as the API shows it. */
#ifndef MODEL_TUNNEL_H
#define MODEL_TUNNEL_H

#include <stdbool.h>
#include <stdint.h>

#include "base/addr.h"

struct json_t; /* jansson's json_t */

/* Values are those of enum op_link_kind, which model/ may not see. */
enum tunnel_kind {
	TUNNEL_GRE = 1,
	TUNNEL_GIF
};

/* The inner addresses are the upstream's (downstream's) own members. */
struct tunnel {
	bool present;
	enum tunnel_kind kind;
	char interface[16];
	struct addr local; /* outer */
	struct addr remote;
	uint8_t prefix_length; /* of the inner addresses; 0: it has none */
	uint32_t mtu;
	bool owned; /* created or adopted by multihomed */
};

const char *tunnel_kind_name(enum tunnel_kind);
/* A new reference; null when it is not present. owned is not in it: that is
 * status. */
struct json_t *tunnel_json(const struct tunnel *);
/* "multihomed", "hand", or null when not present: status.managed. */
struct json_t *tunnel_managed_json(const struct tunnel *);
/* What the kind leaves of an outer path of 1500 bytes. */
uint32_t tunnel_default_mtu(enum tunnel_kind, uint8_t outer_family);

#endif
