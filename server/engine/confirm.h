/* engine/confirm.h - a change that goes back by itself unless confirmed. */
#ifndef ENGINE_CONFIRM_H
#define ENGINE_CONFIRM_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct caller;
struct err;
struct operation;
struct parts;
struct worker_tools;

/*
 * At most one change of a router waits for its confirmation. It is in effect
 * and in the journal (state awaiting_confirm, with the time it goes back), but
 * not in the boot files: a reboot alone takes it back too.
 */

/* What everybody may know of the one that waits. */
struct confirm_info {
	char operation[24];
	int64_t reverts_at_ms; /* wall clock */
	unsigned seconds_left;
};
/* false: none is pending. From any thread. */
bool confirm_is_pending(struct parts *, struct confirm_info *);
/* The X-Confirm-Pending header: "op-...; revert-in=57". */
bool confirm_pending_text(struct parts *, char *out, size_t size);
/* 0, or -1 and ERR_CONFLICT "confirm_pending" with the seconds left. */
int confirm_check_none(struct parts *, struct err *);

/*
 * On the writer's thread. confirm_now saves the boot files and ends the
 * operation; it must come over another connection than the change did:
 * ERR_CONFLICT "same_connection". confirm_cancel takes the change back at once.
 * confirm_extend sets the time left. ERR_NOT_FOUND for an unknown operation,
 * ERR_CONFLICT "not_pending" when it does not wait.
 */
int confirm_now(struct worker_tools *, const char *operation,
    uint64_t connection, const struct caller *, struct err *);
int confirm_cancel(struct worker_tools *, const char *operation,
    uint64_t connection, const struct caller *, struct err *);
int confirm_extend(struct worker_tools *, const char *operation,
    unsigned revert_in_s, const struct caller *, struct err *);

/* Of engine/change.c and engine/recover.c: one waits from now on. */
void confirm_set(struct parts *, const struct operation *,
    int64_t reverts_at_ms);
/* That one waits no more: nothing when it is another, or none. */
void confirm_forget(struct parts *, const char *operation);
/* Publishes what became of it: "pending", "confirmed" or "reverted". */
void confirm_tell(struct parts *, const struct operation *, const char *state,
    int64_t reverts_at_ms, const char *detail);
/*
 * Of engine/recover.c, for one that was found waiting: true when it may go on
 * waiting (its time has not come, the machine was not restarted meanwhile, and
 * the change is still in effect).
 */
bool confirm_goes_on(struct worker_tools *, const struct operation *);
/* That one is overdue: taken back. On the writer's thread; what goes wrong is
 * logged, and recovery goes on with it. */
void confirm_revert(struct worker_tools *, const char *operation);
/* From the watcher's tick: asks the writer to take back what is overdue. */
void confirm_when_due(struct parts *);
/* Another one after each boot of the machine; "" when nobody can tell. On the
 * writer's thread. */
const char *confirm_boot_id(struct parts *);

/* Before the first thread, after the last. */
void confirm_init(struct parts *);
void confirm_clear(struct parts *);

#endif
