/* system/freebsd/boot.c - what must be there for the machine to boot well. */
#include "system/boot.h"
#include "system/freebsd/firewall_boot.h"

int
boot_prepare(const struct tool *t, struct err *err)
{
	/* rc.conf is the machine's own; only the anchor's file is ours. */
	return firewall_boot_prepare(t, err);
}
