/* engine/token_options.c - the command line of `multihomed token`. */
#include <string.h>

#include "base/clock.h"
#include "base/compat.h"
#include "base/err.h"
#include "base/number.h"
#include "base/rfc3339.h"
#include "engine/token_options.h"

static const int64_t minute_ms = 60000;

void
token_options_usage(FILE *out)
{
	static const enum token_scope scopes[] = { SCOPE_READ, SCOPE_METRICS,
		SCOPE_OPERATE, SCOPE_CONFIGURE, SCOPE_ADMIN };
	size_t i;

	(void)fputs(
	    "usage: multihomed token create [-c FILE] --name NAME\n"
	    "           --scope SCOPE [--scope SCOPE]... [--upstream GLOB]...\n"
	    "           [--network PREFIX]... [--expires WHEN] [--strict]"
	    " [--json]\n"
	    "       multihomed token list [-c FILE] [--json]\n"
	    "       multihomed token revoke [-c FILE] ID|NAME\n"
	    "GLOB: upstream names, with * and ?; without one: all\n"
	    "PREFIX: where requests may come from; without one: anywhere\n"
	    "WHEN: 45m, 12h, 30d, 2w from now, or 2026-03-01T02:00:00Z\n"
	    "--strict: writes must carry If-Match\n"
	    "SCOPE:\n",
	    out);
	for (i = 0; i < NITEMS(scopes); i++)
		(void)fprintf(out, "  %-10s %s\n", token_scope_name(scopes[i]),
		    token_scope_meaning(scopes[i]));
}

static int
add_name(struct token_options *o, const char *value, int64_t now_ms,
    struct err *err)
{
	(void)now_ms;
	if (o->token.name.s[0] != '\0')
		return err_set(err, ERR_INVALID, "given twice");
	return name_parse(&o->token.name, value, err);
}

static int
add_scope(struct token_options *o, const char *value, int64_t now_ms,
    struct err *err)
{
	unsigned scope = token_scope_parse(value);

	(void)now_ms;
	if (scope == 0)
		return err_set(err, ERR_INVALID,
		    "\"%s\" is none of read, metrics, operate, configure, "
		    "admin (one word; repeat the option for more)",
		    value);
	o->token.scopes |= scope;
	return 0;
}

static int
add_upstream(struct token_options *o, const char *value, int64_t now_ms,
    struct err *err)
{
	struct token *t = &o->token;
	size_t len = strlen(value);

	(void)now_ms;
	if (t->n_globs == TOKEN_GLOBS_MAX)
		return err_set(err, ERR_INVALID, "at most %d", TOKEN_GLOBS_MAX);
	if (len == 0 || len >= sizeof(t->globs[0]) ||
	    strspn(value, "abcdefghijklmnopqrstuvwxyz0123456789-*?") != len)
		return err_set(err, ERR_INVALID,
		    "a glob is 1 to 31 of a-z 0-9 - * ?");
	memcpy(t->globs[t->n_globs++], value, len + 1);
	return 0;
}

static int
add_network(struct token_options *o, const char *value, int64_t now_ms,
    struct err *err)
{
	struct token *t = &o->token;

	(void)now_ms;
	if (t->n_networks == TOKEN_NETWORKS_MAX)
		return err_set(err, ERR_INVALID, "at most %d",
		    TOKEN_NETWORKS_MAX);
	if (prefix_parse(&t->networks[t->n_networks], value, true, err) == -1)
		return -1;
	t->n_networks++;
	return 0;
}

/* 45m, 12h, 30d, 2w into milliseconds; -1 when it is none of these. */
static int64_t
parse_span(const char *value)
{
	static const struct {
		char unit;
		uint32_t minutes;
	} units[] = { { 'm', 1 }, { 'h', 60 }, { 'd', 1440 }, { 'w', 10080 } };
	size_t i, len = strlen(value);
	char digits[8];
	uint32_t n;

	if (len < 2 || len > sizeof(digits))
		return -1;
	memcpy(digits, value, len - 1);
	digits[len - 1] = '\0';
	if (number_parse_u32(&n, digits, 1, 999999, NULL) == -1)
		return -1;
	for (i = 0; i < NITEMS(units); i++) {
		if (value[len - 1] == units[i].unit)
			return minute_ms * units[i].minutes * n;
	}
	return -1;
}

static int
add_expires(struct token_options *o, const char *value, int64_t now_ms,
    struct err *err)
{
	static const int64_t last_ms = INT64_C(253402300799999);
	int64_t span = parse_span(value), when = 0;

	if (o->token.expires_ms != 0)
		return err_set(err, ERR_INVALID, "given twice");
	if (span != -1)
		when = now_ms + span;
	else if (rfc3339_parse(&when, value, NULL) == -1)
		return err_set(err, ERR_INVALID,
		    "\"%s\" is neither like 12h or 30d nor like "
		    "2026-03-01T02:00:00Z",
		    value);
	if (when <= now_ms)
		return err_set(err, ERR_INVALID, "%s is in the past", value);
	if (when > last_ms)
		return err_set(err, ERR_INVALID, "%s is past the year 9999",
		    value);
	o->token.expires_ms = when;
	return 0;
}

/* Options with a value; those of the others are below. */
static const struct value_option {
	const char *name;
	int (*add)(struct token_options *, const char *, int64_t, struct err *);
} value_options[] = {
	{ "--name", add_name },
	{ "--scope", add_scope },
	{ "--upstream", add_upstream },
	{ "--network", add_network },
	{ "--expires", add_expires },
};

static const struct value_option *
find_value_option(const char *word, size_t len)
{
	size_t i;

	for (i = 0; i < NITEMS(value_options); i++) {
		if (strlen(value_options[i].name) == len &&
		    memcmp(value_options[i].name, word, len) == 0)
			return &value_options[i];
	}
	return NULL;
}

/* One option at argv[*i]; moves *i to its last word. */
static int
parse_option(struct token_options *o, int argc, char **argv, int *i,
    int64_t now_ms, struct err *err)
{
	const struct value_option *option;
	const char *word = argv[*i], *value;
	size_t len = strcspn(word, "=");

	if (strcmp(word, "--json") == 0 && o->verb != TOKEN_REVOKE) {
		o->json = true;
		return 0;
	}
	if (strcmp(word, "--strict") == 0 && o->verb == TOKEN_CREATE) {
		o->token.strict = true;
		return 0;
	}
	option = find_value_option(word, len);
	if (option == NULL || o->verb != TOKEN_CREATE)
		return err_set(err, ERR_INVALID, "unknown option %s", word);
	if (word[len] == '=')
		value = word + len + 1;
	else if (*i + 1 < argc)
		value = argv[++*i];
	else
		return err_set(err, ERR_INVALID, "%s needs a value",
		    option->name);
	if (option->add(o, value, now_ms, err) == -1)
		return err_prefix(err, "%s", option->name);
	return 0;
}

static int
parse_verb(struct token_options *o, const char *word, struct err *err)
{
	if (strcmp(word, "create") == 0)
		o->verb = TOKEN_CREATE;
	else if (strcmp(word, "list") == 0)
		o->verb = TOKEN_LIST;
	else if (strcmp(word, "revoke") == 0)
		o->verb = TOKEN_REVOKE;
	else
		return err_set(err, ERR_INVALID,
		    "%s is none of create, list, revoke", word);
	return 0;
}

static bool
wants_help(int argc, char **argv)
{
	int i;

	for (i = 1; i < argc; i++) {
		if (strcmp(argv[i], "--help") == 0 ||
		    strcmp(argv[i], "-h") == 0)
			return true;
	}
	return false;
}

static int
check_complete(const struct token_options *o, int64_t now_ms, struct err *err)
{
	if (o->verb == TOKEN_REVOKE && o->target == NULL)
		return err_set(err, ERR_INVALID,
		    "which token? an id or a name");
	if (o->verb != TOKEN_CREATE)
		return 0;
	if (o->token.name.s[0] == '\0')
		return err_set(err, ERR_INVALID, "--name is missing");
	if (o->token.scopes == 0)
		return err_set(err, ERR_INVALID, "--scope is missing");
	if (token_check(&o->token, now_ms, err) == -1)
		return err_set(err, ERR_INVALID, "--%s: %s",
		    err->fields[0].pointer + 1, err->fields[0].detail);
	return 0;
}

int
token_options_parse(struct token_options *o, int argc, char **argv,
    int64_t now_ms, struct err *err)
{
	int i;

	memset(o, 0, sizeof(*o));
	if (wants_help(argc, argv)) {
		o->verb = TOKEN_HELP;
		return 0;
	}
	if (argc < 3 || argv[1][0] == '\0')
		return err_set(err, ERR_INVALID,
		    "which of create, list, revoke?");
	o->database = argv[1];
	if (parse_verb(o, argv[2], err) == -1)
		return -1;
	for (i = 3; i < argc; i++) {
		if (argv[i][0] == '-' && argv[i][1] != '\0') {
			if (parse_option(o, argc, argv, &i, now_ms, err) == -1)
				return -1;
		} else if (o->verb == TOKEN_REVOKE && o->target == NULL)
			o->target = argv[i];
		else
			return err_set(err, ERR_INVALID,
			    "one word too many: %s", argv[i]);
	}
	return check_complete(o, now_ms, err);
}
