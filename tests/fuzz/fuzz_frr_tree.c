/* tests/fuzz/fuzz_frr_tree.c - any text as a running configuration. */
/* links: frr/tree frr/tree_parse frr/tree_index frr/section base/buf base/clock
 * base/err base/log base/mem */
#include <assert.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/err.h"
#include "frr/tree.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* What was understood prints and reads back as the same; merging a tree with
 * itself or into an empty one changes nothing. */
int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct buf b = BUF_INIT;
	struct frr_node *tree, *back, *copy, *empty;
	struct err err;

	err_clear(&err);
	tree = frr_tree_parse((const char *)data, size, &err);
	if (tree == NULL) {
		assert(err.code == ERR_TOOL);
		return 0;
	}
	frr_tree_print(tree, &b);
	back = frr_tree_parse(buf_text(&b), b.len, &err);
	/* Its own indentation may make a line of 4,000 bytes too long. */
	if (back == NULL) {
		assert(size > 3900);
		goto out;
	}
	assert(frr_tree_equal(tree, back) && frr_tree_equal(back, tree));
	copy = frr_tree_copy(tree);
	frr_tree_merge(copy, tree);
	assert(frr_tree_equal(copy, tree));
	empty = frr_tree_new();
	frr_tree_merge(empty, tree);
	assert(frr_tree_equal(empty, tree));
	frr_tree_free(&copy);
	frr_tree_free(&empty);
	frr_tree_free(&back);
out:
	frr_tree_free(&tree);
	buf_clear(&b);
	return 0;
}
