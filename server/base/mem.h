/* base/mem.h - memory, or the end: for processes that the parent restarts. */
#ifndef BASE_MEM_H
#define BASE_MEM_H

#include <stddef.h>

/*
 * These never return NULL: out of memory is logged and ends the process. The
 * engine and the http process use them, since the parent starts them again and
 * the journal restores what was under way. The parent itself does not.
 */
void *mem_alloc(size_t) __attribute__((malloc));
void *mem_calloc(size_t n, size_t size);
/* Room for n elements of size; asserts no overflow. */
void *mem_realloc(void *, size_t n, size_t size);
char *mem_strdup(const char *);
char *mem_strndup(const char *, size_t);
/* printf into new memory. */
char *mem_printf(const char *fmt, ...) __attribute__((format(printf, 1, 2)));
/* Overwrites a text that may hold a secret, then frees it; accepts NULL. */
void mem_wipe(char *text);
/* Frees *p and sets it to NULL. */
#define MEM_FREE(p) (free(p), (p) = NULL)

#endif
