/* system/freebsd/words.c - lines and words of what a tool printed. */
#include <string.h>

#include "system/freebsd/words.h"

static const char blanks[] = " \t\r\n";

char *
words_line(char **text)
{
	char *line = *text;
	size_t len = strcspn(line, "\n");

	if (*line == '\0')
		return NULL;
	*text = line + len;
	if (line[len] == '\n') {
		line[len] = '\0';
		(*text)++;
	}
	return line;
}

size_t
words_split(char *line, char **v, size_t max)
{
	size_t n = 0, len;

	for (;;) {
		line += strspn(line, blanks);
		if (*line == '\0' || n == max)
			return n;
		v[n++] = line;
		len = strcspn(line, blanks);
		line += len;
		if (*line != '\0')
			*line++ = '\0';
	}
}

bool
words_next(const char **list, char *out, size_t size)
{
	const char *p = *list;
	size_t len;

	for (;;) {
		p += strspn(p, blanks);
		len = strcspn(p, blanks);
		*list = p + len;
		if (len == 0)
			return false;
		if (len < size)
			break;
		p += len;
	}
	memcpy(out, p, len);
	out[len] = '\0';
	return true;
}

bool
words_has(const char *list, const char *word)
{
	size_t want = strlen(word), len;

	for (;; list += len) {
		list += strspn(list, blanks);
		len = strcspn(list, blanks);
		if (len == 0)
			return false;
		if (len == want && memcmp(list, word, len) == 0)
			return true;
	}
}
