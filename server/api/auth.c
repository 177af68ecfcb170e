/* api/auth.c - who is it, and may they? Before a byte of JSON is read. */
#include <stdio.h>
#include <string.h>

#include "api/auth.h"
#include "api/request.h"
#include "api/routes.h"
#include "base/clock.h"
#include "base/err.h"
#include "base/log.h"
#include "engine/parts.h"
#include "engine/usage.h"
#include "store/db.h"
#include "store/token.h"

enum {
	SOURCES = 256,
	MINUTE_MS = 60 * 1000,
	REFRESH_MS = 100
};

/* Failures of one source within the minute that began at since_ms. */
struct source {
	struct addr network;
	int64_t since_ms;
	unsigned failures;
};

/* Only the main thread authenticates, so none of this needs a lock. */
static struct source sources[SOURCES];
static struct token_list tokens;
static int64_t tokens_version = -1;

void
auth_clear(void)
{
	token_list_clear(&tokens);
	tokens_version = -1;
}

static struct addr
network_of(const struct request *req)
{
	struct addr a = { 0 };

	if (!req->has_peer)
		return a;
	a = req->peer;
	a.zone[0] = '\0';
	if (a.family == 6)
		memset(a.bytes + 8, 0, 8);
	return a;
}

/* The source's row, or the one that has been quiet for longest. */
static struct source *
find_source(const struct addr *network)
{
	struct source *oldest = &sources[0];
	unsigned i;

	for (i = 0; i < SOURCES; i++) {
		if (sources[i].failures > 0 &&
		    addr_equal(&sources[i].network, network))
			return &sources[i];
		if (sources[i].since_ms < oldest->since_ms)
			oldest = &sources[i];
	}
	memset(oldest, 0, sizeof(*oldest));
	oldest->network = *network;
	return oldest;
}

static int
check_rate(const struct request *req, struct err *err)
{
	struct addr network = network_of(req);
	unsigned i, max = req->parts->auth_failures_per_minute;
	int64_t now = clock_ms(), left;

	for (i = 0; i < SOURCES; i++) {
		const struct source *s = &sources[i];

		if (s->failures < max || !addr_equal(&s->network, &network))
			continue;
		left = s->since_ms + MINUTE_MS - now;
		if (left <= 0)
			continue;
		(void)err_set(err, ERR_BUSY,
		    "too many requests without a valid token from your "
		    "address");
		err->retry_after_s = (unsigned)((left + 999) / 1000);
		return err_reason(err, "too_many_failures");
	}
	return 0;
}

/* A valid token is never held up by its neighbors' failures: only who fails
 * is told to wait. */
static int
count_failure(const struct request *req, struct err *err)
{
	struct addr network = network_of(req);
	struct source *s;
	int64_t now = clock_ms();

	if (check_rate(req, err) == -1)
		return -1;
	s = find_source(&network);
	if (s->failures == 0 || now - s->since_ms >= MINUTE_MS) {
		s->since_ms = now;
		s->failures = 0;
	}
	s->failures++;
	if (s->failures == req->parts->auth_failures_per_minute)
		log_warning("%s: %u requests without a valid token within a "
			    "minute: refused until it is over",
		    req->has_peer ? req->peer_text : "UNIX socket",
		    s->failures);
	return err_set(err, ERR_UNAUTHORIZED,
	    "this needs \"Authorization: Bearer TOKEN\" with a valid token");
}

/*
 * Tokens may be made or revoked behind our back by `multihomed token`. Asking
 * SQLite costs system calls, so it is done every REFRESH_MS, and at once (now)
 * for a token that is not known.
 */
static int
refresh_tokens(struct db *db, bool now, struct err *err)
{
	static int64_t asked_ms;
	struct token_list fresh = { 0 };
	int64_t version;

	if (!now && tokens_version != -1 && clock_ms() - asked_ms < REFRESH_MS)
		return 0;
	asked_ms = clock_ms();
	if (db_data_version(db, &version, err) == -1)
		return -1;
	if (version == tokens_version)
		return 0;
	if (token_list(db, &fresh, err) == -1)
		return -1;
	token_list_clear(&tokens);
	tokens = fresh;
	tokens_version = version;
	return 0;
}

static int
forbid(const struct request *req, const char *why, struct err *err)
{
	log_info("%s: %s %s refused to token %s (%s)", req->request_id,
	    req->method, req->path, req->token->id, why);
	return err_set(err, ERR_FORBIDDEN, "this token may not do this");
}

int
auth_check_name(const struct request *req, const char *upstream,
    struct err *err)
{
	if (token_allows_name(req->token, upstream))
		return 0;
	return forbid(req, "upstream", err);
}

int
auth_check_scope(const struct request *req, unsigned scope, struct err *err)
{
	if (token_has_scope(req->token, (enum token_scope)scope))
		return 0;
	return forbid(req, "scope", err);
}

/* The token of "Authorization: Bearer SECRET", NULL without a living one. */
static const struct token *
find_token(const struct request *req, int64_t now)
{
	static const char scheme[] = "Bearer ";
	const struct frame_bytes *h = &req->frame->header[FRAME_AUTHORIZATION];

	if (h->data == NULL || h->len < sizeof(scheme) ||
	    memcmp(h->data, scheme, sizeof(scheme) - 1) != 0)
		return NULL;
	return token_find(&tokens, h->data + sizeof(scheme) - 1,
	    h->len - (sizeof(scheme) - 1), now);
}

bool
auth_is_living(struct db *db, const char *token_id)
{
	int64_t now = clock_wall_ms();
	size_t i;

	if (refresh_tokens(db, false, NULL) == -1)
		return true;
	for (i = 0; i < tokens.n; i++)
		if (strcmp(tokens.v[i].id, token_id) == 0)
			return token_is_living(&tokens.v[i], now);
	return false;
}

int
auth_check(struct request *req, const struct route *route, struct err *err)
{
	int64_t now = clock_wall_ms();

	if (route->scope == 0)
		return 0;
	if (refresh_tokens(req->db, false, err) == -1)
		return -1;
	req->token = find_token(req, now);
	if (req->token == NULL) {
		if (refresh_tokens(req->db, true, err) == -1)
			return -1;
		req->token = find_token(req, now);
	}
	if (req->token == NULL)
		return count_failure(req, err);
	if (!token_allows_peer(req->token, req->has_peer ? &req->peer : NULL))
		return forbid(req, "source network", err);
	if (!token_has_scope(req->token, (enum token_scope)route->scope))
		return forbid(req, "scope", err);
	if (route->sees == ROUTE_NAME &&
	    auth_check_name(req, req->arg, err) == -1)
		return -1;
	if (route->sees == ROUTE_WHOLE && req->token->n_globs > 0)
		return forbid(req, "limited to some upstreams", err);
	usage_note(req->token->id, now);
	return 0;
}
