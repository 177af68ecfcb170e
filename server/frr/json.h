/* frr/json.h - bgpd's JSON: whole or refused, and read without surprises. */
#ifndef FRR_JSON_H
#define FRR_JSON_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <jansson.h>

struct err;

/*
 * One whole JSON object; what names the command in errors. Bytes that are not
 * UTF-8 (FRR copies descriptions raw) become U+FFFD. NULL and ERR_TOOL for
 * anything else: a cut answer, two documents, "% ..." text.
 */
json_t *frr_json_load(const char *text, size_t len, const char *what,
    struct err *err);
/* Members that are missing or of another type read as 0, false or "". */
uint64_t frr_json_u64(const json_t *object, const char *member);
/* A number, or text like "65000" and "1.10" (asdot). */
uint32_t frr_json_as(const json_t *object, const char *member);
/* true, or a number that is not 0. */
bool frr_json_bool(const json_t *object, const char *member);
/* Never NULL; borrowed from the object. */
const char *frr_json_text(const json_t *object, const char *member);
/* Copies, cut between characters when it does not fit. */
void frr_json_copy(char *out, size_t size, const char *text);

#endif
