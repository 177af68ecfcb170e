/* system/linux/link_read.h - tunnels as the kernel tells of them. */
#ifndef SYSTEM_LINUX_LINK_READ_H
#define SYSTEM_LINUX_LINK_READ_H

#include <stdbool.h>
#include <stddef.h>

#include "wire/op.h"

struct err;
struct netlink_message;

/* link.kind 0: no tunnel of ours to tell (an Ethernet card, gre0). A tunnel
 * with parts that op_link has no words for (a key, an encapsulation, bound to
 * a device, no fixed far end) is OP_LINK_OTHER. */
struct link_seen {
	int index;
	char type[16]; /* the kernel's name for its kind: "gre", "sit" */
	struct op_link link;
};

/* Names that the kernel keeps for itself ("gre0"). */
bool link_read_reserved(const char *name);
/* false when it is no message about an interface; addresses are not in it. */
bool link_read_message(const struct netlink_message *, struct link_seen *);
int link_read_all(struct op_link *, size_t max, size_t *n, struct err *);
/* One interface of any kind with its addresses; index 0 when there is none. */
int link_read_one(const char *name, struct link_seen *, struct err *);

#endif
