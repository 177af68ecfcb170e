/* api/session.h - live BGP sessions, and clearing them. */
#ifndef API_SESSION_H
#define API_SESSION_H

struct err;
struct reply;
struct request;

int list_sessions(struct request *, struct reply *, struct err *);
int get_session(struct request *, struct reply *, struct err *);
int clear_session(struct request *, struct reply *, struct err *);

#endif
