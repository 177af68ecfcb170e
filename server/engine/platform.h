/* engine/platform.h - what the system calls itself. */
#ifndef ENGINE_PLATFORM_H
#define ENGINE_PLATFORM_H

#include <stddef.h>

/* In lower case: "freebsd", "linux". */
void platform_name(char *out, size_t size);

#endif
