/* model/tag.c - entity tags: one half for what is configured, one for all. */
#include <stdio.h>

#include "base/buf.h"
#include "base/crypto.h"
#include "model/tag.h"

void
tag_version(const struct buf *configuration, char out[TAG_VERSION_MAX])
{
	char hex[CRYPTO_HASH_HEX_MAX];

	(void)crypto_blake2b_hex(hex, buf_text(configuration),
	    configuration->len);
	(void)snprintf(out, TAG_VERSION_MAX, "%.16s", hex);
}

void
tag_print(const char *version, const struct buf *body, char out[TAG_MAX])
{
	char whole[TAG_VERSION_MAX];

	tag_version(body, whole);
	(void)snprintf(out, TAG_MAX, "\"%s.%s\"", version, whole);
}
