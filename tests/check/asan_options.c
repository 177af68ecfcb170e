/* tests/check/asan_options.c - linked into each program the sanitizers watch.
 *
 * The environment cannot carry these: multihomed starts its children, and they
 * their tools, with environments of their own. A finding goes to a file that
 * check-asan looks for, whatever became of the process.
 */
#ifdef __linux__
#include <sys/prctl.h>
#endif

#include <unistd.h>

const char *__asan_default_options(void);
const char *__ubsan_default_options(void);
int __lsan_is_turned_off(void);

const char *
__asan_default_options(void)
{
	return "log_path=" FINDINGS "/asan:detect_leaks=1:"
	       "detect_stack_use_after_return=1:strict_string_checks=1:"
	       "exitcode=99";
}

const char *
__ubsan_default_options(void)
{
	return "log_path=" FINDINGS "/ubsan:print_stacktrace=1";
}

/* Asked at the end of a process. The leak check is done by a tracer, which one
 * that nobody may trace (or that sees no /proc) does not get: it would fail. */
int
__lsan_is_turned_off(void)
{
#ifdef __linux__
	if (prctl(PR_GET_DUMPABLE) != 1)
		return 1;
#endif
	return access("/proc/self/maps", R_OK) == -1;
}
