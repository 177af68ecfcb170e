/* system/firewall_memory.h - what was last set, in the state directory. */
#ifndef SYSTEM_FIREWALL_MEMORY_H
#define SYSTEM_FIREWALL_MEMORY_H

#include <stdbool.h>
#include <stddef.h>

#include "base/crypto.h"
#include "wire/op.h"

struct err;
struct tool;

/* A firewall, and how the kernel (or the boot file) shows it. */
struct firewall_memory {
	char
	    boot_id[64]; /* when the digest was taken; "": it tells by itself */
	char digest[CRYPTO_HASH_HEX_MAX]; /* of the tool's listing of it, or of
					     the file; "": not known */
	struct op_firewall firewall;
};

/* Names of records: what runs, what is being loaded, and the same two of the
 * boot file. Those about to be are written first, so that after a death in
 * between either is known. */
#define FIREWALL_MEMORY_RUNNING "firewall.running"
#define FIREWALL_MEMORY_LOADING "firewall.loading"
#define FIREWALL_MEMORY_BOOT "firewall.boot"
#define FIREWALL_MEMORY_WRITING "firewall.writing"

/* Zeros and false when there is none, or none that this version wrote. */
bool firewall_memory_read(const struct tool *, const char *name,
    struct firewall_memory *);
int firewall_memory_write(const struct tool *, const char *name,
    const struct firewall_memory *, struct err *);
void firewall_memory_digest(struct firewall_memory *, const void *, size_t);

#endif
