/* store/baseline.h - how the router was when we last looked, for drift. */
#ifndef STORE_BASELINE_H
#define STORE_BASELINE_H

struct db;
struct err;

/* *text is new memory, NULL when nothing is stored for this part. */
int baseline_get(struct db *, const char *part, char **text, struct err *);
int baseline_set(struct db *, const char *part, const char *text, struct err *);

#endif
