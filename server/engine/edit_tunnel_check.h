/* engine/edit_tunnel_check.h - may there be such a tunnel on this router? */
#ifndef ENGINE_EDIT_TUNNEL_CHECK_H
#define ENGINE_EDIT_TUNNEL_CHECK_H

struct edit_tunnel;
struct err;
struct observation;
struct target;
struct tunnel;

/* Part of edit_tunnel(), which tells the errors. */
int edit_tunnel_check(const struct observation *, const struct edit_tunnel *,
    const struct target *, const struct tunnel *want, struct err *);
int edit_tunnel_check_description(const struct edit_tunnel *, struct err *);

#endif
