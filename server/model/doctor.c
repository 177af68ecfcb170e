/* model/doctor.c - what a router needs for multihomed to do its work. */
#include <stdarg.h>
#include <stdio.h>

#include "base/buf.h"
#include "model/doctor.h"
#include "model/json.h"

void
doctor_add(struct doctor *d, const char *name, enum doctor_state state,
    const char *fix, const char *fmt, ...)
{
	struct doctor_check *c;
	va_list ap;

	if (d->n == DOCTOR_CHECKS_MAX)
		return;
	c = &d->checks[d->n++];
	c->state = state;
	(void)snprintf(c->name, sizeof(c->name), "%s", name);
	(void)snprintf(c->fix, sizeof(c->fix), "%s", fix == NULL ? "" : fix);
	va_start(ap, fmt);
	(void)vsnprintf(c->detail, sizeof(c->detail), fmt, ap);
	va_end(ap);
}

static const char *
state_name(enum doctor_state state)
{
	switch (state) {
	case DOCTOR_OK:
		return "ok";
	case DOCTOR_WARNING:
		return "warning";
	case DOCTOR_FAILED:
		break;
	}
	return "failed";
}

void
doctor_render(const struct doctor *d, struct buf *b)
{
	json_t *json = json_object(), *checks = json_array(), *one;
	bool ok = true;
	size_t i;

	for (i = 0; i < d->n; i++) {
		const struct doctor_check *c = &d->checks[i];

		one = json_object();
		json_put(one, "name", json_text(c->name));
		json_put(one, "state", json_text(state_name(c->state)));
		json_put(one, "detail", json_text(c->detail));
		json_put(one, "fix", json_text_or_null(c->fix));
		(void)json_array_append_new(checks, one);
		if (c->state == DOCTOR_FAILED)
			ok = false;
	}
	json_put(json, "ok", json_boolean(ok));
	json_put(json, "checks", checks);
	json_render(json, b);
}
