/* frr/version.c - which FRR this is. */
#include <stdlib.h>
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

/* "10.7.1", "10.8-dev" */
bool
frr_version_is_from(const char *version, unsigned major, unsigned minor)
{
	char *end;
	unsigned long n = strtoul(version, &end, 10);

	if (end == version || n != major)
		return end != version && n > major;
	return *end == '.' && strtoul(end + 1, NULL, 10) >= minor;
}
