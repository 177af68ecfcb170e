/* api/page.h - limit and cursor of lists that come in pages. */
#ifndef API_PAGE_H
#define API_PAGE_H

#include <stdint.h>

struct err;
struct reply;
struct request;

enum {
	PAGE_DEFAULT = 100,
	PAGE_MAX = 1000
};

/* limit, 1 to PAGE_MAX. ERR_INVALID. */
int page_limit(const struct request *, unsigned *, struct err *);
/* Link: <...>; rel="next" with every query member but a new cursor. */
void page_link(const struct request *, const char *cursor, struct reply *);

#endif
