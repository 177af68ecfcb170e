/* base/compat.h - the few things compilers and systems do not agree on. */
#ifndef BASE_COMPAT_H
#define BASE_COMPAT_H

#include <stdbool.h>

#define PRINTFLIKE(fmt, args) __attribute__((format(printf, fmt, args)))
#define NORETURN __attribute__((noreturn))
#define NITEMS(a) (sizeof(a) / sizeof((a)[0]))

/*
 * Whether this is a build with the address sanitizer. Its leak check at exit
 * needs /proc and a child, and its findings go to a file.
 */
bool compat_is_sanitized(void);
/* Programs we start gain nothing by setuid bits. -1 and errno on failure. */
int compat_no_new_privileges(void);
/* Nobody but root reads our memory: no ptrace, no core. As above. */
int compat_no_trace(void);
/* For libraries that take what they only read without const. */
void *compat_unconst(const void *);

#endif
