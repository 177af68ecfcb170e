/* cli/trace.h - what -v shows on standard error; never a token or key. */
#ifndef CLI_TRACE_H
#define CLI_TRACE_H

#include <stddef.h>

struct client_answer;

void trace_line(const char *mark, const char *method, const char *url);
/* The value of an Authorization header is replaced by stars. */
void trace_header(const char *mark, const char *header, size_t len);
/* JSON, but for the text of members called "key". NULL: nothing. */
void trace_body(const char *mark, const char *body);
/* failure: why there is no answer, NULL when there is one. */
void trace_answer(const struct client_answer *, const char *failure);

#endif
