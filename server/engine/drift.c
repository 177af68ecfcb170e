/* engine/drift.c - what somebody else changes on the router. */
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/clock.h"
#include "base/err.h"
#include "base/log.h"
#include "base/mem.h"
#include "base/number.h"
#include "engine/drift.h"
#include "engine/drift_diff.h"
#include "engine/events.h"
#include "engine/host.h"
#include "engine/host_touch.h"
#include "engine/parts.h"
#include "engine/watch.h"
#include "engine/worker.h"
#include "frr/diff.h"
#include "frr/mask.h"
#include "frr/tree.h"
#include "model/event.h"
#include "model/plan.h"
#include "model/router.h"
#include "store/audit.h"
#include "store/baseline.h"
#include "store/db.h"

enum {
	ROWS_MAX = 100
};

struct drift {
	struct parts *parts;
	pthread_mutex_t lock;
	unsigned paused;       /* changes of ours under way */
	unsigned mark;         /* of drift_mark() */
	bool known;            /* tree and links hold something */
	bool stored;           /* they came from the database: no secrets */
	bool asked;            /* the database has been asked */
	struct frr_node *tree; /* as last seen */
	struct host host;
	struct router_drift list[ROUTER_DRIFT_MAX]; /* newest first */
	unsigned n;
};

void
drift_init(struct parts *parts)
{
	parts->drift = mem_calloc(1, sizeof(*parts->drift));
	parts->drift->parts = parts;
	(void)pthread_mutex_init(&parts->drift->lock, NULL);
}

void
drift_clear(struct parts *parts)
{
	frr_tree_free(&parts->drift->tree);
	host_clear(&parts->drift->host);
	(void)pthread_mutex_destroy(&parts->drift->lock);
	MEM_FREE(parts->drift);
}

/* The configuration as text, without what must not be stored. */
static void
print_masked(const struct frr_node *tree, struct buf *out)
{
	struct buf text = BUF_SECRET;

	frr_tree_print(tree, &text);
	frr_mask_text(buf_text(&text), text.len, out);
	buf_clear(&text);
}

static struct frr_node *
masked(const struct frr_node *tree)
{
	struct buf text = BUF_INIT;
	struct frr_node *copy;

	print_masked(tree, &text);
	copy = frr_tree_parse(buf_text(&text), text.len, NULL);
	buf_clear(&text);
	return copy == NULL ? frr_tree_new() : copy;
}

static int64_t
newest_row(struct db *db)
{
	struct audit_filter filter = { .limit = 1 };
	struct audit_list list = { 0 };
	int64_t seq = 0;

	if (audit_list(db, &filter, &list, NULL) == 0 && list.n > 0)
		seq = list.rows[0].seq;
	audit_list_clear(&list);
	return seq;
}

/* Has a change of ours been audited behind this row? Then we died before what
 * it left was kept, and a difference says nothing. */
static bool
changed_since(struct db *db, const char *seq)
{
	struct audit_filter filter = { .limit = ROWS_MAX };
	struct audit_list list = { 0 };
	bool changed = true;
	uint64_t after;
	size_t i;

	if (seq == NULL ||
	    number_parse_u64(&after, seq, 0, INT64_MAX, NULL) == -1)
		return false;
	/* 0: there was no row; the newest tell as well. */
	filter.after_seq = (int64_t)after;
	if (audit_list(db, &filter, &list, NULL) == 0) {
		changed = list.n == ROWS_MAX;
		for (i = 0; i < list.n; i++)
			changed = changed ||
			    (list.rows[i].operation != NULL &&
				strcmp(list.rows[i].kind, "extend") != 0);
	}
	audit_list_clear(&list);
	return changed;
}

static void
load(struct drift *d, struct db *db)
{
	char *text = NULL, *links = NULL, *seq = NULL;
	struct err err;

	d->asked = true;
	err_clear(&err);
	if (baseline_get(db, "frr", &text, &err) == -1 ||
	    baseline_get(db, "links", &links, &err) == -1 ||
	    baseline_get(db, "seq", &seq, &err) == -1) {
		log_warning("drift: %s", err.text);
	} else if (text != NULL && links != NULL && !changed_since(db, seq) &&
	    host_touch_load(&d->host, links, NULL) == 0) {
		d->tree = frr_tree_parse(text, strlen(text), NULL);
		d->known = d->stored = d->tree != NULL;
	}
	free(text);
	free(links);
	free(seq);
}

static void
store(struct drift *d, struct db *db)
{
	struct buf text = BUF_INIT, links = BUF_INIT;
	struct err err;
	char seq[24];

	print_masked(d->tree, &text);
	host_touch_store(&d->host, &links);
	(void)snprintf(seq, sizeof(seq), "%lld", (long long)newest_row(db));
	if (db_begin(db, &err) == -1 ||
	    baseline_set(db, "frr", buf_text(&text), &err) == -1 ||
	    baseline_set(db, "links", buf_text(&links), &err) == -1 ||
	    baseline_set(db, "seq", seq, &err) == -1 ||
	    db_commit(db, &err) == -1) {
		log_warning("drift: %s", err.text);
		db_abort(db);
	}
	buf_clear(&text);
	buf_clear(&links);
}

static void
keep(struct drift *d, const struct frr_node *tree, const struct host *host)
{
	frr_tree_free(&d->tree);
	host_clear(&d->host);
	d->tree = frr_tree_copy(tree);
	host_copy(&d->host, host);
	/* What is kept, and stored, has no keys in it. */
	host_mask_keys(&d->host);
	d->known = true;
	d->stored = false;
}

static void
diff_frr(const struct drift *d, const struct frr_node *now, struct buf *b)
{
	struct frr_node *plain = d->stored ? masked(now) : NULL;
	struct frr_steps steps = { 0 };
	struct buf text = BUF_SECRET;
	struct err err;

	if (frr_diff(d->tree, plain != NULL ? plain : now, &steps, &err) == 0) {
		frr_steps_print(&steps, &text);
		frr_mask_text(buf_text(&text), text.len, b);
	}
	buf_clear(&text);
	frr_steps_clear(&steps);
	frr_tree_free(&plain);
}

/* "subsystem: first line, second line ..." into a short text. */
static void
summarise(const struct buf *diff, char *out, size_t size)
{
	size_t i, len;

	(void)snprintf(out, size, "%s", buf_text(diff));
	len = strlen(out);
	while (len > 0 && (out[len - 1] == '\n' || out[len - 1] == ' '))
		out[--len] = '\0';
	for (i = 0; i < len; i++)
		if (out[i] == '\n')
			out[i] = ';';
}

static void
remember(struct drift *d, const char *subsystem, const char *detail,
    int64_t seq)
{
	struct router_drift *one = &d->list[0];

	memmove(d->list + 1, d->list, sizeof(d->list) - sizeof(d->list[0]));
	if (d->n < ROUTER_DRIFT_MAX)
		d->n++;
	memset(one, 0, sizeof(*one));
	one->seen_ms = clock_wall_ms();
	one->audit_seq = seq;
	(void)snprintf(one->subsystem, sizeof(one->subsystem), "%s", subsystem);
	(void)snprintf(one->detail, sizeof(one->detail), "%s", detail);
}

static void
publish(struct drift *d, const char *subsystem, const char *detail, int64_t seq)
{
	const struct event_drift event = { subsystem, detail, seq };
	struct buf b = BUF_INIT;

	event_render_drift(&event, &b);
	events_publish(d->parts, EVENTS_DRIFT, "router", buf_text(&b));
	buf_clear(&b);
}

/* -1: not on disk, so it has to be looked at again. */
static int
tell(struct drift *d, struct db *db, const char *subsystem,
    const struct buf *diff)
{
	struct buf commands = BUF_INIT;
	struct audit_row row;
	char detail[160];
	struct err err;
	int rc;

	if (diff->len == 0)
		return 0;
	summarise(diff, detail, sizeof(detail));
	memset(&row, 0, sizeof(row));
	row.kind = "external";
	row.actor = "external";
	row.resource = "router";
	row.detail = detail;
	plan_render_commands(buf_text(diff), &commands);
	row.commands = buf_text(&commands);
	rc = audit_append(db, &row, &err);
	buf_clear(&commands);
	if (rc == -1) {
		log_warning("drift: %s", err.text);
		return -1;
	}
	log_warning("%s was changed by somebody else (audit %lld): %s",
	    subsystem, (long long)row.seq, detail);
	remember(d, subsystem, detail, row.seq);
	publish(d, subsystem, detail, row.seq);
	return 0;
}

/* 0: all that differs, if any, is on disk. */
static int
compare(struct drift *d, struct db *db, const struct frr_node *tree,
    const struct host *host, bool *differs)
{
	static const char *const names[] = { "frr", "links", "routes",
		"firewall", "keys" };
	struct buf diffs[5] = { BUF_INIT, BUF_INIT, BUF_INIT, BUF_INIT,
		BUF_INIT };
	size_t i;
	int rc = 0;

	diff_frr(d, tree, &diffs[0]);
	drift_diff_links(&d->host, host, &diffs[1]);
	drift_diff_routes(&d->host, host, &diffs[2]);
	drift_diff_firewall(&d->host, host, &diffs[3]);
	drift_diff_keys(&d->host, host, &diffs[4]);
	*differs = false;
	for (i = 0; i < 5; i++) {
		*differs = *differs || diffs[i].len > 0;
		if (rc == 0)
			rc = tell(d, db, names[i], &diffs[i]);
		buf_clear(&diffs[i]);
	}
	return rc;
}

/* With the lock held. */
static void
look(struct drift *d, struct db *db, const struct frr_node *tree,
    const struct host *host)
{
	bool differs = false;

	if (!d->asked)
		load(d, db);
	if (d->known && compare(d, db, tree, host, &differs) == -1)
		return;
	if (!d->known || d->stored || differs) {
		keep(d, tree, host);
		store(d, db);
	}
}

unsigned
drift_mark(struct parts *parts)
{
	unsigned mark;

	(void)pthread_mutex_lock(&parts->drift->lock);
	mark = parts->drift->mark;
	(void)pthread_mutex_unlock(&parts->drift->lock);
	return mark;
}

void
drift_check(struct worker_tools *tools, const struct frr_node *tree,
    const struct host *host, unsigned mark)
{
	struct drift *d = tools->parts->drift;

	/* A configuration that is still being loaded is nobody's change. */
	if (watch_is_settled(tools->parts, NULL) == -1)
		return;
	(void)pthread_mutex_lock(&d->lock);
	if (d->paused == 0 && mark == d->mark)
		look(d, tools->db, tree, host);
	(void)pthread_mutex_unlock(&d->lock);
}

void
drift_pause(struct parts *parts)
{
	(void)pthread_mutex_lock(&parts->drift->lock);
	parts->drift->paused++;
	parts->drift->mark++;
	(void)pthread_mutex_unlock(&parts->drift->lock);
}

void
drift_resume(struct parts *parts)
{
	struct drift *d = parts->drift;

	(void)pthread_mutex_lock(&d->lock);
	d->paused--;
	d->mark++;
	d->known = false;
	d->asked = true;
	d->n = 0;
	(void)pthread_mutex_unlock(&d->lock);
}

void
drift_fill_router(struct parts *parts, struct router *r)
{
	struct drift *d = parts->drift;

	(void)pthread_mutex_lock(&d->lock);
	r->n_drift = d->n;
	memcpy(r->drift, d->list, sizeof(r->drift));
	(void)pthread_mutex_unlock(&d->lock);
}
