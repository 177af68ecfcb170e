/* frr/mask.h - configuration text without its secrets, for logs and errors. */
#ifndef FRR_MASK_H
#define FRR_MASK_H

#include <stddef.h>

struct buf;

/*
 * Everything behind "password", "key-string", "md5", "authentication-key",
 * "community" of SNMP and the like becomes "***" up to the end of the line:
 * a password with a blank is refused by FRR, which then repeats it whole.
 * Cut to size. Returns out.
 */
const char *frr_mask_line(const char *line, char *out, size_t size);
/* The same for text of several lines, such as what FRR answered; appended. */
void frr_mask_text(const char *text, size_t len, struct buf *);

#endif
