/* system/freebsd/ipsec_edit.c - changes to the text of ipsec.conf. */
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/crypto.h"
#include "base/err.h"
#include "system/freebsd/ipsec_conf.h"
#include "system/freebsd/ipsec_edit.h"
#include "system/freebsd/pfkey.h"

/* In this order where several are due at one place. */
enum patch_kind {
	PATCH_OUT, /* the line from local to remote */
	PATCH_IN,
	PATCH_END, /* a line of ours */
	PATCH_BEGIN,
	PATCH_CUT,
	PATCH_KEY,
	PATCH_HEX_KEY
};

struct patch {
	struct ipsec_conf_span span; /* what goes; empty: nothing */
	enum patch_kind kind;
};

/* One change. No heap on the way of an operation. */
static struct ipsec_conf conf;
static struct patch patches[4 * IPSEC_CONF_ITEMS];
static size_t n_patches;
/* For a change that only takes away. */
static const struct op_key no_key;

static int
unclear(struct err *err, const char *why, const struct addr *a,
    const struct addr *b)
{
	char x[ADDR_TEXT_MAX], y[ADDR_TEXT_MAX];

	(void)err_set(err, ERR_CONFLICT,
	    "the key between %s and %s %s: give it lines of its own by hand",
	    addr_print(a, x), addr_print(b, y), why);
	return err_reason(err, "key_unclear");
}

/* setkey stops there at the next boot too, and reads nothing of ours behind. */
static int
begin(const char *text, size_t len, bool write, struct err *err)
{
	n_patches = 0;
	if (ipsec_conf_parse(&conf, text, len, err) == -1)
		return -1;
	if (!write || conf.bad_line == 0)
		return 0;
	(void)err_set(err, ERR_CONFLICT,
	    "line %zu is nothing that setkey reads, and it stops there at "
	    "boot: mend it by hand",
	    conf.bad_line);
	return err_reason(err, "key_unclear");
}

static void
patch(enum patch_kind kind, size_t at, size_t end)
{
	struct patch *p = &patches[n_patches++];

	p->kind = kind;
	p->span.at = at;
	p->span.end = end;
}

static int
compare(const void *a, const void *b)
{
	const struct patch *x = a, *y = b;

	if (x->span.at != y->span.at)
		return x->span.at < y->span.at ? -1 : 1;
	return (int)x->kind - (int)y->kind;
}

static bool
is_quotable(const char *key, size_t len)
{
	size_t i;

	for (i = 0; i < len; i++)
		if ((unsigned char)key[i] < 0x20 || key[i] == 0x7f ||
		    key[i] == '"')
			return false;
	return true;
}

static void
put_hex(struct buf *b, const char *key, size_t len)
{
	buf_puts(b, "0x");
	buf_hex(b, key, len);
}

void
ipsec_edit_put_key(struct buf *b, const char *key, size_t len)
{
	if (!is_quotable(key, len)) {
		put_hex(b, key, len);
		return;
	}
	buf_putc(b, '"');
	buf_add(b, key, len);
	buf_putc(b, '"');
}

/* Behind a last line without a newline comes one without a newline: so it can
 * be taken away again. */
static void
put_line(struct buf *out, const struct op_key *k, enum patch_kind kind)
{
	bool open = out->len > 0 && out->data[out->len - 1] != '\n';
	bool back = kind == PATCH_IN;
	char local[ADDR_TEXT_MAX], remote[ADDR_TEXT_MAX];

	(void)addr_print(&k->local, local);
	(void)addr_print(&k->remote, remote);
	if (open)
		buf_putc(out, '\n');
	if (kind == PATCH_BEGIN || kind == PATCH_END) {
		buf_printf(out, "# multihomed %s %s %s",
		    kind == PATCH_BEGIN ? "begin" : "end", local, remote);
	} else {
		buf_printf(out, "add %s %s tcp 0x%x -A tcp-md5 ",
		    back ? remote : local, back ? local : remote, PFKEY_SPI);
		ipsec_edit_put_key(out, k->key, k->key_len);
		buf_putc(out, ';');
	}
	if (!open)
		buf_putc(out, '\n');
}

static void
carry_out(const char *text, size_t len, const struct op_key *k, struct buf *out)
{
	size_t i, at = 0;

	qsort(patches, n_patches, sizeof(patches[0]), compare);
	for (i = 0; i < n_patches; i++) {
		const struct patch *p = &patches[i];

		/* A line of ours in the middle of a command of several. */
		if (p->span.at < at)
			continue;
		buf_add(out, text + at, p->span.at - at);
		at = p->span.end;
		if (p->kind == PATCH_HEX_KEY)
			put_hex(out, k->key, k->key_len);
		else if (p->kind == PATCH_KEY)
			ipsec_edit_put_key(out, k->key, k->key_len);
		else if (p->kind != PATCH_CUT)
			put_line(out, k, p->kind);
	}
	buf_add(out, text + at, len - at);
}

/* A text whose last line had no newline has none afterwards either. */
static void
trim(const char *text, size_t len, struct buf *out)
{
	if (len > 0 && text[len - 1] != '\n' && !out->failed && out->len > 0 &&
	    out->data[out->len - 1] == '\n')
		out->data[--out->len] = '\0';
}

static int
finish(struct buf *out, struct err *err)
{
	crypto_wipe(&conf, sizeof(conf));
	if (out->failed)
		return err_set(err, ERR_TOO_LARGE, "it is too large");
	return 0;
}

static bool
is_marked(const struct ipsec_conf_add *add)
{
	size_t i;

	for (i = 0; i < conf.n_marks; i++)
		if (conf.marks[i].begin.end <= add->lines.at &&
		    add->lines.end <= conf.marks[i].end.at &&
		    ((addr_equal(&conf.marks[i].local, &add->way.src) &&
			 addr_equal(&conf.marks[i].remote, &add->way.dst)) ||
			(addr_equal(&conf.marks[i].local, &add->way.dst) &&
			    addr_equal(&conf.marks[i].remote, &add->way.src))))
			return true;
	return false;
}

static bool
is_between(const struct addr *a, const struct addr *b, const struct addr *c,
    const struct addr *d)
{
	return (addr_equal(a, c) && addr_equal(b, d)) ||
	    (addr_equal(a, d) && addr_equal(b, c));
}

/* The lines of ours around a line; one pair of them around two that follow one
 * another. */
static void
mark(const struct ipsec_conf_add *add)
{
	struct patch *last = n_patches > 0 ? &patches[n_patches - 1] : NULL;

	if (last != NULL && last->kind == PATCH_END &&
	    last->span.at == add->lines.at)
		last->span.at = last->span.end = add->lines.end;
	else {
		patch(PATCH_BEGIN, add->lines.at, add->lines.at);
		patch(PATCH_END, add->lines.end, add->lines.end);
	}
}

static bool
has_key(const struct ipsec_conf_add *add, const struct op_key *k)
{
	return add->way.key_len == k->key_len &&
	    memcmp(add->way.key, k->key, k->key_len) == 0;
}

/* Where lines that are missing belong: behind the last that is there, or
 * between marks without a line. */
static void
add_missing(const struct op_key *k, const bool have[2], size_t behind,
    size_t len)
{
	bool none = !have[0] && !have[1];
	size_t i, at = none ? len : behind;

	for (i = 0; none && i < conf.n_marks; i++)
		if (is_between(&conf.marks[i].local, &conf.marks[i].remote,
			&k->local, &k->remote)) {
			at = conf.marks[i].end.at;
			none = false;
		}
	if (!have[0])
		patch(PATCH_OUT, at, at);
	if (!have[1])
		patch(PATCH_IN, at, at);
}

static bool
has_mark(const struct op_key *k)
{
	size_t i;

	for (i = 0; i < conf.n_marks; i++)
		if (is_between(&conf.marks[i].local, &conf.marks[i].remote,
			&k->local, &k->remote))
			return true;
	return false;
}

/* A block at the end. */
static void
put_block(const char *text, size_t len, const struct op_key *k, struct buf *out)
{
	buf_add(out, text, len);
	put_line(out, k, PATCH_BEGIN);
	put_line(out, k, PATCH_OUT);
	put_line(out, k, PATCH_IN);
	put_line(out, k, PATCH_END);
}

/* What is to become of the lines that are there. */
static int
plan_set(const struct op_key *k, bool have[2], size_t *behind, struct err *err)
{
	size_t i;

	for (i = 0; i < conf.n_adds; i++) {
		const struct ipsec_conf_add *add = &conf.adds[i];
		unsigned way = addr_equal(&add->way.src, &k->local) ? 0 : 1;

		if (!op_key_is_of(k, &add->way.src, &add->way.dst))
			continue;
		if (!add->alone)
			return unclear(err, "shares a line with something else",
			    &k->local, &k->remote);
		if (have[way]) {
			/* setkey would say "File exists" at boot. */
			patch(PATCH_CUT, add->lines.at, add->lines.end);
			continue;
		}
		have[way] = true;
		*behind = add->lines.end;
		if (!has_key(add, k))
			patch(add->hex ? PATCH_HEX_KEY : PATCH_KEY, add->key.at,
			    add->key.end);
	}
	return 0;
}

/* Last, so that of two lines that follow one another each other is known. */
static void
plan_marks(const struct op_key *k)
{
	bool have[2] = { false, false };
	size_t i;

	for (i = 0; i < conf.n_adds; i++) {
		const struct ipsec_conf_add *add = &conf.adds[i];
		unsigned way = addr_equal(&add->way.src, &k->local) ? 0 : 1;

		if (!op_key_is_of(k, &add->way.src, &add->way.dst) || have[way])
			continue;
		have[way] = true;
		if (!is_marked(add))
			mark(add);
	}
}

int
ipsec_edit_set(const char *text, size_t len, const struct op_key *k,
    struct buf *out, struct err *err)
{
	bool have[2] = { false, false };
	size_t behind = 0;
	int rc = -1;

	if (begin(text, len, true, err) == -1 ||
	    plan_set(k, have, &behind, err) == -1)
		goto out;
	if (!have[0] && !have[1] && !has_mark(k)) {
		put_block(text, len, k, out);
	} else {
		add_missing(k, have, behind, len);
		plan_marks(k);
		carry_out(text, len, k, out);
	}
	rc = 0;
out:
	return finish(out, rc == -1 ? NULL : err) == -1 ? -1 : rc;
}

int
ipsec_edit_remove(const char *text, size_t len, const struct addr *local,
    const struct addr *remote, struct buf *out, struct err *err)
{
	size_t i;
	int rc = begin(text, len, true, err);

	for (i = 0; rc == 0 && i < conf.n_adds; i++) {
		const struct ipsec_conf_add *add = &conf.adds[i];

		if (!is_between(&add->way.src, &add->way.dst, local, remote))
			continue;
		if (!add->alone)
			rc = unclear(err, "shares a line with something else",
			    local, remote);
		patch(PATCH_CUT, add->lines.at, add->lines.end);
	}
	for (i = 0; rc == 0 && i < conf.n_marks; i++) {
		const struct ipsec_conf_mark *m = &conf.marks[i];

		if (!is_between(&m->local, &m->remote, local, remote))
			continue;
		patch(PATCH_CUT, m->begin.at, m->begin.end);
		patch(PATCH_CUT, m->end.at, m->end.end);
	}
	if (rc == 0) {
		carry_out(text, len, &no_key, out);
		trim(text, len, out);
	}
	return finish(out, rc == -1 ? NULL : err) == -1 ? -1 : rc;
}

int
ipsec_edit_disown(const char *text, size_t len, const struct addr *local,
    const struct addr *remote, struct buf *out, struct err *err)
{
	size_t i;

	if (begin(text, len, false, err) == -1)
		return -1;
	for (i = 0; i < conf.n_marks; i++) {
		const struct ipsec_conf_mark *m = &conf.marks[i];

		if (!is_between(&m->local, &m->remote, local, remote))
			continue;
		patch(PATCH_CUT, m->begin.at, m->begin.end);
		patch(PATCH_CUT, m->end.at, m->end.end);
	}
	carry_out(text, len, &no_key, out);
	trim(text, len, out);
	return finish(out, err);
}

bool
ipsec_edit_has_others(const char *text, size_t len)
{
	bool others;
	size_t i;

	others = begin(text, len, false, NULL) == -1 || conf.bad_line != 0 ||
	    conf.n_others > 0;
	for (i = 0; !others && i < conf.n_adds; i++)
		others = !is_marked(&conf.adds[i]);
	crypto_wipe(&conf, sizeof(conf));
	return others;
}
