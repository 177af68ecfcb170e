/* cli/secret_key.h - a TCP-MD5 key from the person, a pipe or a file. */
#ifndef CLI_SECRET_KEY_H
#define CLI_SECRET_KEY_H

#include "cli/exits.h"

struct app;
struct buf;

/*
 * The first line of the file into b, which is a BUF_SECRET. path NULL or "-":
 * standard input, where a terminal is asked twice without echo. Checked, but
 * never shown: EXITS_USAGE after a complaint that does not hold it.
 */
enum exits secret_key_read(struct app *, const char *path, struct buf *);

#endif
