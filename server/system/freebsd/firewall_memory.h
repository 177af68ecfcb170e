/* system/freebsd/firewall_memory.h - what was last set, in the state folder. */
#ifndef SYSTEM_FREEBSD_FIREWALL_MEMORY_H
#define SYSTEM_FREEBSD_FIREWALL_MEMORY_H

#include <stddef.h>

#include "base/crypto.h"
#include "wire/op.h"

struct err;
struct tool;

/* A firewall and the digest of how the kernel (or the boot file) shows it. */
struct firewall_memory {
	struct op_firewall firewall;
	char digest[CRYPTO_HASH_HEX_MAX];
};

/* name: "firewall", "firewall.boot", "firewall.boot.next". What is missing, of
 * another version or no firewall at all is told as zeros, which is what nothing
 * set looks like. */
void firewall_memory_read(const struct tool *, const char *name,
    struct firewall_memory *);
int firewall_memory_write(const struct tool *, const char *name,
    const struct firewall_memory *, struct err *);
void firewall_memory_digest(struct firewall_memory *, const void *, size_t);

#endif
