/* system/freebsd/ipsec_conf.c - the file that setkey reads at boot. */
#include <stdio.h>
#include <string.h>

#include "base/err.h"
#include "system/freebsd/ipsec_conf.h"

enum {
	TOKENS_MAX = 32, /* of one command; more is none of ours */
	ADDRESS_MAX = 64
};

/* What setkey's grammar begins a command with (setkey(8)). */
static const char *const commands[] = { "add", "get", "delete", "deleteall",
	"flush", "dump", "spdadd", "spdupdate", "spddelete", "spdflush",
	"spddump" };

struct reader {
	const char *text;
	size_t len;
	size_t at;
	struct ipsec_conf *conf;
	/* The command that is being read. */
	struct ipsec_conf_span tokens[TOKENS_MAX];
	size_t n;
};

static bool
is_blank(char c)
{
	return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

static bool
is(const struct reader *r, size_t i, const char *word)
{
	size_t n = strlen(word);

	return i < r->n && r->tokens[i].end - r->tokens[i].at == n &&
	    memcmp(r->text + r->tokens[i].at, word, n) == 0;
}

static size_t
line_of(const struct reader *r, size_t at)
{
	size_t i, line = 1;

	for (i = 0; i < at && i < r->len; i++)
		line += r->text[i] == '\n';
	return line;
}

static void
stop(struct reader *r, size_t at)
{
	r->conf->bad_line = line_of(r, at);
	r->at = r->len;
}

static bool
is_address(const struct reader *r, size_t i, struct addr *a)
{
	char text[ADDRESS_MAX];
	size_t n;

	if (i >= r->n)
		return false;
	n = r->tokens[i].end - r->tokens[i].at;
	if (n >= sizeof(text))
		return false;
	memcpy(text, r->text + r->tokens[i].at, n);
	text[n] = '\0';
	return addr_parse(a, text, NULL) == 0;
}

static int
digit(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	if (c >= 'a' && c <= 'f')
		return c - 'a' + 10;
	return c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
}

/* 0x736... : of an odd number the first stands alone (30-setkey.txt). */
static bool
take_hex(const char *p, size_t n, struct key_way *way)
{
	int d;
	size_t i;

	if (n == 0 || (n + 1) / 2 > OP_KEY_BYTES)
		return false;
	for (i = 0; i < n; i++) {
		d = digit(p[i]);
		if (d == -1)
			return false;
		if ((n - i) % 2 == 0 || i == 0)
			way->key[way->key_len++] = (char)d;
		else
			way->key[way->key_len - 1] =
			    (char)((unsigned char)way->key[way->key_len - 1]
				    << 4 |
				d);
	}
	return true;
}

static bool
take_key(const struct reader *r, size_t i, struct ipsec_conf_add *add)
{
	const char *p;
	size_t n;

	if (i >= r->n)
		return false;
	add->key = r->tokens[i];
	p = r->text + add->key.at;
	n = add->key.end - add->key.at;
	if (n > 2 && p[0] == '0' && (p[1] == 'x' || p[1] == 'X')) {
		add->hex = true;
		return take_hex(p + 2, n - 2, &add->way);
	}
	if (n < 3 || p[0] != '"' || n - 2 > OP_KEY_BYTES)
		return false;
	memcpy(add->way.key, p + 1, n - 2);
	add->way.key_len = (uint8_t)(n - 2);
	return memchr(p, '\0', n) == NULL;
}

/* The lines of the command from at to end, and whether they are its own. */
static void
take_lines(const struct reader *r, size_t at, size_t end,
    struct ipsec_conf_add *add)
{
	size_t i;

	add->alone = true;
	for (i = at; i > 0 && r->text[i - 1] != '\n'; i--)
		if (!is_blank(r->text[i - 1]))
			add->alone = false;
	add->lines.at = i;
	for (i = end; i < r->len && is_blank(r->text[i]) && r->text[i] != '\n';
	     i++)
		;
	if (i < r->len && r->text[i] != '\n' && r->text[i] != '#')
		add->alone = false;
	while (i < r->len && r->text[i] != '\n')
		i++;
	add->lines.end = i < r->len ? i + 1 : i;
}

/* The tokens are a whole command whose semicolon is at r->at - 1. */
static bool
take_add(struct reader *r)
{
	struct ipsec_conf_add *add;
	size_t i = 1, spi;
	bool ok;

	if (!is(r, 0, "add") || r->conf->n_adds == IPSEC_CONF_ITEMS)
		return false;
	add = &r->conf->adds[r->conf->n_adds];
	memset(add, 0, sizeof(*add));
	while (i < r->n && r->text[r->tokens[i].at] == '-')
		i++;
	spi = i + 3;
	if (!is_address(r, i, &add->way.src) ||
	    !is_address(r, i + 1, &add->way.dst) || !is(r, i + 2, "tcp"))
		return false;
	for (i = spi + 1; i < r->n && !is(r, i, "-A"); i++)
		;
	ok =
	    is(r, i + 1, "tcp-md5") && take_key(r, i + 2, add) && i + 3 == r->n;
	if (ok) {
		take_lines(r, r->tokens[0].at, r->at, add);
		r->conf->n_adds++;
	}
	return ok;
}

static void
command(struct reader *r)
{
	size_t i;

	if (r->n == 0)
		return;
	if (!take_add(r)) {
		r->conf->n_others++;
		for (i = 0; i < sizeof(commands) / sizeof(commands[0]); i++)
			if (is(r, 0, commands[i]))
				break;
		if (i == sizeof(commands) / sizeof(commands[0])) {
			stop(r, r->tokens[0].at);
			return;
		}
	}
	r->n = 0;
}

/* A quoted string ends at the next quote, whatever stands in between. */
static void
take_token(struct reader *r)
{
	size_t at = r->at;
	const char *quote;

	if (r->text[at] == '"') {
		quote = memchr(r->text + at + 1, '"', r->len - at - 1);
		if (quote == NULL ||
		    memchr(r->text + at, '\n',
			(size_t)(quote - r->text) - at) != NULL) {
			stop(r, at);
			return;
		}
		r->at = (size_t)(quote - r->text) + 1;
	} else {
		while (r->at < r->len && !is_blank(r->text[r->at]) &&
		    strchr(";#\"", r->text[r->at]) == NULL)
			r->at++;
	}
	/* A NUL, for one. */
	if (r->at == at)
		r->at++;
	if (r->n < TOKENS_MAX) {
		r->tokens[r->n].at = at;
		r->tokens[r->n].end = r->at;
		r->n++;
	}
}

/* A mark of ours: "# multihomed WHAT LOCAL REMOTE", nothing else on the line.
 */
static bool
is_mark(const struct ipsec_conf_span *line, const char *text, const char *what,
    struct addr *local, struct addr *remote)
{
	static const char ours[] = "# multihomed ";
	char words[2 * ADDRESS_MAX + 32], again[2 * ADDRESS_MAX + 2];
	char a[ADDR_TEXT_MAX], b[ADDR_TEXT_MAX], *blank;
	size_t n = line->end - line->at;

	if (n > 0 && text[line->end - 1] == '\n')
		n--;
	if (n >= sizeof(words))
		return false;
	memcpy(words, text + line->at, n);
	words[n] = '\0';
	if (strlen(words) != n || strncmp(words, ours, strlen(ours)) != 0 ||
	    strncmp(words + strlen(ours), what, strlen(what)) != 0)
		return false;
	memmove(words, words + strlen(ours) + strlen(what),
	    n + 1 - strlen(ours) - strlen(what));
	blank = strchr(words, ' ');
	if (blank == NULL)
		return false;
	*blank = '\0';
	if (addr_parse(local, words, NULL) == -1 ||
	    addr_parse(remote, blank + 1, NULL) == -1)
		return false;
	/* As we write them, so that begin and end are of one kind. */
	*blank = ' ';
	(void)snprintf(again, sizeof(again), "%s %s", addr_print(local, a),
	    addr_print(remote, b));
	return strcmp(again, words) == 0;
}

static struct ipsec_conf_span
line_at(const char *text, size_t len, size_t at)
{
	const char *newline = memchr(text + at, '\n', len - at);
	struct ipsec_conf_span line = { at,
		newline == NULL ? len : (size_t)(newline - text) + 1 };

	return line;
}

/* begin is its line; is there an end before the next begin of any pair? */
static void
take_mark(struct ipsec_conf *conf, const char *text, size_t len,
    const struct ipsec_conf_span *begin)
{
	struct ipsec_conf_mark *m = &conf->marks[conf->n_marks];
	struct addr local, remote;
	struct ipsec_conf_span line;
	size_t at;

	if (conf->n_marks == IPSEC_CONF_ITEMS ||
	    !is_mark(begin, text, "begin ", &m->local, &m->remote))
		return;
	m->begin = *begin;
	for (at = begin->end; at < len; at = line.end) {
		line = line_at(text, len, at);
		if (is_mark(&line, text, "begin ", &local, &remote))
			return;
		if (!is_mark(&line, text, "end ", &local, &remote))
			continue;
		if (!addr_equal(&local, &m->local) ||
		    !addr_equal(&remote, &m->remote))
			return;
		m->end = line;
		conf->n_marks++;
		return;
	}
}

static void
take_marks(struct ipsec_conf *conf, const char *text, size_t len)
{
	struct ipsec_conf_span line;
	size_t at;

	for (at = 0; at < len; at = line.end) {
		line = line_at(text, len, at);
		take_mark(conf, text, len, &line);
	}
}

static void
take_commands(struct reader *r)
{
	const char *newline;

	while (r->at < r->len) {
		if (is_blank(r->text[r->at])) {
			r->at++;
		} else if (r->text[r->at] == '#') {
			newline = memchr(r->text + r->at, '\n', r->len - r->at);
			r->at = newline == NULL ? r->len :
						  (size_t)(newline - r->text);
		} else if (r->text[r->at] == ';') {
			r->at++;
			command(r);
		} else {
			take_token(r);
		}
	}
	/* A command without an end is none. */
	if (r->n > 0 && r->conf->bad_line == 0)
		r->conf->bad_line = line_of(r, r->len);
}

int
ipsec_conf_parse(struct ipsec_conf *conf, const char *text, size_t len,
    struct err *err)
{
	struct reader r = { text, len, 0, conf, { { 0, 0 } }, 0 };

	conf->n_adds = conf->n_marks = conf->n_others = conf->bad_line = 0;
	take_commands(&r);
	take_marks(conf, text, len);
	if (conf->n_adds == IPSEC_CONF_ITEMS ||
	    conf->n_marks == IPSEC_CONF_ITEMS)
		return err_set(err, ERR_TOO_LARGE, "it holds more than %d keys",
		    IPSEC_CONF_ITEMS - 1);
	return 0;
}
