/* tests/fuzz/fuzz_addr.c - any text as an address or prefix: what is accepted
 * prints and parses to the same value. */
/* links: base/addr base/err base/number */
#include <assert.h>
#include <ctype.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "base/addr.h"
#include "base/err.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void
check_addr(const struct addr *a)
{
	static const uint8_t zeros[12];
	char text[ADDR_TEXT_MAX], again[ADDR_TEXT_MAX];
	struct addr b;
	const char *p;

	assert(a->family == 4 || a->family == 6);
	assert(a->family == 6 || memcmp(a->bytes + 4, zeros, 12) == 0);
	assert(a->zone[0] == '\0' || addr_is_link_local(a));
	assert(addr_print(a, text) == text && strlen(text) < ADDR_TEXT_MAX);
	for (p = text; *p != '\0'; p++)
		assert(
		    isalnum((unsigned char)*p) || strchr(".:%_-", *p) != NULL);
	assert(addr_parse(&b, text, NULL) == 0);
	assert(addr_equal(a, &b) && memcmp(a, &b, sizeof(b)) == 0);
	assert(strcmp(addr_print(&b, again), text) == 0);
}

static void
check_prefix(const struct prefix *p)
{
	char text[PREFIX_TEXT_MAX];
	struct prefix q;

	assert(p->len <= (p->addr.family == 4 ? 32 : 128));
	assert(p->addr.zone[0] == '\0');
	check_addr(&p->addr);
	assert(prefix_contains(p, &p->addr));
	assert(strlen(prefix_print(p, text)) < PREFIX_TEXT_MAX);
	/* No host bits are left. */
	assert(prefix_parse(&q, text, true, NULL) == 0);
	assert(prefix_equal(p, &q));
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char text[256];
	struct addr addr;
	struct prefix loose, strict;
	struct err err;
	int rc;

	if (size >= sizeof(text))
		return 0;
	if (size > 0)
		memcpy(text, data, size);
	text[size] = '\0';
	err_clear(&err);
	if (addr_parse(&addr, text, &err) == 0) {
		check_addr(&addr);
		assert(addr_compare(&addr, &addr) == 0);
	} else {
		assert(err.code == ERR_INVALID);
	}
	rc = prefix_parse(&loose, text, false, &err);
	if (rc == 0)
		check_prefix(&loose);
	if (prefix_parse(&strict, text, true, &err) == 0) {
		assert(rc == 0 && prefix_equal(&strict, &loose));
	}
	return 0;
}
