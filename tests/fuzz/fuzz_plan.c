/* tests/fuzz/fuzz_plan.c - plans through the journal and back: the same. */
/* links: model/plan model/json base/addr base/buf base/clock base/err base/log
 * base/mem base/name base/number */
#include <assert.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <jansson.h>

#include "base/buf.h"
#include "base/err.h"
#include "model/plan.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static bool
same_text(const char *a, const char *b)
{
	return a == NULL || b == NULL ? a == b : strcmp(a, b) == 0;
}

static void
check_same(const struct plan *a, const struct plan *b)
{
	size_t i, j;

	assert(a->n_lines == b->n_lines && a->n_clears == b->n_clears);
	for (i = 0; i < a->n_lines; i++) {
		const struct plan_line *x = &a->lines[i], *y = &b->lines[i];

		assert(x->n_path == y->n_path && x->n_path <= PLAN_DEPTH);
		for (j = 0; j < x->n_path; j++)
			assert(same_text(x->path[j], y->path[j]));
		assert(same_text(x->old, y->old) && same_text(x->new, y->new));
		/* A step that does nothing would end the engine. */
		assert(x->old != NULL || x->new != NULL);
	}
	for (i = 0; i < a->n_clears; i++) {
		const struct plan_clear *x = &a->clears[i], *y = &b->clears[i];

		assert(addr_equal(&x->neighbor, &y->neighbor));
		assert(x->family == y->family && x->family <= 1);
		assert(x->in == y->in && x->out == y->out);
	}
	assert(a->n_rearms == b->n_rearms);
	for (i = 0; i < a->n_rearms; i++) {
		const struct plan_rearm *x = &a->rearms[i], *y = &b->rearms[i];

		assert(same_text(x->section, y->section));
		assert(same_text(x->line, y->line) && x->line != NULL);
		assert(x->back == y->back);
	}
}

static void
check_json(const struct buf *b)
{
	json_t *json =
	    json_loadb(buf_text(b), b->len, JSON_REJECT_DUPLICATES, NULL);

	assert(!b->failed && json != NULL);
	json_decref(json);
}

static void
check_journal(const struct plan *plan)
{
	struct buf stored = BUF_INIT, again = BUF_INIT, shown = BUF_INIT;
	struct plan back;

	plan_store(plan, &stored);
	assert(plan_load(&back, buf_text(&stored), NULL) == 0);
	check_same(plan, &back);
	plan_store(&back, &again);
	assert(strcmp(buf_text(&stored), buf_text(&again)) == 0);
	plan_render(plan, &shown);
	check_json(&shown);
	plan_clear(&back);
	buf_clear(&stored);
	buf_clear(&again);
	buf_clear(&shown);
}

/* As the journal may hold it after whatever happened to the disk. */
static void
from_stored(const char *text)
{
	struct plan plan;
	struct err err;

	if (plan_load(&plan, text, &err) == -1) {
		assert(err.code == ERR_INTERNAL && plan.n_lines == 0);
		return;
	}
	check_journal(&plan);
	plan_clear(&plan);
}

/* Lines of a configuration, of any bytes: each line of the input is a path of
 * words between tabs, the last two of which are the old and the new line; "-"
 * is none. */
static void
from_lines(char *text)
{
	char *line, *next, *word, *words[PLAN_DEPTH + 2];
	struct plan plan;
	size_t n;

	plan_init(&plan);
	for (line = text; line != NULL; line = next) {
		next = strchr(line, '\n');
		if (next != NULL)
			*next++ = '\0';
		for (n = 0; n < PLAN_DEPTH + 2 && line != NULL; n++) {
			word = strchr(line, '\t');
			if (word != NULL)
				*word++ = '\0';
			words[n] = line;
			line = word;
		}
		if (n < 2 ||
		    (strcmp(words[n - 2], "-") == 0 &&
			strcmp(words[n - 1], "-") == 0))
			continue;
		plan_add_line(&plan, (const char *const *)words, n - 2,
		    strcmp(words[n - 2], "-") == 0 ? NULL : words[n - 2],
		    strcmp(words[n - 1], "-") == 0 ? NULL : words[n - 1]);
	}
	plan_add_step(&plan, "frr", text, "");
	check_journal(&plan);
	plan_clear(&plan);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct buf shown = BUF_INIT;
	char *text;

	if (size == 0)
		return 0;
	text = malloc(size);
	if (text == NULL)
		return 0;
	memcpy(text, data + 1, size - 1);
	text[size - 1] = '\0';
	switch (data[0] % 3) {
	case 0:
		plan_render_commands(text, &shown);
		check_json(&shown);
		buf_clear(&shown);
		break;
	case 1:
		from_lines(text);
		break;
	default:
		from_stored(text);
		break;
	}
	free(text);
	return 0;
}
