/* engine/drain_boot.c - what a boot of the machine ends. */
#include <stdatomic.h>
#include <string.h>

#include "base/err.h"
#include "base/log.h"
#include "engine/change.h"
#include "engine/confirm.h"
#include "engine/drain_back.h"
#include "engine/drain_boot.h"
#include "engine/parts.h"
#include "engine/recover.h"
#include "engine/watch.h"
#include "engine/worker.h"
#include "store/drain.h"
#include "store/operation.h"

static atomic_bool over, asked;

/* The reboot is over for those that were drained for no longer; also when it
 * came before the proof. */
static int
return_after_boot(struct worker_tools *tools, struct err *err)
{
	static const struct caller engine = { .actor = "engine" };
	const char *boot = confirm_boot_id(tools->parts);
	struct drain_list list = { 0 };
	struct operation op;
	size_t i;
	int rc = 0;

	if (boot[0] == '\0') {
		log_warning("nobody can tell which boot of the machine this "
			    "is: no drain ends by itself");
		return 0;
	}
	if (drain_list(tools->db, &list, err) == -1)
		return -1;
	for (i = 0; i < list.n && rc == 0; i++) {
		struct drain *d = &list.v[i];

		if (d->stay || d->phase == DRAIN_RETURNING ||
		    strcmp(d->boot_id, boot) == 0)
			continue;
		memset(&op, 0, sizeof(op));
		rc = drain_back_order(tools, d, &engine, true, &op, err);
		operation_clear(&op);
	}
	drain_list_clear(&list);
	return rc;
}

static void
boot_job(struct worker_tools *tools, void *unused)
{
	struct err err;

	(void)unused;
	err_clear(&err);
	if (recover_now(tools, &err) == 0) {
		if (return_after_boot(tools, &err) == 0)
			atomic_store(&over, true);
		else
			log_warning("drains after a boot: %s", err.text);
	}
	atomic_store(&asked, false);
}

void
drain_boot_look(struct parts *parts)
{
	if (atomic_load(&over) || !atomic_load(&parts->recovered) ||
	    watch_is_settled(parts, NULL) == -1 ||
	    atomic_exchange(&asked, true))
		return;
	if (worker_submit(parts->writer, boot_job, NULL, NULL) == -1)
		atomic_store(&asked, false);
}

bool
drain_boot_is_over(void)
{
	return atomic_load(&over);
}
