/* base/md5key.h - the text of a TCP-MD5 key (RFC 2385). */
#ifndef BASE_MD5KEY_H
#define BASE_MD5KEY_H

#include <stddef.h>

struct err;

enum {
	MD5KEY_MAX = 80, /* bytes; of FRR, Linux and setkey alike */
	MD5KEY_NEW = 32  /* characters of a new one: 190 bits */
};

/*
 * What FRR's configuration, setkey, Linux and the usual routers of others all
 * take as it stands: 1 to 80 of letters, digits and -_.,:+/=@%~^*!#$& , not
 * beginning with "0x" (hexadecimal for setkey), "-", "!" or "#". FRR would cut
 * a key at a blank or "|"; setkey has no way to write a quote. ERR_INVALID; the
 * text of the error never holds the key.
 */
int md5key_check(const char *, struct err *);
int md5key_check_bytes(const char *, size_t len, struct err *);
/* A random one of letters and digits. Needs crypto_init(). */
void md5key_new(char out[MD5KEY_NEW + 1]);

#endif
