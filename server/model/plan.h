/* model/plan.h - what a change will do, as a value to show, store and undo. */
#ifndef MODEL_PLAN_H
#define MODEL_PLAN_H

#include <stdbool.h>
#include <stddef.h>

#include "base/addr.h"

struct buf;
struct err;

enum {
	PLAN_DEPTH = 3
};

/* One configuration line that changes; the same meaning as struct frr_step. */
struct plan_line {
	char *path[PLAN_DEPTH];
	size_t n_path;
	char *old; /* NULL: added */
	char *new; /* NULL: removed */
};

/* A soft clear that makes the new policy take effect at once. */
struct plan_clear {
	struct addr neighbor;
	unsigned family;
	bool in;
	bool out;
};

/* A neighbor's password that is set last, after another one went; see
 * engine/rearm.h. */
struct plan_rearm {
	char *section; /* "router bgp 65000" */
	char *line;    /* "neighbor A password SECRET" */
	bool back;     /* of the undo */
};

/* Text of one subsystem's commands, as they would be typed. */
struct plan_step {
	char subsystem[16]; /* "links", "routes", "firewall", "keys", "frr",
			       "bgp", "boot" */
	char *commands;     /* lines ending in newlines; "" for none */
	char *undo;
};

/* What the journal keeps beside lines and clears, by a name of its own. */
struct plan_extra {
	char name[16];
	char *text; /* UTF-8 */
};

struct plan {
	struct plan_line *lines;
	size_t n_lines;
	struct plan_clear *clears;
	size_t n_clears;
	struct plan_rearm *rearms;
	size_t n_rearms;
	struct plan_step *steps;
	size_t n_steps;
	struct plan_extra *extras;
	size_t n_extras;
};

void plan_init(struct plan *);
void plan_clear(struct plan *);
/* The texts are copied. */
void plan_add_line(struct plan *, const char *const *path, size_t n_path,
    const char *old, const char *new);
/* Joined with one that is there for this neighbor and family. */
void plan_add_clear(struct plan *, const struct plan_clear *);
/* The texts are copied. */
void plan_add_rearm(struct plan *, const char *section, const char *line,
    bool back);
void plan_add_step(struct plan *, const char *subsystem, const char *commands,
    const char *undo);

/* Replaces one of this name; text is copied. */
void plan_set_extra(struct plan *, const char *name, const char *text);
/* "" when there is none. */
const char *plan_extra(const struct plan *, const char *name);

/* {"steps": [...]} for people and dry runs. */
void plan_render(const struct plan *, struct buf *);
/* {"lines": [...], "clears": [...], "rearms": [...], "extra": {...}} for the
 * journal: all that recovery needs; plan_load reads it back. ERR_INTERNAL when
 * it is damaged. */
void plan_store(const struct plan *, struct buf *);
int plan_load(struct plan *, const char *stored, struct err *);

/*
 * [{"command": ..., "answer": ...}] for the audit, from a log of lines
 * "command<TAB>answer\n".
 */
void plan_render_commands(const char *log, struct buf *);

#endif
