/* frr/lock.c - mgmtd's lock on the configuration, from FRR 10 on. */
#include <string.h>
#include <time.h>

#include "base/buf.h"
#include "base/clock.h"
#include "base/err.h"
#include "frr/lock.h"
#include "frr/vty.h"

enum {
	WAIT_MS = 2000
};

int
frr_lock_wait(struct vty *mgmtd, struct err *err)
{
	static const struct timespec pause = { 0, 20000000 };
	int64_t deadline = clock_ms() + WAIT_MS;
	struct buf answer = BUF_INIT;
	enum vty_status status;
	int rc;

	/* As vtysh does it: whoever gets it lets it go with "end". */
	while ((rc = vty_command(mgmtd, "configure terminal file-lock", &answer,
		    &status, err)) == 0 &&
	    status == VTY_CONFIG_FAILED && clock_ms() < deadline)
		(void)nanosleep(&pause, NULL);
	if (rc == 0 && status == VTY_CONFIG_FAILED)
		rc = err_set(err, ERR_UNAVAILABLE,
		    "somebody else is changing FRR's configuration: mgmtd: "
		    "%.*s",
		    (int)strcspn(buf_text(&answer), "\n"), buf_text(&answer));
	else if (rc == 0 && status == VTY_SUCCESS)
		rc = vty_command(mgmtd, "end", &answer, &status, err);
	buf_clear(&answer);
	return rc;
}
