/* api/confirm.h - ending the wait of a change that asked for confirmation. */
#ifndef API_CONFIRM_H
#define API_CONFIRM_H

struct err;
struct reply;
struct request;

/*
 * POST .../confirm keeps the change, POST .../cancel takes it back at once,
 * PATCH with revert_in_s gives it more time, or less. They need the scope that
 * the change needed. Said twice, confirm and cancel answer the same again: so
 * they need neither an Idempotency-Key nor If-Match.
 */
int confirm_post(struct request *, struct reply *, struct err *);
int confirm_post_cancel(struct request *, struct reply *, struct err *);
int confirm_patch(struct request *, struct reply *, struct err *);

#endif
