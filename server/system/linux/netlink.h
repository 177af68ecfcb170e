/* system/linux/netlink.h - ask the kernel, in its own words and without heap.
 */
#ifndef SYSTEM_LINUX_NETLINK_H
#define SYSTEM_LINUX_NETLINK_H

#include <linux/netlink.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct addr;
struct err;

/* One message of an answer; it lives until the next one. */
struct netlink_message {
	uint16_t type;
	const unsigned char *body;
	size_t len;
};

/* Attributes behind a message's fixed part, and those inside of one. */
struct netlink_attrs {
	const unsigned char *data;
	size_t len;
};

struct netlink_request {
	union {
		struct nlmsghdr head;
		unsigned char bytes[256];
	} u;
	size_t len;
};

/* flags beside NLM_F_REQUEST: NLM_F_DUMP or 0. */
void netlink_request_init(struct netlink_request *, uint16_t type,
    uint16_t flags, const void *fixed, size_t);
void netlink_request_add(struct netlink_request *, uint16_t type, const void *,
    size_t);

/* NULL: the answer begins (again: what was read before does not count). */
typedef void netlink_each(const struct netlink_message *, void *);

/*
 * Sends it on a socket of its own (protocol: NETLINK_ROUTE ...), with strict
 * checking, so that the kernel filters what it is asked to filter. 0 with
 * *refused the kernel's errno, 0 for none; -1 and ERR_SYSTEM or ERR_TIMEOUT
 * when there was no answer.
 */
int netlink_ask(int protocol, struct netlink_request *r, netlink_each *each,
    void *arg, int *refused, struct err *err);

/* The attributes behind the first fixed bytes; the fixed part is copied. */
bool netlink_split(const struct netlink_message *, void *fixed, size_t,
    struct netlink_attrs *);
/* Takes the next one off; false at the end and on nonsense. */
bool netlink_next(struct netlink_attrs *, uint16_t *type,
    struct netlink_attrs *value);
/* A value of this very size, else 0. */
uint32_t netlink_u32(const struct netlink_attrs *);
uint16_t netlink_u16(const struct netlink_attrs *);
uint8_t netlink_u8(const struct netlink_attrs *);
/* A text with its NUL, cut to size. */
void netlink_text(const struct netlink_attrs *, char *, size_t);
/* An IPv4 or IPv6 address by its size; family 0 otherwise. */
void netlink_addr(const struct netlink_attrs *, struct addr *);

#endif
