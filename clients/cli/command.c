/* cli/command.c - the commands: one row each says what it takes. */
#include <string.h>

#include "base/compat.h"
#include "cli/args.h"
#include "cli/command.h"
#include "cli/commands.h"

/* clang-format off */
#define LIST ARGS_LIST
#define WHY  ARGS_REASON, ARGS_TICKET
#define PLAN WHY, ARGS_SHARED, ARGS_IF_MATCH, ARGS_UNDO
#define CHANGE PLAN, ARGS_DRY_RUN
#define MAKE CHANGE, ARGS_RESET, ARGS_ADOPT, ARGS_CONFIRM
#define APPLY WHY, ARGS_SHARED, ARGS_UNDO, ARGS_DRY_RUN, ARGS_RESET, \
	ARGS_ADOPT, ARGS_CONFIRM
#define TUNNEL ARGS_TUNNEL, ARGS_LOCAL, ARGS_REMOTE, ARGS_LENGTH, ARGS_MTU, \
	ARGS_INTERFACE, ARGS_TEXT, ARGS_NAT, ARGS_NO_NAT, ARGS_FILE
#define UPSTREAM TUNNEL, ARGS_AS, ARGS_NEIGHBOR, ARGS_SOURCE, ARGS_GATEWAY, \
	ARGS_ROLE, ARGS_PREFER, ARGS_PREPEND, ARGS_IMPORT, ARGS_EXPORT, \
	ARGS_MAXIMUM, ARGS_MULTIHOP, ARGS_SELF, ARGS_CAPACITY, ARGS_MD5, \
	ARGS_NO_MD5
#define DOWNSTREAM TUNNEL, ARGS_ADDRESS, ARGS_PEER, ARGS_PREFIXES
#define ROUTER_SET ARGS_FILE, ARGS_LOCAL_AS, ARGS_ROUTER_ID, ARGS_OWN, \
	ARGS_PREFIXES, ARGS_BOGONS, ARGS_KERNEL
#define ROTATE WHY, ARGS_GENERATE, ARGS_KEY_FILE, ARGS_AT, ARGS_WITH, \
	ARGS_WITHIN, ARGS_METHOD, ARGS_ADOPT, ARGS_DRY_RUN, ARGS_UNDO, \
	ARGS_DRAIN_FIRST, ARGS_NO_WAIT
#define UNDRAIN ARGS_WHOLE, ARGS_WAIT, ARGS_OWNER
#define DRAIN UNDRAIN, WHY, ARGS_MODE, ARGS_MAX_WAIT, ARGS_ON_TIMEOUT, \
	ARGS_PREPEND, ARGS_FORCE, ARGS_AFTER, ARGS_RETURN, ARGS_REBOOT
#define FILTER ARGS_LIMIT, ARGS_ACTOR, ARGS_RESOURCE, ARGS_OUTCOME, \
	ARGS_SINCE, ARGS_UNTIL
/* clang-format on */

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
static const char upstream_details[] =
    "One call for tunnel, addresses, host route, packet filter, BGP neighbor,\n"
    "prefix lists, route maps and boot files; if any of it fails, all of it is\n"
    "undone. For example:\n\n"
    "  mhctl upstream add route64 --remote-as 212895 \\\n"
    "      --neighbor 2001:db8:400::1 --local-address 2001:db8:400::2 \\\n"
    "      --tunnel gre --local 198.51.100.10 --remote 198.51.100.77 \\\n"
    "      --preference 150 --confirm 120\n\n"
    "--dry-run shows the commands. With --confirm it goes back by itself\n"
    "unless mhctl confirm comes in time.";
static const char upstream_set_details[] =
    "Only what is given changes. No session is reset unless --allow-reset is\n"
    "given; without it the router names the sessions and does nothing.";
static const char remove_details[] =
    "All that belongs to it: neighbor, route maps, firewall rules, routes,\n"
    "tunnel and boot files. Prefix lists stay, and so does what was made by\n"
    "hand, unless --adopt is given.";
static const char downstream_details[] =
    "A tunnel with prefixes routed into it, without BGP. The prefixes must lie\n"
    "inside the router's own. For example:\n\n"
    "  mhctl downstream add radon --tunnel gif --local 198.51.100.10 \\\n"
    "      --remote 203.0.113.9 --address 2a06:9801:1c:fff0::1 \\\n"
    "      --peer 2a06:9801:1c:fff0::2 --prefixes 2a06:9801:1c:1000::/64";
static const char router_details[] =
    "Makes a router of a bare FRR, or changes it. --prefixes names all that\n"
    "are announced: what is not named is withdrawn. A FILE may hold more: own\n"
    "bogons, prefixes that are not originated or routed otherwise.";
static const char drain_details[] =
    "The others are asked to send elsewhere and we do so ourselves; no session\n"
    "goes down unless --mode shutdown says so, and then only once the traffic\n"
    "has gone. What is missing is told in words and numbers. It survives a\n"
    "reboot; see also --after-reboot. For example:\n\n"
    "  mhctl drain ifog --reason \"provider maintenance\" --wait\n"
    "  mhctl drain --reboot --reason \"kernel update\" --ticket CHG-1234\n\n"
    "--reboot waits for the proof and then runs \"shutdown -r now\".\n\n"
    "Ctrl-C leaves it running. Exit status 6 when it is held because its time\n"
    "is over.";
static const char undrain_details[] =
    "One owner's reason goes (--owner); what another one holds stays out of\n"
    "service. It waits for sessions and their routes.";
static const char apply_details[] =
    "FILE is JSON with any of \"router\", \"upstreams\" and \"downstreams\", as\n"
    "--json shows them. They are set in this order, each as a whole: what a\n"
    "part leaves out takes its default. What is so already is not touched. It\n"
    "stops at the first failure and says what is done and what is not.\n\n"
    "With --confirm each part but the last is confirmed from here once it is\n"
    "done, over a new connection; the last one waits for mhctl confirm.";
static const char plan_details[] =
    "Each part is planned for the router as it is now. Other plans: plan\n"
    "set-preference, set-prepend, set-description; and --dry-run with every\n"
    "command that changes something.";
static const char confirm_details[] =
    "Without ID it is the one that waits; there is never more than one. It goes\n"
    "over a connection of its own, which shows that the router can be reached.";
static const char cancel_details[] =
    "What waits for its time does not begin, what is under way goes back. A\n"
    "change that waits for its confirmation is taken back, as mhctl revert does.";
static const char rotate_details[] =
    "The new TCP-MD5 key is typed twice without echo at a terminal, or comes as\n"
    "one line from a pipe or --key-file; never from the command line. With\n"
    "--generate the router makes one and it is shown this once, alone on\n"
    "standard output, to be given to the provider.\n\n"
    "The router changes the key and waits for the session to work under it;\n"
    "when it does not in time, the old key comes back by itself. Ctrl-C leaves\n"
    "that running. For example:\n\n"
    "  mhctl rotate-key vultr --generate --at 2026-03-01T02:00:00Z\n"
    "  mhctl rotate-key vtbgp --generate --with vtbgp";
static const char api_details[] =
    "METHOD is GET, PUT, PATCH, POST or DELETE, PATH begins with /. The answer's\n"
    "JSON is printed as it came (on a terminal: indented). A refusal is said on\n"
    "standard error; with --json its problem document goes to standard output.";
static const char doctor_details[] = "Exit status 1 when a check has failed.";
static const char events_details[] =
    "A line for each session that comes up or goes down, each step of an\n"
    "operation, drain, drift and confirmation, until Ctrl-C. When the\n"
    "connection breaks it connects again and goes on behind the last event;\n"
    "resync says that some may be missing. --json prints an object a line.";
static const char follow_details[] =
    "A line for each state it gets into. Exit status 1 unless it ends as done,\n"
    "or waits to be confirmed; after Ctrl-C it goes on on the router.";
static const char add_details[] =
    "The token is read from standard input: typed without echo at a terminal,\n"
    "or one line from a pipe. A context that is there already is replaced\n"
    "after a question (or with --yes). The first one becomes the current one.";

/* clang-format off */
const struct command commands[] = {
	{ "status", 0, 0, NULL, commands_show_status, "",
	    "the router and its upstreams at one glance", NULL },
	{ "upstreams", 0, 0, NULL, commands_show_upstreams, "",
	    "all upstreams: neighbor, preference, prepend, description", NULL },
	{ "upstream show", 1, 1, NULL, commands_show_upstream, "NAME",
	    "one upstream in full, with its ETag", NULL },
	{ "upstream add", 1, 1, LIST(MAKE, UPSTREAM),
	    commands_resource_add_upstream, "NAME",
	    "make an upstream, tunnel and all", upstream_details },
	{ "upstream set", 1, 1, LIST(MAKE, UPSTREAM),
	    commands_resource_set_upstream, "NAME",
	    "change what is given of an upstream", upstream_set_details },
	{ "upstream remove", 1, 1, LIST(MAKE), commands_resource_remove_upstream,
	    "NAME", "remove an upstream, tunnel and all", remove_details },
	{ "downstreams", 0, 0, NULL, commands_host_downstreams, "",
	    "all downstreams: tunnels with prefixes, without BGP", NULL },
	{ "downstream list", 0, 0, NULL, commands_host_downstreams, "",
	    "the same", NULL },
	{ "downstream show", 1, 1, NULL, commands_host_downstream, "NAME",
	    "one downstream in full", NULL },
	{ "downstream add", 1, 1, LIST(MAKE, DOWNSTREAM),
	    commands_resource_add_downstream, "NAME",
	    "make a downstream, tunnel and all", downstream_details },
	{ "downstream set", 1, 1, LIST(MAKE, DOWNSTREAM),
	    commands_resource_set_downstream, "NAME",
	    "change what is given of a downstream", NULL },
	{ "downstream remove", 1, 1, LIST(MAKE),
	    commands_resource_remove_downstream, "NAME",
	    "remove a downstream, tunnel and all", remove_details },
	{ "router show", 0, 0, NULL, commands_host_router, "",
	    "what the router is set to be, and what changed by hand", NULL },
	{ "router set", 0, 0, LIST(MAKE, ROUTER_SET),
	    commands_resource_set_router, "",
	    "AS, prefixes, bogons, kernel routes", router_details },
	{ "sessions", 0, 0, NULL, commands_session_list, "",
	    "all BGP sessions", NULL },
	{ "session show", 1, 1, NULL, commands_session_show, "ADDRESS|UPSTREAM",
	    "one BGP session in full", NULL },
	{ "session clear", 1, 1, LIST(ARGS_SOFT, ARGS_HARD, WHY),
	    commands_session_clear, "ADDRESS|UPSTREAM",
	    "re-evaluate routes, or reset the session", clear_details },
	{ "routes", 1, 1, NULL, commands_show_routes, "PREFIX|ADDRESS",
	    "all paths to a destination, and which is best and why", NULL },
	{ "set-preference", 2, 2, LIST(CHANGE), commands_set_preference,
	    "NAME N|default", "prefer an upstream more or less",
	    preference_details },
	{ "set-prepend", 2, 2, LIST(CHANGE), commands_set_prepend, "NAME N",
	    "make our path through an upstream longer or shorter",
	    prepend_details },
	{ "set-description", 1, 2, LIST(CHANGE, ARGS_NONE),
	    commands_set_description, "NAME TEXT|--none",
	    "describe an upstream's neighbor", NULL },
	{ "plan set-preference", 2, 2, LIST(PLAN), commands_set_preference,
	    "NAME N|default", "what set-preference would do, as commands",
	    NULL },
	{ "plan set-prepend", 2, 2, LIST(PLAN), commands_set_prepend, "NAME N",
	    "what set-prepend would do, as commands", NULL },
	{ "plan set-description", 1, 2, LIST(PLAN, ARGS_NONE),
	    commands_set_description, "NAME TEXT|--none",
	    "what set-description would do, as commands", NULL },
	{ "drain", 0, 1, LIST(DRAIN), commands_drain, "UPSTREAM|--whole-router",
	    "take traffic off, and prove it", drain_details },
	{ "undrain", 0, 1, LIST(UNDRAIN), commands_drain_undrain,
	    "UPSTREAM|--whole-router", "bring it back into service",
	    undrain_details },
	{ "plan", 1, 1, LIST(PLAN, ARGS_RESET, ARGS_ADOPT),
	    commands_apply_plan, "FILE",
	    "what apply would do, as commands", plan_details },
	{ "apply", 1, 1, LIST(APPLY), commands_apply,
	    "FILE", "make the router what a file says", apply_details },
	{ "confirm", 0, 1, NULL, commands_confirm, "[ID]",
	    "keep the change that waits for it", confirm_details },
	{ "revert", 0, 1, NULL, commands_confirm_revert, "[ID]",
	    "take back the change that waits, now", confirm_details },
	{ "extend", 1, 2, NULL, commands_confirm_extend, "SECONDS [ID]",
	    "give the change that waits more time, from now", NULL },
	{ "cancel", 1, 1, NULL, commands_confirm_cancel, "ID",
	    "stop an operation that waits or runs", cancel_details },
	{ "rotate-key", 1, 1, LIST(ROTATE), commands_rotate_key, "NAME",
	    "change the TCP-MD5 key of an upstream's session",
	    rotate_details },
	{ "doctor", 0, 0, NULL, commands_host_doctor, "",
	    "check what a working router needs", doctor_details },
	{ "interfaces", 0, 0, NULL, commands_host_interfaces, "",
	    "tunnels and other interfaces, with traffic", NULL },
	{ "firewall", 0, 0, NULL, commands_host_firewall, "",
	    "our part of the packet filter", NULL },
	{ "operations", 0, 0, LIST(ARGS_LIMIT), commands_show_operations, "",
	    "the latest changes and how they ended", NULL },
	{ "operation show", 1, 1, NULL, commands_show_operation, "ID",
	    "one change in full", NULL },
	{ "operation follow", 1, 1, NULL, commands_events_operation, "ID",
	    "a change until it has ended, or waits", follow_details },
	{ "events", 0, 0, LIST(ARGS_TYPES, ARGS_SINCE), commands_events,
	    "", "what happens on the router, as it happens", events_details },
	{ "audit", 0, 0, LIST(FILTER), commands_audit, "",
	    "who changed what, when and why", NULL },
	{ "audit show", 1, 1, NULL, commands_audit_show, "SEQ",
	    "one row in full: commands and what they answered", NULL },
	{ "audit verify", 0, 0, NULL, commands_audit_verify, "",
	    "check that no row was altered or removed", NULL },
	{ "tokens", 0, 0, NULL, commands_show_tokens, "",
	    "who may do what (needs a token with the scope admin)", NULL },
	{ "context list", 0, 0, NULL, commands_context_list, "",
	    "the routers mhctl knows", NULL },
	{ "context use", 1, 1, NULL, commands_context_use, "NAME",
	    "ask this router from now on", NULL },
	{ "context add", 1, 1,
	    LIST(ARGS_URL, ARGS_UNIX, ARGS_CA),
	    commands_context_add, "NAME", "remember a router and its token",
	    add_details },
	{ "context remove", 1, 1, NULL, commands_context_remove, "NAME",
	    "forget a router and its token", NULL },
	{ "api", 2, 2, LIST(ARGS_DATA), commands_api, "METHOD PATH",
	    "send one request as it is", api_details },
	{ "version", 0, 0, NULL, commands_help_version, "",
	    "mhctl's version", NULL },
	{ "help", 0, 2, NULL, commands_help, "[COMMAND]",
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
