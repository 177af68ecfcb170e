/* api/downstream.h - GET /v1/downstreams and /v1/downstreams/{name}. */
#ifndef API_DOWNSTREAM_H
#define API_DOWNSTREAM_H

struct err;
struct reply;
struct request;

int list_downstreams(struct request *, struct reply *, struct err *);
int get_downstream(struct request *, struct reply *, struct err *);

#endif
