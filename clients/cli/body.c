/* cli/body.c - request bodies from options and files. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/mem.h"
#include "base/number.h"
#include "cli/app.h"
#include "cli/body.h"

enum body_kind {
	BODY_TEXT,   /* "" is null */
	BODY_WORD,   /* "none" and "default" are null */
	BODY_PARENT, /* "none" makes the object around it null */
	BODY_NUMBER, /* "none" and "default" are null */
	BODY_FLAG,   /* yes, no */
	BODY_TRUE,
	BODY_FALSE,
	BODY_LIST,   /* commas between; "none" is an empty one */
	BODY_MAXIMUM /* LIMIT[,PERCENT[,MINUTES]] */
};

struct body_option {
	enum args_option option; /* ARGS_COUNT ends the table */
	enum body_kind kind;
	const char *path;
};

/* clang-format off */
static const struct body_option upstream_options[] = {
	{ ARGS_TEXT,      BODY_TEXT,    "description" },
	{ ARGS_ROLE,      BODY_WORD,    "role" },
	{ ARGS_AS,        BODY_NUMBER,  "remote_as" },
	{ ARGS_NEIGHBOR,  BODY_TEXT,    "neighbor" },
	{ ARGS_SOURCE,    BODY_WORD,    "local_address" },
	{ ARGS_TUNNEL,    BODY_PARENT,  "tunnel.kind" },
	{ ARGS_LOCAL,     BODY_TEXT,    "tunnel.local" },
	{ ARGS_REMOTE,    BODY_TEXT,    "tunnel.remote" },
	{ ARGS_LENGTH,    BODY_NUMBER,  "tunnel.prefix_length" },
	{ ARGS_MTU,       BODY_NUMBER,  "tunnel.mtu" },
	{ ARGS_INTERFACE, BODY_WORD,    "tunnel.interface" },
	{ ARGS_GATEWAY,   BODY_PARENT,  "host_route.gateway" },
	{ ARGS_PREFER,    BODY_NUMBER,  "import.local_preference" },
	{ ARGS_PREPEND,   BODY_NUMBER,  "export.as_path_prepend" },
	{ ARGS_IMPORT,    BODY_WORD,    "import.prefix_list" },
	{ ARGS_EXPORT,    BODY_WORD,    "export.prefix_list" },
	{ ARGS_MAXIMUM,   BODY_MAXIMUM, "import.maximum_prefix" },
	{ ARGS_MULTIHOP,  BODY_NUMBER,  "ebgp_multihop" },
	{ ARGS_SELF,      BODY_FLAG,    "next_hop_self" },
	{ ARGS_NAT,       BODY_TRUE,    "firewall.nat" },
	{ ARGS_NO_NAT,    BODY_FALSE,   "firewall.nat" },
	{ ARGS_CAPACITY,  BODY_NUMBER,  "capacity_mbps" },
	{ ARGS_COUNT,     BODY_TEXT,    NULL }
};

static const struct body_option downstream_options[] = {
	{ ARGS_TEXT,      BODY_TEXT,   "description" },
	{ ARGS_TUNNEL,    BODY_WORD,   "tunnel.kind" },
	{ ARGS_LOCAL,     BODY_TEXT,   "tunnel.local" },
	{ ARGS_REMOTE,    BODY_TEXT,   "tunnel.remote" },
	{ ARGS_LENGTH,    BODY_NUMBER, "tunnel.prefix_length" },
	{ ARGS_MTU,       BODY_NUMBER, "tunnel.mtu" },
	{ ARGS_INTERFACE, BODY_WORD,   "tunnel.interface" },
	{ ARGS_ADDRESS,   BODY_TEXT,   "address" },
	{ ARGS_PEER,      BODY_TEXT,   "peer" },
	{ ARGS_PREFIXES,  BODY_LIST,   "prefixes" },
	{ ARGS_NAT,       BODY_TRUE,   "firewall.nat" },
	{ ARGS_NO_NAT,    BODY_FALSE,  "firewall.nat" },
	{ ARGS_COUNT,     BODY_TEXT,   NULL }
};

static const struct body_option router_options[] = {
	{ ARGS_LOCAL_AS,  BODY_NUMBER, "local_as" },
	{ ARGS_ROUTER_ID, BODY_TEXT,   "router_id" },
	{ ARGS_OWN,       BODY_LIST,   "router_address" },
	{ ARGS_PREFIXES,  BODY_LIST,   "prefixes" },
	{ ARGS_BOGONS,    BODY_WORD,   "bogons" },
	{ ARGS_KERNEL,    BODY_WORD,   "kernel_routes" },
	{ ARGS_COUNT,     BODY_TEXT,   NULL }
};
/* clang-format on */

static const struct body_option *const tables[] = {
	[BODY_UPSTREAM] = upstream_options,
	[BODY_DOWNSTREAM] = downstream_options,
	[BODY_ROUTER] = router_options,
};

void
body_put(json_t *body, const char *path, json_t *value)
{
	char member[64];
	json_t *inner;
	size_t n;

	for (;;) {
		n = strcspn(path, ".");
		(void)snprintf(member, sizeof(member), "%.*s", (int)n, path);
		if (path[n] == '\0')
			break;
		inner = json_object_get(body, member);
		if (!json_is_object(inner)) {
			inner = json_object();
			(void)json_object_set_new(body, member, inner);
		}
		body = inner;
		path += n + 1;
	}
	(void)json_object_set_new(body, member, value);
}

static bool
is_none(const char *text)
{
	return strcmp(text, "none") == 0 || strcmp(text, "default") == 0;
}

static json_t *
number_value(const char *text)
{
	uint64_t n;

	if (is_none(text))
		return json_null();
	if (number_parse_u64(&n, text, 0, UINT32_MAX, NULL) == -1)
		return NULL;
	return json_integer((json_int_t)n);
}

static json_t *
list_value(const char *text)
{
	json_t *list = json_array();
	size_t n;

	if (strcmp(text, "none") == 0)
		return list;
	for (;;) {
		n = strcspn(text, ",");
		if (n > 0)
			(void)json_array_append_new(list,
			    json_stringn(text, n));
		if (text[n] == '\0')
			return list;
		text += n + 1;
	}
}

static json_t *
maximum_value(const char *text)
{
	static const char *const members[] = { "limit", "warning_percent",
		"restart_minutes" };
	json_t *list, *value, *json;
	size_t i, n;

	if (is_none(text))
		return json_null();
	list = list_value(text);
	json = json_object();
	n = json_array_size(list);
	for (i = 0; i < n && json != NULL; i++) {
		value = i < 3 ?
		    number_value(json_string_value(json_array_get(list, i))) :
		    NULL;
		if (value == NULL) {
			json_decref(json);
			json = NULL;
		} else {
			(void)json_object_set_new(json, members[i], value);
		}
	}
	json_decref(list);
	return json;
}

static json_t *
value_of(enum body_kind kind, const char *text)
{
	switch (kind) {
	case BODY_TEXT:
		return *text == '\0' ? json_null() : json_string(text);
	case BODY_WORD:
		return is_none(text) ? json_null() : json_string(text);
	case BODY_PARENT:
		return json_string(text);
	case BODY_NUMBER:
		return number_value(text);
	case BODY_FLAG:
		return strcmp(text, "yes") == 0 ? json_true() :
		    strcmp(text, "no") == 0     ? json_false() :
						  NULL;
	case BODY_TRUE:
		return json_true();
	case BODY_FALSE:
		return json_false();
	case BODY_LIST:
		return list_value(text);
	case BODY_MAXIMUM:
		return maximum_value(text);
	}
	return NULL;
}

/* "tunnel.kind" none: "tunnel" is null. */
static void
put_null_parent(json_t *body, const char *path)
{
	char parent[64];

	(void)snprintf(parent, sizeof(parent), "%.*s", (int)strcspn(path, "."),
	    path);
	(void)json_object_set_new(body, parent, json_null());
}

enum exits
body_read_options(struct app *app, enum body_of of, json_t *body)
{
	const struct body_option *table = tables[of];
	const struct args *args = &app->args;
	json_t *value;

	if (args_has(args, ARGS_NAT) && args_has(args, ARGS_NO_NAT))
		return app_fail(app, EXITS_USAGE,
		    "--nat and --no-nat exclude each other");
	for (; table->option != ARGS_COUNT; table++) {
		const char *text = args->value[table->option];

		if (!args_has(args, table->option))
			continue;
		if (table->kind == BODY_PARENT && strcmp(text, "none") == 0) {
			put_null_parent(body, table->path);
			continue;
		}
		value = value_of(table->kind, text == NULL ? "" : text);
		if (value == NULL)
			return app_fail(app, EXITS_USAGE, "--%s is %s, not %s",
			    args_name(table->option),
			    args_placeholder(table->option), text);
		body_put(body, table->path, value);
	}
	return EXITS_DONE;
}

json_t *
body_read_file(struct app *app, const char *path)
{
	bool stdin_wanted = strcmp(path, "-") == 0;
	FILE *f = stdin_wanted ? stdin : fopen(path, "re");
	const char *near;
	json_error_t why;
	json_t *json;
	size_t n;

	if (f == NULL) {
		(void)app_fail(app, EXITS_USAGE, "%s: %s", path,
		    strerror(errno));
		return NULL;
	}
	json = json_loadf(f, JSON_REJECT_DUPLICATES, &why);
	if (!stdin_wanted)
		(void)fclose(f);
	if (json == NULL) {
		/* Not the text near it: that may be a key. */
		near = strstr(why.text, " near '");
		n = near == NULL ? strlen(why.text) : (size_t)(near - why.text);
		(void)app_fail(app, EXITS_USAGE, "%s: line %d column %d: %.*s",
		    path, why.line, why.column, (int)n, why.text);
	} else if (!json_is_object(json)) {
		(void)app_fail(app, EXITS_USAGE, "%s: not a JSON object", path);
		json_decref(json);
		json = NULL;
	}
	return json;
}

static enum exits
read_confirm(struct app *app, uint32_t *seconds)
{
	const char *text = app->args.value[ARGS_CONFIRM];

	*seconds = 0;
	if (text == NULL)
		return EXITS_DONE;
	if (number_parse_u32(seconds, text, 10, 3600, NULL) == -1)
		return app_fail(app, EXITS_USAGE,
		    "--confirm is 10 to 3600 seconds, not %s", text);
	return EXITS_DONE;
}

enum exits
body_add_options(struct app *app, json_t *body)
{
	const struct args *args = &app->args;
	uint32_t seconds;

	if (read_confirm(app, &seconds) != EXITS_DONE)
		return EXITS_USAGE;
	if (args_has(args, ARGS_REASON))
		body_put(body, "reason", json_string(args->value[ARGS_REASON]));
	if (args_has(args, ARGS_TICKET))
		body_put(body, "ticket", json_string(args->value[ARGS_TICKET]));
	if (args_has(args, ARGS_SHARED))
		body_put(body, "shared", json_true());
	if (args_has(args, ARGS_RESET))
		body_put(body, "allow_reset", json_true());
	if (args_has(args, ARGS_ADOPT))
		body_put(body, "adopt", json_true());
	if (seconds != 0)
		body_put(body, "confirm.revert_in_s",
		    json_integer((json_int_t)seconds));
	return EXITS_DONE;
}

static void
add_query(struct buf *b, const char *name, const char *value)
{
	char *escaped = client_escape(value);

	buf_printf(b, "%c%s=%s", b->len == 0 ? '?' : '&', name, escaped);
	free(escaped);
}

char *
body_query(struct app *app, bool dry)
{
	const struct args *args = &app->args;
	struct buf b = BUF_INIT;
	char *text;
	uint32_t seconds;

	if (read_confirm(app, &seconds) != EXITS_DONE)
		return NULL;
	if (dry)
		add_query(&b, "dry_run", "true");
	if (args_has(args, ARGS_REASON))
		add_query(&b, "reason", args->value[ARGS_REASON]);
	if (args_has(args, ARGS_TICKET))
		add_query(&b, "ticket", args->value[ARGS_TICKET]);
	if (args_has(args, ARGS_SHARED))
		add_query(&b, "shared", "true");
	if (args_has(args, ARGS_RESET))
		add_query(&b, "allow_reset", "true");
	if (args_has(args, ARGS_ADOPT))
		add_query(&b, "adopt", "true");
	if (seconds != 0)
		add_query(&b, "revert_in_s", args->value[ARGS_CONFIRM]);
	text = mem_strdup(buf_text(&b));
	buf_clear(&b);
	return text;
}
