/* cli/command.c - the commands: one row each says what it takes. */
#include <string.h>

#include "base/compat.h"
#include "cli/args.h"
#include "cli/command.h"
#include "cli/commands.h"

#define BIT ARGS_BIT
#define WHY (BIT(ARGS_REASON) | BIT(ARGS_TICKET))
#define CHANGE                                                             \
	(WHY | BIT(ARGS_SHARED) | BIT(ARGS_DRY_RUN) | BIT(ARGS_IF_MATCH) | \
	    BIT(ARGS_UNDO))
#define PLAN (CHANGE & ~BIT(ARGS_DRY_RUN))
#define FILTER                                                    \
	(BIT(ARGS_LIMIT) | BIT(ARGS_ACTOR) | BIT(ARGS_RESOURCE) | \
	    BIT(ARGS_OUTCOME) | BIT(ARGS_SINCE) | BIT(ARGS_UNTIL))

static const char preference_details[] =
    "The preference of what this upstream sends us, inside our AS: the higher\n"
    "one wins. \"default\" takes the setting away, which leaves FRR's 100. No\n"
    "session is reset; the answer says how many best paths moved.";
static const char prepend_details[] =
    "How many times our AS is put before the path that this upstream hears:\n"
    "more makes it less attractive to others. 0 to 10. No session is reset.";
static const char clear_details[] =
    "Without --soft or --hard it is --soft both: routes are asked for and\n"
    "announced again, the session stays up. --hard resets the session, so it\n"
    "asks first; where nobody can answer it needs --yes.";
static const char add_details[] =
    "The token is read from standard input: typed without echo at a terminal,\n"
    "or one line from a pipe. A context that is there already is replaced\n"
    "after a question (or with --yes). The first one becomes the current one.";

/* clang-format off */
const struct command commands[] = {
	{ "status", 0, 0, 0, commands_show_status, "",
	    "the router and its upstreams at one glance", NULL },
	{ "upstreams", 0, 0, 0, commands_show_upstreams, "",
	    "all upstreams: neighbor, preference, prepend, description", NULL },
	{ "upstream show", 1, 1, 0, commands_show_upstream, "NAME",
	    "one upstream in full, with its ETag", NULL },
	{ "sessions", 0, 0, 0, commands_session_list, "",
	    "all BGP sessions", NULL },
	{ "session show", 1, 1, 0, commands_session_show, "ADDRESS|UPSTREAM",
	    "one BGP session in full", NULL },
	{ "session clear", 1, 1, BIT(ARGS_SOFT) | BIT(ARGS_HARD) | WHY,
	    commands_session_clear, "ADDRESS|UPSTREAM",
	    "re-evaluate routes, or reset the session", clear_details },
	{ "routes", 1, 1, 0, commands_show_routes, "PREFIX|ADDRESS",
	    "all paths to a destination, and which is best and why", NULL },
	{ "set-preference", 2, 2, CHANGE, commands_set_preference,
	    "NAME N|default", "prefer an upstream more or less",
	    preference_details },
	{ "set-prepend", 2, 2, CHANGE, commands_set_prepend, "NAME N",
	    "make our path through an upstream longer or shorter",
	    prepend_details },
	{ "set-description", 1, 2, CHANGE | BIT(ARGS_NONE),
	    commands_set_description, "NAME TEXT|--none",
	    "describe an upstream's neighbor", NULL },
	{ "plan set-preference", 2, 2, PLAN, commands_set_preference,
	    "NAME N|default", "what set-preference would do, as commands",
	    NULL },
	{ "plan set-prepend", 2, 2, PLAN, commands_set_prepend, "NAME N",
	    "what set-prepend would do, as commands", NULL },
	{ "plan set-description", 1, 2, PLAN | BIT(ARGS_NONE),
	    commands_set_description, "NAME TEXT|--none",
	    "what set-description would do, as commands", NULL },
	{ "operations", 0, 0, BIT(ARGS_LIMIT), commands_show_operations, "",
	    "the latest changes and how they ended", NULL },
	{ "operation show", 1, 1, 0, commands_show_operation, "ID",
	    "one change in full", NULL },
	{ "audit", 0, 0, FILTER, commands_audit, "",
	    "who changed what, when and why", NULL },
	{ "audit show", 1, 1, 0, commands_audit_show, "SEQ",
	    "one row in full: commands and what they answered", NULL },
	{ "audit verify", 0, 0, 0, commands_audit_verify, "",
	    "check that no row was altered or removed", NULL },
	{ "tokens", 0, 0, 0, commands_show_tokens, "",
	    "who may do what (needs a token with the scope admin)", NULL },
	{ "context list", 0, 0, 0, commands_context_list, "",
	    "the routers mhctl knows", NULL },
	{ "context use", 1, 1, 0, commands_context_use, "NAME",
	    "ask this router from now on", NULL },
	{ "context add", 1, 1,
	    BIT(ARGS_URL) | BIT(ARGS_UNIX) | BIT(ARGS_CA),
	    commands_context_add, "NAME", "remember a router and its token",
	    add_details },
	{ "context remove", 1, 1, 0, commands_context_remove, "NAME",
	    "forget a router and its token", NULL },
	{ "version", 0, 0, 0, commands_help_version, "",
	    "mhctl's version", NULL },
	{ "help", 0, 2, 0, commands_help, "[COMMAND]",
	    "this, or one command in detail", NULL },
};
/* clang-format on */
const size_t n_commands = NITEMS(commands);

/* How many of the words the row's own words match, 0 when not all do. */
static size_t
match(const char *row, const char *const *words, size_t n)
{
	size_t i, len;

	for (i = 0; *row != '\0'; i++) {
		len = strcspn(row, " ");
		if (i == n || strlen(words[i]) != len ||
		    memcmp(words[i], row, len) != 0)
			return 0;
		row += len;
		row += *row == ' ';
	}
	return i;
}

const struct command *
command_find(const char *const *words, size_t n, size_t *used)
{
	const struct command *best = NULL;
	size_t i, len;

	*used = 0;
	for (i = 0; i < n_commands; i++) {
		len = match(commands[i].words, words, n);
		if (len > *used) {
			*used = len;
			best = &commands[i];
		}
	}
	return best;
}
