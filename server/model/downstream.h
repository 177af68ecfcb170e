/* model/downstream.h - a customer behind a tunnel: static prefixes, no BGP. */
#ifndef MODEL_DOWNSTREAM_H
#define MODEL_DOWNSTREAM_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/addr.h"
#include "base/name.h"
#include "model/tag.h"
#include "model/tunnel.h"

struct buf;

enum {
	DOWNSTREAM_PREFIXES_MAX = 32,
	DOWNSTREAM_WARNINGS_MAX = 4,
	DOWNSTREAM_ETAG_MAX = TAG_MAX
};

struct downstream {
	/* configured */
	struct name name;
	char description[96]; /* of the interface; "": none */
	struct tunnel tunnel; /* always present */
	struct addr address;  /* inner: ours, theirs */
	struct addr peer;
	struct prefix prefixes[DOWNSTREAM_PREFIXES_MAX]; /* ascending */
	size_t n_prefixes;
	bool nat;
	unsigned n_warnings;
	char warnings[DOWNSTREAM_WARNINGS_MAX][200];
	/* observed */
	bool up;
	bool rates_known;
	uint64_t rx_bps;
	uint64_t tx_bps;
};

/* printf one more warning; what does not fit is dropped. */
void downstream_warn(struct downstream *, const char *fmt, ...)
    __attribute__((format(printf, 2, 3)));

/* JSON text as openapi.yaml has it, and the strong entity tag
 * "CONFIGURATION.STATUS" (16 hexadecimal digits each, quotes included). */
void downstream_render(const struct downstream *, struct buf *,
    char etag[DOWNSTREAM_ETAG_MAX]);
/* The part that If-Match compares: a hash of the configuration alone. out
 * holds 17. */
void downstream_version(const struct downstream *, char *out);
/* The configuration alone, for the audit: what PUT takes. */
void downstream_render_config(const struct downstream *, struct buf *);

#endif
