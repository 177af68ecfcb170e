/* links: engine/token_command engine/token_options engine/token_table
 * model/token model/token_json store/token store/audit store/db store/sql
 * store/migrations base/addr base/buf base/clock base/crypto base/err base/log
 * base/mem base/name base/number base/rfc3339 */
/* libs: -ljansson -lsqlite3 -lsodium */
/* tests/unit/test_token_command.c - `multihomed token`, as it is called. */
#include <fcntl.h>

#include <jansson.h>

#include "base/clock.h"
#include "base/compat.h"
#include "engine/token_command.h"
#include "engine/token_options.h"
#include "store/audit.h"
#include "store/token.h"
#include "temp_db.h"

enum {
	WORDS_MAX = 40
};

/* What the last command printed. */
static char out[8192], errout[8192];

/* Points descriptor fd at a temporary file; returns the old one. */
static int
divert(int fd, FILE *file)
{
	int old = dup(fd);

	assert_true(old != -1);
	assert_int_equal(dup2(fileno(file), fd), fd);
	return old;
}

static void
bring_back(int fd, int old, FILE *file, char *text, size_t size)
{
	size_t len;

	assert_int_equal(dup2(old, fd), fd);
	(void)close(old);
	rewind(file);
	len = fread(text, 1, size - 1, file);
	text[len] = '\0';
	(void)fclose(file);
}

/* Runs "token DATABASE WORD..."; words are separated by blanks. */
static int
run_words(const char *database, const char *words)
{
	char line[1024], token[] = "token", path[128], *argv[WORDS_MAX + 1];
	FILE *files[2] = { tmpfile(), tmpfile() };
	int argc = 2, rc, old[2];
	char *word, *rest = line;

	(void)snprintf(line, sizeof(line), "%s", words);
	(void)snprintf(path, sizeof(path), "%s", database);
	argv[0] = token;
	argv[1] = path;
	while ((word = strsep(&rest, " ")) != NULL && argc < WORDS_MAX)
		argv[argc++] = word;
	argv[argc] = NULL;
	(void)fflush(stdout);
	old[0] = divert(1, files[0]);
	old[1] = divert(2, files[1]);
	rc = token_command(argc, argv);
	(void)fflush(stdout);
	(void)fflush(stderr);
	bring_back(1, old[0], files[0], out, sizeof(out));
	bring_back(2, old[1], files[1], errout, sizeof(errout));
	return rc;
}

static int
run(struct temp_db *t, const char *words)
{
	return run_words(t->path, words);
}

static struct token_list
list_all(struct temp_db *t)
{
	struct token_list list;

	if (t->db == NULL)
		temp_db_reopen(t);
	if (token_list(t->db, &list, &t->err) == -1)
		fail_msg("%s", t->err.text);
	return list;
}

static int
set_up(void **state)
{
	struct temp_db *t = malloc(sizeof(*t));

	assert_non_null(t);
	temp_db_place(t);
	*state = t;
	return 0;
}

static void
test_create(void **state)
{
	struct temp_db *t = *state;
	const struct token *found;
	struct token_list list;
	size_t len;

	/* The first token exists before anything else does. */
	assert_int_equal(run(t,
			     "create --name ci --scope operate"
			     " --scope=metrics --upstream if*"
			     " --network 10.0.0.0/8 --network ::1"
			     " --expires 30d --strict"),
	    0);
	len = strlen(out);
	assert_int_equal(len, 47); /* the secret and a newline, no more */
	assert_memory_equal(out, "mh_", 3);
	assert_true(out[46] == '\n');
	assert_non_null(strstr(errout, "once"));
	assert_non_null(strstr(errout, "set preference"));
	assert_non_null(strstr(errout, "drain and undrain"));
	assert_non_null(strstr(errout, "10.0.0.0/8, ::1/128"));
	assert_null(strstr(errout, "mh_"));

	list = list_all(t);
	found = token_find(&list, out, 46, clock_wall_ms());
	assert_non_null(found);
	assert_string_equal(found->name.s, "ci");
	assert_int_equal(found->scopes, SCOPE_OPERATE | SCOPE_METRICS);
	assert_true(found->strict);
	assert_int_equal(found->n_networks, 2);
	assert_string_equal(found->globs[0], "if*");
	assert_true(found->expires_ms > clock_wall_ms() + 2591000000);
	assert_true(found->expires_ms <= clock_wall_ms() + 2592000000);
	token_list_clear(&list);

	assert_int_equal(run(t, "create --name ci --scope read"), 1);
	assert_string_equal(out, "");
	assert_non_null(strstr(errout, "exists already"));
	assert_null(strstr(errout, "usage"));
}

static void
test_create_json(void **state)
{
	struct temp_db *t = *state;
	json_t *object;

	assert_int_equal(run(t,
			     "create --name a --scope admin --json"
			     " --expires 2999-01-01T00:00:00Z"),
	    0);
	object = json_loads(out, 0, NULL);
	assert_non_null(object);
	assert_int_equal(json_string_length(json_object_get(object, "secret")),
	    46);
	assert_string_equal(json_string_value(
				json_object_get(object, "expires_at")),
	    "2999-01-01T00:00:00.000Z");
	assert_true(json_is_null(json_object_get(object, "revoked_at")));
	assert_string_equal(json_string_value(
				json_array_get(json_object_get(object,
						   "scopes"),
				    0)),
	    "admin");
	json_decref(object);
}

static void
test_list(void **state)
{
	struct temp_db *t = *state;
	json_t *object, *tokens;

	assert_int_equal(run(t, "create --name reader --scope read"), 0);
	assert_int_equal(run(t,
			     "create --name ops --scope operate --upstream"
			     " ifog --upstream route64"),
	    0);
	assert_int_equal(run(t, "revoke reader"), 0);
	assert_int_equal(run(t, "list"), 0);
	assert_memory_equal(out, "ID ", 3);
	assert_non_null(strstr(out, "reader  revoked  read "));
	assert_non_null(strstr(out, "ops     valid    operate  ifog,route64"));
	assert_non_null(strstr(out, "never\n"));
	assert_null(strstr(out, "\n\n"));

	assert_int_equal(run(t, "list --json"), 0);
	object = json_loads(out, 0, NULL);
	assert_non_null(object);
	tokens = json_object_get(object, "tokens");
	assert_int_equal(json_array_size(tokens), 2);
	assert_int_equal(json_object_size(json_array_get(tokens, 0)), 10);
	assert_null(json_object_get(json_array_get(tokens, 0), "secret"));
	assert_null(json_object_get(json_array_get(tokens, 0), "hash"));
	json_decref(object);
}

static void
test_revoke(void **state)
{
	struct temp_db *t = *state;
	struct token_list list;
	char words[64];

	assert_int_equal(run(t, "create --name ci --scope read"), 0);
	list = list_all(t);
	(void)snprintf(words, sizeof(words), "revoke %s", list.v[0].id);
	token_list_clear(&list);
	assert_int_equal(run(t, "revoke nobody"), 1);
	assert_non_null(strstr(errout, "nobody"));
	assert_int_equal(run(t, words), 0);
	assert_int_equal(run(t, words), 1);
	assert_non_null(strstr(errout, "revoked already"));
	list = list_all(t);
	assert_true(list.v[0].revoked_ms != 0);
	token_list_clear(&list);
	/* Its name is free again. */
	assert_int_equal(run(t, "create --name ci --scope read"), 0);
}

static void
test_audited(void **state)
{
	struct audit_filter f = { .limit = 10, .after_seq = 0 };
	struct temp_db *t = *state;
	struct audit_verdict v;
	struct audit_list rows;

	assert_int_equal(run(t, "create --name ci --scope read"), 0);
	assert_int_equal(run(t, "create --name ci --scope read"), 1);
	assert_int_equal(run(t, "revoke ci"), 0);
	temp_db_reopen(t);
	assert_int_equal(audit_verify(t->db, &v, &t->err), 0);
	assert_true(v.intact);
	assert_int_equal(audit_list(t->db, &f, &rows, &t->err), 0);
	assert_int_equal(rows.n, 4); /* what was refused left nothing */
	assert_string_equal(rows.rows[3].kind, "intent");
	assert_string_equal(rows.rows[3].actor, "console");
	assert_string_equal(rows.rows[3].resource, "tokens/ci");
	assert_null(rows.rows[3].before);
	assert_non_null(strstr(rows.rows[3].after, "\"name\":\"ci\""));
	assert_null(strstr(rows.rows[3].after, "mh_"));
	assert_string_equal(rows.rows[2].kind, "outcome");
	assert_int_equal(rows.rows[2].about, 1);
	assert_string_equal(rows.rows[2].outcome, "applied");
	assert_non_null(strstr(rows.rows[1].before, "\"revoked_at\":null"));
	assert_null(strstr(rows.rows[1].after, "\"revoked_at\":null"));
	audit_list_clear(&rows);
}

static void
test_usage(void **state)
{
	static const char *const bad[] = { "", "show", "create",
		"create --name ci", "create --scope read",
		"create --name CI --scope read",
		"create --name t0123456789 --scope read",
		"create --name ci --name ci2 --scope read",
		"create --name ci --scope root",
		"create --name ci --scope read,operate",
		"create --name ci --scope read --upstream IFOG",
		"create --name ci --scope read --upstream=",
		"create --name ci --scope read --network 10.0.0.1/8",
		"create --name ci --scope read --network here",
		"create --name ci --scope read --expires 0d",
		"create --name ci --scope read --expires 30",
		"create --name ci --scope read --expires d",
		"create --name ci --scope read --expires -1d",
		"create --name ci --scope read --expires 99999999d",
		"create --name ci --scope read --expires 999999w",
		"create --name ci --scope read --expires tomorrow",
		"create --name ci --scope read --expires 2020-01-01T00:00:00Z",
		"create --name ci --scope read --expires 1d --expires 2d",
		"create --name ci --scope read extra",
		"create --name ci --scope read --verbose",
		"create --name ci --scope", "list --strict", "list all",
		"revoke", "revoke a b", "revoke --json a",
		"create --name ci --scope read --upstream a --upstream a"
		" --upstream a --upstream a --upstream a --upstream a"
		" --upstream a --upstream a --upstream a" };
	struct temp_db *t = *state;
	size_t i;

	for (i = 0; i < NITEMS(bad); i++) {
		if (run(t, bad[i]) != 2)
			fail_msg("accepted: %s", bad[i]);
		assert_string_equal(out, "");
		assert_non_null(strstr(errout, "usage: "));
		assert_int_equal(access(t->path, F_OK), -1);
	}
	assert_int_equal(run(t, "create --help"), 0);
	assert_non_null(strstr(out, "usage: "));
	assert_int_equal(run_words("", "list"), 2);
}

/* A mistyped path is told, not created. */
static void
test_no_database(void **state)
{
	struct temp_db *t = *state;

	assert_int_equal(run(t, "list"), 1);
	assert_non_null(strstr(errout, t->path));
	assert_int_equal(run(t, "revoke ci"), 1);
	assert_int_equal(access(t->path, F_OK), -1);
	assert_int_equal(run_words("/nonexistent/x.db",
			     "create --name ci --scope read"),
	    1);
	assert_non_null(strstr(errout, "No such file"));
}

/* Beside an engine that has the file open. */
static void
test_beside_another(void **state)
{
	struct temp_db *t = *state;
	struct token_list list;
	int64_t before, after;

	temp_db_reopen(t);
	assert_int_equal(db_data_version(t->db, &before, &t->err), 0);
	assert_int_equal(run(t, "create --name ci --scope read"), 0);
	assert_int_equal(db_data_version(t->db, &after, &t->err), 0);
	assert_int_not_equal(before, after);
	list = list_all(t);
	assert_int_equal(list.n, 1);
	token_list_clear(&list);
}

/* Nobody has read the secret: then nobody may use it either. */
static void
test_secret_that_cannot_be_shown(void **state)
{
	char token[] = "token", create[] = "create", name[] = "--name=ci",
	     scope[] = "--scope=admin", *argv[6];
	struct temp_db *t = *state;
	struct token_list list;
	int full, old, rc;

	full = open("/dev/full", O_WRONLY);
	if (full == -1)
		skip();
	argv[0] = token;
	argv[1] = t->path;
	argv[2] = create;
	argv[3] = name;
	argv[4] = scope;
	argv[5] = NULL;
	(void)fflush(stdout);
	old = dup(1);
	assert_int_equal(dup2(full, 1), 1);
	rc = token_command(5, argv);
	assert_int_equal(dup2(old, 1), 1);
	clearerr(stdout);
	(void)close(old);
	(void)close(full);
	assert_int_equal(rc, 1);
	list = list_all(t);
	assert_int_equal(list.n, 1);
	assert_true(list.v[0].revoked_ms != 0);
	token_list_clear(&list);
}

#define TEST(name) \
	cmocka_unit_test_setup_teardown(name, set_up, temp_db_tear_down)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_create),
		TEST(test_create_json),
		TEST(test_list),
		TEST(test_revoke),
		TEST(test_audited),
		TEST(test_usage),
		TEST(test_no_database),
		TEST(test_beside_another),
		TEST(test_secret_that_cannot_be_shown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
