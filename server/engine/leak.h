/* engine/leak.h - the route-leak guard: what may an external neighbor get? */
#ifndef ENGINE_LEAK_H
#define ENGINE_LEAK_H

struct err;
struct frr_node;
struct upstream;

/*
 * RFC 8212 in spirit, without an override: what an external neighbor of the
 * edited tree is sent must, in each active family, be limited by a prefix list
 * that permits only prefixes of this router (its network statements and
 * PL-MY-NET) or more-specific ones, in every permit entry of its route map out
 * or as its prefix list out. A map that permits without such a list, a list
 * that does not exist, "permit any" and default-originate are refused.
 * Internal neighbors pass. -1: ERR_UNPROCESSABLE at "/export/prefix_list".
 */
int leak_check(const struct frr_node *tree, const struct upstream *,
    struct err *);

#endif
