/* wire/op.h - what the engine may ask of the root parent: a closed list. */
#ifndef WIRE_OP_H
#define WIRE_OP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/addr.h"
#include "base/buf.h"

struct err;

/*
 * One row per operation: id, name, payload struct. A payload's size is exact;
 * every field is checked by op_request_check on both sides: texts end in a NUL
 * with nothing but zeros behind it, addresses and names print and parse to
 * themselves, numbers are in their ranges, unused members are zero. A payload
 * holds values, never a path, an argv, a rule or a line of a file: what those
 * look like is decided by system/ alone.
 */
struct op_none {
	uint8_t zero[8];
};

/*
 * Kinds of lines of FRR's of which the change that is being saved has taken the
 * last: bits of may_go. Any other kind that is missing afterwards was lost.
 */
enum {
	OP_SAVE_IP_ROUTE = 1,
	OP_SAVE_IPV6_ROUTE = 2,
	OP_SAVE_IP_PROTOCOL = 4,
	OP_SAVE_IPV6_PROTOCOL = 8,
	OP_SAVE_ALL = 15
};
struct op_frr_save {
	uint32_t may_go;
	uint32_t zero;
};

/* clang-format off */
#define OPS(X) \
	/* write memory through vtysh; answers with the saved file's bytes */ \
	X(OP_FRR_SAVE,            "frr-save",            op_frr_save) \
	/* every interface with counters: struct op_interface array */ \
	X(OP_INTERFACES,          "interfaces",          op_none) \
	/* the platform and what is wrong with it: one struct op_facts */ \
	X(OP_FACTS,               "facts",               op_none) \
	/* tunnels, running and in the boot files: struct op_link array */ \
	X(OP_LINKS,               "links",               op_none) \
	/* our routes, running and in the boot files: struct op_route array */ \
	X(OP_ROUTES,              "routes",              op_none) \
	/* what exactly this prefix has: struct op_route array, 0 or more */ \
	X(OP_ROUTE_FIND,          "route-find",          op_route) \
	/* our rules: struct op_firewall_state, then the listing as text */ \
	X(OP_FIREWALL,            "firewall",            op_none) \
	/* the bytes of FRR's boot file as it is; ERR_NOT_FOUND */ \
	X(OP_FRR_SAVED,           "frr-saved",           op_none) \
	/* TCP-MD5 keys that the kernel keeps: struct op_keys_head, then a
	 * struct op_key array, running and in the boot files */ \
	X(OP_KEYS,                "keys",                op_none) \
	/* what the kernel counts of signatures: struct op_key_counters */ \
	X(OP_KEY_COUNTERS,        "key-counters",        op_none) \
	/* All below change something. They answer with text, one line for each
	 * command, "command<TAB>answer\n" (see OP_DRY). */ \
	X(OP_LINK_CREATE,         "link-create",         op_link) \
	X(OP_LINK_ENDPOINTS,      "link-endpoints",      op_link) \
	X(OP_LINK_DESTROY,        "link-destroy",        op_link) \
	X(OP_LINK_MTU,            "link-mtu",            op_link) \
	X(OP_LINK_DESCRIPTION,    "link-description",    op_link) \
	X(OP_LINK_UP,             "link-up",             op_link) \
	X(OP_ADDRESS_ADD,         "address-add",         op_address_of) \
	X(OP_ADDRESS_REMOVE,      "address-remove",      op_address_of) \
	X(OP_ROUTE_ADD,           "route-add",           op_route) \
	X(OP_ROUTE_REMOVE,        "route-remove",        op_route) \
	X(OP_FIREWALL_REPLACE,    "firewall-replace",    op_firewall) \
	/* a tunnel or route that was made by hand is ours from now on */ \
	X(OP_LINK_ADOPT,          "link-adopt",          op_link) \
	X(OP_ROUTE_ADOPT,         "route-adopt",         op_route) \
	/* no longer ours, and left as it is: undoes the two */ \
	X(OP_LINK_DISOWN,         "link-disown",         op_link) \
	X(OP_ROUTE_DISOWN,        "route-disown",        op_route) \
	/* the boot files: set replaces what is there for this object */ \
	X(OP_BOOT_LINK_SET,       "boot-link-set",       op_link) \
	X(OP_BOOT_LINK_REMOVE,    "boot-link-remove",    op_link) \
	X(OP_BOOT_ROUTE_SET,      "boot-route-set",      op_route) \
	X(OP_BOOT_ROUTE_REMOVE,   "boot-route-remove",   op_route) \
	X(OP_BOOT_FIREWALL,       "boot-firewall",       op_firewall) \
	/* a first key, or another one without a moment between them */ \
	X(OP_KEY_SET,             "key-set",             op_key) \
	X(OP_KEY_REMOVE,          "key-remove",          op_key) \
	X(OP_KEY_ADOPT,           "key-adopt",           op_key) \
	X(OP_KEY_DISOWN,          "key-disown",          op_key) \
	X(OP_BOOT_KEY_SET,        "boot-key-set",        op_key) \
	X(OP_BOOT_KEY_REMOVE,     "boot-key-remove",     op_key)
#define OP_ID(id, name, payload) id,
enum op_kind {
	OPS(OP_ID) OP_COUNT
};
/* clang-format on */

/*
 * Added to the kind of an operation that changes something: nothing is done;
 * the answer tells the exact commands (and "< text" lines for what they would
 * be given on standard input) that it would run, in the same form.
 */
#define OP_DRY 0x80000000U

enum {
	OP_HEAD_SIZE = 16,
	OP_REPLY_MAX = 8 * 1024 * 1024,
	OP_INTERFACE_ADDRS = 8,
	OP_INTERFACES_MAX = 1200,
	OP_LINKS_MAX = 1100, /* running and boot together */
	OP_LINK_ADDRS = 6,
	OP_ROUTES_MAX = 2200,
	OP_KEYS_MAX = 1100, /* running and boot together */
	OP_KEY_BYTES = 80,  /* what FRR, setkey and Linux take */
	OP_FIREWALL_ENTRIES = 520,
	OP_FIREWALL_PREFIXES = 64,
	OP_FIREWALL_LISTING = 512 * 1024,
	OP_CHECKS = 32,
	OP_DESCRIPTION_MAX = 81
};

/* On the socket: u32 magic, u32 kind, u32 id, u32 size; then the payload. */
struct op_head {
	uint32_t kind; /* without OP_DRY */
	uint32_t id;
	uint32_t size;
	uint32_t dry; /* 0 or 1 */
};

struct op_interface {
	char name[16];
	char addrs[OP_INTERFACE_ADDRS][48]; /* text, "" ends the list */
	uint32_t mtu;
	uint32_t up; /* 0 or 1 */
	uint64_t rx_bytes;
	uint64_t tx_bytes;
};

/* Where a thing that is told of was found. */
enum op_where {
	OP_RUNNING,
	OP_BOOT
};

enum op_link_kind {
	OP_LINK_GRE = 1, /* gre, ip6gre */
	OP_LINK_GIF,     /* gif; sit, ip6tnl, ipip */
	OP_LINK_OTHER    /* only told, never asked for */
};

/* An inner address. peer set (family as address): point to point, and
 * prefix_length is 32 or 128. */
struct op_address {
	struct addr address;
	struct addr peer; /* family 0: none */
	uint8_t prefix_length;
};

/*
 * A tunnel. A request fills what it needs and leaves the rest zero:
 * LINK_CREATE: name kind inner local remote (down and without addresses);
 * LINK_ENDPOINTS: the same five, with the new local and remote;
 * LINK_DESTROY, LINK_ADOPT, LINK_DISOWN, BOOT_LINK_REMOVE: name;
 * LINK_MTU: name mtu (0: the platform's default, only where never set);
 * LINK_DESCRIPTION: name description ("": none); LINK_UP: name up (0 or 1);
 * BOOT_LINK_SET: all but where, owned, up and the two counts' rest.
 */
struct op_link {
	char name[16];
	uint8_t where; /* enum op_where */
	uint8_t kind;  /* enum op_link_kind */
	uint8_t inner; /* 4, 6: the family it carries; 0 both (ip6tnl, gre) */
	uint8_t up;
	uint8_t owned;       /* created or adopted by us */
	uint8_t n_addresses; /* those of scope link that the kernel made are
				not told */
	uint8_t mtu_set;     /* boot: is there an MTU line? running: 1 */
	uint8_t zero;
	uint32_t mtu;
	struct addr local; /* outer */
	struct addr remote;
	char description[OP_DESCRIPTION_MAX];
	struct op_address addresses[OP_LINK_ADDRS];
};

struct op_address_of {
	char link[16];
	struct op_address address;
};

enum op_route_kind {
	OP_ROUTE_GATEWAY = 1, /* a link-local gateway has its zone */
	OP_ROUTE_INTERFACE,
	OP_ROUTE_BLACKHOLE,
	OP_ROUTE_REJECT,
	OP_ROUTE_OTHER /* only told: multipath and the like */
};

/* Whole in every request; ROUTE_FIND, ROUTE_ADOPT, ROUTE_DISOWN and
 * BOOT_ROUTE_REMOVE: prefix alone. ROUTE_REMOVE names what is to go. */
struct op_route {
	struct prefix prefix;
	uint8_t where;
	uint8_t kind; /* enum op_route_kind */
	uint8_t owned;
	struct addr gateway;
	char interface[16]; /* of OP_ROUTE_INTERFACE */
};

/*
 * What is wrong with a key as it was found, bits of flaw. The pair is one of
 * addresses, and has two security associations (or lines of the boot file):
 * out is from local to remote, in the other way.
 */
enum {
	OP_KEY_NO_OUT = 1,  /* that direction is missing: nothing is signed */
	OP_KEY_NO_IN = 2,   /* this one is: nothing that comes is accepted */
	OP_KEY_DIFFERS = 4, /* not the same key everywhere; one is told */
	OP_KEY_SEVERAL = 8, /* a direction is there more than once */
	/* Not a flaw as such: op_key_text_check refuses it, so somebody made
	 * it by hand. Only ever told, and put back as it was. */
	OP_KEY_RAW = 16
};

/*
 * The TCP-MD5 key of a session, both directions. KEY_SET and BOOT_KEY_SET:
 * local remote key_len key, and flaw OP_KEY_RAW for a key that is no text of
 * ours; all others: local remote. Which of the two addresses is called local
 * makes no difference for whose key it is: see op_key_is_of. One that nobody
 * of us made is told with the one that stood first as local.
 */
struct op_key {
	struct addr local; /* no zone: keys have no link-local addresses */
	struct addr remote;
	uint8_t where;
	uint8_t owned;
	uint8_t key_len; /* 1 to OP_KEY_BYTES; 0 where it is not used */
	uint8_t flaw;    /* OP_KEY_NO_OUT ... */
	uint8_t zero[2];
	char key[OP_KEY_BYTES]; /* zeros behind key_len */
};

/* First in the answer to OP_KEYS. */
struct op_keys_head {
	uint8_t kernel_keys; /* 0: FRR's sockets hold them, the list is empty */
	uint8_t zero[7];
};

/* Since boot, in segments; OP_KEY_NOT_COUNTED where the platform does not. */
#define OP_KEY_NOT_COUNTED UINT64_MAX
struct op_key_counters {
	uint64_t matching;   /* came with the right signature */
	uint64_t failed;     /* with a wrong one: the keys differ */
	uint64_t missing;    /* with none, although we have a key */
	uint64_t unexpected; /* with one, although we have no key */
	uint64_t no_sa;      /* were to go out signed, and there is no key */
};

/* What one upstream or downstream needs of the firewall. */
struct op_firewall_entry {
	uint8_t kind;       /* enum op_link_kind of its tunnel; 0: native */
	uint8_t nat;        /* of what the router itself sends through it */
	char interface[16]; /* "" for a native neighbor */
	struct addr local;  /* outer; family 0 when native */
	struct addr remote;
	struct addr peer; /* the BGP neighbor; family 0: none (downstream) */
};

/*
 * Everything that our rules say. No entry and no prefix: no rules of ours at
 * all, the anchor or table is gone. Entries are in ascending order of
 * (interface, peer); prefixes ascending.
 */
struct op_firewall {
	struct addr router[2]; /* the router's own address, IPv4 and IPv6; NAT
				  rewrites to it; family 0: none */
	uint32_t n_prefixes;
	uint32_t n_entries;
	struct prefix prefixes[OP_FIREWALL_PREFIXES];
	struct op_firewall_entry entries[OP_FIREWALL_ENTRIES];
};

/* Answer to OP_FIREWALL; the tool's listing of our rules follows it. */
struct op_firewall_state {
	uint8_t loaded;   /* our anchor or table exists */
	uint8_t as_set;   /* and is exactly what was last set (running) */
	uint8_t enabled;  /* the packet filter as such is on */
	uint8_t attached; /* pf.conf refers to our anchor; Linux: as loaded */
	uint32_t zero;
	struct op_firewall running; /* what was last set; zero: nothing */
	struct op_firewall boot;    /* what the boot file holds */
};

enum op_check_state {
	OP_CHECK_OK,
	OP_CHECK_WARNING, /* works, but not as it should, or not after boot */
	OP_CHECK_FAILED   /* some change will fail until it is mended */
};

/* One line of the doctor, in words for people. */
struct op_check {
	char name[32]; /* snake_case: "pf_enabled", "module_gre" */
	uint32_t state;
	char detail[200];
	char fix[200]; /* what to do; "" when ok */
};

struct op_facts {
	char platform[16]; /* "freebsd", "linux" */
	char release[64];
	char boot_id[64];    /* another one after each boot of the machine */
	int32_t securelevel; /* -2: the platform has none */
	uint32_t n_checks;
	struct op_check checks[OP_CHECKS];
};

const char *op_name(uint32_t kind); /* "unknown" when it is */
/* Exact payload size of a request; SIZE_MAX for an unknown kind. */
size_t op_size(uint32_t kind);
/* Does it change anything (and may it be asked with OP_DRY)? */
int op_changes(uint32_t kind);

/* dry: with OP_DRY, which only an operation that changes something has. */
void op_put_request(struct buf *, uint32_t kind, uint32_t id, int dry,
    const void *payload);
/*
 * A reply: head (the request's kind with its OP_DRY, and id), then one byte 0
 * (done) followed by the operation's data, or 1 (failed) followed by an encoded
 * error; behind that for an operation that changes: the log of commands so far.
 */
void op_put_done(struct buf *, uint32_t kind, uint32_t id, const void *data,
    size_t);
/* log: "" when there is none. */
void op_put_failed(struct buf *, uint32_t kind, uint32_t id, const struct err *,
    const char *log);

/* Are two structs of one kind equal? To the byte: the padding is zero in all
 * of them. */
int op_same(const void *, const void *, size_t size);

/* From exactly OP_HEAD_SIZE bytes; size is limited by max. */
int op_head_read(struct op_head *, const void *, uint32_t max, struct err *);
/* Checks kind, exact size and every field of a request. -1 and ERR_PROTOCOL.
 * payload is aligned as its struct. */
int op_request_check(const struct op_head *, const void *payload, struct err *);
/*
 * The part behind the head. 0: *data, *data_len point into payload; -1: err is
 * the error that the parent sent, or ERR_PROTOCOL, and *data is the log of what
 * had been run (may be empty).
 */
int op_reply_read(const void *payload, size_t size, const void **data,
    size_t *data_len, struct err *);

/*
 * Field checks, for parsers of tool output and for the engine before it asks.
 * kind says which members are used; all others must be zero, padding too. -1
 * and ERR_INVALID "MEMBER: what is wrong". With kind OP_LINKS, OP_ROUTES or
 * OP_KEYS: one that was told, where more is possible.
 *
 * A tunnel's name is 1 to 15 of a-z 0-9 _ -, starting with a letter. Addresses
 * of tunnels, inner and outer, have no zone, link-local ones neither. Routes
 * and firewall peers with a link-local address have it.
 */
int op_link_check(const struct op_link *, uint32_t kind, struct err *);
int op_route_check(const struct op_route *, uint32_t kind, struct err *);
int op_address_check(const struct op_address *, struct err *);
int op_address_of_check(const struct op_address_of *, struct err *);
int op_firewall_check(const struct op_firewall *, struct err *);
int op_key_check(const struct op_key *, uint32_t kind, struct err *);
/*
 * What a key of ours may be: 1 to OP_KEY_BYTES letters, digits and
 * -_.,:+/=@%~^*!#$& not beginning with "0x", "0X", "-", "!" or "#". FRR takes
 * one word (no blank, quote, | or ?), setkey has no way to write a double quote
 * and reads 0x as hexadecimal, and other routers' command lines read what
 * begins with ! or # as a comment. -1 and ERR_INVALID, without the key.
 */
int op_key_text_check(const char *key, size_t len, struct err *);
/* Is it the key between these two, whichever is called local? */
bool op_key_is_of(const struct op_key *, const struct addr *,
    const struct addr *);
/* The same bytes? Says nothing of whose they are. */
bool op_key_same(const struct op_key *, const struct op_key *);
/* Do both lead from the same prefix the same way, wherever they were found and
 * whose they are? */
bool op_route_same(const struct op_route *, const struct op_route *);
/* Description: 1 to 80 of A-Z a-z 0-9 blank . , : _ + / ( ) @ # - , single
 * blanks inside only, not starting with '-' or '#': safe for rc.conf too. */
int op_description_check(const char *, struct err *);

#endif
