/* base/number.h - text to unsigned numbers, with nothing left over. */
#ifndef BASE_NUMBER_H
#define BASE_NUMBER_H

#include <stdint.h>

struct err;

/*
 * Decimal digits only: no sign, blank or leading plus. min and max include
 * themselves. -1 and ERR_INVALID otherwise; *out is untouched then.
 */
int number_parse_u64(uint64_t *out, const char *, uint64_t min, uint64_t max,
    struct err *);
int number_parse_u32(uint32_t *out, const char *, uint32_t min, uint32_t max,
    struct err *);

#endif
