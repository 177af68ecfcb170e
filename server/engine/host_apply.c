/* engine/host_apply.c - has the parent carry out, or only tell, operations. */
#include <string.h>

#include "base/buf.h"
#include "base/err.h"
#include "engine/fault.h"
#include "engine/host_apply.h"
#include "engine/host_diff.h"
#include "engine/parts.h"
#include "engine/supervisor.h"
#include "engine/worker.h"
#include "model/plan.h"

int
host_apply(struct worker_tools *tools, const struct host_ops *ops,
    struct buf *log, struct err *err)
{
	size_t i;

	for (i = 0; i < ops->n; i++) {
		const struct host_op *op = &ops->v[i];

		if (fault_point(tools->parts, "before_op", err) == -1 ||
		    supervisor_ask(tools->parts->supervisor, op->kind, 0,
			op->payload, log, err) == -1 ||
		    fault_point(tools->parts, "after_op", err) == -1)
			return -1;
	}
	return 0;
}

/* "command<TAB>" lines of a dry run become lines; there may be tabs in them. */
static void
add_commands(struct buf *to, const struct buf *log)
{
	const char *p = buf_text(log);
	size_t len;

	while (*p != '\0') {
		len = strcspn(p, "\n");
		buf_add(to, p, len > 0 && p[len - 1] == '\t' ? len - 1 : len);
		buf_putc(to, '\n');
		p += len + (p[len] == '\n');
	}
}

static int
explain_ops(struct supervisor *s, const struct host_ops *ops,
    const char *subsystem, struct buf *commands, struct err *err)
{
	struct buf log = BUF_INIT;
	size_t i;
	int rc = 0;

	for (i = 0; rc == 0 && i < ops->n; i++) {
		const struct host_op *op = &ops->v[i];

		if (strcmp(host_diff_subsystem(op->kind), subsystem) != 0)
			continue;
		buf_reset(&log);
		rc = supervisor_ask(s, op->kind, 1, op->payload, &log, err);
		if (rc == 0)
			add_commands(commands, &log);
	}
	buf_clear(&log);
	return rc;
}

static int
explain_subsystem(struct supervisor *s, const struct host_ops *ops,
    const struct host_ops *undo, const char *subsystem, struct plan *plan,
    struct err *err)
{
	struct buf commands = BUF_INIT, back = BUF_INIT;
	int rc = -1;

	if (explain_ops(s, ops, subsystem, &commands, err) == -1 ||
	    explain_ops(s, undo, subsystem, &back, err) == -1)
		goto out;
	if (commands.len > 0)
		plan_add_step(plan, subsystem, buf_text(&commands),
		    buf_text(&back));
	rc = 0;
out:
	buf_clear(&commands);
	buf_clear(&back);
	return rc;
}

int
host_apply_explain(struct supervisor *s, const struct host *before,
    const struct host *after, int phase, struct plan *plan, struct err *err)
{
	static const char *const build[] = { "links", "routes", "firewall",
		"keys", "boot", NULL };
	static const char *const clean[] = { "keys", "firewall", "routes",
		"links", NULL };
	const char *const *order = phase == HOST_CLEAN ? clean : build;
	struct host_ops ops = { 0 }, undo = { 0 };
	int rc = 0;

	host_diff(before, after, (enum host_phase)phase, &ops);
	/* What was built is taken down, what was cleaned is built again. */
	if (phase == HOST_BOOT) {
		host_diff(after, before, HOST_BOOT, &undo);
	} else {
		host_diff(after, before, HOST_BUILD, &undo);
		host_diff(after, before, HOST_CLEAN, &undo);
	}
	for (; rc == 0 && ops.n > 0 && *order != NULL; order++)
		rc = explain_subsystem(s, &ops, &undo, *order, plan, err);
	host_diff_clear(&ops);
	host_diff_clear(&undo);
	return rc;
}
