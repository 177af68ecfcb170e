/* system/freebsd/words.h - lines and words of what a tool printed. */
#ifndef SYSTEM_FREEBSD_WORDS_H
#define SYSTEM_FREEBSD_WORDS_H

#include <stdbool.h>
#include <stddef.h>

/* The next line of *text, its newline cut off in place; NULL at the end. */
char *words_line(char **text);
/* Splits at blanks, in place. At most max words are in v; what comes behind
 * them is left out. Returns how many. */
size_t words_split(char *line, char **v, size_t max);
/* The next word of *list into out; one that does not fit is left out. */
bool words_next(const char **list, char *out, size_t size);
/* Is word one of the words of list? */
bool words_has(const char *list, const char *word);

#endif
