/* engine/token_command.c - `multihomed token`: tokens without a daemon. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/clock.h"
#include "base/crypto.h"
#include "base/err.h"
#include "base/log.h"
#include "engine/token_command.h"
#include "engine/token_options.h"
#include "engine/token_table.h"
#include "model/token_json.h"
#include "store/audit.h"
#include "store/db.h"
#include "store/token.h"

enum {
	EXIT_REFUSED = 1,
	EXIT_USAGE = 2
};

/*
 * Both rows of a change in the caller's transaction: here nothing lies between
 * intent and outcome but the same commit. before and after may be NULL.
 */
static int
append_audit(struct db *db, const struct token *t, const char *before,
    const char *after, struct err *err)
{
	char resource[sizeof(t->name.s) + sizeof("tokens/")];
	struct audit_row intent = { .kind = "intent", .actor = "console" };
	struct audit_row outcome;

	(void)snprintf(resource, sizeof(resource), "tokens/%s", t->name.s);
	intent.resource = resource;
	intent.before = before;
	intent.after = after;
	outcome = intent;
	if (audit_append(db, &intent, err) == -1)
		return -1;
	outcome.kind = "outcome";
	outcome.about = intent.seq;
	outcome.outcome = "applied";
	return audit_append(db, &outcome, err);
}

static int
create_token(struct db *db, struct token *t, char *secret, struct err *err)
{
	char *after = NULL;
	int rc = -1;

	if (db_begin(db, err) == -1)
		return -1;
	if (token_create(db, t, secret, err) == 0) {
		after = token_json_text(t, NULL);
		rc = append_audit(db, t, NULL, after, err);
	}
	free(after);
	if (rc == -1)
		db_abort(db);
	else
		rc = db_commit(db, err);
	if (rc == -1)
		crypto_wipe(secret, TOKEN_SECRET_MAX);
	return rc;
}

/* Rows for those that are revoked now and were not before. Both lists are of
 * one transaction, hence of the same tokens in the same order. */
static int
append_revoked(struct db *db, const struct token_list *before,
    const struct token_list *after, struct err *err)
{
	char *old, *new;
	int rc = 0;
	size_t i;

	for (i = 0; i < after->n && rc == 0; i++) {
		if ((before->v[i].revoked_ms == 0) ==
		    (after->v[i].revoked_ms == 0))
			continue;
		old = token_json_text(&before->v[i], NULL);
		new = token_json_text(&after->v[i], NULL);
		rc = append_audit(db, &after->v[i], old, new, err);
		free(old);
		free(new);
	}
	return rc;
}

static int
revoke_token(struct db *db, const char *target, struct err *err)
{
	struct token_list before = { 0 }, after = { 0 };
	int rc = -1;

	if (db_begin(db, err) == -1)
		return -1;
	if (token_list(db, &before, err) == 0 &&
	    token_revoke(db, target, err) == 0 &&
	    token_list(db, &after, err) == 0)
		rc = append_revoked(db, &before, &after, err);
	token_list_clear(&before);
	token_list_clear(&after);
	if (rc == 0)
		return db_commit(db, err);
	db_abort(db);
	return -1;
}

/* All of it is with the reader, or -1. */
static int
put_line(const char *text, struct err *err)
{
	if (fputs(text, stdout) == EOF || fputc('\n', stdout) == EOF ||
	    fflush(stdout) == EOF)
		return err_set_errno(err, ERR_SYSTEM, "standard output");
	return 0;
}

static int
command_create(struct db *db, struct token_options *o, struct err *err)
{
	char secret[TOKEN_SECRET_MAX], *text;
	struct buf words = BUF_INIT;
	struct err lost;
	int rc;

	if (create_token(db, &o->token, secret, err) == -1)
		return -1;
	token_table_explain(&o->token, &words);
	(void)fprintf(stderr,
	    "%sThe secret is shown this once; only a hash of it is kept.\n",
	    buf_text(&words));
	buf_clear(&words);
	text = o->json ? token_json_text(&o->token, secret) : NULL;
	rc = put_line(text != NULL ? text : secret, err);
	/* A token whose secret nobody has got is of no use to anybody. */
	if (rc == -1 && revoke_token(db, o->token.id, &lost) == 0)
		(void)err_prefix(err,
		    "token %s is revoked again, its secret "
		    "could not be shown",
		    o->token.id);
	if (text != NULL)
		crypto_wipe(text, strlen(text));
	free(text);
	crypto_wipe(secret, sizeof(secret));
	return rc;
}

static int
command_list(struct db *db, const struct token_options *o, struct err *err)
{
	struct token_list list;
	struct buf table = BUF_INIT;
	char *text;
	int rc;

	if (token_list(db, &list, err) == -1)
		return -1;
	if (o->json) {
		text = token_json_list_text(&list);
		rc = put_line(text, err);
		free(text);
	} else if (list.n == 0) {
		(void)fputs("There are no tokens yet.\n", stderr);
		rc = 0;
	} else {
		token_table(&list, clock_wall_ms(), &table);
		if (table.failed)
			log_fatal("out of memory (token list)");
		table.data[--table.len] = '\0'; /* put_line ends it */
		rc = put_line(buf_text(&table), err);
		buf_clear(&table);
	}
	token_list_clear(&list);
	return rc;
}

static int
run_verb(struct token_options *o, struct err *err)
{
	struct db *db;
	int rc = -1;

	/* A mistyped path must not look like a router without tokens. */
	if (o->verb != TOKEN_CREATE && access(o->database, F_OK) == -1)
		return err_set_errno(err, ERR_NOT_FOUND, "database %s",
		    o->database);
	if (db_open(&db, o->database, true, err) == -1)
		return -1;
	if (o->verb == TOKEN_CREATE)
		rc = command_create(db, o, err);
	else if (o->verb == TOKEN_LIST)
		rc = command_list(db, o, err);
	else if ((rc = revoke_token(db, o->target, err)) == 0)
		(void)fprintf(stderr, "token %s is revoked.\n", o->target);
	db_close(&db);
	return rc;
}

int
token_command(int argc, char **argv)
{
	struct token_options o;
	struct err err = { 0 };

	crypto_init();
	if (token_options_parse(&o, argc, argv, clock_wall_ms(), &err) == -1) {
		(void)fprintf(stderr, "multihomed token: %s\n\n", err.text);
		token_options_usage(stderr);
		return EXIT_USAGE;
	}
	if (o.verb == TOKEN_HELP) {
		token_options_usage(stdout);
		return 0;
	}
	if (run_verb(&o, &err) == -1) {
		(void)fprintf(stderr, "multihomed token: %s\n", err.text);
		return EXIT_REFUSED;
	}
	return 0;
}
