/* api/health.h - /livez and /readyz: no token, no secrets, no versions. */
#ifndef API_HEALTH_H
#define API_HEALTH_H

struct err;
struct reply;
struct request;

int get_health_live(struct request *, struct reply *, struct err *);
/* Ready: the router has been seen, and no interrupted change is pending. */
int get_health_ready(struct request *, struct reply *, struct err *);

#endif
