/* cli/args.h - the command line: words, and options anywhere among them. */
#ifndef CLI_ARGS_H
#define CLI_ARGS_H

#include <stdbool.h>
#include <stddef.h>

struct err;

/* One list: identifier, long name, short name, placeholder (NULL: a switch),
 * what it means. */
/* clang-format off */
#define ARGS_OPTIONS(X) \
	X(ARGS_ROUTER,  "router",  'r', "CONTEXT", "the router to ask (default: the current context)") \
	X(ARGS_CONTEXTS, "contexts", 0, "FILE",    "the routers and tokens to choose from (default: your own)") \
	X(ARGS_JSON,    "json",     0,  NULL,      "print the router's own JSON") \
	X(ARGS_YES,     "yes",     'y', NULL,      "do not ask") \
	X(ARGS_VERBOSE, "verbose", 'v', NULL,      "show requests and answers on standard error") \
	X(ARGS_TIMEOUT, "timeout",  0,  "SECONDS", "wait at most this long for an answer") \
	X(ARGS_HELP,    "help",    'h', NULL,      "explain the command") \
	X(ARGS_VERSION, "version", 'V', NULL,      "print mhctl's version") \
	X(ARGS_REASON,  "reason",   0,  "TEXT",    "why; kept in the audit log") \
	X(ARGS_TICKET,  "ticket",   0,  "ID",      "ticket or change number; kept in the audit log") \
	X(ARGS_SHARED,  "shared",   0,  NULL,      "also when the route map serves other neighbors") \
	X(ARGS_DRY_RUN, "dry-run",  0,  NULL,      "show the commands, change nothing") \
	X(ARGS_IF_MATCH,"if-match", 0,  "ETAG",    "only if it is still as shown with this ETag") \
	X(ARGS_UNDO,    "undo",     0,  NULL,      "show the commands that take it back, too") \
	X(ARGS_NONE,    "none",     0,  NULL,      "remove the description") \
	X(ARGS_SOFT,    "soft",     0,  "in|out|both", "re-evaluate routes; the session stays up") \
	X(ARGS_HARD,    "hard",     0,  NULL,      "reset the session: its routes go away until it is back") \
	X(ARGS_LIMIT,   "limit",    0,  "N",       "at most N, newest first") \
	X(ARGS_ACTOR,   "actor",    0,  "NAME",    "only what this token did") \
	X(ARGS_RESOURCE,"resource", 0,  "NAME",    "only about this, such as upstreams/ifog") \
	X(ARGS_OUTCOME, "outcome",  0,  "WORD",    "applied, unchanged, undone, failed or refused") \
	X(ARGS_SINCE,   "since",    0,  "TIME|ID", "not older: 30m, 12h, 7d ago, or 2026-03-01T02:00:00Z; of events: an event's id") \
	X(ARGS_UNTIL,   "until",    0,  "TIME",    "not newer: as --since") \
	X(ARGS_TYPES,   "types",    0,  "TYPE[,TYPE]", "only session, operation, confirm, drift or drain") \
	X(ARGS_URL,     "url",      0,  "URL",     "where the API is: https://NAME[:PORT]") \
	X(ARGS_UNIX,    "unix",     0,  "SOCKET",  "through this UNIX socket") \
	X(ARGS_CA,      "ca",       0,  "FILE",    "the authority that signed the router's certificate (PEM)") \
	X(ARGS_FILE,    "file",     0,  "FILE",    "its JSON (- reads standard input); options come on top") \
	X(ARGS_CONFIRM, "confirm",  0,  "SECONDS", "goes back by itself unless mhctl confirm comes in time") \
	X(ARGS_RESET,   "allow-reset", 0, NULL,    "BGP sessions may go down for it") \
	X(ARGS_ADOPT,   "adopt",    0,  NULL,      "also touch an interface or route that was made by hand") \
	X(ARGS_TEXT,    "description", 0, "TEXT",  "one line about it; \"\" removes it") \
	X(ARGS_ROLE,    "role",     0,  "transit|peer|internal", "default: internal when the AS is ours, else transit") \
	X(ARGS_AS,      "remote-as", 0, "AS",      "the neighbor's AS number") \
	X(ARGS_NEIGHBOR, "neighbor", 0, "ADDRESS", "the neighbor's address") \
	X(ARGS_SOURCE,  "local-address", 0, "ADDRESS", "our end of the session") \
	X(ARGS_TUNNEL,  "tunnel",   0,  "gre|gif|none", "the kind of tunnel it runs over") \
	X(ARGS_LOCAL,   "local",    0,  "ADDRESS", "the tunnel's outer address here") \
	X(ARGS_REMOTE,  "remote",   0,  "ADDRESS", "the tunnel's outer address there") \
	X(ARGS_LENGTH,  "prefix-length", 0, "N",   "of the network inside the tunnel (default 64)") \
	X(ARGS_MTU,     "mtu",      0,  "BYTES",   "of the tunnel (default 1476 gre, 1480 gif)") \
	X(ARGS_INTERFACE, "interface", 0, "NAME",  "the tunnel's interface (default: the next free one)") \
	X(ARGS_GATEWAY, "host-route", 0, "GATEWAY", "reach the neighbor through this (fe80::1%vtnet0), or none") \
	X(ARGS_PREFER,  "preference", 0, "N|default", "local preference of what it sends us") \
	X(ARGS_PREPEND, "prepend",  0,  "N",       "how often our AS is prepended to what it hears") \
	X(ARGS_IMPORT,  "import-list", 0, "NAME|none", "prefix list for what it sends us") \
	X(ARGS_EXPORT,  "export-list", 0, "NAME|none", "prefix list for what it hears") \
	X(ARGS_MAXIMUM, "maximum-prefix", 0, "LIMIT[,PERCENT[,MINUTES]]", "end the session beyond it, or none; warn at PERCENT, retry after MINUTES") \
	X(ARGS_MULTIHOP, "multihop", 0, "HOPS",    "eBGP over several hops, or none") \
	X(ARGS_SELF,    "next-hop-self", 0, "yes|no", "announce ourselves as next hop") \
	X(ARGS_NAT,     "nat",      0,  NULL,      "rewrite what the router itself sends to its own address") \
	X(ARGS_NO_NAT,  "no-nat",   0,  NULL,      "do not") \
	X(ARGS_CAPACITY, "capacity", 0, "MBPS",    "what the provider sells, or none") \
	X(ARGS_ADDRESS, "address",  0,  "ADDRESS", "our address inside the tunnel") \
	X(ARGS_PEER,    "peer",     0,  "ADDRESS", "the other end's address inside the tunnel") \
	X(ARGS_PREFIXES, "prefixes", 0, "PREFIX[,PREFIX]", "all of them; what is not named goes away") \
	X(ARGS_LOCAL_AS, "local-as", 0, "AS",      "our AS number") \
	X(ARGS_ROUTER_ID, "router-id", 0, "ADDRESS", "BGP's router id") \
	X(ARGS_OWN,     "router-address", 0, "ADDRESS[,ADDRESS]", "the router's own addresses, one a family, or none") \
	X(ARGS_BOGONS,  "bogons",   0,  "builtin|none", "the list of what nobody may announce to us") \
	X(ARGS_KERNEL,  "kernel-routes", 0, "install|announce_only", "whether BGP's routes go into the kernel") \
	X(ARGS_MD5,     "tcp-md5-key-file", 0, "FILE", "the session's TCP-MD5 key: the first line (- asks, or reads standard input)") \
	X(ARGS_NO_MD5,  "no-tcp-md5", 0, NULL,     "the session's TCP-MD5 key goes away") \
	X(ARGS_GENERATE, "generate", 0, NULL,      "the router makes a new key, which is shown once") \
	X(ARGS_KEY_FILE, "key-file", 0, "FILE",    "the new key: the first line (- asks, or reads standard input)") \
	X(ARGS_AT,      "at",       0,  "TIME",    "not now: in 30m, 12h, 7d, or at 2026-03-01T02:00:00Z") \
	X(ARGS_WITH,    "with",     0,  "ROUTER",  "the other end is ours: that router changes at the same time") \
	X(ARGS_WITHIN,  "verify-within", 0, "SECONDS", "the old key comes back unless the new one works by then (default 180)") \
	X(ARGS_METHOD,  "method",   0,  "gentle|reset", "default: gentle where the router can, else reset") \
	X(ARGS_DRAIN_FIRST, "drain-first", 0, NULL, "move the traffic away before, and back afterwards") \
	X(ARGS_NO_WAIT, "no-wait",  0,  NULL,      "do not wait for its end") \
	X(ARGS_DATA,    "data",     0,  "FILE",    "the body, JSON (- reads standard input)") \
	X(ARGS_WHOLE,   "whole-router", 0, NULL,   "all its sessions, not one upstream") \
	X(ARGS_MODE,    "mode",     0,  "shift|shutdown", "whether the sessions go down once the traffic has gone") \
	X(ARGS_WAIT,    "wait",     0,  NULL,      "show how far it is until it has ended") \
	X(ARGS_MAX_WAIT, "max-wait", 0, "SECONDS", "time for the traffic to go (default 600)") \
	X(ARGS_ON_TIMEOUT, "on-timeout", 0, "hold|proceed|revert", "what to do when that time is over") \
	X(ARGS_FORCE,   "force",    0,  NULL,      "in spite of what the preflight says; audited") \
	X(ARGS_AFTER,   "after-reboot", 0, "auto|stay", "whether it ends by itself after a reboot") \
	X(ARGS_RETURN,  "return-after", 0, "SECONDS", "how long a session must be up after a reboot before it returns (default 60)") \
	X(ARGS_OWNER,   "owner",    0,  "NAME",    "whose reason it is (default operator)") \
	X(ARGS_REBOOT,  "reboot",   0,  NULL,      "drain this machine's router, then reboot the machine")
#define ARGS_ID(id, name, letter, placeholder, meaning) id,
/* clang-format on */
enum args_option {
	ARGS_OPTIONS(ARGS_ID) ARGS_COUNT
};

/* Options that belong together; the list ends with ARGS_COUNT. */
#define ARGS_LIST(...)                  \
	(const enum args_option[])      \
	{                               \
		__VA_ARGS__, ARGS_COUNT \
	}
/* Allowed with every command. */
extern const enum args_option args_global[];

enum {
	ARGS_WORDS_MAX = 16
};

/* Everything is borrowed from argv. */
struct args {
	const char *words[ARGS_WORDS_MAX];
	size_t n;
	bool given[ARGS_COUNT];
	const char *value[ARGS_COUNT]; /* NULL: not given, or a switch */
};

/* -1: an unknown option, a missing or superfluous value, an option twice, too
 * many words. "--" ends the options. */
int args_parse(struct args *, int argc, char *const argv[], struct err *);
bool args_has(const struct args *, enum args_option);
/* NULL is an empty list. */
bool args_is_in(const enum args_option *list, enum args_option);
const char *args_name(enum args_option);
const char *args_placeholder(enum args_option);
const char *args_meaning(enum args_option);
char args_letter(enum args_option);

#endif
