/* cli/exits.h - how mhctl ends; scripts rely on these numbers. */
#ifndef CLI_EXITS_H
#define CLI_EXITS_H

enum exits {
	EXITS_DONE = 0,
	EXITS_FAILED = 1, /* refused, or tried and failed */
	EXITS_USAGE = 2,
	EXITS_UNREACHABLE = 3,
	EXITS_NOT_PERMITTED = 4,
	EXITS_CONFLICT = 5,
	EXITS_RUNNING = 6 /* waited long enough; it may still be running */
};

#endif
