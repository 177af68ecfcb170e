/* system/freebsd/ifconfig.h - what ifconfig prints, as tunnels. */
#ifndef SYSTEM_FREEBSD_IFCONFIG_H
#define SYSTEM_FREEBSD_IFCONFIG_H

#include <stddef.h>

#include "wire/op.h"

/*
 * The gre and gif interfaces (by their group: they may have been renamed) in
 * the output of ifconfig -a or ifconfig NAME, at most max, every byte of each
 * set. Link-local addresses are not told. By shape: lines and words that are
 * not known are passed over. Cuts text to pieces.
 */
size_t ifconfig_parse(char *text, struct op_link *list, size_t max);

/* Any text as a description: cut to what fits, plain UTF-8. */
void ifconfig_description(const char *, struct op_link *);

#endif
