/* base/compat.c - one name each for what systems do differently. */
#include <string.h>

#include "base/compat.h"

#if defined(__has_feature)
#if __has_feature(address_sanitizer)
#define SANITIZED true
#endif
#endif
#if defined(__SANITIZE_ADDRESS__)
#define SANITIZED true
#endif
#if !defined(SANITIZED)
#define SANITIZED false
#endif

bool
compat_is_sanitized(void)
{
	return SANITIZED;
}

void *
compat_unconst(const void *p)
{
	void *out;

	memcpy(&out, &p, sizeof(out));
	return out;
}

#if defined(__linux__)
#include <sys/prctl.h>

int
compat_no_new_privileges(void)
{
	return prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
}

int
compat_no_trace(void)
{
	return prctl(PR_SET_DUMPABLE, 0, 0, 0, 0);
}

#elif defined(__FreeBSD__)
#include <sys/types.h>
#include <sys/procctl.h>

int
compat_no_new_privileges(void)
{
	int arg = PROC_NO_NEW_PRIVS_ENABLE;

	return procctl(P_PID, 0, PROC_NO_NEW_PRIVS_CTL, &arg);
}

int
compat_no_trace(void)
{
	int arg = PROC_TRACE_CTL_DISABLE;

	return procctl(P_PID, 0, PROC_TRACE_CTL, &arg);
}

#else
#error "base/compat.c knows Linux and FreeBSD only"
#endif
