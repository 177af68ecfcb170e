/* engine/rekey.c - `multihomed rekey`: the engine's part of it. */
#include <sys/types.h>
#include <sys/file.h>

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/compat.h"
#include "base/crypto.h"
#include "base/err.h"
#include "base/privilege.h"
#include "engine/rekey.h"
#include "store/db.h"
#include "store/keyring.h"
#include "store/reseal.h"
#include "wire/setup.h"

enum {
	EXIT_REFUSED = 1,
	EXIT_USAGE = 2,
	GUARD_WAIT_MS = 20 * 1000 /* the longest that an engine ends for */
};

/* The directory, not the file: closing any descriptor of that would drop the
 * locks of SQLite. */
static int
open_directory(const char *database, struct err *err)
{
	char path[SETUP_PATH_MAX];
	char *slash;
	int fd;

	(void)snprintf(path, sizeof(path), "%s", database);
	slash = strrchr(path, '/');
	if (slash == NULL)
		(void)snprintf(path, sizeof(path), ".");
	else
		slash[slash == path] = '\0';
	fd = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (fd == -1)
		(void)err_set_errno(err, ERR_SYSTEM, "database: %s", path);
	return fd;
}

int
rekey_guard(const char *database, bool alone, struct err *err)
{
	static const struct timespec pause = { 0, 50 * 1000000L };
	int64_t deadline = clock_ms() + GUARD_WAIT_MS;
	int fd = open_directory(database, err);

	if (fd == -1)
		return -1;
	while (flock(fd, (alone ? LOCK_EX : LOCK_SH) | LOCK_NB) == -1) {
		if (errno == EWOULDBLOCK && clock_left_ms(deadline) > 0) {
			(void)nanosleep(&pause, NULL);
			continue;
		}
		(void)err_set_errno(err, ERR_CONFLICT,
		    "database: %s is at work with it",
		    alone ? "an engine" : "\"multihomed rekey\"");
		(void)close(fd);
		return -1;
	}
	return 0; /* fd holds the lock until we end */
}

static int
seal_anew(const char *database, const struct keyring *keyring, struct err *err)
{
	struct reseal_count count;
	struct db *db;
	int rc;

	if (access(database, F_OK) == -1 && errno == ENOENT) {
		(void)fprintf(stderr,
		    "There is no database yet: nothing was "
		    "sealed.\n");
		return 0;
	}
	if (db_open(&db, database, true, err) == -1)
		return -1;
	db_set_keyring(db, keyring);
	rc = reseal_all(db, &count, err);
	db_close(&db);
	if (rc == -1)
		return -1;
	(void)fprintf(stderr, "%zu sealed anew", count.sealed);
	if (count.kept > 0)
		(void)fprintf(stderr, ", %zu were already", count.kept);
	if (count.lost > 0)
		(void)fprintf(stderr,
		    ", %zu left as they are: their master key is lost",
		    count.lost);
	(void)fprintf(stderr, ".\n");
	return 0;
}

int
rekey_command(int argc, char **argv)
{
	struct keyring *keyring;
	struct err err;
	int rc = -1;

	err_clear(&err);
	if (argc != 2) {
		(void)fprintf(stderr,
		    "usage: started by \"multihomed rekey\"\n");
		return EXIT_USAGE;
	}
	keyring = keyring_read(SETUP_KEY_FD, &err);
	if (keyring != NULL && privilege_hide(&err) == 0 &&
	    rekey_guard(argv[1], true, &err) == 0)
		rc = seal_anew(argv[1], keyring, &err);
	if (keyring != NULL)
		keyring_free(&keyring);
	if (rc == 0)
		return 0;
	(void)fprintf(stderr, "multihomed rekey: %s\n", err.text);
	return EXIT_REFUSED;
}
