/* model/problem.h - a problem document (RFC 9457) that somebody else sent. */
#ifndef MODEL_PROBLEM_H
#define MODEL_PROBLEM_H

#include <stdbool.h>

struct problem_told {
	unsigned status;  /* of HTTP; 0: it does not say */
	char code[48];    /* "not_found"; "": it does not say */
	char detail[256]; /* with the first bad field's */
};

/* false, and nothing told, when it is none. */
bool problem_read(const char *json, struct problem_told *);

#endif
