/* store/migrations.c - the schema, as numbered steps that are never edited. */
#include "base/compat.h"
#include "store/migrations.h"

/*
 * Times are milliseconds since 1970 UTC. STRICT tables keep integers integers
 * and text text. In audit the large JSON columns come last, so that a filter
 * on the others does not read them.
 *
 * The triggers of audit are defence in depth against our own mistakes and
 * against a careless hand with the sqlite3 shell; whoever drops them is found
 * out by the hash chain. Being a trigger, the step of audit_head cannot be
 * separated from the row it belongs to.
 */
/* clang-format off */
const struct migration migrations[] = {
	{ 1, "audit, tokens, operations, idempotency, friendly names",
	"PRAGMA application_id = 0x6d686f6d;"

	"CREATE TABLE audit ("
	" seq INTEGER PRIMARY KEY,"
	" time_ms INTEGER NOT NULL,"
	" kind TEXT NOT NULL,"
	" about INTEGER,"
	" actor TEXT,"
	" token_id TEXT,"
	" peer TEXT,"
	" request_id TEXT,"
	" method TEXT,"
	" path TEXT,"
	" resource TEXT,"
	" operation TEXT,"
	" reason TEXT,"
	" ticket TEXT,"
	" outcome TEXT,"
	" detail TEXT,"
	" hash TEXT NOT NULL,"
	" \"before\" TEXT,"
	" \"after\" TEXT,"
	" commands TEXT"
	") STRICT;"
	"CREATE TABLE audit_head ("
	" id INTEGER PRIMARY KEY CHECK (id = 1),"
	" seq INTEGER NOT NULL,"
	" hash TEXT NOT NULL"
	") STRICT;"
	"INSERT INTO audit_head (id, seq, hash) VALUES (1, 0, '');"
	"CREATE TRIGGER audit_in_order BEFORE INSERT ON audit"
	" WHEN NEW.seq IS NOT (SELECT seq + 1 FROM audit_head WHERE id = 1)"
	" BEGIN SELECT RAISE(ABORT, 'the audit row is out of order'); END;"
	"CREATE TRIGGER audit_advance AFTER INSERT ON audit"
	" BEGIN UPDATE audit_head SET seq = NEW.seq, hash = NEW.hash"
	" WHERE id = 1; END;"
	"CREATE TRIGGER audit_no_update BEFORE UPDATE ON audit"
	" BEGIN SELECT RAISE(ABORT, 'audit rows are never changed'); END;"
	"CREATE TRIGGER audit_no_delete BEFORE DELETE ON audit"
	" BEGIN SELECT RAISE(ABORT, 'audit rows are never deleted'); END;"
	"CREATE TRIGGER audit_head_in_step BEFORE UPDATE ON audit_head"
	" WHEN NEW.id IS NOT OLD.id OR NEW.seq IS NOT OLD.seq + 1"
	" OR NOT EXISTS (SELECT 1 FROM audit WHERE seq = NEW.seq"
	" AND hash = NEW.hash)"
	" BEGIN SELECT RAISE(ABORT, 'the audit head follows the rows'); END;"
	"CREATE TRIGGER audit_head_no_insert BEFORE INSERT ON audit_head"
	" BEGIN SELECT RAISE(ABORT, 'there is one audit head'); END;"
	"CREATE TRIGGER audit_head_no_delete BEFORE DELETE ON audit_head"
	" BEGIN SELECT RAISE(ABORT, 'there is one audit head'); END;"

	"CREATE TABLE tokens ("
	" id TEXT PRIMARY KEY NOT NULL,"
	" name TEXT NOT NULL,"
	" hash BLOB NOT NULL UNIQUE CHECK (length(hash) = 32),"
	" scopes TEXT NOT NULL,"
	" globs TEXT NOT NULL,"
	" networks TEXT NOT NULL,"
	" strict INTEGER NOT NULL,"
	" created_ms INTEGER NOT NULL,"
	" expires_ms INTEGER,"
	" revoked_ms INTEGER,"
	" last_used_ms INTEGER"
	") STRICT;"
	"CREATE INDEX tokens_name ON tokens (name);"

	"CREATE TABLE operations ("
	" n INTEGER PRIMARY KEY AUTOINCREMENT,"
	" id TEXT NOT NULL UNIQUE,"
	" state TEXT NOT NULL,"
	" kind TEXT NOT NULL,"
	" resource TEXT NOT NULL,"
	" actor TEXT NOT NULL,"
	" token_id TEXT NOT NULL,"
	" request_id TEXT NOT NULL,"
	" idempotency_key TEXT NOT NULL,"
	" audit_seq INTEGER NOT NULL,"
	" created_ms INTEGER NOT NULL,"
	" updated_ms INTEGER NOT NULL,"
	" error TEXT,"
	" plan TEXT,"
	" result TEXT"
	") STRICT;"
	"CREATE INDEX operations_pending ON operations (n)"
	" WHERE state IN ('applying', 'persisting', 'undoing');"

	"CREATE TABLE idempotency ("
	" key TEXT PRIMARY KEY NOT NULL,"
	" fingerprint BLOB NOT NULL,"
	" created_ms INTEGER NOT NULL,"
	" status INTEGER,"
	" content_type TEXT,"
	" etag TEXT,"
	" body TEXT"
	") STRICT;"
	"CREATE INDEX idempotency_created ON idempotency (created_ms);"

	"CREATE TABLE friendly ("
	" neighbor TEXT PRIMARY KEY NOT NULL,"
	" name TEXT NOT NULL UNIQUE"
	") STRICT;"

	"PRAGMA user_version = 1;" },

	{ 2, "changes to confirm, roles and capacities, what drift compares with",
	"ALTER TABLE operations ADD COLUMN"
	" reverts_at_ms INTEGER NOT NULL DEFAULT 0;"
	"DROP INDEX operations_pending;"
	"CREATE INDEX operations_pending ON operations (n) WHERE state IN"
	" ('applying', 'persisting', 'undoing', 'awaiting_confirm');"

	/* role '': as the AS numbers say. */
	"ALTER TABLE friendly ADD COLUMN role TEXT NOT NULL DEFAULT '';"
	"ALTER TABLE friendly ADD COLUMN"
	" capacity_mbps INTEGER NOT NULL DEFAULT 0;"

	"CREATE TABLE baseline ("
	" part TEXT PRIMARY KEY NOT NULL,"
	" value TEXT NOT NULL"
	") STRICT;"

	"PRAGMA user_version = 2;" },

	{ 3, "operations that last: a phase, progress, and when they go on",
	"ALTER TABLE operations ADD COLUMN phase TEXT NOT NULL DEFAULT '';"
	"ALTER TABLE operations ADD COLUMN progress TEXT;"
	"ALTER TABLE operations ADD COLUMN"
	" due_ms INTEGER NOT NULL DEFAULT 0;"
	"CREATE INDEX operations_lasting ON operations (n)"
	" WHERE state IN ('scheduled', 'running');"

	"PRAGMA user_version = 3;" },

	{ 4, "since when a TCP-MD5 key is in use",
	"CREATE TABLE key_ages ("
	" neighbor TEXT NOT NULL,"
	" key_id TEXT NOT NULL,"
	" since_ms INTEGER NOT NULL,"
	" PRIMARY KEY (neighbor, key_id)"
	") STRICT;"

	"PRAGMA user_version = 4;" },

	{ 5, "drains: reasons why something is out of service",
	"CREATE TABLE drains ("
	" subject TEXT NOT NULL,"
	" owner TEXT NOT NULL,"
	" neighbor TEXT NOT NULL,"
	" actor TEXT NOT NULL,"
	" reason TEXT NOT NULL,"
	" ticket TEXT NOT NULL,"
	" mode TEXT NOT NULL,"
	" on_timeout TEXT NOT NULL,"
	" max_wait_s INTEGER NOT NULL,"
	" force INTEGER NOT NULL,"
	" prepend INTEGER NOT NULL,"
	" stay INTEGER NOT NULL,"
	" return_after_s INTEGER NOT NULL,"
	" created_ms INTEGER NOT NULL,"
	" operation TEXT NOT NULL,"
	" phase TEXT NOT NULL,"
	" \"end\" TEXT NOT NULL,"
	" why TEXT NOT NULL,"
	" boot_id TEXT NOT NULL,"
	" automatic INTEGER NOT NULL,"
	" \"before\" TEXT,"
	" \"after\" TEXT,"
	" state TEXT,"
	" PRIMARY KEY (subject, owner)"
	") STRICT;"

	"PRAGMA user_version = 5;" },

	{ 6, "what fingerprints were made with before a rekey",
	"CREATE TABLE fingerprint_keys ("
	" id TEXT PRIMARY KEY,"
	" key TEXT NOT NULL"
	") STRICT;"

	"PRAGMA user_version = 6;" },
};
/* clang-format on */

const size_t migrations_n = NITEMS(migrations);
