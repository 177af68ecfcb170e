/* api/firewall.h - GET /v1/firewall: our rules, and whether they count. */
#ifndef API_FIREWALL_H
#define API_FIREWALL_H

struct err;
struct reply;
struct request;

int get_firewall(struct request *, struct reply *, struct err *);

#endif
