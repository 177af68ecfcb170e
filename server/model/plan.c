/* model/plan.c - what a change will do, as a value to show, store and undo. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/err.h"
#include "base/mem.h"
#include "base/name.h"
#include "model/json.h"
#include "model/plan.h"

void
plan_init(struct plan *plan)
{
	memset(plan, 0, sizeof(*plan));
}

void
plan_clear(struct plan *plan)
{
	size_t i, j;

	for (i = 0; i < plan->n_lines; i++) {
		for (j = 0; j < plan->lines[i].n_path; j++)
			free(plan->lines[i].path[j]);
		/* Lines of a configuration may be passwords. */
		mem_wipe(plan->lines[i].old);
		mem_wipe(plan->lines[i].new);
	}
	free(plan->lines);
	for (i = 0; i < plan->n_steps; i++) {
		free(plan->steps[i].commands);
		free(plan->steps[i].undo);
	}
	free(plan->steps);
	free(plan->clears);
	for (i = 0; i < plan->n_rearms; i++) {
		free(plan->rearms[i].section);
		mem_wipe(plan->rearms[i].line);
	}
	free(plan->rearms);
	for (i = 0; i < plan->n_extras; i++)
		mem_wipe(plan->extras[i].text);
	free(plan->extras);
	plan_init(plan);
}

void
plan_add_line(struct plan *plan, const char *const *path, size_t n_path,
    const char *old, const char *new)
{
	struct plan_line *line;
	size_t i;

	plan->lines =
	    mem_realloc(plan->lines, plan->n_lines + 1, sizeof(*plan->lines));
	line = &plan->lines[plan->n_lines++];
	memset(line, 0, sizeof(*line));
	for (i = 0; i < n_path && i < PLAN_DEPTH; i++)
		line->path[line->n_path++] = mem_strdup(path[i]);
	line->old = old == NULL ? NULL : mem_strdup(old);
	line->new = new == NULL ? NULL : mem_strdup(new);
}

void
plan_add_clear(struct plan *plan, const struct plan_clear *one)
{
	struct plan_clear *c;
	size_t i;

	for (i = 0; i < plan->n_clears; i++) {
		c = &plan->clears[i];
		if (c->family == one->family &&
		    addr_equal(&c->neighbor, &one->neighbor)) {
			c->in = c->in || one->in;
			c->out = c->out || one->out;
			return;
		}
	}
	plan->clears = mem_realloc(plan->clears, plan->n_clears + 1,
	    sizeof(*plan->clears));
	plan->clears[plan->n_clears++] = *one;
}

void
plan_add_rearm(struct plan *plan, const char *section, const char *line,
    bool back)
{
	struct plan_rearm *r;

	plan->rearms = mem_realloc(plan->rearms, plan->n_rearms + 1,
	    sizeof(*plan->rearms));
	r = &plan->rearms[plan->n_rearms++];
	r->section = mem_strdup(section);
	r->line = mem_strdup(line);
	r->back = back;
}

void
plan_add_step(struct plan *plan, const char *subsystem, const char *commands,
    const char *undo)
{
	struct plan_step *step;

	plan->steps =
	    mem_realloc(plan->steps, plan->n_steps + 1, sizeof(*plan->steps));
	step = &plan->steps[plan->n_steps++];
	(void)snprintf(step->subsystem, sizeof(step->subsystem), "%s",
	    subsystem);
	step->commands = mem_strdup(commands);
	step->undo = mem_strdup(undo);
}

static struct plan_extra *
find_extra(const struct plan *plan, const char *name)
{
	size_t i;

	for (i = 0; i < plan->n_extras; i++)
		if (strcmp(plan->extras[i].name, name) == 0)
			return &plan->extras[i];
	return NULL;
}

void
plan_set_extra(struct plan *plan, const char *name, const char *text)
{
	struct plan_extra *extra = find_extra(plan, name);

	if (extra == NULL) {
		plan->extras = mem_realloc(plan->extras, plan->n_extras + 1,
		    sizeof(*plan->extras));
		extra = &plan->extras[plan->n_extras++];
		memset(extra, 0, sizeof(*extra));
		(void)snprintf(extra->name, sizeof(extra->name), "%s", name);
	}
	mem_wipe(extra->text);
	extra->text = mem_strdup(text);
}

const char *
plan_extra(const struct plan *plan, const char *name)
{
	const struct plan_extra *extra = find_extra(plan, name);

	return extra == NULL ? "" : extra->text;
}

/* An array with one string a line. */
static json_t *
lines_json(const char *text)
{
	json_t *json = json_array();
	size_t len;

	while (*text != '\0') {
		len = strcspn(text, "\n");
		if (len > 0) {
			char *line = mem_strndup(text, len);

			(void)json_array_append_new(json, json_text(line));
			free(line);
		}
		text += len + (text[len] == '\n');
	}
	return json;
}

void
plan_render(const struct plan *plan, struct buf *b)
{
	json_t *json = json_object(), *steps = json_array(), *one;
	size_t i;

	for (i = 0; i < plan->n_steps; i++) {
		one = json_object();
		json_put(one, "subsystem", json_text(plan->steps[i].subsystem));
		json_put(one, "commands", lines_json(plan->steps[i].commands));
		json_put(one, "undo", lines_json(plan->steps[i].undo));
		(void)json_array_append_new(steps, one);
	}
	json_put(json, "steps", steps);
	json_render(json, b);
}

/*
 * A configuration line for the journal. What recovery compares with the router
 * must come back byte by byte, and a router may hold bytes that are not UTF-8,
 * which JSON cannot: then {"hex": "..."}. NULL becomes null.
 */
static json_t *
stored_text(const char *text)
{
	struct buf hex = BUF_SECRET;
	json_t *json;

	if (text == NULL)
		return json_null();
	if (name_is_utf8(text, strlen(text)))
		return json_text(text);
	buf_hex(&hex, text, strlen(text));
	json = json_object();
	json_put(json, "hex", json_text(buf_text(&hex)));
	buf_clear(&hex);
	return json;
}

static json_t *
lines_stored(const struct plan *plan)
{
	json_t *lines = json_array(), *one, *path;
	size_t i, j;

	for (i = 0; i < plan->n_lines; i++) {
		const struct plan_line *line = &plan->lines[i];

		one = json_object();
		path = json_array();
		for (j = 0; j < line->n_path; j++)
			(void)json_array_append_new(path,
			    stored_text(line->path[j]));
		json_put(one, "path", path);
		json_put(one, "old", stored_text(line->old));
		json_put(one, "new", stored_text(line->new));
		(void)json_array_append_new(lines, one);
	}
	return lines;
}

static json_t *
clears_stored(const struct plan *plan)
{
	json_t *clears = json_array(), *one;
	char text[ADDR_TEXT_MAX];
	size_t i;

	for (i = 0; i < plan->n_clears; i++) {
		const struct plan_clear *c = &plan->clears[i];

		one = json_object();
		json_put(one, "neighbor",
		    json_text(addr_print(&c->neighbor, text)));
		json_put(one, "family", json_integer(c->family));
		json_put(one, "in", json_boolean(c->in));
		json_put(one, "out", json_boolean(c->out));
		(void)json_array_append_new(clears, one);
	}
	return clears;
}

static json_t *
rearms_stored(const struct plan *plan)
{
	json_t *rearms = json_array(), *one;
	size_t i;

	for (i = 0; i < plan->n_rearms; i++) {
		const struct plan_rearm *r = &plan->rearms[i];

		one = json_object();
		json_put(one, "section", stored_text(r->section));
		json_put(one, "line", stored_text(r->line));
		json_put(one, "back", json_boolean(r->back));
		(void)json_array_append_new(rearms, one);
	}
	return rearms;
}

void
plan_store(const struct plan *plan, struct buf *b)
{
	json_t *json = json_object(), *extra = json_object();
	size_t i;

	json_put(json, "lines", lines_stored(plan));
	json_put(json, "clears", clears_stored(plan));
	json_put(json, "rearms", rearms_stored(plan));
	for (i = 0; i < plan->n_extras; i++)
		json_put(extra, plan->extras[i].name,
		    json_text(plan->extras[i].text));
	json_put(json, "extra", extra);
	json_render(json, b);
}

/* The inverse of stored_text into new memory; NULL for null. -1: neither. */
static int
load_text(const json_t *json, char **out)
{
	const char *text = json_string_value(json), *hex;
	struct buf bytes = BUF_INIT;

	*out = NULL;
	if (json_is_null(json))
		return 0;
	if (text != NULL) {
		*out = mem_strdup(text);
		return 0;
	}
	hex = json_string_value(json_object_get(json, "hex"));
	if (hex == NULL || buf_unhex(&bytes, hex) == -1 ||
	    (bytes.len > 0 && memchr(bytes.data, '\0', bytes.len) != NULL)) {
		buf_clear(&bytes);
		return -1;
	}
	*out = bytes.len == 0 ? mem_strdup("") : buf_take(&bytes);
	return 0;
}

static int
load_line(struct plan *plan, const json_t *json)
{
	const json_t *path = json_object_get(json, "path");
	size_t i, n = json_array_size(path);
	struct plan_line *line;

	if (!json_is_array(path) || n > PLAN_DEPTH)
		return -1;
	plan_add_line(plan, NULL, 0, NULL, NULL);
	line = &plan->lines[plan->n_lines - 1];
	for (i = 0; i < n; i++) {
		line->n_path++;
		if (load_text(json_array_get(path, i), &line->path[i]) == -1 ||
		    line->path[i] == NULL)
			return -1;
	}
	if (load_text(json_object_get(json, "old"), &line->old) == -1 ||
	    load_text(json_object_get(json, "new"), &line->new) == -1)
		return -1;
	return line->old == NULL && line->new == NULL ? -1 : 0;
}

static int
load_clear(struct plan *plan, const json_t *json)
{
	const char *neighbor =
	    json_string_value(json_object_get(json, "neighbor"));
	json_int_t family = json_integer_value(json_object_get(json, "family"));
	struct plan_clear c = { .family = (unsigned)family,
		.in = json_is_true(json_object_get(json, "in")),
		.out = json_is_true(json_object_get(json, "out")) };

	if (neighbor == NULL || family < 0 || family > 1 ||
	    addr_parse(&c.neighbor, neighbor, NULL) == -1)
		return -1;
	plan_add_clear(plan, &c);
	return 0;
}

static int
load_rearm(struct plan *plan, const json_t *json)
{
	struct plan_rearm *r;

	plan_add_rearm(plan, "", "",
	    json_is_true(json_object_get(json, "back")));
	r = &plan->rearms[plan->n_rearms - 1];
	MEM_FREE(r->section);
	MEM_FREE(r->line);
	return load_text(json_object_get(json, "section"), &r->section) == -1 ||
		load_text(json_object_get(json, "line"), &r->line) == -1 ||
		r->section == NULL || r->line == NULL ?
	    -1 :
	    0;
}

int
plan_load(struct plan *plan, const char *stored, struct err *err)
{
	json_t *json = json_loads(stored, 0, NULL), *value;
	const json_t *lines = json_object_get(json, "lines");
	const json_t *clears = json_object_get(json, "clears");
	const json_t *rearms = json_object_get(json, "rearms");
	const char *name;
	size_t i;
	int rc = -1;

	plan_init(plan);
	if (!json_is_array(lines) || !json_is_array(clears))
		goto out;
	for (i = 0; i < json_array_size(lines); i++)
		if (load_line(plan, json_array_get(lines, i)) == -1)
			goto out;
	for (i = 0; i < json_array_size(clears); i++)
		if (load_clear(plan, json_array_get(clears, i)) == -1)
			goto out;
	/* A journal of an older version has none of these. */
	for (i = 0; i < json_array_size(rearms); i++)
		if (load_rearm(plan, json_array_get(rearms, i)) == -1)
			goto out;
	json_object_foreach(json_object_get(json, "extra"), name, value)
	{
		if (!json_is_string(value))
			goto out;
		plan_set_extra(plan, name, json_string_value(value));
	}
	rc = 0;
out:
	json_decref(json);
	if (rc == -1) {
		plan_clear(plan);
		return err_set(err, ERR_INTERNAL,
		    "the journal holds a plan that cannot be read");
	}
	return 0;
}

void
plan_render_commands(const char *log, struct buf *b)
{
	json_t *json = json_array(), *one;
	size_t len, tab;

	while (*log != '\0') {
		char *line, *answer;

		len = strcspn(log, "\n");
		line = mem_strndup(log, len);
		log += len + (log[len] == '\n');
		tab = strcspn(line, "\t");
		answer = line[tab] == '\t' ? line + tab + 1 : line + tab;
		line[tab] = '\0';
		one = json_object();
		json_put(one, "command", json_text(line));
		json_put(one, "answer", json_text(answer));
		(void)json_array_append_new(json, one);
		free(line);
	}
	json_render(json, b);
}
