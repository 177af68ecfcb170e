/* cli/interrupt.h - Ctrl-C while a change is under way. */
#ifndef CLI_INTERRUPT_H
#define CLI_INTERRUPT_H

#include <stdbool.h>

/* From here SIGINT and SIGTERM are remembered instead of ending us, so that
 * the person can be told that the change goes on. Released again after. */
void interrupt_catch(void);
void interrupt_release(void);
bool interrupt_seen(void);

#endif
