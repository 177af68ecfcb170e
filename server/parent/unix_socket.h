/* parent/unix_socket.h - the group of listen.unix, and its end. */
#ifndef PARENT_UNIX_SOCKET_H
#define PARENT_UNIX_SOCKET_H

#include <stdint.h>

struct err;

/*
 * The id of the group that the socket is given; "": UINT32_MAX, its group is
 * left alone. ERR_NOT_FOUND: no such group; ERR_FORBIDDEN: it is not ours to
 * give, since we are neither root nor in it.
 */
int unix_socket_group(const char *name, uint32_t *gid, struct err *);
/*
 * After its process has ended: removes the file at path ("": none), but only
 * a socket on which nobody answers; another multihomed may have come since.
 */
void unix_socket_remove(const char *path);

#endif
