/* api/doctor.h - GET /v1/router/doctor: what would make a change fail. */
#ifndef API_DOCTOR_H
#define API_DOCTOR_H

struct err;
struct reply;
struct request;

int get_doctor(struct request *, struct reply *, struct err *);

#endif
