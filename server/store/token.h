/* store/token.h - API tokens on disk: only a hash of each is kept. */
#ifndef STORE_TOKEN_H
#define STORE_TOKEN_H

#include <stdint.h>

#include "model/token.h"

struct db;
struct err;

/*
 * Fills id, hash, created_ms and secret (TOKEN_SECRET_MAX; shown once, wipe
 * it) of a token whose other members the caller has set, and stores it. -1:
 * ERR_UNPROCESSABLE (token_check), ERR_CONFLICT when a living token has this
 * name. In its own transaction, or inside the caller's when one is open.
 */
int token_create(struct db *, struct token *, char *secret, struct err *);
/*
 * By id or by name (a name revokes every token of that name that is not yet).
 * ERR_NOT_FOUND; revoking twice is ERR_CONFLICT.
 */
int token_revoke(struct db *, const char *id_or_name, struct err *);
/*
 * Remembers the last use; never moves it back. This is a synchronous write:
 * the caller keeps it rare (once a minute and token is plenty).
 */
int token_touch(struct db *, const char *id, int64_t now_ms, struct err *);
/* All of them, revoked and expired ones too, oldest first. */
int token_list(struct db *, struct token_list *, struct err *);

#endif
