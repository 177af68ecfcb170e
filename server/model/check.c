/* model/check.c - checks of texts that several requests hold. */
#include <string.h>

#include "base/addr.h"
#include "base/err.h"
#include "base/name.h"
#include "model/check.h"

int
check_name(const char *text, struct err *err)
{
	struct name name;

	return name_parse(&name, text, err);
}

int
check_line(const char *text, struct err *err)
{
	struct line_text line;

	return line_text_parse(&line, text, err);
}

int
check_prefix(const char *text, struct err *err)
{
	struct prefix p;

	if (strchr(text, '/') == NULL)
		return err_set(err, ERR_INVALID,
		    "must be a prefix with its length");
	if (prefix_parse(&p, text, true, err) == -1)
		return -1;
	if (p.len == 0)
		return err_set(err, ERR_INVALID,
		    "the default route is nobody's prefix");
	return 0;
}
