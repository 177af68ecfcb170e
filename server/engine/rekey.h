/* engine/rekey.h - `multihomed rekey`: the engine's part of it. */
#ifndef ENGINE_REKEY_H
#define ENGINE_REKEY_H

#include <stdbool.h>

struct err;

/*
 * argv: "rekey" DATABASE, with the new and the old master key at SETUP_KEY_FD.
 * Seals everything anew under the first of them. Returns the exit status: 0, 1
 * refused or failed (both keys are needed then), 2 usage.
 */
int rekey_command(int argc, char **argv);

/*
 * Until we end: an engine (not alone) and a rekey (alone) keep each other from
 * the database. An engine lives on for a moment when its parent has died, and
 * would seal with the old key what is then never opened. Waits a while for its
 * turn; -1: ERR_CONFLICT.
 */
int rekey_guard(const char *database, bool alone, struct err *);

#endif
