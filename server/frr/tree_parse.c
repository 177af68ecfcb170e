/* frr/tree_parse.c - the text of a running configuration into a tree. */
#include <stdlib.h>
#include <string.h>

#include "base/compat.h"
#include "base/err.h"
#include "base/mem.h"
#include "frr/section.h"
#include "frr/tree.h"
#include "frr/tree_index.h"
#include "frr/tree_inside.h"

enum {
	PARSE_LINE_MAX = 4000,
	PARSE_LINES_MAX = 1000000,
	PARSE_DEPTH_MAX = 16 /* FRR nests four deep; print and free recurse */
};

struct open_section {
	struct frr_node *node;
	enum frr_section kind;
	size_t indent; /* of its head */
	bool indented; /* had a line further in than its head */
	bool bang;     /* a '!' at its head's column has ended it, maybe */
};

struct parser {
	const char *pos;
	const char *end;
	struct frr_tree_index index;
	struct open_section stack[PARSE_DEPTH_MAX];
	size_t depth;
};

struct raw_line {
	const char *text; /* behind the indentation */
	size_t len;
	size_t indent;
	size_t raw_len;
};

/* What frr_tree_add takes for a blank between words is one here too. */
static bool
is_blank(char c)
{
	return c == ' ' || c == '\t' || c == '\r';
}

/* The line at *pos, and steps over it. False at the end. */
static bool
next_line(const char **pos, const char *end, struct raw_line *out)
{
	const char *start = *pos;
	const char *nl;

	if (start == end)
		return false;
	nl = memchr(start, '\n', (size_t)(end - start));
	*pos = nl == NULL ? end : nl + 1;
	out->raw_len = (size_t)((nl == NULL ? end : nl) - start);
	out->indent = 0;
	while (out->indent < out->raw_len && is_blank(start[out->indent]))
		out->indent++;
	out->text = start + out->indent;
	out->len = out->raw_len - out->indent;
	while (out->len > 0 && is_blank(out->text[out->len - 1]))
		out->len--;
	return true;
}

static bool
is_comment(const struct raw_line *line)
{
	return line->len == 0 || line->text[0] == '!' || line->text[0] == '#';
}

static bool
is_word(const struct raw_line *line, const char *word)
{
	return line->len == strlen(word) &&
	    memcmp(line->text, word, line->len) == 0;
}

/* "exit", "quit" or one word that begins with "exit-". */
static bool
is_exit(const struct raw_line *line)
{
	return is_word(line, "exit") || is_word(line, "quit") ||
	    (line->len > 5 && memcmp(line->text, "exit-", 5) == 0 &&
		memchr(line->text, ' ', line->len) == NULL &&
		memchr(line->text, '\t', line->len) == NULL &&
		memchr(line->text, '\r', line->len) == NULL);
}

/* The same words, however many blanks stand between them. */
static bool
has_words(const struct raw_line *line, const char *words)
{
	size_t i = 0;

	for (; *words != '\0'; words++) {
		if (i == line->len)
			return false;
		if (*words != ' ') {
			if (line->text[i++] != *words)
				return false;
			continue;
		}
		if (!is_blank(line->text[i]))
			return false;
		while (i < line->len && is_blank(line->text[i]))
			i++;
	}
	return i == line->len;
}

static bool
is_header(const struct raw_line *line)
{
	return has_words(line, "Building configuration...") ||
	    has_words(line, "Current configuration:");
}

/*
 * A head that our table does not know is believed when what follows stands
 * further in and ends with an "exit" in the head's own column, as FRR prints.
 */
static bool
is_unknown_head(const struct parser *p, const struct raw_line *head)
{
	const char *pos = p->pos;
	struct raw_line line;
	bool deeper = false;

	while (next_line(&pos, p->end, &line)) {
		if (is_comment(&line))
			continue;
		if (line.indent <= head->indent)
			return deeper && line.indent == head->indent &&
			    is_exit(&line);
		deeper = true;
	}
	return false;
}

static void
leave(struct parser *p, const struct raw_line *line)
{
	size_t d;

	if (is_word(line, "exit") || is_word(line, "quit")) {
		if (p->depth > 1)
			p->depth--;
		return;
	}
	for (d = p->depth - 1; d > 0; d--)
		if (is_word(line, frr_section_exit(p->stack[d].node->line))) {
			p->depth = d;
			return;
		}
	/* An exit-something that we do not know ends what we do not know. */
	if (p->depth > 1 && p->stack[p->depth - 1].kind == SECTION_OTHER)
		p->depth--;
}

/* The innermost open section that takes the line; closes those further in. */
static struct open_section *
find_place(struct parser *p, const char *text, size_t column)
{
	struct open_section *s;
	size_t d;

	for (d = p->depth - 1; d > 0; d--) {
		enum frr_belongs belongs;

		s = &p->stack[d];
		belongs = frr_section_belongs(s->kind, text);
		if (belongs == BELONGS_YES)
			break;
		if (belongs == BELONGS_MAYBE &&
		    !(column <= s->indent && (s->indented || s->bang)))
			break;
	}
	p->depth = d + 1;
	s = &p->stack[d];
	if (column > s->indent)
		s->indented = true;
	s->bang = false;
	return s;
}

/*
 * FRR 8 prints "neighbor X ebgp-multihop 255", from FRR 10 on the number is
 * left out: the same line to us, whichever FRR it comes from. Takes the text.
 */
static char *
with_default(enum frr_section kind, char *text)
{
	static const char words[] = " ebgp-multihop";
	const char *last = strrchr(text, ' ');
	char *whole;

	/* Nothing behind it, and one word between. */
	if (kind != SECTION_BGP || !frr_section_starts(text, "neighbor") ||
	    last == NULL || strcmp(last, words) != 0 ||
	    strchr(strchr(text, ' ') + 1, ' ') != last)
		return text;
	whole = mem_printf("%s 255", text);
	free(text);
	return whole;
}

static void
add_line(struct parser *p, const struct raw_line *raw)
{
	char *text = frr_tree_normal(raw->text, raw->len);
	struct open_section *s = find_place(p, text, raw->indent);
	enum frr_section kind = frr_section_kind(s->kind, text);
	struct frr_node *node;

	text = with_default(s->kind, text);
	node = frr_tree_index_find(&p->index, s->node, text);
	if (kind == SECTION_NONE &&
	    (s->kind == SECTION_ROOT ||
		frr_section_belongs(s->kind, text) != BELONGS_YES) &&
	    is_unknown_head(p, raw))
		kind = SECTION_OTHER;
	if (node == NULL) {
		node = frr_tree_append(s->node, text);
		frr_tree_index_put(&p->index, node);
	}
	mem_wipe(text);
	if (kind == SECTION_NONE || p->depth == PARSE_DEPTH_MAX)
		return;
	node->is_section = true;
	p->stack[p->depth++] = (struct open_section) { .node = node,
		.kind = kind,
		.indent = raw->indent };
}

static void
read_line(struct parser *p, const struct raw_line *line)
{
	if (is_comment(line)) {
		struct open_section *s = &p->stack[p->depth - 1];

		if (line->len > 0 && line->indent <= s->indent)
			s->bang = true;
		return;
	}
	if (is_header(line))
		return;
	if (is_word(line, "end"))
		p->depth = 1;
	else if (is_exit(line))
		leave(p, line);
	else
		add_line(p, line);
}

struct frr_node *
frr_tree_parse(const char *text, size_t len, struct err *err)
{
	struct frr_node *tree = frr_tree_new();
	struct parser p = { .pos = text, .depth = 1 };
	struct raw_line line;
	size_t n = 0;

	p.end = len == 0 ? text : text + len;
	p.stack[0] =
	    (struct open_section) { .node = tree, .kind = SECTION_ROOT };
	if (len > 0 && memchr(text, '\0', len) != NULL) {
		(void)err_set(err, ERR_TOOL,
		    "configuration: a NUL byte at offset %zu",
		    (size_t)((const char *)memchr(text, '\0', len) - text));
		goto fail;
	}
	while (next_line(&p.pos, p.end, &line)) {
		if (++n > PARSE_LINES_MAX || line.raw_len > PARSE_LINE_MAX) {
			(void)err_set(err, ERR_TOOL, "configuration: %s %zu",
			    n > PARSE_LINES_MAX ?
				"too many lines, stopped at" :
				"more than 4,000 bytes in line",
			    n);
			goto fail;
		}
		read_line(&p, &line);
	}
	frr_tree_index_clear(&p.index);
	return tree;
fail:
	frr_tree_index_clear(&p.index);
	frr_tree_free(&tree);
	return NULL;
}
