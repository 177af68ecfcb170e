/* engine/etag.c - entity tags in If-Match and If-None-Match (RFC 9110). */
#include <stddef.h>
#include <string.h>

#include "engine/etag.h"

struct tag {
	bool weak;
	const char *text; /* behind the opening quote */
	size_t len;
};

/* The next tag of a list; NULL at its end or when it is malformed. */
static const char *
next(const char *p, struct tag *tag)
{
	const char *end;

	p += strspn(p, " \t,");
	tag->weak = strncmp(p, "W/", 2) == 0;
	if (tag->weak)
		p += 2;
	if (*p != '"')
		return NULL;
	end = strchr(p + 1, '"');
	if (end == NULL)
		return NULL;
	tag->text = p + 1;
	tag->len = (size_t)(end - tag->text);
	return end + 1;
}

static bool
is_star(const char *header)
{
	header += strspn(header, " \t");
	return header[0] == '*' &&
	    header[1 + strspn(header + 1, " \t")] == '\0';
}

bool
etag_is_valid(const char *header)
{
	struct tag tag;
	const char *p = header;
	bool any = false;

	if (is_star(header))
		return true;
	while (p[strspn(p, " \t,")] != '\0') {
		p = next(p, &tag);
		if (p == NULL)
			return false;
		any = true;
	}
	return any;
}

bool
etag_matches_version(const char *header, const char *version)
{
	size_t len = strlen(version);
	struct tag tag;

	if (is_star(header))
		return true;
	while ((header = next(header, &tag)) != NULL)
		if (!tag.weak && tag.len >= len &&
		    strncmp(tag.text, version, len) == 0 &&
		    (tag.len == len || tag.text[len] == '.'))
			return true;
	return false;
}

bool
etag_matches(const char *header, const char *etag)
{
	size_t len = strlen(etag);
	struct tag tag;

	if (is_star(header))
		return true;
	while ((header = next(header, &tag)) != NULL)
		if (tag.len + 2 == len &&
		    strncmp(tag.text, etag + 1, tag.len) == 0)
			return true;
	return false;
}
