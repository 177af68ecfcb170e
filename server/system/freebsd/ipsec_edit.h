/* system/freebsd/ipsec_edit.h - changes to the text of ipsec.conf. */
#ifndef SYSTEM_FREEBSD_IPSEC_EDIT_H
#define SYSTEM_FREEBSD_IPSEC_EDIT_H

#include <stdbool.h>
#include <stddef.h>

#include "wire/op.h"

struct buf;
struct err;

/*
 * The lines of a key stand between
 *
 *	# multihomed begin LOCAL REMOTE
 *	# multihomed end LOCAL REMOTE
 *
 * Those that are there by hand get such lines around them, and another key in
 * the place of theirs; so that what takes the lines away again and puts the old
 * key back gives the same bytes. All else is kept byte for byte. Each appends
 * the new text to out (a fixed buffer), whole; on -1 out is of no use.
 * ERR_CONFLICT "key_unclear": the file cannot be changed without a person.
 */
int ipsec_edit_set(const char *text, size_t len, const struct op_key *,
    struct buf *out, struct err *);
/* Its lines and ours around them, whoever wrote them. */
int ipsec_edit_remove(const char *text, size_t len, const struct addr *local,
    const struct addr *remote, struct buf *out, struct err *);
/* Only ours around them: the lines are as if written by hand. */
int ipsec_edit_disown(const char *text, size_t len, const struct addr *local,
    const struct addr *remote, struct buf *out, struct err *);
/* Does it hold a command that does not stand between our lines? */
bool ipsec_edit_has_others(const char *text, size_t len);
/* "KEY", or 0xHEX where quotes cannot hold it: as setkey reads it. */
void ipsec_edit_put_key(struct buf *, const char *key, size_t len);

#endif
