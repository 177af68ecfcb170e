/* store/migrations.h - the schema, as numbered steps that are never edited. */
#ifndef STORE_MIGRATIONS_H
#define STORE_MIGRATIONS_H

#include <stddef.h>

/* "mhom" in ASCII; kept in the file's header so that a foreign database is
 * recognised and left alone. */
enum {
	MIGRATIONS_APPLICATION_ID = 0x6d686f6d
};

/*
 * number is 1, 2, 3 ...; sql ends by setting PRAGMA user_version to number.
 * A released migration is never changed: what comes later is a new one.
 */
struct migration {
	int number;
	const char *name;
	const char *sql;
};

extern const struct migration migrations[];
extern const size_t migrations_n;

#endif
