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
#include "engine/drift.h"
#include "engine/host.h"
#include "engine/host_touch.h"
#include "engine/parts.h"
#include "engine/supervisor.h"
#include "engine/watch.h"
#include "engine/worker.h"
#include "frr/diff.h"
#include "frr/frr.h"
#include "frr/mask.h"
#include "frr/tree.h"
#include "model/plan.h"
#include "model/router.h"
#include "store/audit.h"
#include "store/baseline.h"
#include "store/db.h"

struct drift {
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
	struct buf text = BUF_INIT;

	frr_tree_print(tree, &text);
	frr_mask_text(buf_text(&text), text.len, out);
	buf_wipe(&text);
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

static void
load(struct drift *d, struct db *db)
{
	char *text = NULL, *links = NULL;
	struct err err;

	d->asked = true;
	err_clear(&err);
	if (baseline_get(db, "frr", &text, &err) == -1 ||
	    baseline_get(db, "links", &links, &err) == -1) {
		log_warning("drift: %s", err.text);
	} else if (text != NULL && links != NULL &&
	    host_touch_load(&d->host, links, NULL) == 0) {
		d->tree = frr_tree_parse(text, strlen(text), NULL);
		d->known = d->stored = d->tree != NULL;
	}
	free(text);
	free(links);
}

static void
store(struct drift *d, struct db *db)
{
	struct buf text = BUF_INIT, links = BUF_INIT;
	struct err err;

	print_masked(d->tree, &text);
	host_touch_store(&d->host, &links);
	if (baseline_set(db, "frr", buf_text(&text), &err) == -1 ||
	    baseline_set(db, "links", buf_text(&links), &err) == -1)
		log_warning("drift: %s", err.text);
	buf_clear(&text);
	buf_clear(&links);
}

/* Takes the tree. */
static void
keep(struct drift *d, struct frr_node **tree, const struct host *host)
{
	frr_tree_free(&d->tree);
	host_clear(&d->host);
	d->tree = *tree;
	*tree = NULL;
	host_copy(&d->host, host);
	d->known = true;
	d->stored = false;
}

static void
print_link(const struct op_link *link, char sign, struct buf *b)
{
	char text[ADDR_TEXT_MAX];
	unsigned i;

	buf_printf(b, "%c %s %s", sign, link->name,
	    link->kind == OP_LINK_GRE     ? "gre" :
		link->kind == OP_LINK_GIF ? "gif" :
					    "other");
	if (link->local.family != 0)
		buf_printf(b, " local %s", addr_print(&link->local, text));
	if (link->remote.family != 0)
		buf_printf(b, " remote %s", addr_print(&link->remote, text));
	buf_printf(b, " mtu %u %s", link->mtu, link->up ? "up" : "down");
	for (i = 0; i < link->n_addresses; i++) {
		const struct op_address *a = &link->addresses[i];

		buf_printf(b, " %s", addr_print(&a->address, text));
		if (a->peer.family != 0)
			buf_printf(b, " peer %s", addr_print(&a->peer, text));
		buf_printf(b, "/%u", a->prefix_length);
	}
	if (link->description[0] != '\0')
		buf_printf(b, " description \"%s\"", link->description);
	buf_putc(b, '\n');
}

/* Lines "- old" and "+ new" of running tunnels that differ. */
static void
diff_links(const struct host *old, const struct host *now, struct buf *b)
{
	struct buf was = BUF_INIT, is = BUF_INIT;
	const struct op_link *other;
	size_t i;

	for (i = 0; i < old->n_links; i++) {
		const struct op_link *link = &old->links[i];

		if (link->where != OP_RUNNING)
			continue;
		other = host_link(now, OP_RUNNING, link->name);
		buf_reset(&was);
		buf_reset(&is);
		print_link(link, '-', &was);
		if (other != NULL)
			print_link(other, '+', &is);
		if (other == NULL ||
		    strcmp(buf_text(&was) + 1, buf_text(&is) + 1) != 0) {
			buf_puts(b, buf_text(&was));
			buf_puts(b, buf_text(&is));
		}
	}
	for (i = 0; i < now->n_links; i++)
		if (now->links[i].where == OP_RUNNING &&
		    host_link(old, OP_RUNNING, now->links[i].name) == NULL)
			print_link(&now->links[i], '+', b);
	buf_clear(&was);
	buf_clear(&is);
}

static void
diff_frr(const struct drift *d, const struct frr_node *now, struct buf *b)
{
	struct frr_node *plain = d->stored ? masked(now) : NULL;
	struct frr_steps steps = { 0 };
	struct buf text = BUF_INIT;
	struct err err;

	if (frr_diff(d->tree, plain != NULL ? plain : now, &steps, &err) == 0) {
		frr_steps_print(&steps, &text);
		frr_mask_text(buf_text(&text), text.len, b);
	}
	buf_wipe(&text);
	frr_steps_clear(&steps);
	frr_tree_free(&plain);
}

static void
print_route(const struct op_route *r, char sign, struct buf *b)
{
	char text[PREFIX_TEXT_MAX];

	buf_printf(b, "%c %s", sign, prefix_print(&r->prefix, text));
	if (r->gateway.family != 0)
		buf_printf(b, " via %s", addr_print(&r->gateway, text));
	if (r->interface[0] != '\0')
		buf_printf(b, " through %s", r->interface);
	if (r->kind == OP_ROUTE_BLACKHOLE || r->kind == OP_ROUTE_REJECT)
		buf_puts(b,
		    r->kind == OP_ROUTE_REJECT ? " reject" : " blackhole");
	buf_putc(b, '\n');
}

/* Only ours are told by the parent: one that is gone stays in its list. */
static void
diff_routes(const struct host *old, const struct host *now, struct buf *b)
{
	struct buf was = BUF_INIT, is = BUF_INIT;
	const struct op_route *other;
	size_t i;

	for (i = 0; i < old->n_routes; i++) {
		const struct op_route *route = &old->routes[i];

		if (route->where != OP_RUNNING)
			continue;
		other = host_route(now, OP_RUNNING, &route->prefix);
		buf_reset(&was);
		buf_reset(&is);
		print_route(route, '-', &was);
		if (other != NULL)
			print_route(other, '+', &is);
		if (other == NULL ||
		    strcmp(buf_text(&was) + 1, buf_text(&is) + 1) != 0) {
			buf_puts(b, buf_text(&was));
			buf_puts(b, buf_text(&is));
		}
	}
	for (i = 0; i < now->n_routes; i++)
		if (now->routes[i].where == OP_RUNNING &&
		    host_route(old, OP_RUNNING, &now->routes[i].prefix) == NULL)
			print_route(&now->routes[i], '+', b);
	buf_clear(&was);
	buf_clear(&is);
}

static void
diff_firewall(const struct host *old, const struct host *now, struct buf *b)
{
	if (!old->firewall_known || !now->firewall_known ||
	    old->firewall_as_set == now->firewall_as_set)
		return;
	buf_puts(b,
	    now->firewall_as_set ?
		"+ the firewall rules of multihomed are as it had set them\n" :
		"- the firewall rules of multihomed are not as it had set "
		"them\n");
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
	return 0;
}

/* 0: all that differs, if any, is on disk. */
static int
compare(struct drift *d, struct db *db, const struct frr_node *tree,
    const struct host *host, bool *differs)
{
	static const char *const names[] = { "frr", "links", "routes",
		"firewall" };
	struct buf diffs[4] = { BUF_INIT, BUF_INIT, BUF_INIT, BUF_INIT };
	size_t i;
	int rc = 0;

	diff_frr(d, tree, &diffs[0]);
	diff_links(&d->host, host, &diffs[1]);
	diff_routes(&d->host, host, &diffs[2]);
	diff_firewall(&d->host, host, &diffs[3]);
	*differs = false;
	for (i = 0; i < 4; i++) {
		*differs = *differs || diffs[i].len > 0;
		if (rc == 0)
			rc = tell(d, db, names[i], &diffs[i]);
		buf_clear(&diffs[i]);
	}
	return rc;
}

/* With the lock held. */
static void
look(struct drift *d, struct worker_tools *tools, const struct host *seen)
{
	struct frr_node *tree = NULL;
	struct host own = { 0 };
	bool differs = false;

	if (watch_is_settled(tools->parts, NULL) == -1 ||
	    frr_observe_config(tools->frr, atomic_load(&tools->parts->bgp_seen),
		&tree, NULL) == -1)
		return;
	if (seen == NULL) {
		if (host_observe(tools->parts->supervisor, true, &own, NULL) ==
		    -1)
			goto out;
		seen = &own;
	}
	if (!d->asked)
		load(d, tools->db);
	if (d->known && compare(d, tools->db, tree, seen, &differs) == -1)
		goto out;
	if (!d->known || d->stored || differs) {
		keep(d, &tree, seen);
		store(d, tools->db);
	}
out:
	frr_tree_free(&tree);
	host_clear(&own);
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
drift_check(struct worker_tools *tools, const struct host *seen, unsigned mark)
{
	struct drift *d = tools->parts->drift;

	(void)pthread_mutex_lock(&d->lock);
	if (d->paused == 0 && (seen == NULL || mark == d->mark))
		look(d, tools, seen);
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
drift_resume(struct worker_tools *tools)
{
	struct drift *d = tools->parts->drift;

	(void)pthread_mutex_lock(&d->lock);
	d->paused--;
	d->mark++;
	/* What is there now is our own doing. */
	d->known = false;
	d->asked = true;
	d->n = 0;
	if (d->paused == 0)
		look(d, tools, NULL);
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
