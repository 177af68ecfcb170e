/* model/doctor.h - what a router needs for multihomed to do its work. */
#ifndef MODEL_DOCTOR_H
#define MODEL_DOCTOR_H

#include <stddef.h>

struct buf;

enum {
	DOCTOR_CHECKS_MAX = 64,
	DOCTOR_NAME_MAX = 32,
	DOCTOR_TEXT_MAX = 320
};

enum doctor_state {
	DOCTOR_OK,
	DOCTOR_WARNING, /* works, but not as it should, or not after boot */
	DOCTOR_FAILED   /* some change will fail until it is mended */
};

struct doctor_check {
	char name[DOCTOR_NAME_MAX]; /* snake_case */
	enum doctor_state state;
	char detail[DOCTOR_TEXT_MAX];
	char fix[DOCTOR_TEXT_MAX]; /* "" when there is nothing to do */
};

struct doctor {
	struct doctor_check checks[DOCTOR_CHECKS_MAX];
	size_t n;
};

/* detail is printed; what does not fit is cut, a check too many dropped. fix:
 * NULL or "" when there is nothing to do. */
void doctor_add(struct doctor *, const char *name, enum doctor_state,
    const char *fix, const char *fmt, ...)
    __attribute__((format(printf, 5, 6)));
/* {"ok","checks":[...]}; ok: nothing has failed. */
void doctor_render(const struct doctor *, struct buf *);

#endif
