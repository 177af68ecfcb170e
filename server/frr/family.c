/* frr/family.c - the address families by name. */
#include <assert.h>

#include "base/compat.h"
#include "frr/state.h"

static const char *const names[FAMILIES] = { "ipv4-unicast", "ipv6-unicast" };
static const char *const words[FAMILIES] = { "ipv4 unicast", "ipv6 unicast" };

const char *
family_name(unsigned family)
{
	assert(family < NITEMS(names));
	return names[family];
}

const char *
family_frr_words(unsigned family)
{
	assert(family < NITEMS(words));
	return words[family];
}

unsigned
family_of(const struct addr *a)
{
	return a->family == 4 ? FAMILY_IPV4_UNICAST : FAMILY_IPV6_UNICAST;
}
