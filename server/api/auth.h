/* api/auth.h - who is it, and may they? Before a byte of JSON is read. */
#ifndef API_AUTH_H
#define API_AUTH_H

#include <stdbool.h>

struct db;
struct err;
struct request;
struct route;

/*
 * Finds the request's token and checks scope, source network and, for routes
 * by name, the globs. Sets request->token. ERR_UNAUTHORIZED without a living
 * token, ERR_FORBIDDEN when it may not: one sentence each, which does not tell
 * what was wrong. ERR_BUSY with retry_after_s when this source (an IPv6 /64,
 * an IPv4 address) has failed too often within a minute.
 */
int auth_check(struct request *, const struct route *, struct err *);
/* For routes whose upstream is known only later; same sentence. */
int auth_check_name(const struct request *, const char *upstream, struct err *);
/* For what only the body tells to need a higher scope; same sentence. */
int auth_check_scope(const struct request *, unsigned scope, struct err *);
/* Neither revoked nor expired, by its id; when nobody can tell, as it was. */
bool auth_is_living(struct db *, const char *token_id);
/* Frees the token cache at the end. */
void auth_clear(void);

#endif
