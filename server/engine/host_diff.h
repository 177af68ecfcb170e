/* engine/host_diff.h - two host values into operations of the parent. */
#ifndef ENGINE_HOST_DIFF_H
#define ENGINE_HOST_DIFF_H

#include <stdbool.h>
#include <stddef.h>

#include "wire/op.h"

struct host;

/* One operation; the payload (op_size(kind) bytes) is owned, and wiped. */
struct host_op {
	enum op_kind kind;
	void *payload;
};
struct host_ops {
	struct host_op *v;
	size_t n;
};
void host_diff_clear(struct host_ops *);
/* Copies the payload. */
void host_diff_add(struct host_ops *, enum op_kind, const void *payload);

/*
 * What is there before FRR is told (links come up, routes are added, firewall,
 * keys),
 * what goes after that, and what the boot files need. An undo is the same with
 * before and after exchanged: what comes back comes before FRR is told, what
 * goes goes after.
 */
enum host_phase {
	HOST_BUILD,
	HOST_CLEAN,
	HOST_BOOT,
	HOST_PHASES
};
/* Appends to ops what leads from before to after in this phase. */
void host_diff(const struct host *before, const struct host *after,
    enum host_phase, struct host_ops *);
bool host_diff_is_none(const struct host *before, const struct host *after);

/* "links", "routes", "firewall", "keys" or "boot": the subsystem. */
const char *host_diff_subsystem(enum op_kind);
/* What it is about, in words: "gre1", "2001:db8::1/128", "the firewall", "the
 * key to 2001:db8::1". In a static place of the calling thread, until the next
 * call. */
const char *host_diff_object(enum op_kind, const void *payload);

#endif
