/* tests/check/tidy.h - put before each file that clang-tidy reads.
 *
 * The analyzer sees one file at a time and cannot know that these always
 * return -1; without that it follows paths that go on after a refusal.
 */
#ifndef CHECK_TIDY_H
#define CHECK_TIDY_H

#include "base/err.h"

static inline int
tidy_refused(int code)
{
	(void)code;
	return -1;
}

#define err_set(...) tidy_refused(err_set(__VA_ARGS__))
#define err_set_errno(...) tidy_refused(err_set_errno(__VA_ARGS__))
#define err_prefix(...) tidy_refused(err_prefix(__VA_ARGS__))
#define err_reason(...) tidy_refused(err_reason(__VA_ARGS__))
#define err_tool(...) tidy_refused(err_tool(__VA_ARGS__))
#define err_field(...) tidy_refused(err_field(__VA_ARGS__))

#endif
