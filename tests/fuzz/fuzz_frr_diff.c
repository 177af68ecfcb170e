/* tests/fuzz/fuzz_frr_diff.c - two texts, 0x01 between them, and their plan. */
/* links: frr/diff frr/step frr/line frr/mask frr/tree frr/tree_parse
 * frr/tree_index frr/section base/buf base/clock base/err base/log base/mem */
#include <assert.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "base/buf.h"
#include "base/err.h"
#include "frr/diff.h"
#include "frr/tree.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* The plan holds in after, its undo in before, and both print as text that the
 * parser takes. */
static void
check_plan(const struct frr_node *before, const struct frr_node *after,
    size_t size)
{
	struct frr_steps steps = { 0 }, back = { 0 }, left = { 0 };
	struct buf b = BUF_INIT;
	struct frr_node *tree;
	struct err err;

	if (frr_diff(before, after, &steps, &err) == -1) {
		assert(err.code == ERR_UNSUPPORTED);
		goto out;
	}
	assert(frr_steps_verify(&steps, after, &err) == 0);
	assert(frr_steps_remaining(&steps, after, &left, &err) == 0);
	assert(left.n == 0);
	assert(frr_steps_reverse(&steps, &back, &err) == 0);
	assert(frr_steps_verify(&back, before, &err) == 0);
	(void)frr_steps_bgpd_only(&steps, before);
	frr_steps_print(&steps, &b);
	frr_steps_print(&back, &b);
	tree = frr_tree_parse(buf_text(&b), b.len, &err);
	assert(tree != NULL || size > 3900);
	frr_tree_free(&tree);
out:
	buf_clear(&b);
	frr_steps_clear(&steps);
	frr_steps_clear(&back);
	frr_steps_clear(&left);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const uint8_t *cut = size == 0 ? NULL : memchr(data, 1, size);
	size_t first = cut == NULL ? size : (size_t)(cut - data);
	size_t second = cut == NULL ? 0 : size - first - 1;
	struct frr_node *before, *after;

	before = frr_tree_parse((const char *)data, first, NULL);
	after = frr_tree_parse(cut == NULL ? "" : (const char *)cut + 1, second,
	    NULL);
	if (before != NULL && after != NULL) {
		check_plan(before, after, size);
		check_plan(after, before, size);
	}
	frr_tree_free(&before);
	frr_tree_free(&after);
	return 0;
}
