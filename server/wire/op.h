/* wire/op.h - what the engine may ask of the root parent: a closed list. */
#ifndef WIRE_OP_H
#define WIRE_OP_H

#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"

struct err;

/*
 * One row per operation: id, name, payload struct. The payload's size is exact
 * and its fields are checked again by the parent. Neither op of today carries
 * a field: what they touch is fixed by the parent's own configuration.
 */
struct op_none {
	uint8_t zero[8];
};

/* clang-format off */
#define OPS(X) \
	/* write memory through vtysh; answers with the saved file's bytes */ \
	X(OP_FRR_SAVE,   "frr-save",   op_none) \
	/* interfaces with addresses and counters: struct op_interface array */ \
	X(OP_INTERFACES, "interfaces", op_none)
#define OP_ID(id, name, payload) id,
enum op_kind {
	OPS(OP_ID) OP_COUNT
};
/* clang-format on */

enum {
	OP_HEAD_SIZE = 16,
	OP_REPLY_MAX = 8 * 1024 * 1024,
	OP_INTERFACE_ADDRS = 8,
	OP_INTERFACES_MAX = 512
};

/* On the socket: u32 magic, u32 kind, u32 id, u32 size; then the payload. */
struct op_head {
	uint32_t kind;
	uint32_t id;
	uint32_t size;
};

struct op_interface {
	char name[16];
	char addrs[OP_INTERFACE_ADDRS][48]; /* text, "" ends the list */
	uint32_t mtu;
	uint32_t up; /* 0 or 1 */
	uint64_t rx_bytes;
	uint64_t tx_bytes;
};

const char *op_name(uint32_t kind); /* "unknown" when it is */
/* Exact payload size of a request; SIZE_MAX for an unknown kind. */
size_t op_size(uint32_t kind);

void op_put_request(struct buf *, uint32_t kind, uint32_t id,
    const void *payload);
/*
 * A reply: head (the request's kind and id), then one byte 0 (done) followed
 * by the operation's data, or 1 (failed) followed by an encoded error.
 */
void op_put_done(struct buf *, uint32_t kind, uint32_t id, const void *data,
    size_t);
void op_put_failed(struct buf *, uint32_t kind, uint32_t id,
    const struct err *);

/* From exactly OP_HEAD_SIZE bytes; size is limited by max. */
int op_head_read(struct op_head *, const void *, uint32_t max, struct err *);
/* Checks kind, exact size and every field of a request. */
int op_request_check(const struct op_head *, const void *payload, struct err *);
/*
 * The part behind the head. 0: *data, *data_len point into payload; -1: err is
 * the error that the parent sent, or ERR_PROTOCOL.
 */
int op_reply_read(const void *payload, size_t size, const void **data,
    size_t *data_len, struct err *);

#endif
