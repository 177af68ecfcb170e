/* system/freebsd/key_dump.h - what setkey -D prints. */
#ifndef SYSTEM_FREEBSD_KEY_DUMP_H
#define SYSTEM_FREEBSD_KEY_DUMP_H

#include <stddef.h>

#include "system/freebsd/key_pair.h"

/*
 * The security associations for TCP-MD5, in the order in which they stand;
 * those of other kinds, and those whose key is not there yet (larval), are left
 * out. Returns how many; what is past max is left out. Cuts text into pieces.
 */
size_t key_dump_parse(char *text, struct key_way *, size_t max);

#endif
