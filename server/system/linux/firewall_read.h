/* system/linux/firewall_read.h - our table as nft tells of it. */
#ifndef SYSTEM_LINUX_FIREWALL_READ_H
#define SYSTEM_LINUX_FIREWALL_READ_H

#include <stdbool.h>

struct err;
struct tool;

#define FIREWALL_READ_TABLE "multihomed"

/*
 * Is there a table inet multihomed? *listing is nft's words then, else "";
 * they stay until the next call. Cheap as long as nobody has changed any rule
 * since: the kernel counts the changes, and nft is not asked again.
 */
int firewall_read(const struct tool *, bool *loaded, const char **listing,
    struct err *);

#endif
