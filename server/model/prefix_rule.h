/* model/prefix_rule.h - one line of a prefix list, without its sequence. */
#ifndef MODEL_PREFIX_RULE_H
#define MODEL_PREFIX_RULE_H

#include <stdbool.h>
#include <stdint.h>

#include "base/addr.h"

struct err;

enum {
	PREFIX_RULE_TEXT_MAX = PREFIX_TEXT_MAX + 24
};

struct prefix_rule {
	bool permit;
	struct prefix prefix;
	uint8_t ge; /* 0: none */
	uint8_t le; /* 0: none */
};

/*
 * "permit|deny PREFIX [ge N] [le N]", with PREFIX's length <= N and ge <= le.
 * family 4 or 6: as FRR prints a list of that family, where "any" stands for
 * everything; 0: any of the two, and the prefix must be spelled out. -1 and
 * ERR_INVALID.
 */
int prefix_rule_parse(struct prefix_rule *, const char *text, unsigned family,
    struct err *);
/* In FRR's order of words; returns out, PREFIX_RULE_TEXT_MAX bytes. */
const char *prefix_rule_print(const struct prefix_rule *, char *out);
bool prefix_rule_equal(const struct prefix_rule *, const struct prefix_rule *);

#endif
