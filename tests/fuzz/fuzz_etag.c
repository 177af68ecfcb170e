/* tests/fuzz/fuzz_etag.c - any text as If-Match: a tag that stands in a list is
 * found, one that does not is not. */
/* links: engine/etag */
#include <assert.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include "engine/etag.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static const char version[] = "0123456789abcdef";
static const char tag[] = "\"0123456789abcdef.fedcba9876543210\"";

/* A list that the input begins. */
static void
check_list(const char *text, bool is_list)
{
	char header[600];

	(void)snprintf(header, sizeof(header), "%s, %s", text, tag);
	assert(etag_is_valid(header) == is_list);
	if (is_list) {
		assert(etag_matches_version(header, version));
		assert(etag_matches(header, tag));
	}
	(void)snprintf(header, sizeof(header), "%s, W/%s", text, tag);
	assert(etag_is_valid(header) == is_list);
	if (is_list)
		assert(etag_matches(header, tag));
}

/* The input as the opaque part of one tag. */
static void
check_one(const char *text)
{
	char header[300], weak[300], start[300];

	if (strchr(text, '"') != NULL)
		return;
	(void)snprintf(header, sizeof(header), "\"%s\"", text);
	(void)snprintf(weak, sizeof(weak), "W/\"%s\"", text);
	(void)snprintf(start, sizeof(start), "%.*s", (int)strcspn(text, "."),
	    text);
	assert(etag_is_valid(header) && etag_is_valid(weak));
	assert(etag_matches(header, header) && etag_matches(weak, header));
	assert(etag_matches_version(header, start));
	assert(!etag_matches_version(weak, start));
	assert(etag_matches_version(header, version) ==
	    (strcmp(start, version) == 0));
	assert(etag_matches(header, tag) == (strcmp(header, tag) == 0));
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char text[256];
	bool star;

	if (size >= sizeof(text))
		return 0;
	if (size > 0)
		memcpy(text, data, size);
	text[size] = '\0';
	star = etag_is_valid(text) && strchr(text, '"') == NULL;
	assert(!star || strspn(text, "* \t") == strlen(text));
	/* What matches holds the tag, or is "*". */
	if (!star && etag_matches(text, tag))
		assert(strstr(text, tag) != NULL);
	if (!star && etag_matches_version(text, version))
		assert(strstr(text, version) != NULL);
	if (star)
		assert(etag_matches(text, tag) &&
		    etag_matches_version(text, version));
	else
		check_list(text,
		    etag_is_valid(text) || text[strspn(text, " \t,")] == '\0');
	check_one(text);
	return 0;
}
