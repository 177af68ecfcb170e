/* model/rotation.h - a rotation of a TCP-MD5 key, from its order to its end. */
#ifndef MODEL_ROTATION_H
#define MODEL_ROTATION_H

#include <stdbool.h>
#include <stdint.h>

#include "base/addr.h"
#include "base/md5key.h"
#include "base/name.h"

struct buf;
struct err;

/* What the kernel tells of signatures; all grow. */
struct rotation_counters {
	bool known;
	uint64_t mismatch;   /* signed with another key */
	uint64_t unsigned_;  /* not signed, though a key is set */
	uint64_t unexpected; /* signed, though no key is set */
};

/*
 * All that its steps need to know; kept, sealed, as the plan of its operation.
 * Holds the key: rotation_wipe() it.
 */
struct rotation {
	struct name upstream;
	struct addr neighbor;
	char key[MD5KEY_MAX + 1];
	char key_id[16];
	char old_key_id[16]; /* "": cannot be told */
	bool gentle;
	bool adopt;
	bool generated;
	bool drain_first;
	int64_t at_ms; /* wall clock; when it changes */
	unsigned verify_within_s;
	unsigned hold_s; /* of the session; 0: it is down, or has none */
	char reason[256];
	char ticket[72];
	/* The other end, where it is ours too; router "": it is not. */
	char with[64];
	char with_operation[24]; /* there; of our choice, before it is asked */
	char with_upstream[32];
	int64_t asked_ms;  /* wall clock, the last time; 0: not yet */
	bool with_refused; /* it said no: nothing of ours is there */
	int64_t retry_ms;  /* it is not called again before; 0: at once */
	int64_t pause_ms;  /* and how long after a failure that is */
	/* From the change on: */
	char change[24];      /* the operation that it is */
	int64_t changed_ms;   /* 0: not begun */
	bool was_established; /* before the change */
	uint64_t ups;         /* how often established, before the change */
	uint64_t messages;    /* received, before the change */
	struct rotation_counters before;
	int64_t established_ms; /* since when, under the new key; 0: not yet */
	/* From its failure on: */
	int64_t back_ms; /* the old key was there again */
	char why[256];   /* it went back; "": it did not */
};

void rotation_wipe(struct rotation *);
/* JSON text, and back; ERR_INTERNAL when it cannot be read. */
void rotation_store(const struct rotation *, struct buf *);
int rotation_load(struct rotation *, const char *stored, struct err *);

/* Of an operation's progress: {"text": ..., "key_id": ..., numbers}. */
void rotation_render_progress(const struct rotation *, const char *text,
    struct buf *);
/* Of its result: what came of it. return_ms -1: unknown. */
void rotation_render_result(const struct rotation *, bool verified,
    int64_t return_ms, struct buf *);
/* {"before": ...} of the audit: which key, how and when; never the key. */
void rotation_render_audit(const struct rotation *, bool changed, struct buf *);
/* How long the session was down; -1: it was not, or nobody knows. */
int64_t rotation_downtime_ms(const struct rotation *);
/* What the session will feel, in a sentence. Returns out. */
enum {
	ROTATION_EFFECT_MAX = 256
};
const char *rotation_effect(const struct rotation *,
    char out[ROTATION_EFFECT_MAX]);

/*
 * Why the session did not come up under the new key, in words: from what the
 * kernel counted since, and where the session stands. state: FRR's word; error:
 * its last one or "".
 */
void rotation_explain(const struct rotation *,
    const struct rotation_counters *now, bool established, const char *state,
    const char *error, char *out, size_t size);

#endif
