/* engine/parts.h - what the engine's threads share. */
#ifndef ENGINE_PARTS_H
#define ENGINE_PARTS_H

#include <stdatomic.h>
#include <stdint.h>

#include "frr/frr.h"

struct confirm;
struct drift;
struct events;
struct keyring;
struct outbox;
struct snapshot_box;
struct supervisor;
struct worker;

/*
 * Set up by multihomed-engine.c before any thread starts and constant from
 * then on, but for what the members guard themselves.
 */
struct parts {
	char router_name[64];
	char platform[16]; /* "freebsd", "linux": what the parent drives */
	char database[256];
	struct frr_settings frr;
	char contexts[256]; /* of the other routers; "": none is known */
	char drain_ask[64]; /* one of them, before a drain; "": nobody */
	char mhctl[256];
	unsigned peer_timeout_ms;
	unsigned queue_max;
	unsigned snapshot_ms;
	unsigned drain_reminder_s; /* 0: no reminder */
	unsigned auth_failures_per_minute;
	struct outbox *outbox;          /* replies on their way to http */
	struct snapshot_box *snapshots; /* the newest snapshot */
	struct supervisor *supervisor;  /* the root parent */
	struct worker *writer;          /* the one that changes things */
	struct worker *reader;          /* looks up what takes a while */
	struct worker *watcher;         /* observes every second */
	atomic_llong answers_since_ms;  /* clock_ms(); see watch_is_settled() */
	atomic_bool recovered;   /* no change of a former life is pending */
	atomic_bool bgp_seen;    /* there was a "router bgp" at the last look */
	struct keyring *keyring; /* of the master key; never NULL */
	struct drift *drift;     /* engine/drift.h */
	struct confirm *confirm; /* engine/confirm.h */
	struct events *events;   /* engine/events.h */
};

#endif
