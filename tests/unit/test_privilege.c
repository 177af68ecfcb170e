/* test_privilege.c - giving up root, tried in children of the test. */
/* links: base/privilege base/compat base/err base/buf */
#include <sys/types.h>
#include <sys/resource.h>
#include <sys/wait.h>

#include <fcntl.h>
#include <grp.h>
#include <pwd.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/compat.h"
#include "base/err.h"
#include "base/privilege.h"

/* Exit status of a child that runs fn. */
static int
in_child(int (*fn)(void))
{
	pid_t pid = fork();
	int status;

	assert_true(pid >= 0);
	if (pid == 0)
		_exit(fn());
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_true(WIFEXITED(status));
	return WEXITSTATUS(status);
}

static int
no_op(void)
{
	uid_t before = geteuid();

	return privilege_drop("", "/no/such/dir", NULL, NULL) == 0 &&
		geteuid() == before ?
	    0 :
	    1;
}

static int
to_nobody(void)
{
	const struct passwd *pw = getpwnam("nobody");
	gid_t groups[8];
	uid_t real, effective, saved;

	if (pw == NULL)
		return 77;
	if (privilege_drop("nobody", "/", NULL, NULL) == -1)
		return 1;
	if (getresuid(&real, &effective, &saved) == -1 || real != pw->pw_uid ||
	    effective != pw->pw_uid || saved != pw->pw_uid)
		return 2;
	if (getgroups(8, groups) != 1 || groups[0] != pw->pw_gid)
		return 3;
	if (setuid(0) == 0 || seteuid(0) == 0 || setgid(0) == 0)
		return 4;
	return 0;
}

static int
keeps_group(void)
{
	const struct group *gr = getgrnam("daemon");
	gid_t wanted, groups[8];

	if (gr == NULL)
		return 77;
	wanted = gr->gr_gid;
	if (privilege_drop("nobody", "", "daemon", NULL) == -1)
		return 1;
	return getgroups(8, groups) == 2 &&
		(groups[0] == wanted || groups[1] == wanted) ?
	    0 :
	    2;
}

static int
refusals(void)
{
	static const struct {
		const char *user, *dir, *group;
		enum err_code code;
	} bad[] = {
		{ "no-such-user-here", "", NULL, ERR_NOT_FOUND },
		{ "root", "", NULL, ERR_FORBIDDEN },
		{ "nobody", "", "no-such-group-here", ERR_NOT_FOUND },
		/* Last: see privilege_drop in sanitized builds. */
		{ "nobody", "/no/such/dir", NULL, ERR_SYSTEM },
	};
	struct err err;
	size_t i;

	for (i = 0; i < NITEMS(bad) - compat_is_sanitized(); i++) {
		err_clear(&err);
		if (privilege_drop(bad[i].user, bad[i].dir, bad[i].group,
			&err) != -1 ||
		    err.code != bad[i].code || geteuid() != 0)
			return (int)i + 1;
	}
	return 0;
}

static int
limits(void)
{
	struct rlimit limit;

	if (privilege_limit(64, true, NULL) == -1)
		return 1;
	if (getrlimit(RLIMIT_NOFILE, &limit) == -1 || limit.rlim_max != 64)
		return 2;
	if (getrlimit(RLIMIT_CORE, &limit) == -1 || limit.rlim_max != 0)
		return 3;
	if (compat_is_sanitized())
		return 0;
	return getrlimit(RLIMIT_NPROC, &limit) == 0 && limit.rlim_max == 0 ? 0 :
									     4;
}

static int
hides(void)
{
	struct rlimit limit;

	if (privilege_hide(NULL) == -1 ||
	    getrlimit(RLIMIT_CORE, &limit) == -1 || limit.rlim_max != 0)
		return 1;
	/* Again, as after a drop. */
	return privilege_hide(NULL) == 0 ? 0 : 2;
}

static void
run(int (*fn)(void), bool as_root)
{
	int status;

	if (as_root && geteuid() != 0)
		skip();
	status = in_child(fn);
	if (status == 77)
		skip();
	assert_int_equal(status, 0);
}

static void
test_no_op(void **state)
{
	(void)state;
	run(no_op, false);
}

static void
test_to_nobody(void **state)
{
	(void)state;
	run(to_nobody, true);
}

static void
test_keeps_group(void **state)
{
	(void)state;
	run(keeps_group, true);
}

static void
test_refusals(void **state)
{
	(void)state;
	run(refusals, true);
}

static void
test_hides(void **state)
{
	(void)state;
	run(hides, false);
}

static void
test_limits(void **state)
{
	(void)state;
	run(limits, false);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_no_op),
		cmocka_unit_test(test_to_nobody),
		cmocka_unit_test(test_keeps_group),
		cmocka_unit_test(test_refusals),
		cmocka_unit_test(test_hides),
		cmocka_unit_test(test_limits),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
