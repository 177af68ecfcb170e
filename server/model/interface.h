/* model/interface.h - an interface as the API shows it. */
#ifndef MODEL_INTERFACE_H
#define MODEL_INTERFACE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/addr.h"

struct buf;

enum {
	INTERFACE_ADDRS = 8,
	INTERFACE_ADDR_TEXT = 2 * ADDR_TEXT_MAX + 8
};

enum interface_managed {
	INTERFACE_NOT_OURS,  /* not a tunnel: nothing that we manage */
	INTERFACE_BY_HAND,   /* a tunnel that somebody else made */
	INTERFACE_MULTIHOMED /* created or adopted by us */
};

struct interface {
	char name[16];
	const char *kind; /* "gre", "gif", "other" */
	bool up;
	uint32_t mtu;      /* 0: not known */
	struct addr local; /* outer addresses of a tunnel */
	struct addr remote;
	/* "ADDRESS/LENGTH", "ADDRESS peer ADDRESS"; plain for other kinds. */
	char addresses[INTERFACE_ADDRS][INTERFACE_ADDR_TEXT];
	unsigned n_addresses;
	char description[96];
	enum interface_managed managed;
	bool at_boot; /* a tunnel that the boot files make */
	bool counted; /* it is there, and has counters */
	uint64_t rx_bytes;
	uint64_t tx_bytes;
	bool rates_known;
	uint64_t rx_bps;
	uint64_t tx_bps;
	char upstream[32]; /* whose it alone is; "": nobody's */
	char downstream[32];
};

void interface_render(const struct interface *, struct buf *);

#endif
