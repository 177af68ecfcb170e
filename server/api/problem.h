/* api/problem.h - errors as problem documents; HTTP statuses live here. */
#ifndef API_PROBLEM_H
#define API_PROBLEM_H

#include "base/err.h"

struct buf;
struct reply_problem_extra;

unsigned problem_status(enum err_code);
/* RFC 9457; retry_after_s 0 and extra NULL: not in the document. */
void problem_render(const struct err *, const char *request_id,
    unsigned retry_after_s, const struct reply_problem_extra *extra,
    struct buf *);

#endif
