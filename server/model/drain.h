/* model/drain.h - why something is out of service, and how far that is. */
#ifndef MODEL_DRAIN_H
#define MODEL_DRAIN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/addr.h"

struct buf;
struct err;

enum {
	DRAIN_SUBJECT_MAX = 64,
	DRAIN_OWNER_MAX = 32,
	DRAIN_MESSAGE_MAX = 255, /* RFC 9003, bytes */
	DRAIN_FACTS_MAX = 64
};

/* Whose drain a rotation of a key begins by itself. */
#define DRAIN_OWNER_ROTATION "rotation"

enum drain_mode {
	DRAIN_SHIFT,   /* the sessions stay up */
	DRAIN_SHUTDOWN /* they go down when the traffic has gone */
};
enum drain_timeout {
	DRAIN_HOLD,
	DRAIN_PROCEED,
	DRAIN_REVERT
};
enum drain_phase {
	DRAIN_ASKING, /* the other router; nothing is touched yet */
	DRAIN_SIGNAL, /* the others are told */
	DRAIN_PROOF,  /* they are waited for */
	DRAIN_DOWN,   /* sessions go down */
	DRAIN_DRAINED,
	DRAIN_RETURNING
};
enum drain_end {
	DRAIN_END_NONE,
	DRAIN_END_DRAINED,
	DRAIN_END_TIMEOUT, /* drained, as on_timeout proceed says */
	DRAIN_END_BLOCKED  /* not proven in time; still held */
};
const char *drain_mode_name(enum drain_mode);
const char *drain_timeout_name(enum drain_timeout);
const char *drain_phase_name(enum drain_phase);
const char *drain_end_name(enum drain_end); /* "" for none */
/* -1 when there is no such name. */
int drain_mode_find(const char *);
int drain_timeout_find(const char *);
int drain_phase_find(const char *);
int drain_end_find(const char *);

/* One reason of one owner: what is in service has none. */
struct drain {
	char subject[DRAIN_SUBJECT_MAX]; /* "router", "upstreams/ifog" */
	char owner[DRAIN_OWNER_MAX];     /* "operator", "reboot", "fleet" */
	struct addr neighbor;            /* of an upstream; family 0: router */
	char actor[32];
	char reason[256];
	char ticket[80];
	enum drain_mode mode;
	enum drain_timeout on_timeout;
	uint32_t max_wait_s;
	bool force;
	uint32_t prepend;
	bool stay; /* after a reboot it waits for an undrain */
	uint32_t return_after_s;
	int64_t created_ms;
	char operation[24]; /* the last one that worked on it */
	enum drain_phase phase;
	enum drain_end end;
	char why[32];     /* of the end, or what is waited for */
	char boot_id[64]; /* the boot of the machine in which it was asked */
	bool automatic;   /* returning: because of a reboot */
	char *before;     /* struct drain_facts as JSON, NULL; owned */
	char *after;
	char *state; /* of the operation's next step; owned */
};
void drain_clear(struct drain *);
struct drain_list {
	struct drain *v;
	size_t n;
};
void drain_list_clear(struct drain_list *);

bool drain_is_router(const struct drain *);
/* Does the reason reach this neighbor? */
bool drain_covers(const struct drain *, const struct addr *neighbor);
/* Does it have the sessions shut down? */
bool drain_holds_down(const struct drain *);
/* "CHG-1234 reboot for kernel update": what the other side is told. */
void drain_message(const char *ticket, const char *reason, char *out,
    size_t size);
/* 0, or -1 with a bad field: too long, or what FRR would not take. */
int drain_message_check(const char *ticket, const char *reason, struct err *);

/* One session at one moment. -1: not known. */
struct drain_fact {
	char upstream[32];
	struct addr neighbor;
	bool established;
	int64_t prefixes_received;
	int64_t prefixes_sent;
	int64_t best_paths;
	int64_t updates_sent; /* BGP's UPDATE messages */
	int64_t established_count;
	int64_t established_ms; /* wall clock, to the second; 0: not known */
	int64_t out_queue;
	char interface[16]; /* its own, "" when it has none */
	int64_t rx_bps;
	int64_t tx_bps;
};
struct drain_facts {
	struct drain_fact v[DRAIN_FACTS_MAX];
	size_t n;
};
/* NULL when there is none. */
const struct drain_fact *drain_facts_find(const struct drain_facts *,
    const struct addr *neighbor);
void drain_facts_store(const struct drain_facts *, struct buf *);
/* Nothing when text is NULL or damaged. */
void drain_facts_load(struct drain_facts *, const char *text);

#endif
