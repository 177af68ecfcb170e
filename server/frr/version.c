/* frr/version.c - which FRR this is. */
#include <string.h>

#include "base/err.h"
#include "frr/state.h"

int
frr_version_parse(const char *text, char *out, size_t size, struct err *err)
{
	static const char start[] = "FRRouting ";
	size_t len;

	if (strncmp(text, start, sizeof(start) - 1) != 0)
		goto bad;
	text += sizeof(start) - 1;
	len = strcspn(text, " \n");
	if (len == 0 || len >= size || strspn(text, "0123456789") == 0)
		goto bad;
	memcpy(out, text, len);
	out[len] = '\0';
	return 0;
bad:
	return err_set(err, ERR_TOOL,
	    "bgpd: show version: does not begin with \"FRRouting VERSION\"");
}
