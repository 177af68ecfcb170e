/* cli/render_resource.c - a resource that was made, changed or removed. */
#include <inttypes.h>
#include <stdio.h>

#include "base/buf.h"
#include "cli/field.h"
#include "cli/render.h"
#include "cli/text.h"

static void
add_subject(struct buf *b, const struct style *st,
    const struct render_resource *r)
{
	style_text(st, STYLE_STRONG, b, r->name == NULL ? r->router : r->name);
	buf_puts(b, ": ");
}

static void
add_unchanged(struct buf *b, const struct render_resource *r, const char *words)
{
	buf_puts(b, "it is so already");
	if (r->name != NULL) {
		buf_puts(b, " on ");
		text_add(b, r->router);
	}
	buf_printf(b, "; %s\n", words);
}

/* "upstream added on hobgp" */
static void
add_words(struct buf *b, const struct render_resource *r, const char *how)
{
	buf_printf(b, "%s %s%s", r->kind, how, r->done);
	if (r->name == NULL)
		return;
	buf_puts(b, " on ");
	text_add(b, r->router);
}

/* gre tunnel gre1 from 198.51.100.10 to 198.51.100.44 */
static void
add_tunnel(struct buf *b, const struct render_resource *r, const json_t *answer)
{
	const json_t *tunnel = field_at(field_at(answer, r->kind), "tunnel");

	if (!json_is_object(tunnel))
		return;
	buf_puts(b, "  ");
	text_add(b, field_word(tunnel, "kind", "?"));
	buf_puts(b, " tunnel ");
	text_add(b, field_word(tunnel, "interface", "?"));
	buf_puts(b, " from ");
	text_add(b, field_word(tunnel, "local", "?"));
	buf_puts(b, " to ");
	text_add(b, field_word(tunnel, "remote", "?"));
	buf_putc(b, '\n');
}

/* It goes back: until when, and what to do, so that nobody is surprised. */
static void
add_pending(struct buf *b, const struct style *st, const json_t *answer)
{
	const json_t *confirm = field_at(answer, "confirm");
	const char *operation = field_word(confirm, "operation", "");
	const char *at = field_text(confirm, "reverts_at");
	char when[TEXT_MAX], left[TEXT_MAX];
	int64_t s;

	if (!json_is_object(confirm))
		return;
	style_begin(st, STYLE_WARN, b);
	buf_puts(b, "! in effect, but not saved: goes back");
	if (at != NULL)
		buf_printf(b, " at %s UTC", text_time(at, when));
	if (field_int(confirm, "revert_in_s", &s))
		buf_printf(b, " (in %s)", text_age(s, left));
	buf_puts(b, " unless confirmed");
	style_end(st, STYLE_WARN, b);
	buf_puts(b, "\n  keep it:       mhctl confirm ");
	text_add(b, operation);
	buf_puts(b, "\n  take it back:  mhctl revert ");
	text_add(b, operation);
	buf_putc(b, '\n');
}

void
render_resource(struct buf *b, const struct style *st,
    const struct render_resource *r, const json_t *answer)
{
	add_subject(b, st, r);
	if (json_is_false(field_at(answer, "changed"))) {
		add_unchanged(b, r, "nothing was changed");
		render_change_numbers(b, answer);
		return;
	}
	add_words(b, r, "");
	buf_putc(b, '\n');
	add_tunnel(b, r, answer);
	render_change_effects(b, st, answer);
	render_change_numbers(b, answer);
	add_pending(b, st, answer);
}

void
render_resource_plan(struct buf *b, const struct style *st,
    const struct render_resource *r, const json_t *answer, bool undo)
{
	add_subject(b, st, r);
	if (json_is_false(field_at(answer, "changed"))) {
		add_unchanged(b, r, "nothing would be done");
		return;
	}
	add_words(b, r, "would be ");
	buf_putc(b, '\n');
	render_change_steps(b, st, answer, undo);
}
