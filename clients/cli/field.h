/* cli/field.h - looking into answers without trusting their shape. */
#ifndef CLI_FIELD_H
#define CLI_FIELD_H

#include <stdbool.h>
#include <stdint.h>

#include <jansson.h>

/*
 * path is members joined by dots: "import.local_preference". Everything here
 * accepts NULL and any other shape than the one hoped for. What is returned is
 * borrowed.
 */
json_t *field_at(const json_t *, const char *path);
/* NULL when it is no string. */
const char *field_text(const json_t *, const char *path);
/* The text, or the word instead. */
const char *field_word(const json_t *, const char *path, const char *instead);
bool field_int(const json_t *, const char *path, int64_t *out);
/* Integers too. */
bool field_number(const json_t *, const char *path, double *out);
/* true only for the JSON value true. */
bool field_true(const json_t *, const char *path);
/* The number in decimal into out (FIELD_TEXT_MAX), or the word instead. */
enum {
	FIELD_TEXT_MAX = 32
};
const char *field_digits(const json_t *, const char *path, char *out,
    const char *instead);
/* The strings of an array (of objects: their "prefix"), joined ("a, b"); ""
 * for none. free() it. */
char *field_join(const json_t *, const char *path, const char *separator);

#endif
