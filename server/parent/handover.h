/* parent/handover.h - what each child needs to know, sent when it starts. */
#ifndef PARENT_HANDOVER_H
#define PARENT_HANDOVER_H

#include <stdbool.h>

#include "base/log.h"

struct child;
struct config;
struct err;

enum {
	HANDOVER_PEM_MAX = 64 * 1024
}; /* each TLS file */

/* As root the children give up what they have and become users.*; else they
 * stay who we are, without a chroot. */
int handover_engine(struct child *, const struct config *, enum log_level,
    struct err *);
/* Reads the TLS files anew each time: a renewed certificate is used from the
 * next start of the http process on. The key is wiped from our memory. */
int handover_http(struct child *, const struct config *, enum log_level,
    struct err *);
/* Can the TLS files be read? For the checks before the start. */
int handover_check_tls(const struct config *, struct err *);

#endif
