/* system/freebsd/ipsec_conf.h - the file that setkey reads at boot. */
#ifndef SYSTEM_FREEBSD_IPSEC_CONF_H
#define SYSTEM_FREEBSD_IPSEC_CONF_H

#include <stdbool.h>
#include <stddef.h>

#include "system/freebsd/key_pair.h"

struct err;

enum {
	IPSEC_CONF_ITEMS = 2 * OP_KEYS_MAX
};

/* A stretch of the text. */
struct ipsec_conf_span {
	size_t at;
	size_t end;
};

/* "add SRC DST tcp SPI ... -A tcp-md5 KEY;" */
struct ipsec_conf_add {
	struct key_way way;
	struct ipsec_conf_span key;   /* as it is written there */
	struct ipsec_conf_span lines; /* whole, newlines and all */
	bool hex;                     /* the key is written as 0x... */
	bool alone;                   /* nothing else stands on those lines */
};

/* A line "# multihomed begin LOCAL REMOTE", and the next "... end ..." with the
 * same words. */
struct ipsec_conf_mark {
	struct addr local;
	struct addr remote;
	struct ipsec_conf_span begin; /* the lines, with their newlines */
	struct ipsec_conf_span end;
};

struct ipsec_conf {
	struct ipsec_conf_add adds[IPSEC_CONF_ITEMS]; /* as they stand */
	size_t n_adds;
	struct ipsec_conf_mark marks[IPSEC_CONF_ITEMS];
	size_t n_marks;
	size_t n_others; /* other commands than adds[] */
	/* The line at which setkey stops, with all behind it unread; 0: it
	 * reads the file to its end, as far as we can tell. */
	size_t bad_line;
};

/*
 * Never fails: what is not understood is passed over. ERR_TOO_LARGE for more
 * keys than fit. Pure; it holds keys, so crypto_wipe it.
 */
int ipsec_conf_parse(struct ipsec_conf *, const char *text, size_t len,
    struct err *);

#endif
