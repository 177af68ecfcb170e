/* engine/subject.h - what a change is about: an upstream, a session ... */
#ifndef ENGINE_SUBJECT_H
#define ENGINE_SUBJECT_H

#include <stdbool.h>

#include "engine/change.h"

struct buf;
struct downstream;
struct err;
struct observation;
struct supervisor;
struct target;
struct upstream;

struct subject {
	const struct change_order *order;
	char resource[96]; /* "upstreams/ifog", for journal and audit */
	const char *kind;  /* "upstream_policy", for the journal */
	const char *member;
	/* In the observation it was found in; both NULL: it is new, or it is
	 * the router itself. */
	const struct upstream *up;
	const struct downstream *down;
};

/*
 * Routes that the order is about and that nobody of ours has made are looked
 * for, and added to the observation. Before subject_find().
 */
int subject_observe(const struct change_order *, struct supervisor *,
    struct observation *, struct err *);
/*
 * ERR_NOT_FOUND when what the order changes must exist and does not;
 * ERR_PRECONDITION when its configuration is another than If-Match says.
 */
int subject_find(struct subject *, const struct change_order *,
    const struct observation *, struct err *);
bool subject_is_new(const struct subject *);
/* Changes the target as the order asks: one of engine/edit.h. */
int subject_edit(const struct subject *, const struct observation *,
    struct target *, struct err *);
/* Its configuration in an observation, for the audit; nothing when it is not
 * there. */
void subject_render_config(const struct subject *, const struct observation *,
    struct buf *);
/* As GET would tell it, with its tag; NULL when it is not there. The text is
 * the caller's. */
char *subject_render(const struct subject *, const struct observation *,
    char etag[48]);

#endif
