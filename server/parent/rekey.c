/* parent/rekey.c - `multihomed rekey`: another master key. */
#include <sys/types.h>
#include <sys/wait.h>

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/crypto.h"
#include "base/err.h"
#include "base/privilege.h"
#include "parent/config.h"
#include "parent/master_key.h"
#include "parent/rekey.h"
#include "wire/setup.h"

/* In the child of rekey_run. */
static void
become_engine(const struct config *c, int fd)
{
	char path[SETUP_PATH_MAX + 32];
	const char *argv[] = { "multihomed-engine", "rekey", c->database,
		NULL };
	struct err err;

	err_clear(&err);
	(void)snprintf(path, sizeof(path), "%s/multihomed-engine",
	    c->libexec_dir);
	/* With both the same, dup2 would leave it to be closed by exec. */
	if (fd == SETUP_KEY_FD)
		(void)fcntl(fd, F_SETFD, 0);
	else if (dup2(fd, SETUP_KEY_FD) == -1)
		_exit(127);
	closefrom(SETUP_KEY_FD + 1);
	if (geteuid() == 0 &&
	    privilege_drop(c->users.engine, NULL, NULL, &err) == -1) {
		(void)fprintf(stderr, "multihomed: %s\n", err.text);
		_exit(127);
	}
	(void)execv(path, (char *const *)(uintptr_t)argv);
	(void)fprintf(stderr, "multihomed: cannot execute %s: %s\n", path,
	    strerror(errno));
	_exit(127);
}

static int
seal_anew(const struct config *c, int fd, struct err *err)
{
	int status;
	pid_t pid, got;

	(void)fflush(stderr);
	pid = fork();
	if (pid == -1)
		return err_set_errno(err, ERR_SYSTEM, "fork");
	if (pid == 0)
		become_engine(c, fd);
	do
		got = waitpid(pid, &status, 0);
	while (got == -1 && errno == EINTR);
	if (got == pid && WIFEXITED(status) && WEXITSTATUS(status) == 0)
		return 0;
	return err_set(err, ERR_TOOL,
	    "not everything could be sealed anew. Both keys are kept and "
	    "nothing is lost: multihomed may be started, and this run again");
}

int
rekey_run(const struct config *c, struct err *err)
{
	unsigned char keys[MASTER_KEY_MAX];
	size_t n = 0;
	int fd, rc = -1;

	if (master_key_lock(c, err) == -1)
		return -1;
	fd = master_key_load(c, keys, &n, err);
	if (fd == -1)
		goto out;
	if (n == MASTER_KEY_LEN) {
		(void)close(fd);
		memcpy(keys + MASTER_KEY_LEN, keys, MASTER_KEY_LEN);
		crypto_random(keys, MASTER_KEY_LEN);
		if (master_key_store(c, keys, MASTER_KEY_MAX, err) == -1)
			goto out;
		fd = master_key_load(c, keys, &n, err);
		if (fd == -1)
			goto out;
	} else {
		(void)fprintf(stderr,
		    "A change of the master key was cut "
		    "off; this finishes it.\n");
	}
	rc = seal_anew(c, fd, err);
	(void)close(fd);
	if (rc == 0)
		rc = master_key_store(c, keys, MASTER_KEY_LEN, err);
out:
	crypto_wipe(keys, sizeof(keys));
	return rc;
}
