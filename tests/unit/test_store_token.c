/* links: store/token store/db store/sql store/migrations model/token base/addr
 * base/buf base/clock base/crypto base/err base/log base/mem base/name
 * base/number */
/* libs: -lsqlite3 -lsodium */
/* tests/unit/test_store_token.c - tokens: made, found, limited, revoked. */
#include "base/clock.h"
#include "base/compat.h"
#include "store/sql.h"
#include "store/token.h"
#include "temp_db.h"

static struct token
wanted(const char *name, unsigned scopes)
{
	struct token t = { .scopes = scopes };

	assert_int_equal(name_parse(&t.name, name, NULL), 0);
	return t;
}

static void
create(struct temp_db *t, struct token *token, char *secret)
{
	if (token_create(t->db, token, secret, &t->err) == -1)
		fail_msg("%s", t->err.text);
}

static struct token_list
list_all(struct temp_db *t)
{
	struct token_list list;

	if (token_list(t->db, &list, &t->err) == -1)
		fail_msg("%s", t->err.text);
	return list;
}

static void
add_network(struct token *t, const char *text)
{
	assert_int_equal(prefix_parse(&t->networks[t->n_networks++], text, true,
			     NULL),
	    0);
}

static void
test_create_and_find(void **state)
{
	struct token token = wanted("ci", SCOPE_OPERATE | SCOPE_METRICS);
	char secret[TOKEN_SECRET_MAX], other[TOKEN_SECRET_MAX];
	struct temp_db *t = *state;
	const struct token *found;
	struct token_list list;
	int64_t now;

	(void)snprintf(token.globs[0], sizeof(token.globs[0]), "ifog");
	(void)snprintf(token.globs[1], sizeof(token.globs[1]), "route*");
	token.n_globs = 2;
	add_network(&token, "10.0.0.0/8");
	add_network(&token, "2001:db8::/32");
	token.strict = true;
	token.expires_ms = clock_wall_ms() + 60000;
	create(t, &token, secret);
	assert_int_equal(strlen(secret), 46);
	assert_memory_equal(secret, "mh_", 3);
	assert_int_equal(strlen(token.id), 11);
	assert_true(token.id[0] == 't');

	temp_db_reopen(t);
	list = list_all(t);
	assert_int_equal(list.n, 1);
	assert_string_equal(list.v[0].id, token.id);
	assert_string_equal(list.v[0].name.s, "ci");
	assert_memory_equal(list.v[0].hash, token.hash, sizeof(token.hash));
	assert_int_equal(list.v[0].scopes, token.scopes);
	assert_int_equal(list.v[0].n_globs, 2);
	assert_string_equal(list.v[0].globs[1], "route*");
	assert_int_equal(list.v[0].n_networks, 2);
	assert_true(prefix_equal(&list.v[0].networks[1], &token.networks[1]));
	assert_true(list.v[0].strict);
	assert_true(list.v[0].created_ms == token.created_ms);
	assert_true(list.v[0].expires_ms == token.expires_ms);
	assert_int_equal(list.v[0].revoked_ms, 0);
	assert_int_equal(list.v[0].last_used_ms, 0);
	now = clock_wall_ms();
	found = token_find(&list, secret, strlen(secret), now);
	assert_ptr_equal(found, &list.v[0]);
	assert_null(token_find(&list, secret, strlen(secret) - 1, now));
	assert_null(token_find(&list, "", 0, now));
	memcpy(other, secret, sizeof(other));
	other[45] = other[45] == 'A' ? 'B' : 'A';
	assert_null(token_find(&list, other, strlen(other), now));
	/* Expired: at the very millisecond too. */
	assert_null(token_find(&list, secret, 46, token.expires_ms));
	assert_non_null(token_find(&list, secret, 46, token.expires_ms - 1));
	token_list_clear(&list);
}

/* Nothing in the file gives the secret away. */
static void
test_secret_is_not_stored(void **state)
{
	struct token token = wanted("ci", SCOPE_READ);
	char secret[TOKEN_SECRET_MAX], path[96];
	struct temp_db *t = *state;
	static char file[1 << 20];
	size_t len;
	FILE *fp;
	int i;

	create(t, &token, secret);
	for (i = 0; i < 2; i++) {
		(void)snprintf(path, sizeof(path), "%s%s", t->path,
		    i == 0 ? "" : "-wal");
		fp = fopen(path, "r");
		assert_non_null(fp);
		len = fread(file, 1, sizeof(file), fp);
		(void)fclose(fp);
		assert_null(memmem(file, len, secret + 3, 20));
	}
}

static void
test_names(void **state)
{
	struct token a = wanted("ci", SCOPE_READ), b = a, c = a;
	char secret[TOKEN_SECRET_MAX];
	struct temp_db *t = *state;
	struct token_list list;

	a.expires_ms = clock_wall_ms() + 30;
	create(t, &a, secret);
	assert_int_equal(token_create(t->db, &b, secret, &t->err), -1);
	assert_int_equal(t->err.code, ERR_CONFLICT);
	assert_int_equal(secret[0], '\0');
	(void)usleep(40000);
	create(t, &b, secret); /* the first one has expired */
	assert_string_not_equal(a.id, b.id);
	assert_int_equal(token_revoke(t->db, "ci", &t->err), 0);
	list = list_all(t);
	assert_int_equal(list.n, 2);
	assert_true(list.v[0].revoked_ms != 0 && list.v[1].revoked_ms != 0);
	token_list_clear(&list);
	create(t, &c, secret);
	assert_int_equal(token_revoke(t->db, b.id, &t->err), -1);
	assert_int_equal(t->err.code, ERR_CONFLICT);
	assert_int_equal(token_revoke(t->db, c.id, &t->err), 0);
	assert_int_equal(token_revoke(t->db, "ci", &t->err), -1);
	assert_int_equal(t->err.code, ERR_CONFLICT);
	assert_int_equal(token_revoke(t->db, "nobody", &t->err), -1);
	assert_int_equal(t->err.code, ERR_NOT_FOUND);
}

static void
test_revoked_is_not_found(void **state)
{
	struct token token = wanted("ci", SCOPE_ADMIN);
	char secret[TOKEN_SECRET_MAX];
	struct temp_db *t = *state;
	struct token_list list;

	create(t, &token, secret);
	assert_int_equal(token_revoke(t->db, token.id, &t->err), 0);
	list = list_all(t);
	assert_null(token_find(&list, secret, strlen(secret), clock_wall_ms()));
	token_list_clear(&list);
}

static void
test_refused(void **state)
{
	struct token token = wanted("t0123456789", 0);
	char secret[TOKEN_SECRET_MAX];
	struct temp_db *t = *state;
	struct token_list list;

	(void)snprintf(token.globs[0], sizeof(token.globs[0]), "a b");
	token.n_globs = 1;
	token.expires_ms = 1;
	err_clear(&t->err);
	assert_int_equal(token_create(t->db, &token, secret, &t->err), -1);
	assert_int_equal(t->err.code, ERR_UNPROCESSABLE);
	assert_int_equal(t->err.n_fields, 4);
	assert_string_equal(t->err.fields[0].pointer, "/name");
	assert_string_equal(t->err.fields[1].pointer, "/scopes");
	assert_string_equal(t->err.fields[2].pointer, "/upstreams/0");
	assert_string_equal(t->err.fields[3].pointer, "/expires_at");
	list = list_all(t);
	assert_int_equal(list.n, 0);
	token_list_clear(&list);
}

static void
test_touch(void **state)
{
	struct token token = wanted("ci", SCOPE_READ);
	char secret[TOKEN_SECRET_MAX];
	struct temp_db *t = *state;
	struct token_list list;

	create(t, &token, secret);
	assert_int_equal(token_touch(t->db, token.id, 5000, &t->err), 0);
	assert_int_equal(token_touch(t->db, token.id, 4000, &t->err), 0);
	assert_int_equal(token_touch(t->db, "t0000000000", 1, &t->err), 0);
	list = list_all(t);
	assert_int_equal(list.v[0].last_used_ms, 5000);
	token_list_clear(&list);
}

/* In the caller's transaction: gone with it. */
static void
test_joins_a_transaction(void **state)
{
	struct token token = wanted("ci", SCOPE_READ);
	char secret[TOKEN_SECRET_MAX];
	struct temp_db *t = *state;
	struct token_list list;

	assert_int_equal(db_begin(t->db, &t->err), 0);
	create(t, &token, secret);
	db_abort(t->db);
	list = list_all(t);
	assert_int_equal(list.n, 0);
	token_list_clear(&list);
}

/* Half a token might allow more than was given: such a row stops the list. */
static void
test_damaged_row(void **state)
{
	static const char *const changes[] = { "scopes = 'read root'",
		"scopes = ''", "networks = '10.0.0.0/40'",
		"networks = 'x 10.0.0.0/8'", "name = 'A B'",
		"id = 'a much too long identifier'",
		"globs = 'abcdefghijklmnopqrstuvwxyzabcdefghijk'",
		"globs = 'a b c d e f g h i'" };
	struct token token = wanted("ci", SCOPE_READ);
	char secret[TOKEN_SECRET_MAX], sql[160];
	struct temp_db *t = *state;
	struct token_list list;
	size_t i;

	create(t, &token, secret);
	assert_int_equal(temp_db_raw(t,
			     "CREATE TABLE kept AS"
			     " SELECT * FROM tokens"),
	    SQLITE_OK);
	for (i = 0; i < NITEMS(changes); i++) {
		(void)snprintf(sql, sizeof(sql), "UPDATE tokens SET %s",
		    changes[i]);
		assert_int_equal(temp_db_raw(t, sql), SQLITE_OK);
		assert_int_equal(token_list(t->db, &list, &t->err), -1);
		assert_int_equal(t->err.code, ERR_UNAVAILABLE);
		assert_string_equal(t->err.reason, "database_damaged");
		assert_null(list.v);
		assert_int_equal(temp_db_raw(t,
				     "DELETE FROM tokens;"
				     "INSERT INTO tokens SELECT * FROM kept"),
		    SQLITE_OK);
	}
	list = list_all(t);
	assert_int_equal(list.n, 1);
	token_list_clear(&list);
}

static void
test_scopes(void **state)
{
	static const unsigned all[] = { SCOPE_READ, SCOPE_METRICS,
		SCOPE_OPERATE, SCOPE_CONFIGURE, SCOPE_ADMIN };
	struct token t = { .scopes = SCOPE_CONFIGURE };
	char text[TOKEN_SCOPES_TEXT_MAX];
	unsigned bits;
	size_t i;

	(void)state;
	for (i = 0; i < NITEMS(all); i++)
		assert_int_equal(token_scope_parse(token_scope_name(
				     (enum token_scope)all[i])),
		    all[i]);
	assert_int_equal(token_scope_parse("root"), 0);
	assert_int_equal(token_scope_parse(""), 0);
	assert_int_equal(token_scope_parse("read "), 0);
	for (bits = 1; bits < 32; bits++)
		assert_int_equal(token_scopes_parse(
				     token_scopes_print(bits, text)),
		    bits);
	assert_int_equal(token_scopes_parse(""), 0);
	assert_int_equal(token_scopes_parse("read  admin"), 0);
	assert_int_equal(token_scope_implied(SCOPE_ADMIN), 31);
	assert_int_equal(token_scope_implied(SCOPE_METRICS), SCOPE_METRICS);
	assert_int_equal(token_scope_implied(0), 0);
	assert_true(token_has_scope(&t, SCOPE_READ));
	assert_true(token_has_scope(&t, SCOPE_OPERATE));
	assert_false(token_has_scope(&t, SCOPE_ADMIN));
	assert_false(token_has_scope(&t, SCOPE_METRICS));
}

static void
test_networks(void **state)
{
	struct token t = { .scopes = SCOPE_READ };
	struct addr a;

	(void)state;
	assert_true(token_allows_peer(&t, NULL));
	add_network(&t, "10.1.0.0/16");
	add_network(&t, "2001:db8::/32");
	assert_false(token_allows_peer(&t, NULL));
	assert_int_equal(addr_parse(&a, "10.1.255.255", NULL), 0);
	assert_true(token_allows_peer(&t, &a));
	assert_int_equal(addr_parse(&a, "10.2.0.0", NULL), 0);
	assert_false(token_allows_peer(&t, &a));
	assert_int_equal(addr_parse(&a, "::ffff:10.1.2.3", NULL), 0);
	assert_true(token_allows_peer(&t, &a));
	assert_int_equal(addr_parse(&a, "::ffff:10.2.2.3", NULL), 0);
	assert_false(token_allows_peer(&t, &a));
	assert_int_equal(addr_parse(&a, "2001:db8:1::1", NULL), 0);
	assert_true(token_allows_peer(&t, &a));
	assert_int_equal(addr_parse(&a, "2001:db9::1", NULL), 0);
	assert_false(token_allows_peer(&t, &a));
}

static bool
matches(const char *glob, const char *name)
{
	struct token t = { .n_globs = 1 };

	(void)snprintf(t.globs[0], sizeof(t.globs[0]), "%s", glob);
	return token_allows_name(&t, name);
}

static void
test_globs(void **state)
{
	struct token none = { .scopes = SCOPE_READ };

	(void)state;
	assert_true(token_allows_name(&none, "ifog"));
	assert_true(matches("*", ""));
	assert_true(matches("*", "ifog"));
	assert_true(matches("if*", "ifog"));
	assert_true(matches("if*", "if"));
	assert_true(matches("*og", "ifog"));
	assert_true(matches("i*o*", "ifog"));
	assert_true(matches("????", "ifog"));
	assert_true(matches("*a*b", "xaxbxab"));
	assert_false(matches("???", "ifog"));
	assert_false(matches("ifog", "ifog2"));
	assert_false(matches("ifog", "ifo"));
	assert_false(matches("*x", "ifog"));
	assert_false(matches("?", ""));
	/* Exponential matchers would not come back from this one. */
	assert_false(matches("*a*a*a*a*a*a*a*a*a*a*a*a*a*b",
	    "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"));
}

#define TEST(name) \
	cmocka_unit_test_setup_teardown(name, temp_db_set_up, temp_db_tear_down)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_create_and_find),
		TEST(test_secret_is_not_stored),
		TEST(test_names),
		TEST(test_revoked_is_not_found),
		TEST(test_refused),
		TEST(test_touch),
		TEST(test_joins_a_transaction),
		TEST(test_damaged_row),
		cmocka_unit_test(test_scopes),
		cmocka_unit_test(test_networks),
		cmocka_unit_test(test_globs),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
