/* api/interface.h - GET /v1/interfaces: tunnels and the rest, with traffic. */
#ifndef API_INTERFACE_H
#define API_INTERFACE_H

struct err;
struct reply;
struct request;

int list_interfaces(struct request *, struct reply *, struct err *);

#endif
