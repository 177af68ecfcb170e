/* model/prefix_rule.c - one line of a prefix list, without its sequence. */
#include <stdio.h>
#include <string.h>

#include "base/err.h"
#include "base/number.h"
#include "model/prefix_rule.h"

enum {
	RULE_WORDS = 6, /* deny P ge N le N */
	RULE_WORD_MAX = PREFIX_TEXT_MAX
};

struct words {
	char v[RULE_WORDS][RULE_WORD_MAX];
	unsigned n;
};

/* Words with single blanks between them and nothing around. */
static int
split(struct words *w, const char *text)
{
	size_t len;

	w->n = 0;
	for (;;) {
		len = strcspn(text, " ");
		if (len == 0 || len >= RULE_WORD_MAX || w->n == RULE_WORDS)
			return -1;
		memcpy(w->v[w->n], text, len);
		w->v[w->n++][len] = '\0';
		if (text[len] == '\0')
			return 0;
		text += len + 1;
	}
}

static uint8_t
bits(const struct prefix_rule *r)
{
	return r->prefix.addr.family == 4 ? 32 : 128;
}

static int
read_bound(uint8_t *out, const char *text, const struct prefix_rule *r,
    struct err *err)
{
	uint32_t n;

	if (number_parse_u32(&n, text, r->prefix.len, bits(r), NULL) == -1)
		return err_set(err, ERR_INVALID,
		    "ge and le must be numbers from the prefix's length (%u) "
		    "to %u",
		    (unsigned)r->prefix.len, (unsigned)bits(r));
	*out = (uint8_t)n;
	return 0;
}

static int
read_prefix(struct prefix_rule *r, const char *text, unsigned family,
    struct err *err)
{
	if (family != 0 && strcmp(text, "any") == 0) {
		r->prefix.addr.family = (uint8_t)family;
		r->le = bits(r);
		return 0;
	}
	if (strchr(text, '/') == NULL)
		return err_set(err, ERR_INVALID,
		    "a prefix with its length must follow permit or deny");
	if (prefix_parse(&r->prefix, text, true, err) == -1)
		return -1;
	if (family != 0 && r->prefix.addr.family != family)
		return err_set(err, ERR_INVALID,
		    "the prefix is of the other family");
	return 0;
}

int
prefix_rule_parse(struct prefix_rule *out, const char *text, unsigned family,
    struct err *err)
{
	struct prefix_rule r = { 0 };
	struct words w;
	unsigned i;

	if (split(&w, text) == -1 || w.n < 2 || w.n % 2 != 0 ||
	    (strcmp(w.v[0], "permit") != 0 && strcmp(w.v[0], "deny") != 0))
		return err_set(err, ERR_INVALID,
		    "must read \"permit|deny PREFIX [ge N] [le N]\", with "
		    "single blanks");
	r.permit = w.v[0][0] == 'p';
	if (read_prefix(&r, w.v[1], family, err) == -1)
		return -1;
	for (i = 2; i < w.n; i += 2) {
		bool is_ge = strcmp(w.v[i], "ge") == 0;
		uint8_t *bound = is_ge ? &r.ge : &r.le;

		if ((!is_ge && strcmp(w.v[i], "le") != 0) || *bound != 0)
			return err_set(err, ERR_INVALID,
			    "only one ge and one le may follow the prefix");
		if (read_bound(bound, w.v[i + 1], &r, err) == -1)
			return -1;
	}
	if (r.ge != 0 && r.le != 0 && r.ge > r.le)
		return err_set(err, ERR_INVALID, "ge must not be over le");
	*out = r;
	return 0;
}

const char *
prefix_rule_print(const struct prefix_rule *r, char *out)
{
	char prefix[PREFIX_TEXT_MAX], ge[8] = "", le[8] = "";

	if (r->ge != 0)
		(void)snprintf(ge, sizeof(ge), " ge %u", (unsigned)r->ge);
	if (r->le != 0)
		(void)snprintf(le, sizeof(le), " le %u", (unsigned)r->le);
	(void)snprintf(out, PREFIX_RULE_TEXT_MAX, "%s %s%s%s",
	    r->permit ? "permit" : "deny", prefix_print(&r->prefix, prefix), ge,
	    le);
	return out;
}

bool
prefix_rule_equal(const struct prefix_rule *a, const struct prefix_rule *b)
{
	return a->permit == b->permit && a->ge == b->ge && a->le == b->le &&
	    prefix_equal(&a->prefix, &b->prefix);
}
