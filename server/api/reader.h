/* api/reader.h - answers that take a while to put together. */
#ifndef API_READER_H
#define API_READER_H

#include "engine/worker.h"

struct err;
struct request;

/*
 * fn runs on the reader's thread with a struct ticket (api/reply.h) of its own:
 * it posts the answer and frees it. ROUTES_LATER, or -1 and ERR_BUSY.
 */
int reader_run(const struct request *, worker_fn *fn, struct err *);

#endif
