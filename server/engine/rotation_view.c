/* engine/rotation_view.c - where a session stands while its key changes. */
#include <stdio.h>
#include <string.h>

#include "base/buf.h"
#include "base/clock.h"
#include "base/err.h"
#include "engine/host.h"
#include "engine/observe.h"
#include "engine/parts.h"
#include "engine/rotation_view.h"
#include "engine/supervisor.h"
#include "engine/worker.h"

static void
copy(char *to, size_t size, const char *from)
{
	(void)snprintf(to, size, "%s", from);
}

static void
look_at_session(const struct observation *o, struct rotation_view *v)
{
	size_t i;

	for (i = 0; i < o->state.n_sessions; i++) {
		const struct frr_session *s = &o->state.sessions[i];

		if (!addr_equal(&s->neighbor, &v->neighbor))
			continue;
		v->established = s->state == SESSION_ESTABLISHED;
		if (v->established && s->uptime_ms >= 0)
			v->established_ms = clock_wall_ms() - s->uptime_ms;
		v->hold_ms = v->established ? s->hold_ms : 0;
		v->ups = s->established_count;
		v->down_ms = s->down_ms;
		v->messages = s->messages_received;
		copy(v->state, sizeof(v->state), session_state_name(s->state));
		copy(v->error, sizeof(v->error), s->last_error);
		if (v->local_address[0] == '\0')
			copy(v->local_address, sizeof(v->local_address),
			    s->local_address);
	}
}

/* Router-wide; what the platform does not count stays 0. */
static void
look_at_counters(struct supervisor *s, struct rotation_counters *c)
{
	static const struct op_none nothing;
	struct op_key_counters told;
	struct buf out = BUF_INIT;
	struct err err;

	if (supervisor_ask(s, OP_KEY_COUNTERS, 0, &nothing, &out, &err) == 0 &&
	    out.len == sizeof(told)) {
		memcpy(&told, out.data, sizeof(told));
		c->known = true;
		if (told.failed != OP_KEY_NOT_COUNTED)
			c->mismatch = told.failed;
		if (told.missing != OP_KEY_NOT_COUNTED)
			c->unsigned_ = told.missing;
		if (told.unexpected != OP_KEY_NOT_COUNTED)
			c->unexpected = told.unexpected;
	}
	buf_clear(&out);
}

int
rotation_view(struct worker_tools *tools, const char *upstream,
    struct rotation_view *v, struct err *err)
{
	const struct upstream *up;
	struct observation o;

	memset(v, 0, sizeof(*v));
	v->down_ms = -1;
	copy(v->state, sizeof(v->state), "unknown");
	if (observe(tools->frr, tools->db, OBSERVE_BARE, &o, err) == -1)
		return -1;
	if (observe_host(tools->parts->supervisor, tools->db, &o, err) == -1) {
		observe_clear(&o);
		return -1;
	}
	up = adopt_find(&o.upstreams, upstream);
	if (up != NULL) {
		v->found = true;
		v->neighbor = up->neighbor;
		copy(v->local_address, sizeof(v->local_address),
		    up->local_address);
		copy(v->key_id, sizeof(v->key_id), up->tcp_md5_key_id);
		look_at_session(&o, v);
	}
	observe_clear(&o);
	look_at_counters(tools->parts->supervisor, &v->counters);
	return 0;
}
