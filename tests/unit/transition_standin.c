/* tests/unit/transition_standin.c - what engine/confirm_end.c and
 * engine/recover.c stand on, played. */
#include "engine/confirm.h"
#include "engine/drain.h"
#include "engine/drift.h"
#include "engine/record.h"
#include "engine/supervisor.h"
#include "engine/transition.h"
#include "engine/watch.h"
#include "engine/way_back.h"
#include "frr/frr.h"
#include "frr/tree.h"
#include "model/plan.h"
#include "store/audit.h"
#include "transition_standin.h"

struct transition_standin standin;

static int
trace(const char *line, struct err *err)
{
	buf_printf(&standin.trace, "%s\n", line);
	if (standin.fails != NULL && strcmp(standin.fails, line) == 0)
		return err_set(err, ERR_TOOL, "%s failed", line);
	return 0;
}

void
drain_change_done(struct worker_tools *tools, const char *kind,
    const char *resource)
{
	(void)tools;
	(void)resource;
	buf_printf(&standin.trace, "done %s\n", kind);
}

void
transition_clear(struct transition *t)
{
	frr_steps_clear(&t->steps);
}

int
transition_load(struct transition *t, const struct plan *plan, struct err *err)
{
	size_t i;

	memset(t, 0, sizeof(*t));
	t->plan = plan;
	for (i = 0; i < plan->n_lines; i++)
		if (frr_steps_add(&t->steps,
			(const char *const *)plan->lines[i].path,
			plan->lines[i].n_path, plan->lines[i].old,
			plan->lines[i].new, err) == -1)
			return -1;
	return 0;
}

int
transition_is_done(struct worker_tools *tools, const struct transition *t,
    bool *yes, struct frr_node **observed, struct err *err)
{
	(void)tools;
	(void)t;
	(void)err;
	*yes = standin.in_effect;
	*observed = frr_tree_copy(standin.tree);
	return 0;
}

int
transition_undo(struct worker_tools *tools, const struct transition *t,
    struct buf *log, struct frr_node **observed, struct err *err)
{
	char line[32];

	(void)tools;
	(void)log;
	(void)snprintf(line, sizeof(line), "undo %zu", t->steps.n);
	*observed = NULL;
	if (trace(line, err) == -1)
		return -1;
	return frr_observe_config(NULL, t->expect_bgp, observed, err);
}

int
transition_save(struct worker_tools *tools, const struct transition *t,
    bool back, const struct frr_node *running, struct buf *log, bool *written,
    struct err *err)
{
	(void)tools;
	(void)t;
	(void)written;
	assert_non_null(running);
	buf_puts(log, "write memory\tok\n");
	return trace(back ? "save back" : "save", err);
}

int
frr_observe_config(struct frr *frr, bool expect_bgp, struct frr_node **tree,
    struct err *err)
{
	(void)frr;
	*tree = NULL;
	if (expect_bgp &&
	    frr_tree_child_prefix(standin.tree, "router bgp", NULL) == NULL)
		return err_set(err, ERR_UNAVAILABLE,
		    "bgpd has no configuration yet");
	*tree = frr_tree_copy(standin.tree);
	return 0;
}

int
supervisor_ask(struct supervisor *s, enum op_kind kind, int dry,
    const void *payload, struct buf *out, struct err *err)
{
	struct op_facts facts;

	(void)s;
	(void)dry;
	(void)payload;
	if (kind == OP_FRR_SAVED) {
		if (standin.saved == NULL)
			return err_set(err, ERR_NOT_FOUND, "no such file");
		buf_puts(out, standin.saved);
		return 0;
	}
	assert_int_equal(kind, OP_FACTS);
	memset(&facts, 0, sizeof(facts));
	(void)snprintf(facts.boot_id, sizeof(facts.boot_id), "%s",
	    standin.boot_id);
	buf_add(out, &facts, sizeof(facts));
	return 0;
}

void
drift_pause(struct parts *parts)
{
	(void)parts;
	standin.paused++;
}

void
drift_resume(struct parts *parts)
{
	(void)parts;
	standin.paused--;
}

int
watch_is_settled(const struct parts *parts, struct err *err)
{
	(void)parts;
	return standin.silent ? err_set(err, ERR_UNAVAILABLE, "silence") : 0;
}

void
watch_now(struct worker_tools *tools, void *unused)
{
	(void)tools;
	(void)unused;
}

int
worker_submit(struct worker *w, worker_fn *fn, void *arg, struct err *err)
{
	(void)w;
	(void)err;
	fn(standin.tools, arg);
	return 0;
}

int
journal_set_up(void **state)
{
	struct journal *j = calloc(1, sizeof(*j));

	assert_non_null(j);
	assert_int_equal(temp_db_set_up((void **)&j->db), 0);
	j->tools.parts = &j->parts;
	j->tools.db = j->db->db;
	j->keyring = temp_key(1, 0);
	db_set_keyring(j->tools.db, j->keyring);
	memset(&standin, 0, sizeof(standin));
	standin.tools = &j->tools;
	standin.in_effect = true;
	standin.boot_id = "boot-1";
	standin.tree = frr_tree_new();
	confirm_init(&j->parts);
	atomic_store(&j->parts.recovered, true);
	*state = j;
	return 0;
}

int
journal_tear_down(void **state)
{
	struct journal *j = *state;

	assert_int_equal(standin.paused, 0);
	confirm_clear(&j->parts);
	operation_clear(&j->op);
	frr_tree_free(&standin.tree);
	buf_clear(&standin.trace);
	(void)temp_db_tear_down((void **)&j->db);
	keyring_free(&j->keyring);
	free(j);
	return 0;
}

void
journal_begin(struct journal *j, const char *const *lines, const char *extra,
    const char *value)
{
	static const struct caller caller = { .actor = "ops" };
	struct record record = { .caller = &caller,
		.kind = "upstream",
		.resource = "upstreams/ifog",
		.reason = "because" };
	struct buf stored = BUF_INIT;
	char text[256], *path, *old, *new, *rest;
	const char *section;
	struct plan plan;

	plan_init(&plan);
	for (; *lines != NULL; lines++) {
		(void)snprintf(text, sizeof(text), "%s", *lines);
		rest = text;
		path = strsep(&rest, "|");
		old = strsep(&rest, "|");
		new = strsep(&rest, "|");
		section = path;
		plan_add_line(&plan, &section, path[0] == '\0' ? 0 : 1,
		    old[0] == '\0' ? NULL : old, new[0] == '\0' ? NULL : new);
	}
	if (extra != NULL)
		plan_set_extra(&plan, extra, value);
	plan_set_extra(&plan, "boot_id", "boot-1");
	way_back_mark(&j->parts, &plan);
	plan_store(&plan, &stored);
	record.stored_plan = buf_text(&stored);
	if (record_begin(j->db->db, &record, &j->op, &j->err) == -1)
		fail_msg("%s", j->err.text);
	plan_clear(&plan);
	buf_clear(&stored);
}

void
journal_traced(const char *want)
{
	assert_string_equal(buf_text(&standin.trace), want);
	buf_reset(&standin.trace);
}

void
journal_check(struct journal *j, const char *state, const char *row)
{
	struct audit_filter newest = { .limit = 1 };
	struct audit_list list = { 0 };
	struct operation op;
	char text[512];

	assert_int_equal(operation_get(j->db->db, j->op.id, &op, &j->err), 0);
	assert_string_equal(operation_state_name(op.state), state);
	operation_clear(&op);
	assert_int_equal(audit_list(j->db->db, &newest, &list, &j->err), 0);
	assert_int_equal(list.n, 1);
	(void)snprintf(text, sizeof(text), "%s %s %s", list.rows[0].kind,
	    list.rows[0].outcome == NULL ? "-" : list.rows[0].outcome,
	    list.rows[0].detail == NULL ? "-" : list.rows[0].detail);
	/* A long detail may be told by its beginning. */
	text[strnlen(text, strlen(row))] = '\0';
	assert_string_equal(text, row);
	assert_string_equal(list.rows[0].reason, "because");
	audit_list_clear(&list);
}

void
journal_restart(struct journal *j)
{
	confirm_clear(&j->parts);
	confirm_init(&j->parts);
	atomic_store(&j->parts.recovered, false);
}
