/* store/reseal.h - everything sealed, under another master key. */
#ifndef STORE_RESEAL_H
#define STORE_RESEAL_H

#include <stddef.h>

struct db;
struct err;

struct reseal_count {
	size_t sealed; /* anew, with the present key */
	size_t kept;   /* were so already */
	size_t lost;   /* their key is gone: left as they are */
};

/*
 * In one transaction, which is on disk afterwards in the database's own file:
 * neither it nor its log hold what was sealed with an older key. The database
 * must have its keyring (db_set_keyring). -1: all or none of it was done, and
 * the older key may still be needed: do it again.
 */
int reseal_all(struct db *, struct reseal_count *, struct err *);

#endif
