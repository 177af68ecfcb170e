/* system/freebsd/pfkey_socket.h - one message to the kernel, and its answer. */
#ifndef SYSTEM_FREEBSD_PFKEY_SOCKET_H
#define SYSTEM_FREEBSD_PFKEY_SOCKET_H

#include <stdint.h>

#include "system/freebsd/pfkey.h"

struct err;
struct tool;

/* The kernel's socket; with system.tools_dir that of a stand-in, a UNIX socket
 * "pfkey.sock" in it. Close it with close(2). */
int pfkey_socket_open(const struct tool *, int *fd, struct err *);
/*
 * Sends it and waits for the kernel's answer, past what it tells of others'
 * doings. *spi (may be NULL) is what the answer names. -1 and ERR_TOOL when the
 * kernel refuses (exit_code has its errno), ERR_TIMEOUT, ERR_SYSTEM.
 */
int pfkey_socket_ask(const struct tool *, int fd, enum pfkey_type,
    const struct key_way *, uint32_t *spi, struct err *);

#endif
