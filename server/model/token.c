/* model/token.c - what a token allows; no I/O, no database. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/compat.h"
#include "base/err.h"
#include "model/token.h"

/* clang-format off */
static const struct scope_info {
	enum token_scope scope;
	unsigned implied;
	const char *name;
	const char *meaning;
} scope_infos[] = {
	{ SCOPE_READ, SCOPE_READ, "read",
	  "see router, upstreams, sessions, routes, operations and audit" },
	{ SCOPE_METRICS, SCOPE_METRICS, "metrics",
	  "scrape metrics" },
	{ SCOPE_OPERATE, SCOPE_OPERATE | SCOPE_READ, "operate",
	  "set preference, prepend and description; clear sessions; drain "
	  "and undrain" },
	{ SCOPE_CONFIGURE, SCOPE_CONFIGURE | SCOPE_OPERATE | SCOPE_READ,
	  "configure",
	  "create, replace and remove upstreams and keys" },
	{ SCOPE_ADMIN, SCOPE_ADMIN | SCOPE_CONFIGURE | SCOPE_OPERATE |
	  SCOPE_METRICS | SCOPE_READ, "admin",
	  "everything, tokens included" },
};
/* clang-format on */

static const struct scope_info *
scope_info_by_word(const char *word, size_t len)
{
	size_t i;

	for (i = 0; i < NITEMS(scope_infos); i++) {
		if (strlen(scope_infos[i].name) == len &&
		    memcmp(scope_infos[i].name, word, len) == 0)
			return &scope_infos[i];
	}
	return NULL;
}

static const struct scope_info *
scope_info_by_scope(enum token_scope scope)
{
	size_t i;

	for (i = 0; i < NITEMS(scope_infos); i++) {
		if (scope_infos[i].scope == scope)
			return &scope_infos[i];
	}
	return NULL;
}

unsigned
token_scope_parse(const char *word)
{
	const struct scope_info *info = scope_info_by_word(word, strlen(word));

	return info == NULL ? 0 : (unsigned)info->scope;
}

const char *
token_scope_name(enum token_scope scope)
{
	const struct scope_info *info = scope_info_by_scope(scope);

	return info == NULL ? "unknown" : info->name;
}

const char *
token_scope_meaning(enum token_scope scope)
{
	const struct scope_info *info = scope_info_by_scope(scope);

	return info == NULL ? "unknown" : info->meaning;
}

unsigned
token_scope_implied(unsigned scopes)
{
	unsigned all = 0;
	size_t i;

	for (i = 0; i < NITEMS(scope_infos); i++) {
		if ((scopes & scope_infos[i].scope) != 0)
			all |= scope_infos[i].implied;
	}
	return all;
}

const char *
token_scopes_print(unsigned scopes, char *out)
{
	size_t i, len = 0;

	out[0] = '\0';
	for (i = 0; i < NITEMS(scope_infos); i++) {
		if ((scopes & scope_infos[i].scope) == 0)
			continue;
		len += (size_t)snprintf(out + len, TOKEN_SCOPES_TEXT_MAX - len,
		    "%s%s", len == 0 ? "" : " ", scope_infos[i].name);
	}
	return out;
}

unsigned
token_scopes_parse(const char *text)
{
	const struct scope_info *info;
	unsigned scopes = 0;
	size_t len;

	for (;;) {
		len = strcspn(text, " ");
		info = scope_info_by_word(text, len);
		if (info == NULL)
			return 0;
		scopes |= (unsigned)info->scope;
		if (text[len] == '\0')
			return scopes;
		text += len + 1;
	}
}

void
token_list_clear(struct token_list *list)
{
	free(list->v);
	list->v = NULL;
	list->n = 0;
}

static bool
looks_like_id(const char *s)
{
	return s[0] == 't' && strlen(s) == 11 &&
	    strspn(s + 1, "0123456789abcdef") == 10;
}

int
token_check(const struct token *t, int64_t now_ms, struct err *err)
{
	struct name name;
	char pointer[32];
	unsigned i, known;
	int rc = 0;

	if (name_parse(&name, t->name.s, NULL) == -1)
		rc = err_field(err, "/name",
		    "a name is 1 to 31 of a-z 0-9 -, starting with a letter");
	else if (looks_like_id(t->name.s))
		rc = err_field(err, "/name",
		    "\"t\" and ten hexadecimal digits would read as an id");
	known = token_scope_implied(SCOPE_ADMIN);
	if (t->scopes == 0 || (t->scopes & ~known) != 0)
		rc = err_field(err, "/scopes",
		    "at least one of read, metrics, "
		    "operate, configure, admin");
	for (i = 0; i < t->n_globs; i++) {
		if (t->globs[i][0] != '\0' &&
		    t->globs[i][strspn(t->globs[i],
			"abcdefghijklmnopqrstuvwxyz0123456789-*?")] == '\0')
			continue;
		(void)snprintf(pointer, sizeof(pointer), "/upstreams/%u", i);
		rc = err_field(err, pointer,
		    "a glob is 1 to 31 of a-z 0-9 - * ?");
	}
	if (t->expires_ms != 0 && t->expires_ms <= now_ms)
		rc = err_field(err, "/expires_at", "is in the past");
	return rc;
}

bool
token_is_living(const struct token *t, int64_t now_ms)
{
	return t->revoked_ms == 0 &&
	    (t->expires_ms == 0 || now_ms < t->expires_ms);
}

const struct token *
token_find(const struct token_list *list, const char *secret, size_t len,
    int64_t now_ms)
{
	const struct token *found = NULL;
	uint8_t hash[CRYPTO_HASH_LEN];
	size_t i;

	if (len == 0 || len >= TOKEN_SECRET_MAX)
		return NULL;
	crypto_blake2b(hash, secret, len);
	for (i = 0; i < list->n; i++) {
		if (crypto_equal(list->v[i].hash, hash, sizeof(hash)))
			found = &list->v[i];
	}
	crypto_wipe(hash, sizeof(hash));
	return found != NULL && token_is_living(found, now_ms) ? found : NULL;
}

/* A dual-stack socket reports IPv4 peers as ::ffff:a.b.c.d. */
static struct addr
unmapped(const struct addr *a)
{
	static const uint8_t mapped[12] = { [10] = 0xff, [11] = 0xff };
	struct addr out = { .family = 4 };

	if (a->family != 6 || memcmp(a->bytes, mapped, sizeof(mapped)) != 0)
		return *a;
	memcpy(out.bytes, a->bytes + sizeof(mapped), 4);
	return out;
}

bool
token_allows_peer(const struct token *t, const struct addr *peer)
{
	struct addr a;
	unsigned i;

	if (t->n_networks == 0)
		return true;
	if (peer == NULL)
		return false;
	a = unmapped(peer);
	for (i = 0; i < t->n_networks; i++) {
		if (prefix_contains(&t->networks[i], &a))
			return true;
	}
	return false;
}

/* Back-tracks to the last star only, so it ends in |glob| x |text| steps. */
static bool
glob_matches(const char *glob, const char *text)
{
	const char *star = NULL, *resume = NULL;

	while (*text != '\0') {
		if (*glob == '*') {
			star = glob++;
			resume = text;
		} else if (*glob == '?' || *glob == *text) {
			glob++;
			text++;
		} else if (star != NULL) {
			glob = star + 1;
			text = ++resume;
		} else
			return false;
	}
	while (*glob == '*')
		glob++;
	return *glob == '\0';
}

bool
token_allows_name(const struct token *t, const char *upstream)
{
	unsigned i;

	if (t->n_globs == 0)
		return true;
	for (i = 0; i < t->n_globs; i++) {
		if (glob_matches(t->globs[i], upstream))
			return true;
	}
	return false;
}

bool
token_has_scope(const struct token *t, enum token_scope scope)
{
	return (token_scope_implied(t->scopes) & scope) != 0;
}
