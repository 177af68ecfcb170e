/* engine/rotation_drain.c - the traffic is moved away before a key changes. */
#include <stdio.h>
#include <string.h>

#include "base/err.h"
#include "engine/change.h"
#include "engine/drain.h"
#include "engine/rotation_drain.h"
#include "engine/worker.h"
#include "model/drain_order.h"
#include "model/rotation.h"
#include "store/drain.h"
#include "store/operation.h"

static const struct caller engine = { .actor = "engine" };

static void
put(struct field_value *v, const char *text)
{
	v->present = text[0] != '\0';
	(void)snprintf(v->text, sizeof(v->text), "%s", text);
}

int
rotation_drain_begin(struct worker_tools *tools, const struct rotation *r,
    const char *resource, struct err *err)
{
	static struct drain_order order; /* of the writer's thread */
	struct operation op = { 0 };
	bool changed;
	int rc;

	memset(&order, 0, sizeof(order));
	put(&order.owner, DRAIN_OWNER_ROTATION);
	put(&order.reason,
	    r->reason[0] == '\0' ? "new TCP-MD5 key" : r->reason);
	put(&order.ticket, r->ticket);
	rc = drain_begin(tools, resource, &order, &engine, &changed, &op, err);
	operation_clear(&op);
	return rc;
}

static void
look(const struct drain *d, enum rotation_drain *found, char *why, size_t size)
{
	if (d->phase == DRAIN_DRAINED) {
		*found = ROTATION_DRAIN_DONE;
		return;
	}
	*found = ROTATION_DRAIN_OVER;
	if (d->phase == DRAIN_RETURNING)
		(void)snprintf(why, size, "the drain was led back");
	else if (d->end == DRAIN_END_BLOCKED)
		(void)snprintf(why, size, "the traffic does not go away (%s)",
		    d->why);
	else
		*found = ROTATION_DRAIN_WAITS;
}

int
rotation_drain_look(struct worker_tools *tools, const char *resource,
    enum rotation_drain *found, char *why, size_t size, struct err *err)
{
	struct drain d;
	struct err missing;

	err_clear(&missing);
	if (drain_get(tools->db, resource, DRAIN_OWNER_ROTATION, &d,
		&missing) == 0) {
		look(&d, found, why, size);
		drain_clear(&d);
		return 0;
	}
	if (missing.code != ERR_NOT_FOUND) {
		if (err != NULL)
			*err = missing;
		return -1;
	}
	*found = ROTATION_DRAIN_OVER;
	(void)snprintf(why, size, "the drain was led back");
	return 0;
}

int
rotation_drain_release(struct worker_tools *tools, const char *resource,
    struct err *err)
{
	struct operation op = { 0 };
	struct err why;
	int rc;

	err_clear(&why);
	rc = drain_undrain(tools, resource, DRAIN_OWNER_ROTATION, &engine, &op,
	    &why);
	operation_clear(&op);
	if (rc == 0 || why.code == ERR_NOT_FOUND)
		return 0;
	if (err != NULL)
		*err = why;
	return -1;
}
