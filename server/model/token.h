/* model/token.h - an API token: what it may do, where, from where, how long. */
#ifndef MODEL_TOKEN_H
#define MODEL_TOKEN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/addr.h"
#include "base/crypto.h"
#include "base/name.h"

struct err;

enum token_scope {
	SCOPE_READ = 1,
	SCOPE_METRICS = 2,
	SCOPE_OPERATE = 4,
	SCOPE_CONFIGURE = 8,
	SCOPE_ADMIN = 16
};
/* Higher scopes include read; admin includes all; configure includes operate.
 * 0 for an unknown word. */
unsigned token_scope_parse(const char *);
const char *token_scope_name(enum token_scope);
/* One line for people: what a holder of this scope can do. */
const char *token_scope_meaning(enum token_scope);
/* Every scope that holding these gives. */
unsigned token_scope_implied(unsigned scopes);

enum {
	TOKEN_SCOPES_TEXT_MAX = 48
};
/* "read operate" and back; out holds TOKEN_SCOPES_TEXT_MAX and is returned.
 * Parsing gives 0 when a word is unknown or there is none. */
const char *token_scopes_print(unsigned scopes, char *out);
unsigned token_scopes_parse(const char *);

enum {
	TOKEN_SECRET_MAX = 64, /* "mh_" and 43 of base64url, NUL */
	TOKEN_ID_MAX = 16,
	TOKEN_GLOBS_MAX = 8,
	TOKEN_NETWORKS_MAX = 8
};

struct token {
	char id[TOKEN_ID_MAX]; /* "t" and 10 hexadecimal digits */
	struct name name;
	uint8_t hash[CRYPTO_HASH_LEN];
	unsigned scopes;                 /* as given, without what they imply */
	char globs[TOKEN_GLOBS_MAX][32]; /* upstream names; none: all */
	unsigned n_globs;
	struct prefix networks[TOKEN_NETWORKS_MAX]; /* none: from anywhere */
	unsigned n_networks;
	bool strict; /* writes must carry If-Match */
	int64_t created_ms;
	int64_t expires_ms;   /* 0: never */
	int64_t revoked_ms;   /* 0: not */
	int64_t last_used_ms; /* 0: never */
};

struct token_list {
	struct token *v;
	size_t n;
};
void token_list_clear(struct token_list *);

/*
 * A token about to be created: name (which must not look like an id), scopes,
 * globs and an expiry after now_ms. Every bad member is an err_field.
 */
int token_check(const struct token *, int64_t now_ms, struct err *);

/* Not revoked and not expired. */
bool token_is_living(const struct token *, int64_t now_ms);
/*
 * The living token of this secret, or NULL: unknown, revoked and expired look
 * alike. The secret need not be NUL-terminated. Pure: searches the list.
 */
const struct token *token_find(const struct token_list *, const char *secret,
    size_t len, int64_t now_ms);
/* peer is NULL for a UNIX socket: allowed unless networks are set. An IPv4
 * address written as ::ffff:a.b.c.d counts as the IPv4 address. */
bool token_allows_peer(const struct token *, const struct addr *peer);
/* '*' and '?' only. */
bool token_allows_name(const struct token *, const char *upstream);
bool token_has_scope(const struct token *, enum token_scope);

#endif
