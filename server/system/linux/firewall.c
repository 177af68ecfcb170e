/* system/linux/firewall.c - our nftables table: replaced whole, read back. */
#include <stdio.h>
#include <string.h>

#include "base/buf.h"
#include "base/crypto.h"
#include "base/err.h"
#include "system/firewall.h"
#include "system/firewall_memory.h"
#include "system/linux/boot_id.h"
#include "system/linux/firewall_boot.h"
#include "system/linux/firewall_read.h"
#include "system/linux/firewall_render.h"
#include "system/tool.h"

static char text_bytes[FIREWALL_RENDER_MAX];

static bool
is_empty(const struct op_firewall *f)
{
	return f->n_entries == 0 && f->n_prefixes == 0;
}

/* The mark that these rules have when they are loaded. */
static void
mark_of(const struct op_firewall *f, char mark[FIREWALL_RENDER_MARK_MAX])
{
	struct buf b;

	buf_init_fixed(&b, text_bytes, sizeof(text_bytes));
	firewall_render(f, &b);
	firewall_render_mark(buf_text(&b), mark);
}

int
firewall_check(const struct tool *t, const struct buf *text, struct err *err)
{
	char path[TOOL_PATH_MAX];
	struct argv argv;

	tool_argv(t, &argv, "nft", path);
	argv_add(&argv, "-c");
	argv_opt(&argv, "-f", "-");
	/* A plan shows the rules once, where they are loaded. */
	return tool_run(t, &argv, t->dry ? NULL : text, true, NULL, err);
}

static int
load(const struct tool *t, const struct buf *text, struct err *err)
{
	char path[TOOL_PATH_MAX];
	struct argv argv;

	if (firewall_check(t, text, err) == -1)
		return -1;
	tool_argv(t, &argv, "nft", path);
	argv_opt(&argv, "-f", "-");
	return tool_run(t, &argv, text, true, NULL, err);
}

static int
unload(const struct tool *t, struct err *err)
{
	char path[TOOL_PATH_MAX];
	const char *listing;
	struct argv argv;
	bool loaded;

	/* In a plan the table may be one that is yet to come. */
	if (!t->dry) {
		if (firewall_read(t, &loaded, &listing, err) == -1)
			return -1;
		if (!loaded)
			return 0;
	}
	tool_argv(t, &argv, "nft", path);
	argv_add(&argv, "delete");
	argv_add(&argv, "table");
	argv_add(&argv, "inet");
	argv_add(&argv, FIREWALL_READ_TABLE);
	return tool_run(t, &argv, NULL, true, NULL, err);
}

static int
remember(const struct tool *t, const char *name, const struct op_firewall *f,
    const char *listing, struct err *err)
{
	static struct firewall_memory m;

	memset(&m, 0, sizeof(m));
	m.firewall = *f;
	boot_id_read(m.boot_id);
	if (listing != NULL)
		firewall_memory_digest(&m, listing, strlen(listing));
	return firewall_memory_write(t, name, &m, err);
}

static int
read_back(const struct tool *t, const struct op_firewall *f, struct err *err)
{
	char want[FIREWALL_RENDER_MARK_MAX], have[FIREWALL_RENDER_MARK_MAX];
	const char *listing;
	bool loaded;

	if (firewall_read(t, &loaded, &listing, err) == -1)
		return -1;
	mark_of(f, want);
	firewall_render_mark(listing, have);
	if (loaded != !is_empty(f) || strcmp(want, have) != 0) {
		(void)err_set(err, ERR_NOT_APPLIED,
		    "nft exited 0, but table inet " FIREWALL_READ_TABLE
		    " %s; look at: nft list table inet " FIREWALL_READ_TABLE,
		    !loaded         ? "is not there" :
			is_empty(f) ? "is still there" :
				      "holds other rules");
		return err_reason(err, "not_applied");
	}
	return remember(t, FIREWALL_MEMORY_RUNNING, f, listing, err);
}

int
firewall_replace(const struct tool *t, const struct op_firewall *f,
    struct err *err)
{
	struct buf text;

	buf_init_fixed(&text, text_bytes, sizeof(text_bytes));
	firewall_render(f, &text);
	if (text.failed)
		return err_set(err, ERR_TOO_LARGE,
		    "the firewall's rules are over %d bytes",
		    FIREWALL_RENDER_MAX);
	if (!t->dry && remember(t, FIREWALL_MEMORY_LOADING, f, NULL, err) == -1)
		return -1;
	if ((is_empty(f) ? unload(t, err) : load(t, &text, err)) == -1)
		return -1;
	return t->dry ? 0 : read_back(t, f, err);
}

/* Which of the descriptions that may be loaded is the one with this mark. */
static bool
known_by_mark(const struct tool *t, const char *mark,
    const struct op_firewall *boot, struct firewall_memory *m)
{
	static const char *const names[] = { FIREWALL_MEMORY_RUNNING,
		FIREWALL_MEMORY_LOADING };
	char its[FIREWALL_RENDER_MARK_MAX];
	size_t i;

	for (i = 0; i < NITEMS(names); i++) {
		if (!firewall_memory_read(t, names[i], m))
			continue;
		mark_of(&m->firewall, its);
		if (strcmp(its, mark) == 0)
			return true;
	}
	memset(m, 0, sizeof(*m));
	m->firewall = *boot;
	mark_of(boot, its);
	return strcmp(its, mark) == 0;
}

/*
 * Rules with the mark of a description are its rules, unless someone has
 * changed some by hand since they were loaded: then the listing is another
 * one. The first listing in this boot of the machine is the one to compare.
 */
static void
compare(const struct tool *t, const char *listing, struct op_firewall_state *s)
{
	static struct firewall_memory m;
	char mark[FIREWALL_RENDER_MARK_MAX], boot_id[64];
	char digest[CRYPTO_HASH_HEX_MAX];

	firewall_render_mark(listing, mark);
	if (mark[0] == '\0' || !known_by_mark(t, mark, &s->boot, &m)) {
		/* Not what we loaded last: tell that. */
		(void)firewall_memory_read(t, FIREWALL_MEMORY_RUNNING, &m);
		s->running = m.firewall;
		return;
	}
	s->running = m.firewall;
	boot_id_read(boot_id);
	(void)crypto_blake2b_hex(digest, listing, strlen(listing));
	if (m.digest[0] == '\0' || strcmp(m.boot_id, boot_id) != 0)
		s->as_set = remember(t, FIREWALL_MEMORY_RUNNING, &m.firewall,
				listing, NULL) == 0;
	else
		s->as_set = strcmp(m.digest, digest) == 0;
}

/* No table: as it should be when none was set, in this boot or by it. */
static void
compare_nothing(const struct tool *t, struct op_firewall_state *s)
{
	static struct firewall_memory m;
	char boot_id[64];

	boot_id_read(boot_id);
	if (firewall_memory_read(t, FIREWALL_MEMORY_RUNNING, &m) &&
	    strcmp(m.boot_id, boot_id) == 0)
		s->running = m.firewall;
	else
		s->running = s->boot;
	s->as_set = is_empty(&s->running);
}

int
firewall_state(const struct tool *t, struct op_firewall_state *s,
    struct buf *listing, struct err *err)
{
	const char *words;
	bool loaded;
	size_t n, room;

	memset(s, 0, sizeof(*s));
	if (firewall_read(t, &loaded, &words, err) == -1)
		return -1;
	s->enabled = 1;
	s->loaded = s->attached = loaded;
	firewall_boot_read(t, &s->boot);
	if (loaded)
		compare(t, words, s);
	else
		compare_nothing(t, s);
	n = strlen(words);
	room = listing->max - listing->len;
	buf_add(listing, words, n < room ? n : room);
	return 0;
}
