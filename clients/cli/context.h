/* cli/context.h - the file of routers we know, with our token for each. */
#ifndef CLI_CONTEXT_H
#define CLI_CONTEXT_H

#include <jansson.h>

struct buf;
struct err;

/* One file, held under a lock while it is being changed. */
struct context_file {
	char *path;
	json_t *root; /* {"current": name|null, "contexts": {name: {...}}} */
	int lock;     /* descriptor, -1 */
};

#define CONTEXT_FILE_INIT      \
	{                      \
		NULL, NULL, -1 \
	}

/*
 * path, or where it is NULL MHCTL_CONTEXTS, else
 * $XDG_CONFIG_HOME/mhctl/contexts.json, else ~/.config/mhctl/contexts.json. A
 * file that is not there reads as an empty one. -1 when it is not ours, has
 * another mode than 0600 (tokens are inside) or is not understood.
 */
int context_open(struct context_file *, const char *path, struct err *);
/* The same, made ready for context_save: the directory is created (0700) and
 * locked against other mhctl processes. */
int context_open_to_change(struct context_file *, const char *path,
    struct err *);
/* Whole or not at all, mode 0600. */
int context_save(const struct context_file *, struct err *);
void context_close(struct context_file *);

/* Borrowed; NULL when there is none of that name. */
json_t *context_find(const struct context_file *, const char *name);
/* NULL when none is chosen. */
const char *context_current(const struct context_file *);
/* 1 to 64 of A-Za-z0-9._-, starting with a letter or digit. */
int context_check_name(const char *, struct err *);

#endif
