/* system/freebsd/pfkey.h - messages of PF_KEY v2 (RFC 2367), as bytes. */
#ifndef SYSTEM_FREEBSD_PFKEY_H
#define SYSTEM_FREEBSD_PFKEY_H

#include <stddef.h>
#include <stdint.h>

#include "system/freebsd/key_pair.h"

struct buf;
struct err;

enum pfkey_type {
	PFKEY_GETSPI = 1, /* a larval association: a number, and no key yet */
	PFKEY_UPDATE = 2, /* gives it its key: from now on there are two */
	PFKEY_ADD = 3,    /* where there is none for the pair */
	PFKEY_DELETE = 4 /* the older one, while net.key.preferred_oldsa is 1 */
};

enum {
	PFKEY_MESSAGE_MAX = 1024, /* ours have at most 216 bytes */
	/* What OpenBGPD and people write; the kernel takes another one when
	 * it is in use. */
	PFKEY_SPI = 0x1000
};

/*
 * One message for TCP-MD5, whole, appended to a buffer. spi (in our byte order)
 * is that of UPDATE; a GETSPI asks for any, ADD for PFKEY_SPI, DELETE names
 * PFKEY_SPI, which the kernel ignores for this kind.
 */
void pfkey_put(struct buf *, enum pfkey_type, const struct key_way *,
    uint32_t spi, uint32_t seq, uint32_t pid);

struct pfkey_answer {
	uint8_t type;
	uint8_t error; /* errno, 0: done */
	uint32_t seq;
	uint32_t pid;
	uint32_t spi; /* 0: it says none */
};

/* From the kernel; what it holds besides is passed over. -1 and ERR_PROTOCOL
 * when it is no message of the version that we speak. */
int pfkey_read(const void *, size_t, struct pfkey_answer *, struct err *);

#endif
