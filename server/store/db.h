/* store/db.h - the SQLite file: opening, migrations, transactions. */
#ifndef STORE_DB_H
#define STORE_DB_H

#include <stdbool.h>
#include <stdint.h>

struct err;
struct keyring;
struct db; /* one connection; not shared between threads */

/*
 * Opens and sets WAL, synchronous FULL, foreign keys, busy timeout 5 s,
 * trusted_schema off. migrate: creates a missing file (mode 0600), runs
 * PRAGMA quick_check (integrity) and applies the numbered migrations that are
 * missing, each in one transaction. Without migrate (further connections, once
 * one has migrated) the file must exist and have exactly our schema. -1:
 * ERR_UNAVAILABLE for a damaged or foreign file, a schema newer than ours, and
 * whatever the system refuses.
 */
int db_open(struct db **, const char *path, bool migrate, struct err *);
void db_close(struct db **);
/* What sealed columns are sealed with; borrowed until db_close. Without it
 * neither a sealed text can be read nor anything that must be sealed stored. */
void db_set_keyring(struct db *, const struct keyring *);
/*
 * BEGIN IMMEDIATE / COMMIT / ROLLBACK. They do not nest (db_join does); the
 * other functions of this room join the open transaction. A failed commit has
 * rolled back. After db_commit the change is on disk.
 */
int db_begin(struct db *, struct err *);
int db_commit(struct db *, struct err *);
void db_abort(struct db *);
/*
 * Begins a transaction unless the caller has one; *own tells db_leave. There,
 * when it is our own, rc 0 commits and -1 rolls back; else rc is the caller's
 * to heed. db_leave returns rc, or -1 when the commit failed.
 */
int db_join(struct db *, bool *own, struct err *);
int db_leave(struct db *, bool own, int rc, struct err *);
/*
 * fn is called with the id of each operation of the journal whose state this
 * connection has changed, once that is on disk: other connections see it then.
 * It may read through the connection.
 */
typedef void db_operation_fn(void *arg, struct db *, const char *id);
void db_on_operation(struct db *, db_operation_fn *, void *arg);
/* Of store/operation.c: this one was changed, in the transaction if there is
 * one. */
void db_operation_changed(struct db *, const char *id);
/* Changes when another connection has committed (PRAGMA data_version). */
int db_data_version(struct db *, int64_t *, struct err *);

#endif
