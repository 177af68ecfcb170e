/* tests/fuzz/fuzz_ifconfig.c - what FreeBSD's tools and rc.conf may say. */
/* links: system/freebsd/words system/freebsd/unit system/freebsd/inner
 * system/freebsd/ifconfig system/freebsd/route_get system/freebsd/rcconf
 * system/freebsd/boot_link_parse wire/op wire/op_check wire/op_link
 * wire/op_key wire/op_route wire/op_firewall base/addr base/buf base/clock
 * base/err base/io base/log base/name base/number base/rfc3339 base/md5key
 * base/crypto */
#include <assert.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "system/freebsd/boot_link.h"
#include "system/freebsd/ifconfig.h"
#include "system/freebsd/rcconf.h"
#include "system/freebsd/route_get.h"
#include "wire/op.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* On the heap and no longer than it is, so that a step too far is seen. */
static char *
copy(const uint8_t *data, size_t size)
{
	char *text = malloc(size + 1);

	if (text == NULL)
		abort();
	memcpy(text, data, size);
	text[size] = '\0';
	return text;
}

static void
one_link(const uint8_t *data, size_t size)
{
	static struct op_link list[8];
	char *text = copy(data, size);
	size_t i, n = ifconfig_parse(text, list, 8);

	assert(n <= 8);
	/* Whatever it is, the engine would take it. */
	for (i = 0; i < n; i++)
		assert(op_link_check(&list[i], OP_LINKS, NULL) == 0);
	free(text);
}

static void
one_route(const uint8_t *data, size_t size, uint8_t family)
{
	char *text = copy(data, size);
	struct route_get g;

	if (route_get_parse(text, family, &g)) {
		assert(g.route.prefix.addr.family == family);
		assert(g.route.prefix.len <= (family == 4 ? 32 : 128));
		assert(g.route.kind >= OP_ROUTE_GATEWAY &&
		    g.route.kind <= OP_ROUTE_OTHER);
	}
	free(text);
}

static void
one_file(const uint8_t *data, size_t size)
{
	static const char *const names[] = { "gre0", "gif1" };
	char *text = copy(data, size), unknown[64];
	struct op_link link;
	size_t i;

	if (rcconf_parse(text, NULL) == 0)
		for (i = 0; i < 2; i++) {
			(void)boot_link_parse(names[i], &link, unknown,
			    sizeof(unknown));
			assert(op_link_check(&link, OP_LINKS, NULL) == 0);
		}
	free(text);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	if (size == 0)
		return 0;
	switch (data[0] % 4) {
	case 0:
		one_link(data + 1, size - 1);
		break;
	case 1:
		one_route(data + 1, size - 1, 4);
		break;
	case 2:
		one_route(data + 1, size - 1, 6);
		break;
	default:
		one_file(data + 1, size - 1);
		break;
	}
	return 0;
}
