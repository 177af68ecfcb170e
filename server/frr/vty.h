/* frr/vty.h - one daemon's vty socket: a command in, text and status out. */
#ifndef FRR_VTY_H
#define FRR_VTY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"

struct err;

/* lib/command.h of FRR, unchanged from 8.4 to 10.x. */
enum vty_status {
	VTY_SUCCESS = 0,
	VTY_WARNING = 1,
	VTY_NO_MATCH = 2,
	VTY_AMBIGUOUS = 3,
	VTY_INCOMPLETE = 4,
	VTY_CONFIG_FAILED = 13
};

enum {
	VTY_LINE_MAX = 2000, /* FRR 8.4 runs the tail of a 4,095 byte line */
	VTY_ANSWER_MAX = 32 * 1024 * 1024,
	VTY_BATCH_MIN = 16
};

struct vty; /* opaque */

/* socket_dir as in "/run/frr" or "/run/frr/hobgp" (pathspace included);
 * daemon is a literal: "bgpd", "zebra", "staticd", "mgmtd". Does not connect
 * yet. timeout_ms holds for each connect and each command. */
struct vty *vty_new(const char *socket_dir, const char *daemon,
    unsigned timeout_ms);
void vty_free(struct vty **);
/* Ends the connection; the next command connects anew. */
void vty_close(struct vty *);
const char *vty_daemon(const struct vty *);
/* Is there a socket file? A daemon that was never started has none. */
bool vty_exists(const struct vty *);

/*
 * Sends one command and collects its answer; connects (and enters enable mode)
 * first when needed, non-blocking, never longer than timeout_ms. A connection
 * that the daemon had closed since the last command is opened again once, for
 * show commands only (command starts with "show "). After any timeout or error
 * the connection is closed, since a late answer may still come.
 * -1: ERR_UNAVAILABLE (absent, refused, EAGAIN on connect = not answering,
 * closed in the middle), ERR_TIMEOUT, ERR_PROTOCOL, ERR_INVALID (a control
 * byte, '|', or a line over VTY_LINE_MAX: refused before anything is sent).
 */
int vty_command(struct vty *, const char *command, struct buf *answer,
    enum vty_status *, struct err *);

/* A show command that must succeed: status 0, else ERR_TOOL with the words. */
int vty_show(struct vty *, const char *command, struct buf *answer,
    struct err *);
/* The same for commands that end in "json": status 1 with an object is an
 * answer too (a bgpd without "router bgp" says "{}" so). */
int vty_show_json(struct vty *, const char *command, struct buf *answer,
    struct err *);
/*
 * Configuration lines (as frr_steps_print writes them), one command each,
 * after "configure terminal"; "end" after. Over VTY_BATCH_MIN lines go inside
 * the batch that vtysh -f uses, where the daemon knows it; not fewer, since a
 * batch keeps back what FRR has to complain about. Success of a line is
 * status 0 AND empty text. Stops at the first line that is not a success:
 * *n_done (may be NULL) is its index, comments and blank lines not counted, and
 * err has FRR's words; *n_done is left alone when no line was sent at all. The
 * n_done lines before it have taken effect, in a batch too: an error inside
 * does not undo what came before. On ERR_TIMEOUT, ERR_UNAVAILABLE and
 * ERR_PROTOCOL line n_done itself may have taken effect.
 */
int vty_configure(struct vty *, const char *lines, size_t *n_done,
    struct err *);
/* Could all of them be sent? -1 and ERR_INVALID as above; asks nobody. */
int vty_configure_check(const struct vty *, const char *lines, struct err *);

/* Status in words. */
const char *vty_status_name(enum vty_status);
/* Pure decoder for the answers' framing, for the fuzz target: feeds bytes,
 * returns 1 when an answer is complete (text in answer, status set, *used
 * bytes consumed), 0 when more is needed, -1 on ERR_PROTOCOL/too large. */
struct vty_decoder {
	unsigned zeros; /* of the three that end an answer */
};
int vty_decode(struct vty_decoder *, const char *in, size_t n, size_t *used,
    struct buf *answer, enum vty_status *, struct err *);

#endif
