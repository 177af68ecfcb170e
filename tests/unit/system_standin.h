/* tests/unit/system_standin.h - a machine in memory behind system/'s headers.
 */
#ifndef TESTS_SYSTEM_STANDIN_H
#define TESTS_SYSTEM_STANDIN_H

#include <stdbool.h>
#include <stddef.h>

#include "wire/op.h"

enum {
	STANDIN_MAX = 16
};

/* Free for a test to look into and to change: what it does is done by hand. */
struct standin {
	struct op_link links[STANDIN_MAX];
	size_t n_links;
	struct op_link boot_links[STANDIN_MAX];
	size_t n_boot_links;
	struct op_route routes[STANDIN_MAX];
	size_t n_routes;
	struct op_route boot_routes[STANDIN_MAX];
	size_t n_boot_routes;
	struct op_key keys[STANDIN_MAX];
	size_t n_keys;
	struct op_key boot_keys[STANDIN_MAX];
	size_t n_boot_keys;
	bool keeps_no_keys;
	bool fail_create;    /* creates and adds do nothing and fail */
	bool fail_read_boot; /* the boot files cannot be read */
	unsigned changes;    /* calls that would have changed something */
	/* Called before something is created or destroyed: is the record
	 * there? */
	void (*before)(void);
};

extern struct standin standin;

void standin_reset(void);
struct op_link *standin_link(const char *name);
void standin_add_link(const char *name, enum op_link_kind, bool running,
    bool boot);
void standin_add_route(const struct op_route *, bool running, bool boot);
void standin_add_key(const struct op_key *, bool running, bool boot);

#endif
