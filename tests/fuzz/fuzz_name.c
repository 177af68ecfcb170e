/* tests/fuzz/fuzz_name.c - any text as a name: what is accepted holds nothing
 * that a tool or a log could misread. */
/* links: base/name base/err */
#include <assert.h>
#include <ctype.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <jansson.h>

#include "base/err.h"
#include "base/name.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void
check_word(const char *word, const char *in, size_t max, const char *also)
{
	size_t i, len = strlen(word);

	assert(strcmp(word, in) == 0);
	assert(len >= 1 && len <= max && word[0] != '-');
	for (i = 0; i < len; i++) {
		unsigned char c = (unsigned char)word[i];

		assert(c < 0x80 && (isalnum(c) || strchr(also, c) != NULL));
	}
}

static void
check_line(const char *line, const char *in)
{
	const unsigned char *p = (const unsigned char *)line;
	size_t len = strlen(line);

	assert(strcmp(line, in) == 0);
	assert(len >= 1 && len <= 80);
	assert(name_is_utf8(line, len));
	assert(strpbrk(line, "|?\"\\\n\r\t") == NULL);
	assert(strchr("!# ", line[0]) == NULL && line[len - 1] != ' ');
	assert(strstr(line, "  ") == NULL);
	for (; *p != '\0'; p++)
		assert(*p >= 0x20 && *p != 0x7f &&
		    !(*p == 0xc2 && p[1] >= 0x80 && p[1] <= 0x9f));
}

/* jansson has an opinion of its own about UTF-8. */
static void
check_utf8(const char *text, size_t len)
{
	json_t *json = json_stringn(text, len);

	if (len == 0 || memchr(text, '\0', len) == NULL)
		assert(name_is_utf8(text, len) == (json != NULL));
	else
		assert(!name_is_utf8(text, len));
	json_decref(json);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char text[256];
	struct name name;
	struct policy_name policy;
	struct if_name interface;
	struct line_text line;
	struct err err;

	if (size >= sizeof(text))
		return 0;
	if (size > 0)
		memcpy(text, data, size);
	text[size] = '\0';
	check_utf8(text, size);
	err_clear(&err);
	if (name_parse(&name, text, &err) == 0) {
		check_word(name.s, text, 31, "-");
		assert(islower((unsigned char)name.s[0]));
	}
	if (policy_name_parse(&policy, text, &err) == 0)
		check_word(policy.s, text, 63, "_-");
	if (if_name_parse(&interface, text, &err) == 0) {
		check_word(interface.s, text, 15, "._-");
		assert(isalpha((unsigned char)interface.s[0]));
	}
	if (line_text_parse(&line, text, &err) == 0)
		check_line(line.s, text);
	assert(err.code == ERR_NONE || err.code == ERR_INVALID);
	return 0;
}
