/* engine/doctor.h - looks for what would make a change fail. */
#ifndef ENGINE_DOCTOR_H
#define ENGINE_DOCTOR_H

struct buf;
struct doctor;
struct worker_tools;

/*
 * JSON of GET /v1/router/doctor. Whatever cannot be asked is a check that
 * failed, so it always answers. Runs on the reader, for up to some seconds
 * where a daemon hangs; waits for a change under way.
 */
void doctor_report(struct worker_tools *, struct buf *);

/* FRR's part, of engine/doctor_frr.c: sockets, daemons, saved file. */
void doctor_frr(struct worker_tools *, struct doctor *);
/* Of engine/doctor_drain.c: what FRR says of drains, and who wants it. */
void doctor_drain(struct worker_tools *, struct doctor *);

#endif
