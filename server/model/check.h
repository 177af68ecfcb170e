/* model/check.h - checks of texts that several requests hold. */
#ifndef MODEL_CHECK_H
#define MODEL_CHECK_H

struct err;

/* 0, or -1 with a sentence that fits behind the member's pointer. */
int check_name(const char *, struct err *); /* of a resource of ours */
int check_line(const char *, struct err *); /* a description */
/* ADDRESS/LEN without host bits, and not the default route. */
int check_prefix(const char *, struct err *);

#endif
