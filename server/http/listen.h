/* http/listen.h - opening the sockets that clients come to. */
#ifndef HTTP_LISTEN_H
#define HTTP_LISTEN_H

#include <sys/types.h>

struct addr;
struct err;

/*
 * A listening, non-blocking, close-on-exec socket for "ADDRESS:PORT" or
 * "[ADDRESS]:PORT" (a link-local address with its %zone). An IPv6 socket takes
 * IPv6 only: "[::]:443" and "0.0.0.0:443" go side by side.
 */
int listen_tcp(const char *text, struct err *);
/*
 * The same for a path, with that mode and, unless gid is (gid_t)-1, that
 * group; nobody else gets in before it has both. A socket left behind by an
 * earlier life is removed, but only if it is a socket and nobody answers
 * there: ERR_CONFLICT otherwise.
 */
int listen_unix(const char *path, mode_t mode, gid_t gid, struct err *);
/*
 * The next client, non-blocking and close-on-exec, or -1 with errno. *family
 * of addr is 0 for a UNIX socket.
 */
int listen_accept(int fd, struct addr *);

#endif
