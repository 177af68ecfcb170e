/* system/freebsd/firewall.c - our pf anchor, loaded whole and read back. */
#include <sys/types.h>
#include <sys/stat.h>

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "base/err.h"
#include "base/io.h"
#include "system/firewall.h"
#include "system/firewall_memory.h"
#include "system/freebsd/firewall_boot.h"
#include "system/tool.h"

enum {
	TEXT_MAX = OP_FIREWALL_LISTING,
	MAIN_MAX = 512 * 1024
};

static const char anchor[] = "multihomed";

static void
pfctl(const struct tool *t, struct argv *argv, char path[TOOL_PATH_MAX],
    bool in_anchor)
{
	tool_argv(t, argv, "pfctl", path);
	if (in_anchor)
		argv_opt(argv, "-a", anchor);
}

/* One listing; a missing anchor is a complaint and exit 0, so it is empty. */
static int
show(const struct tool *t, bool in_anchor, const char *what, struct buf *out,
    struct err *err)
{
	char path[TOOL_PATH_MAX];
	struct argv argv;

	pfctl(t, &argv, path, in_anchor);
	argv_add(&argv, what);
	return tool_ask(t, &argv, out, err);
}

/* Our rules as the kernel has them: translation, then filter. */
static int
list_ours(const struct tool *t, struct buf *out, struct err *err)
{
	static char part_bytes[TEXT_MAX];
	struct buf part;

	buf_init_fixed(&part, part_bytes, sizeof(part_bytes));
	buf_reset(out);
	if (show(t, true, "-sn", &part, err) == -1)
		return -1;
	buf_add(out, buf_text(&part), part.len);
	if (show(t, true, "-sr", &part, err) == -1)
		return -1;
	buf_add(out, buf_text(&part), part.len);
	if (out->failed)
		return err_set(err, ERR_TOO_LARGE,
		    "our rules in pf are more than %d bytes", TEXT_MAX);
	return 0;
}

static size_t
count_lines(const struct buf *b)
{
	size_t i, n = 0;

	for (i = 0; i < b->len; i++)
		n += b->data[i] == '\n';
	return n;
}

/* Rules first, then translation: the anchor goes with its last rule. */
static int
flush(const struct tool *t, struct err *err)
{
	static const char *const what[] = { "rules", "nat" };
	char path[TOOL_PATH_MAX];
	struct argv argv;
	size_t i;

	for (i = 0; i < 2; i++) {
		pfctl(t, &argv, path, true);
		argv_opt(&argv, "-F", what[i]);
		if (tool_run(t, &argv, NULL, false, NULL, err) == -1)
			return -1;
	}
	return 0;
}

static int
load(const struct tool *t, const struct buf *text, struct err *err)
{
	char path[TOOL_PATH_MAX];
	struct argv argv;

	tool_argv(t, &argv, "pfctl", path);
	argv_add(&argv, "-n");
	argv_opt(&argv, "-a", anchor);
	argv_opt(&argv, "-f", "-");
	/* Told once, with the load itself. */
	if (tool_run(t, &argv, t->dry ? NULL : text, true, NULL, err) == -1)
		return err_prefix(err, "our rules do not pass pf's check");
	pfctl(t, &argv, path, true);
	argv_opt(&argv, "-f", "-");
	return tool_run(t, &argv, text, false, NULL, err);
}

static int
render(const struct op_firewall *f, struct buf *text, struct err *err)
{
	firewall_render(f, text);
	if (text->failed)
		return err_set(err, ERR_TOO_LARGE,
		    "the rules for %u neighbors and tunnels and %u prefixes "
		    "are more than %d bytes",
		    f->n_entries, f->n_prefixes, TEXT_MAX);
	return 0;
}

int
firewall_replace(const struct tool *t, const struct op_firewall *f,
    struct err *err)
{
	static struct firewall_memory memory;
	static char text_bytes[TEXT_MAX], listing_bytes[TEXT_MAX];
	struct buf text, listing;

	buf_init_fixed(&text, text_bytes, sizeof(text_bytes));
	buf_init_fixed(&listing, listing_bytes, sizeof(listing_bytes));
	if (render(f, &text, err) == -1)
		return -1;
	if ((text.len == 0 ? flush(t, err) : load(t, &text, err)) == -1)
		return -1;
	if (t->dry)
		return 0;
	if (list_ours(t, &listing, err) == -1)
		return -1;
	if (count_lines(&listing) != count_lines(&text))
		return err_set(err, ERR_NOT_APPLIED,
		    "pfctl reported success, but the anchor \"%s\" has %zu "
		    "rules, not %zu",
		    anchor, count_lines(&listing), count_lines(&text));
	memory.firewall = *f;
	firewall_memory_digest(&memory, listing.data, listing.len);
	return firewall_memory_write(t, FIREWALL_MEMORY_RUNNING, &memory, err);
}

/* Does a line of the main rules lead to our anchor? "multihomed/ *" does not:
 * it means what is below. */
static bool
leads_to_us(const struct buf *rules, const char *word)
{
	const char *p = buf_text(rules), *end;
	char own[64], any[64];

	(void)snprintf(own, sizeof(own), "%s \"%s\"", word, anchor);
	(void)snprintf(any, sizeof(any), "%s \"*\"", word);
	for (; *p != '\0'; p = end + (*end == '\n')) {
		end = p + strcspn(p, "\n");
		if (strncmp(p, own, strlen(own)) == 0 ||
		    strncmp(p, any, strlen(any)) == 0)
			return true;
	}
	return false;
}

int
firewall_attached(const struct tool *t, bool *filter, bool *nat,
    struct err *err)
{
	static char bytes[MAIN_MAX];
	struct buf rules;

	*filter = *nat = false;
	buf_init_fixed(&rules, bytes, sizeof(bytes));
	if (show(t, false, "-sr", &rules, err) == -1)
		return -1;
	*filter = leads_to_us(&rules, "anchor");
	if (show(t, false, "-sn", &rules, err) == -1)
		return -1;
	*nat = leads_to_us(&rules, "nat-anchor");
	return 0;
}

int
firewall_enabled(const struct tool *t, bool *enabled, struct err *err)
{
	static char bytes[16 * 1024];
	char path[TOOL_PATH_MAX];
	struct argv argv;
	struct buf out;

	*enabled = false;
	buf_init_fixed(&out, bytes, sizeof(bytes));
	pfctl(t, &argv, path, false);
	argv_opt(&argv, "-s", "info");
	if (tool_ask(t, &argv, &out, err) == -1)
		return -1;
	*enabled = strncmp(buf_text(&out), "Status: Enabled", 15) == 0;
	return 0;
}

int
firewall_state(const struct tool *t, struct op_firewall_state *state,
    struct buf *listing, struct err *err)
{
	static struct firewall_memory memory, now;
	bool filter, nat, enabled;

	memset(state, 0, sizeof(*state));
	buf_reset(listing);
	firewall_boot_read(t, &state->boot);
	(void)firewall_memory_read(t, FIREWALL_MEMORY_RUNNING, &memory);
	state->running = memory.firewall;
	/* Without the module there are no rules, and nothing to ask. */
	if (firewall_enabled(t, &enabled, err) == -1) {
		if (err != NULL && err->code != ERR_TOOL)
			return -1;
		err_clear(err);
		state->as_set = memory.firewall.n_entries == 0 &&
		    memory.firewall.n_prefixes == 0;
		return 0;
	}
	if (firewall_attached(t, &filter, &nat, err) == -1 ||
	    list_ours(t, listing, err) == -1)
		return -1;
	state->enabled = enabled;
	state->attached = filter && nat;
	state->loaded = listing->len > 0;
	firewall_memory_digest(&now, buf_text(listing), listing->len);
	state->as_set = memory.digest[0] == '\0' ?
	    listing->len == 0 :
	    strcmp(memory.digest, now.digest) == 0;
	return 0;
}
