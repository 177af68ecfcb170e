/* tests/unit/engine_conf.h - configurations as the engine looks at them. */
#ifndef TESTS_ENGINE_CONF_H
#define TESTS_ENGINE_CONF_H

#include <string.h>

#include "base/buf.h"
#include "base/err.h"
#include "engine/adopt.h"
#include "frr/tree.h"
#include "shared_file.h"
#include "store/friendly.h"

static inline struct frr_node *
conf_parse(const char *text)
{
	struct err err;
	struct frr_node *tree = frr_tree_parse(text, strlen(text), &err);

	if (tree == NULL)
		fail_msg("%s", err.text);
	return tree;
}

/* A file of ../shared/reference; skips the test when it is not there. */
static inline struct frr_node *
conf_reference(const char *name)
{
	struct buf b = BUF_INIT;
	struct frr_node *tree;

	shared_file(name, &b);
	tree = conf_parse(buf_text(&b));
	buf_clear(&b);
	return tree;
}

static inline void
conf_adopt(const struct frr_node *tree, struct upstream_list *list)
{
	static const struct friendly_list no_names;

	adopt_upstreams(tree, &no_names, list);
}

static inline struct upstream *
conf_upstream(const struct upstream_list *list, const char *name)
{
	struct upstream *up = adopt_find(list, name);

	if (up == NULL)
		fail_msg("there is no %s", name);
	return up;
}

/* Does the tree read as this text does? */
static inline void
conf_check(const struct frr_node *tree, const char *want)
{
	struct frr_node *other = conf_parse(want);
	struct buf b = BUF_INIT;

	if (!frr_tree_equal(tree, other)) {
		frr_tree_print(tree, &b);
		fail_msg("this is not what was wanted:\n%s", buf_text(&b));
	}
	buf_clear(&b);
	frr_tree_free(&other);
}

#endif
