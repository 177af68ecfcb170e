/* engine/usage.c - when each token was last used, written now and then. */
#include <pthread.h>
#include <stdio.h>
#include <string.h>

#include "base/err.h"
#include "base/log.h"
#include "engine/usage.h"
#include "store/token.h"

enum {
	USAGE_MAX = 64,
	USAGE_EVERY_MS = 60 * 1000
};

struct use {
	char id[TOKEN_ID_MAX];
	int64_t used_ms;
	int64_t written_ms;
};

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static struct use uses[USAGE_MAX];
static unsigned n_uses;

void
usage_note(const char *token_id, int64_t now_ms)
{
	unsigned i;

	(void)pthread_mutex_lock(&lock);
	for (i = 0; i < n_uses; i++)
		if (strcmp(uses[i].id, token_id) == 0)
			break;
	if (i == USAGE_MAX)
		i = (unsigned)(now_ms % USAGE_MAX); /* one of many: replaced */
	if (i == n_uses)
		n_uses++;
	if (strcmp(uses[i].id, token_id) != 0) {
		(void)snprintf(uses[i].id, sizeof(uses[i].id), "%s", token_id);
		uses[i].written_ms = 0;
	}
	uses[i].used_ms = now_ms;
	(void)pthread_mutex_unlock(&lock);
}

void
usage_flush(struct db *db)
{
	struct use due[USAGE_MAX];
	unsigned i, n = 0;
	struct err err;

	(void)pthread_mutex_lock(&lock);
	for (i = 0; i < n_uses; i++) {
		if (uses[i].used_ms - uses[i].written_ms < USAGE_EVERY_MS)
			continue;
		uses[i].written_ms = uses[i].used_ms;
		due[n++] = uses[i];
	}
	(void)pthread_mutex_unlock(&lock);
	for (i = 0; i < n; i++)
		if (token_touch(db, due[i].id, due[i].used_ms, &err) == -1)
			log_warning("last use of a token: %s", err.text);
}
