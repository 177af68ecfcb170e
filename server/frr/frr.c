/* frr/frr.c - one FRR instance: observe it, apply steps, clear sessions. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/compat.h"
#include "base/err.h"
#include "base/mem.h"
#include "frr/diff.h"
#include "frr/frr.h"
#include "frr/lock.h"
#include "frr/mask.h"
#include "frr/section.h"
#include "frr/tree.h"
#include "frr/vty.h"
#include "frr/vtysh.h"

/* The order in which their parts of the configuration are merged. */
static const char *const daemons[] = { "bgpd", "zebra", "staticd", "mgmtd" };
enum {
	BGPD,
	MGMTD = 3,
	DAEMONS = NITEMS(daemons)
};

struct frr {
	struct frr_settings settings;
	struct vty *vty[DAEMONS];
	struct buf answer; /* kept, so that a look every second is cheap */
	struct buf other;
};

struct frr *
frr_new(const struct frr_settings *settings)
{
	struct frr *frr = mem_calloc(1, sizeof(*frr));
	size_t i;

	frr->settings = *settings;
	for (i = 0; i < DAEMONS; i++)
		frr->vty[i] = vty_new(frr->settings.socket_dir, daemons[i],
		    settings->timeout_ms);
	frr->answer = (struct buf)BUF_SECRET;
	return frr;
}

void
frr_free(struct frr **frrp)
{
	struct frr *frr = *frrp;
	size_t i;

	if (frr == NULL)
		return;
	for (i = 0; i < DAEMONS; i++)
		vty_free(&frr->vty[i]);
	buf_clear(&frr->answer);
	buf_clear(&frr->other);
	free(frr);
	*frrp = NULL;
}

int
frr_observe_state(struct frr *frr, struct frr_state *state, struct err *err)
{
	struct vty *bgpd = frr->vty[BGPD];
	char version[sizeof(state->version)];

	memset(state, 0, sizeof(*state));
	if (vty_show(bgpd, "show version", &frr->answer, err) == -1 ||
	    frr_version_parse(buf_text(&frr->answer), version, sizeof(version),
		err) == -1)
		return -1;
	if (vty_show_json(bgpd, "show bgp summary json", &frr->answer, err) ==
		-1 ||
	    vty_show_json(bgpd, "show bgp neighbors json", &frr->other, err) ==
		-1)
		return -1;
	if (frr_state_parse(state, buf_text(&frr->answer), frr->answer.len,
		buf_text(&frr->other), frr->other.len, err) == -1)
		return -1;
	memcpy(state->version, version, sizeof(version));
	return 0;
}

static struct frr_node *
observe_part(struct frr *frr, struct vty *vty, struct err *err)
{
	struct frr_node *part;

	if (vty_show(vty, "show running-config", &frr->answer, err) == -1)
		return NULL;
	part = frr_tree_parse(buf_text(&frr->answer), frr->answer.len, err);
	buf_reset(&frr->answer);
	if (part == NULL)
		(void)err_prefix(err, "%s", vty_daemon(vty));
	return part;
}

int
frr_observe_bgpd_config(struct frr *frr, struct frr_node **treep,
    struct err *err)
{
	*treep = observe_part(frr, frr->vty[BGPD], err);
	return *treep == NULL ? -1 : 0;
}

int
frr_observe_config(struct frr *frr, bool expect_bgp, struct frr_node **treep,
    struct err *err)
{
	struct frr_node *tree, *part;
	size_t i;

	*treep = NULL;
	if (frr_observe_bgpd_config(frr, &tree, err) == -1)
		return -1;
	if (expect_bgp &&
	    frr_tree_child_prefix(tree, "router bgp", NULL) == NULL) {
		(void)err_set(err, ERR_UNAVAILABLE,
		    "bgpd has no configuration yet");
		goto fail;
	}
	for (i = BGPD + 1; i < DAEMONS; i++) {
		if (!vty_exists(frr->vty[i]))
			continue;
		part = observe_part(frr, frr->vty[i], err);
		if (part == NULL)
			goto fail;
		frr_tree_merge(tree, part);
		frr_tree_free(&part);
	}
	*treep = tree;
	return 0;
fail:
	frr_tree_free(&tree);
	return -1;
}

/* An address as FRR's commands want it. */
static const char *
plain_address(const struct addr *addr, char *out)
{
	(void)addr_print(addr, out);
	out[strcspn(out, "%")] = '\0';
	return out;
}

int
frr_observe_route(struct frr *frr, const struct prefix *prefix,
    struct frr_route *route, struct err *err)
{
	unsigned family = family_of(&prefix->addr);
	bool host = prefix->len == (prefix->addr.family == 4 ? 32 : 128);
	char text[PREFIX_TEXT_MAX], command[128];

	memset(route, 0, sizeof(*route));
	(void)prefix_print(prefix, text);
	if (host) /* an address asks for what covers it */
		text[strcspn(text, "/")] = '\0';
	(void)snprintf(command, sizeof(command), "show bgp %s %s json",
	    family_frr_words(family), text);
	if (vty_show_json(frr->vty[BGPD], command, &frr->answer, err) == -1)
		return -1;
	return frr_route_parse(route, buf_text(&frr->answer), frr->answer.len,
	    err);
}

int
frr_best_paths(struct frr *frr, const struct addr *neighbor, unsigned family,
    uint64_t *best, struct err *err)
{
	char address[ADDR_TEXT_MAX], command[192];

	(void)snprintf(command, sizeof(command),
	    "show bgp %s neighbors %s prefix-counts json",
	    family_frr_words(family), plain_address(neighbor, address));
	if (vty_show_json(frr->vty[BGPD], command, &frr->answer, err) == -1)
		return -1;
	return frr_prefix_counts_parse(buf_text(&frr->answer), frr->answer.len,
	    best, err);
}

int
frr_table_version(struct frr *frr, unsigned family, uint64_t *version,
    uint64_t *rib_count, bool *queues_empty, struct err *err)
{
	struct frr_state state;
	size_t i;

	if (vty_show_json(frr->vty[BGPD], "show bgp summary json", &frr->answer,
		err) == -1 ||
	    frr_state_parse_summary(&state, buf_text(&frr->answer),
		frr->answer.len, err) == -1)
		return -1;
	*version = state.table[family].table_version;
	*rib_count = state.table[family].rib_count;
	*queues_empty = true;
	for (i = 0; i < state.n_sessions; i++)
		if (state.sessions[i].in_queue != 0 ||
		    state.sessions[i].out_queue != 0)
			*queues_empty = false;
	frr_state_clear(&state);
	return 0;
}

/* One line of the log; the answer's newlines become "; ". */
static void
log_line(struct buf *log, const char *command, size_t len, const char *answer)
{
	size_t n;

	command += strspn(command, " ");
	buf_add(log, command, len);
	buf_putc(log, '\t');
	while (*answer != '\0') {
		n = strcspn(answer, "\n\t");
		buf_add(log, answer, n);
		answer += n;
		if (*answer != '\0')
			answer++;
		if (n > 0 && *answer != '\0')
			buf_puts(log, "; ");
	}
	buf_putc(log, '\n');
}

/* What a failure said: the tool's words, else ours. */
static const char *
words_of(const struct err *err)
{
	return err->output[0] != '\0' ? err->output : err->text;
}

/* Logs the first n lines with one answer and the line failed, if any, with
 * what was said about it. */
static void
log_lines(struct buf *log, const char *lines, size_t n, const char *answer,
    size_t failed, const char *words)
{
	struct buf masked = BUF_INIT;
	const char *line;
	size_t i;

	frr_mask_text(lines, strlen(lines), &masked);
	line = buf_text(&masked);
	for (i = 0; *line != '\0'; i++) {
		size_t indent = strspn(line, " ");
		size_t len = strcspn(line, "\n");

		if (i < n || i == failed)
			log_line(log, line, len - indent,
			    i == failed ? words : answer);
		line += len + (line[len] == '\n');
	}
	if (failed == i) /* all lines were taken, their batch was not */
		log_line(log, "XFRR_end_configuration", 22, words);
	buf_clear(&masked);
}

static int
apply_to_bgpd(struct frr *frr, const char *lines, struct buf *log,
    struct err *err)
{
	struct err why;
	size_t done = SIZE_MAX;

	err_clear(&why);
	if (vty_configure(frr->vty[BGPD], lines, &done, &why) == 0) {
		log_lines(log, lines, SIZE_MAX, "ok", SIZE_MAX, NULL);
		return 0;
	}
	if (done != SIZE_MAX)
		log_lines(log, lines, done, "ok", done, words_of(&why));
	if (err != NULL)
		*err = why;
	return -1;
}

/* vtysh waits for ever for a daemon that is stopped or locked, and skips one
 * that is gone without a word: ask them all first. */
static int
ask_daemons(struct frr *frr, struct err *err)
{
	size_t i;

	for (i = 0; i < DAEMONS; i++)
		if ((i == BGPD || vty_exists(frr->vty[i])) &&
		    vty_show(frr->vty[i], "show version", &frr->answer, err) ==
			-1)
			return -1;
	return vty_exists(frr->vty[MGMTD]) ?
	    frr_lock_wait(frr->vty[MGMTD], err) :
	    0;
}

static int
apply_with_vtysh(struct frr *frr, const char *lines, struct buf *log,
    struct err *err)
{
	struct vtysh vtysh = { .path = frr->settings.vtysh,
		.pathspace = frr->settings.pathspace,
		.socket_dir = frr->settings.socket_dir,
		.timeout_ms = frr->settings.vtysh_timeout_ms };
	const char *dir = frr->settings.work_dir;
	struct buf said = BUF_INIT;
	struct err why;
	int rc;

	if (ask_daemons(frr, err) == -1)
		return -1;
	if (vtysh_check(&vtysh, dir, lines, err) == -1)
		return err_prefix(err, "refused before anything was sent");
	err_clear(&why);
	rc = vtysh_apply(&vtysh, dir, lines, &said, &why);
	/* vtysh goes on after an error: which lines held is for the read-back
	 * to tell. */
	log_lines(log, lines, SIZE_MAX, rc == 0 ? "ok" : "sent", SIZE_MAX,
	    NULL);
	if (rc == -1) {
		log_line(log, "vtysh -f", 8, words_of(&why));
		if (err != NULL)
			*err = why;
	}
	buf_clear(&said);
	return rc;
}

int
frr_apply(struct frr *frr, const struct frr_steps *steps,
    const struct frr_node *before, struct buf *log, struct err *err)
{
	bool alone = frr_steps_bgpd_only(steps, before);
	struct buf plain = BUF_SECRET, secret = BUF_SECRET;
	int rc = -1;

	/* vtysh takes a file, where a password would lie for a moment. */
	if (alone) {
		frr_steps_print(steps, &secret);
	} else {
		frr_steps_print_part(steps, FRR_STEPS_PLAIN, &plain);
		frr_steps_print_part(steps, FRR_STEPS_SECRET, &secret);
	}
	if (plain.failed || secret.failed) {
		(void)err_set(err, ERR_NO_MEMORY, "configuration lines");
		goto out;
	}
	if (vty_configure_check(frr->vty[BGPD], buf_text(&secret), err) == -1)
		goto out;
	rc = 0;
	if (plain.len > 0)
		rc = apply_with_vtysh(frr, buf_text(&plain), log, err);
	if (rc == 0 && secret.len > 0)
		rc = apply_to_bgpd(frr, buf_text(&secret), log, err);
out:
	buf_clear(&plain);
	buf_clear(&secret);
	return rc;
}

int
frr_clear(struct frr *frr, unsigned family, const struct addr *neighbor,
    enum frr_clear what, struct buf *log, struct err *err)
{
	static const char *const tails[] = {
		[FRR_CLEAR_SOFT_IN] = " soft in",
		[FRR_CLEAR_SOFT_OUT] = " soft out",
		[FRR_CLEAR_SOFT_BOTH] = " soft",
		[FRR_CLEAR_HARD] = "",
	};
	char address[ADDR_TEXT_MAX], command[192];
	enum vty_status status = VTY_WARNING;
	struct err why;

	(void)snprintf(command, sizeof(command), "clear bgp %s %s%s",
	    family_frr_words(family), plain_address(neighbor, address),
	    tails[what]);
	err_clear(&why);
	/* A look first: it opens a connection that bgpd has closed, which a
	 * clear must not do by itself. */
	if (vty_show(frr->vty[BGPD], "show version", &frr->answer, err) == -1)
		return -1;
	if (vty_command(frr->vty[BGPD], command, &frr->answer, &status, &why) ==
	    0) {
		if (status == VTY_SUCCESS && frr->answer.len == 0) {
			log_line(log, command, strlen(command), "ok");
			return 0;
		}
		(void)err_set(&why, ERR_TOOL, "bgpd: \"%s\": %s", command,
		    vty_status_name(status));
		(void)err_tool(&why, "bgpd", (int)status,
		    buf_text(&frr->answer), frr->answer.len);
	}
	log_line(log, command, strlen(command), words_of(&why));
	if (err != NULL)
		*err = why;
	return -1;
}
