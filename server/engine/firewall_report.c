/* engine/firewall_report.c - our firewall rules, asked of the system now. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/err.h"
#include "base/mem.h"
#include "engine/firewall_report.h"
#include "engine/parts.h"
#include "engine/supervisor.h"
#include "engine/worker.h"
#include "model/firewall_view.h"

static void
warn(struct firewall_view *v, bool when, const char *text)
{
	if (when && v->n_warnings < FIREWALL_VIEW_WARNINGS)
		v->warnings[v->n_warnings++] = text;
}

static void
fill_warnings(struct firewall_view *v, const struct op_firewall_state *s)
{
	bool any = s->running.n_entries > 0 || s->running.n_prefixes > 0;

	warn(v, !s->enabled,
	    "the packet filter is off: nothing is filtered or translated");
	warn(v, s->enabled && !s->attached,
	    "the packet filter's own configuration does not refer to our "
	    "rules: they have no effect (GET /v1/router/doctor says what to "
	    "do)");
	warn(v, any && !s->loaded, "our rules are not loaded");
	warn(v, s->loaded && !s->as_set,
	    "our rules are not as multihomed set them: they were changed by "
	    "hand, and the next change sets them again");
	warn(v, !op_same(&s->running, &s->boot, sizeof(s->running)),
	    "the boot file differs from what is in effect");
}

static void
render(const struct op_firewall_state *s, const char *platform,
    const char *listing, struct buf *b)
{
	const struct op_firewall *f = &s->running;
	struct firewall_view_entry *entries;
	struct firewall_view v;
	uint32_t i;

	memset(&v, 0, sizeof(v));
	(void)snprintf(v.platform, sizeof(v.platform), "%s", platform);
	v.enabled = s->enabled != 0;
	v.attached = s->attached != 0;
	v.loaded = s->loaded != 0;
	v.as_set = s->as_set != 0;
	memcpy(v.router, f->router, sizeof(v.router));
	v.prefixes = f->prefixes;
	v.n_prefixes = f->n_prefixes;
	entries = mem_calloc(f->n_entries + 1, sizeof(*entries));
	for (i = 0; i < f->n_entries; i++) {
		const struct op_firewall_entry *e = &f->entries[i];

		entries[i].kind = e->kind == OP_LINK_GRE ? "gre" :
		    e->kind == OP_LINK_GIF               ? "gif" :
							   NULL;
		memcpy(entries[i].interface, e->interface,
		    sizeof(entries[i].interface));
		entries[i].peer = e->peer;
		entries[i].local = e->local;
		entries[i].remote = e->remote;
		entries[i].nat = e->nat != 0;
	}
	v.entries = entries;
	v.n_entries = f->n_entries;
	v.listing = listing;
	fill_warnings(&v, s);
	firewall_view_render(&v, b);
	free(entries);
}

int
firewall_report(struct worker_tools *tools, struct buf *b, struct err *err)
{
	static const struct op_none nothing;
	struct op_firewall_state *state;
	struct buf out = BUF_INIT;
	int rc = -1;

	if (supervisor_ask(tools->parts->supervisor, OP_FIREWALL, 0, &nothing,
		&out, err) == -1)
		goto out;
	if (out.len < sizeof(*state)) {
		(void)err_set(err, ERR_PROTOCOL, "firewall: short answer");
		goto out;
	}
	state = mem_alloc(sizeof(*state));
	memcpy(state, out.data, sizeof(*state));
	render(state, tools->parts->platform, out.data + sizeof(*state), b);
	free(state);
	rc = 0;
out:
	buf_clear(&out);
	return rc;
}
