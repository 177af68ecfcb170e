/* frr/vtysh.c - vtysh for what several daemons must hear alike. */
#include <ctype.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/clock.h"
#include "base/compat.h"
#include "base/err.h"
#include "base/io.h"
#include "base/run.h"
#include "frr/mask.h"
#include "frr/vtysh.h"

enum {
	VTYSH_OUTPUT_MAX = 64 * 1024,
	VTYSH_PATH_MAX = 512
};

/* The lines may hold secrets: mkstemp makes the file 0600. */
static int
write_file(const char *dir, const char *lines, char *path, struct err *err)
{
	int fd, rc;

	(void)snprintf(path, VTYSH_PATH_MAX, "%s/vtysh-XXXXXX", dir);
	fd = mkstemp(path);
	if (fd == -1) {
		(void)err_set_errno(err, ERR_SYSTEM, "%s", path);
		path[0] = '\0';
		return -1;
	}
	rc = io_write_all(fd, lines, strlen(lines), -1, err);
	if (close(fd) == -1 && rc == 0)
		rc = err_set_errno(err, ERR_SYSTEM, "%s", path);
	return rc;
}

/*
 * Lines that mean nothing: "[123|bgpd] sending configuration" and "[123|bgpd]
 * done" of FRR 9 and later, what mgmtd of FRR 10 says when nothing of it was
 * for mgmtd (other notes it could have stay something to say), and the
 * complaint about a vtysh.conf that only root may read.
 */
static bool
is_notice(const char *line, size_t len)
{
	static const char *const tails[] = { "sending configuration", "done",
		"Configuration file read successfully" };
	static const char *const whole[] = {
		"Waiting for children to finish applying config...",
		"% Configuration applied with notes:",
		"No changes found to be committed!",
		"MGMTD: No changes found to be committed!"
	};
	static const char no_conf[] = "% Can't open configuration file ";
	size_t i, n = 0;

	if (len == 0)
		return true;
	for (i = 0; i < NITEMS(whole); i++)
		if (len == strlen(whole[i]) && memcmp(line, whole[i], len) == 0)
			return true;
	if (len > sizeof(no_conf) &&
	    memcmp(line, no_conf, sizeof(no_conf) - 1) == 0)
		return memmem(line, len, "/vtysh.conf ", 12) != NULL;
	if (line[n++] != '[')
		return false;
	while (n < len && isdigit((unsigned char)line[n]))
		n++;
	if (n == 1 || n == len || line[n++] != '|')
		return false;
	while (n < len && isalnum((unsigned char)line[n]))
		n++;
	if (n + 2 > len || memcmp(line + n, "] ", 2) != 0)
		return false;
	n += 2;
	for (i = 0; i < NITEMS(tails); i++)
		if (len - n == strlen(tails[i]) &&
		    memcmp(line + n, tails[i], len - n) == 0)
			return true;
	return false;
}

/*
 * vtysh asks PAM about the account of whoever runs it, tells when PAM is not
 * content ("vtysh_pam: Failed in account validation: ...(7)", and no newline),
 * and goes on: the group frrvty is what counts.
 */
static const char *
skip_pam(const char *line)
{
	static const char words[] = "vtysh_pam: Failed in ";
	const char *end;

	if (strncmp(line, words, sizeof(words) - 1) != 0)
		return line;
	end = line + strcspn(line, ")\n");
	return *end == ')' ? end + 1 : end;
}

static bool
is_quiet(const char *text)
{
	while (*text != '\0') {
		size_t len;

		text = skip_pam(text);
		len = strcspn(text, "\n");

		if (len > 0 && !is_notice(text, len))
			return false;
		text += len + (text[len] == '\n');
	}
	return true;
}

/* Runs vtysh on a file with these lines; said gets what it printed, masked. */
static int
run_file(const struct vtysh *vtysh, bool check, const char *dir,
    const char *lines, struct buf *said, struct err *err)
{
	struct run_result result = RUN_RESULT_INIT;
	struct run_limits limits = { .timeout_ms = vtysh->timeout_ms,
		.max_output = VTYSH_OUTPUT_MAX };
	char path[VTYSH_PATH_MAX] = "";
	bool quiet;
	struct argv argv;
	int rc = -1;

	if (write_file(dir, lines, path, err) == -1)
		goto out;
	argv_init(&argv, vtysh->path);
	if (vtysh->pathspace[0] != '\0')
		argv_opt(&argv, "-N", vtysh->pathspace);
	else
		argv_opt(&argv, "--vty_socket", vtysh->socket_dir);
	if (check)
		argv_add(&argv, "-C");
	argv_opt(&argv, "-f", path);
	if (run(&argv, NULL, &limits, &result, err) == -1)
		goto out;
	frr_mask_text(buf_text(&result.errout), result.errout.len, said);
	frr_mask_text(buf_text(&result.out), result.out.len, said);
	quiet = is_quiet(buf_text(&result.errout)) &&
	    is_quiet(buf_text(&result.out));
	rc = run_check(&argv, &result, err);
	/* Exit 0 proves nothing: warnings end so, and so does a lost daemon. */
	if (rc == 0 && (!quiet || result.truncated))
		rc = err_set(err, ERR_TOOL,
		    "vtysh exited 0, but FRR had something to say");
	if (rc == -1)
		(void)err_tool(err, "vtysh", result.exit_code, buf_text(said),
		    said->len);
out:
	if (path[0] != '\0')
		(void)unlink(path);
	run_result_clear(&result);
	return rc;
}

int
vtysh_check(const struct vtysh *vtysh, const char *dir, const char *lines,
    struct err *err)
{
	struct buf said = BUF_INIT;
	int rc = run_file(vtysh, true, dir, lines, &said, err);

	buf_clear(&said);
	return rc;
}

int
vtysh_apply(const struct vtysh *vtysh, const char *dir, const char *lines,
    struct buf *output, struct err *err)
{
	return run_file(vtysh, false, dir, lines, output, err);
}
