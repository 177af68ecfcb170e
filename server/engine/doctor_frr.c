/* engine/doctor_frr.c - FRR's sockets, daemons and saved configuration. */
#include <sys/stat.h>

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/compat.h"
#include "base/err.h"
#include "engine/doctor.h"
#include "engine/parts.h"
#include "engine/persist.h"
#include "engine/supervisor.h"
#include "engine/worker.h"
#include "frr/frr.h"
#include "frr/tree.h"
#include "frr/vty.h"
#include "model/doctor.h"

enum {
	SOCKET_PATH_MAX = 320
};

struct daemon {
	const char *name;
	enum doctor_state missing; /* when it does not run */
	const char *without;
};

static const struct daemon daemons[] = {
	{ "bgpd", DOCTOR_FAILED, "there is no BGP" },
	{ "zebra", DOCTOR_FAILED, "no route reaches the kernel" },
	{ "staticd", DOCTOR_WARNING,
	    "blackhole routes of prefixes have no effect" },
	/* Of FRR 9 and later; none before. */
	{ "mgmtd", DOCTOR_OK, NULL },
};

static const char group_fix[] = "put multihomed's user into the group that "
				"owns FRR's sockets (frrvty), and restart it";

/* May we go through the directory and connect? */
static void
check_permission(const struct parts *parts, struct doctor *d)
{
	const char *dir = parts->frr.socket_dir;
	char path[SOCKET_PATH_MAX];
	struct stat st;

	(void)snprintf(path, sizeof(path), "%s/bgpd.vty", dir);
	if (access(dir, X_OK) == -1)
		doctor_add(d, "vty_permission", DOCTOR_FAILED,
		    errno == EACCES ? group_fix :
				      "start FRR, or set frr.socket_dir",
		    "%s: %s", dir, strerror(errno));
	else if (stat(path, &st) == 0 && access(path, R_OK | W_OK) == -1)
		doctor_add(d, "vty_permission", DOCTOR_FAILED, group_fix,
		    "%s: %s", path, strerror(errno));
	else
		doctor_add(d, "vty_permission", DOCTOR_OK, NULL,
		    "the sockets in %s are open to us", dir);
}

static void
check_daemon(const struct parts *parts, const struct daemon *daemon,
    struct doctor *d)
{
	struct vty *vty =
	    vty_new(parts->frr.socket_dir, daemon->name, parts->frr.timeout_ms);
	char name[DOCTOR_NAME_MAX];
	struct buf answer = BUF_INIT;
	struct err err;

	(void)snprintf(name, sizeof(name), "frr_%s", daemon->name);
	err_clear(&err);
	if (!vty_exists(vty)) {
		if (daemon->without != NULL)
			doctor_add(d, name, daemon->missing,
			    "have FRR start it", "%s does not run: %s",
			    daemon->name, daemon->without);
	} else if (vty_show(vty, "show version", &answer, &err) == -1) {
		doctor_add(d, name, DOCTOR_FAILED,
		    "restart FRR; no change is made while it does not answer",
		    "%s", err.text);
	} else {
		doctor_add(d, name, DOCTOR_OK, NULL, "%.*s",
		    (int)strcspn(buf_text(&answer), "\n"), buf_text(&answer));
	}
	buf_clear(&answer);
	vty_free(&vty);
}

/* The first line that one has and the other has not. */
static const struct frr_node *
first_missing(const struct frr_node *from, const struct frr_node *in)
{
	const struct frr_node *hit, *twin;
	size_t i;

	for (i = 0; i < from->n_children; i++) {
		const struct frr_node *node = from->children[i];

		if (from->parent == NULL && !persist_compares(node->line))
			continue;
		twin = frr_tree_child(in, node->line);
		if (twin != NULL) {
			hit = first_missing(node, twin);
			if (hit != NULL)
				return hit;
		} else if (!node->is_section || node->n_children > 0) {
			return node;
		}
	}
	return NULL;
}

/* Passwords stay where they are. */
static const char *
safe_line(const struct frr_node *node)
{
	return strstr(node->line, "password") != NULL ? "a password" :
							node->line;
}

static const char save_fix[] =
    "save it with \"write memory\" in vtysh, or take back by hand what should "
    "not stay; a change through multihomed saves everything";

static void
compare_saved(struct worker_tools *tools, const struct frr_node *saved,
    struct doctor *d)
{
	const struct frr_node *node;
	struct frr_node *running;
	struct err err;

	err_clear(&err);
	if (frr_observe_config(tools->frr, false, &running, &err) == -1) {
		doctor_add(d, "frr_saved", DOCTOR_WARNING,
		    "see what is said of FRR's daemons here",
		    "the running configuration cannot be read: %s", err.text);
		return;
	}
	if ((node = first_missing(running, saved)) != NULL)
		doctor_add(d, "frr_saved", DOCTOR_WARNING, save_fix,
		    "\"%.150s\" is in effect but not saved: the next start of "
		    "FRR loses it",
		    safe_line(node));
	else if ((node = first_missing(saved, running)) != NULL)
		doctor_add(d, "frr_saved", DOCTOR_WARNING, save_fix,
		    "\"%.150s\" is saved but not in effect: the next start of "
		    "FRR brings it back",
		    safe_line(node));
	else
		doctor_add(d, "frr_saved", DOCTOR_OK, NULL,
		    "the saved configuration is the one in effect");
	frr_tree_free(&running);
}

/* Where the line is not there, vtysh writes one file only while there is one
 * already. */
static void
check_integrated(const struct frr_node *saved, struct doctor *d)
{
	static const char line[] = "service integrated-vtysh-config";

	if (frr_tree_child_prefix(saved, "no service integrated-vtysh-config",
		NULL) != NULL)
		doctor_add(d, "frr_integrated_config", DOCTOR_FAILED,
		    "put \"service integrated-vtysh-config\" into vtysh.conf",
		    "FRR saves one file for each daemon, which multihomed "
		    "cannot check");
	else
		doctor_add(d, "frr_integrated_config", DOCTOR_OK, NULL, "%s",
		    frr_tree_child(saved, line) != NULL ?
			"FRR saves to one file, and says so" :
			"FRR saves to one file");
}

static void
check_saved(struct worker_tools *tools, struct doctor *d)
{
	static const struct op_none nothing;
	struct buf file = BUF_SECRET;
	struct frr_node *saved = NULL;
	struct err err;

	err_clear(&err);
	if (supervisor_ask(tools->parts->supervisor, OP_FRR_SAVED, 0, &nothing,
		&file, &err) == -1) {
		doctor_add(d, "frr_saved",
		    err.code == ERR_NOT_FOUND ? DOCTOR_WARNING : DOCTOR_FAILED,
		    err.code == ERR_NOT_FOUND ?
			"say \"write memory\" in vtysh once; set "
			"frr.config_file where FRR's is elsewhere" :
			"look into the log of the parent process",
		    "FRR's boot file: %s", err.text);
	} else if ((saved = frr_tree_parse(buf_text(&file), file.len, &err)) ==
	    NULL) {
		doctor_add(d, "frr_saved", DOCTOR_FAILED, save_fix,
		    "FRR's boot file: %s", err.text);
	} else {
		check_integrated(saved, d);
		compare_saved(tools, saved, d);
	}
	frr_tree_free(&saved);
	buf_clear(&file);
}

void
doctor_frr(struct worker_tools *tools, struct doctor *d)
{
	size_t i;

	check_permission(tools->parts, d);
	for (i = 0; i < NITEMS(daemons); i++)
		check_daemon(tools->parts, &daemons[i], d);
	check_saved(tools, d);
}
