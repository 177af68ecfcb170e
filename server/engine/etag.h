/* engine/etag.h - entity tags in If-Match and If-None-Match (RFC 9110). */
#ifndef ENGINE_ETAG_H
#define ENGINE_ETAG_H

#include <stdbool.h>

/*
 * header: "*", or a list of tags. Does one of them have this version as its
 * part before the dot? (The part behind it follows the live counters, which
 * must not make a change fail.) Weak tags never match.
 */
bool etag_matches_version(const char *header, const char *version);
/* Does one of them equal the whole tag (with quotes)? For If-None-Match: weak
 * comparison. */
bool etag_matches(const char *header, const char *etag);
/* Is it "*" or a well-formed list of tags? */
bool etag_is_valid(const char *header);

#endif
