/* engine/rotation_view.h - where a session stands while its key changes. */
#ifndef ENGINE_ROTATION_VIEW_H
#define ENGINE_ROTATION_VIEW_H

#include <stdbool.h>
#include <stdint.h>

#include "model/rotation.h"

struct err;
struct worker_tools;

struct rotation_view {
	bool found; /* there is such an upstream */
	struct addr neighbor;
	char local_address[ADDR_TEXT_MAX]; /* "": not known */
	char key_id[16];                   /* of the key that is set */
	bool established;
	int64_t established_ms; /* wall clock; 0: it is not */
	int64_t hold_ms;        /* of one that is; 0: it has none */
	uint64_t ups;           /* how often it was */
	int64_t down_ms;        /* since it was lost; -1: it was not */
	uint64_t messages;      /* received */
	char state[20];
	char error[128]; /* the last one, "" */
	struct rotation_counters counters;
};

/* A fresh look at FRR and the kernel. */
int rotation_view(struct worker_tools *, const char *upstream,
    struct rotation_view *, struct err *);

#endif
