/* tests/unit/shared_file.h - reads a file of ../shared, or skips plainly. */
#ifndef TESTS_SHARED_FILE_H
#define TESTS_SHARED_FILE_H

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/io.h"

/* Appends the file to out; skips the test (cmocka) when it is not there. */
static inline void
shared_file(const char *name, struct buf *out)
{
	const char *dir = getenv("MH_SHARED");
	char path[512];

	(void)snprintf(path, sizeof(path), "%s/%s",
	    dir == NULL ? "../shared" : dir, name);
	if (io_read_file(path, out, NULL) == -1) {
		print_message("skipped: no %s (MH_SHARED names the folder)\n",
		    path);
		skip();
	}
}

#endif
