/* system/interface.h - the router's interfaces, their addresses and traffic. */
#ifndef SYSTEM_INTERFACE_H
#define SYSTEM_INTERFACE_H

#include <stddef.h>

struct err;
struct op_interface;

/*
 * Fills list with at most max interfaces, in the kernel's order, every byte of
 * each set; counters have 64 bits and start at the interface's creation. What
 * does not fit (interfaces over max, addresses over OP_INTERFACE_ADDRS, names
 * longer than the field) is left out. -1 and ERR_SYSTEM.
 */
int interface_list(struct op_interface *list, size_t max, size_t *n,
    struct err *);

#endif
