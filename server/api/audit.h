/* api/audit.h - who changed what, to read and to verify. */
#ifndef API_AUDIT_H
#define API_AUDIT_H

struct err;
struct reply;
struct request;

/* JSON, or one row a line with Accept: application/x-ndjson. */
int list_audit(struct request *, struct reply *, struct err *);
int get_audit(struct request *, struct reply *, struct err *);
int verify_audit(struct request *, struct reply *, struct err *);

#endif
