/* cli/reboot.h - this machine boots anew. */
#ifndef CLI_REBOOT_H
#define CLI_REBOOT_H

struct err;

/* Has the system begun it, with "shutdown -r now" of the PATH? -1 with what
 * that said. */
int reboot_begin(struct err *);

#endif
