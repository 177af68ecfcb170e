/* engine/edit_key.c - the TCP-MD5 key of a session: FRR's and the kernel's. */
#include "base/err.h"
#include "engine/change.h"
#include "engine/edit_key.h"
#include "engine/edit_neighbor.h"
#include "engine/observe.h"
#include "engine/target.h"
#include "model/upstream.h"

int
edit_key(const struct observation *o, const struct upstream *up,
    const struct change_key *change, struct target *target, struct err *err)
{
	(void)o;
	if (!up->tcp_md5) {
		(void)err_set(err, ERR_CONFLICT,
		    "%s has no TCP-MD5 key to rotate: set one with PATCH "
		    "/v1/upstreams/%s, {\"tcp_md5\": {\"key\": ...}}",
		    up->name.s, up->name.s);
		return err_reason(err, "no_key");
	}
	if (change->gentle) {
		(void)err_set(err, ERR_CONFLICT,
		    "method gentle: on this platform the key belongs to FRR's "
		    "sockets, and another one resets the session: say reset, "
		    "or leave method out");
		return err_reason(err, "no_kernel_keys");
	}
	return edit_neighbor_password(target->tree, &up->neighbor, change->key,
	    err);
}
