/* engine/platform.c - what the system calls itself. */
#include <sys/utsname.h>

#include <ctype.h>
#include <stdio.h>

#include "engine/platform.h"

void
platform_name(char *out, size_t size)
{
	struct utsname name;
	size_t i;

	(void)snprintf(out, size, "%.20s",
	    uname(&name) == -1 ? "unknown" : name.sysname);
	for (i = 0; out[i] != '\0'; i++)
		out[i] = (char)tolower((unsigned char)out[i]);
}
