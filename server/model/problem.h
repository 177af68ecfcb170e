/* model/problem.h - a problem document (RFC 9457) that somebody else sent. */
#ifndef MODEL_PROBLEM_H
#define MODEL_PROBLEM_H

#include <stdbool.h>
#include <stddef.h>

/* Its detail, with the first bad field's; false when it is none. */
bool problem_detail(const char *json, char *out, size_t size);

#endif
