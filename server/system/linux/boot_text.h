/* system/linux/boot_text.h - links.batch as text: a section for each object.
 */
#ifndef SYSTEM_LINUX_BOOT_TEXT_H
#define SYSTEM_LINUX_BOOT_TEXT_H

#include <stdbool.h>
#include <stddef.h>

#include "wire/op.h"

struct buf;

/*
 * The file is what `ip -batch` reads. An object's section is
 *
 *	# link gre1
 *	link add name gre1 type gre ...
 *	# end
 *
 * What is outside of sections is not ours, and is kept byte for byte; so is
 * every section but the one that is set. A section without its end goes up to
 * the next one's beginning. ip takes a '#' for a comment even inside quotes,
 * so a description with one is a comment "# alias gre1 text", which
 * multihomed-boot applies after the batch.
 */
struct boot_section {
	const char *begin; /* of its first line */
	const char *body;  /* behind that line */
	const char *body_end;
	const char *end; /* behind "# end\n" */
	bool is_link;
	const char *title; /* "gre1", "2001:db8::/32": not terminated */
	size_t title_len;
};

/* The next section at or behind *at, which moves behind it. text ends at
 * end. */
bool boot_text_next(const char **at, const char *end, struct boot_section *);

/*
 * out: text with the section of this link or prefix replaced by body (with its
 * lines' newlines; NULL: removed), all of them if there are several. A new one
 * goes before the first route (links) or to the end (routes).
 */
void boot_text_edit(const char *text, size_t n, bool is_link, const char *title,
    const char *body, struct buf *out);

/* The body of a section. */
void boot_text_link(const struct op_link *, struct buf *);
void boot_text_route(const struct op_route *, struct buf *);
/*
 * And back, strictly: what these two would not write in just this way is told
 * as OP_LINK_OTHER or OP_ROUTE_OTHER, with its name or prefix alone. false:
 * not even that.
 */
bool boot_text_read_link(const struct boot_section *, struct op_link *);
bool boot_text_read_route(const struct boot_section *, struct op_route *);

#endif
