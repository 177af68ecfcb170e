/* engine/token_command.h - `multihomed token`: tokens without a daemon. */
#ifndef ENGINE_TOKEN_COMMAND_H
#define ENGINE_TOKEN_COMMAND_H

/*
 * argv as token_options_parse takes it. Works on the database itself, beside a
 * running engine or without one; what it changes is in the audit log, with the
 * actor "console". create prints the secret (or one JSON object) on standard
 * output and everything else on standard error. Returns the exit status: 0, 1
 * refused or failed, 2 usage.
 */
int token_command(int argc, char **argv);

#endif
