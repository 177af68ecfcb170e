/* engine/snapshot.h - what reads are answered from: immutable, counted. */
#ifndef ENGINE_SNAPSHOT_H
#define ENGINE_SNAPSHOT_H

#include <stdbool.h>
#include <stddef.h>

#include "base/addr.h"
#include "base/name.h"
#include "model/upstream.h"

struct snapshot_box;

enum {
	SNAPSHOT_ETAG_MAX = 48
};

/* A finished answer: JSON text and its entity tag with quotes. */
struct body {
	char *text;
	size_t len;
	char etag[SNAPSHOT_ETAG_MAX];
};

struct snapshot_item {
	struct name name;
	struct addr neighbor;
	struct body upstream;
	struct body session;
	struct traffic traffic;
	bool own_interface; /* nothing else runs over it */
};

struct snapshot_downstream {
	struct name name;
	struct body body;
};

struct snapshot {
	int references; /* guarded by the box */
	bool observed; /* false: FRR has never answered; why says what failed */
	bool stale;    /* the last look failed */
	char why[512];
	struct body router;
	struct body upstreams; /* empty unless observed */
	struct body sessions;
	struct body downstreams;
	struct body interfaces;
	char *freshness; /* ,"snapshot":{...},"warnings":[...] */
	struct snapshot_item *items;
	size_t n_items;
	struct snapshot_downstream *downstream; /* by name */
	size_t n_downstreams;
};

/* A new snapshot has one reference: the caller's. */
struct snapshot *snapshot_new(size_t n_items);
/* Takes text (a heap string) and makes the tag from it unless one is given. */
void snapshot_set_body(struct body *, char *text, const char *etag);

struct snapshot_box *snapshot_box_new(void);
void snapshot_box_free(struct snapshot_box **);
/* Takes the caller's reference; readers see it from now on. */
void snapshot_publish(struct snapshot_box *, struct snapshot *);
/* The newest, with a reference for the caller; NULL before the first. */
const struct snapshot *snapshot_get(struct snapshot_box *);
void snapshot_put(struct snapshot_box *, const struct snapshot *);

const struct snapshot_item *snapshot_find(const struct snapshot *,
    const char *name);
const struct body *snapshot_find_downstream(const struct snapshot *,
    const char *name);
const struct snapshot_item *snapshot_find_neighbor(const struct snapshot *,
    const struct addr *);

#endif
